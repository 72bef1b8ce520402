"""Joint meetings of the demo's two cities: one held weeks ago, with what came of it, and one that is coming."""

import random
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from qiaoqiao.access.models import Office, Post
from qiaoqiao.access.tickets import Actor, acting, staff
from qiaoqiao.casework.actions.tasks import answer_task, decline_task
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import visible_cases
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.reacting import without_reactions
from qiaoqiao.services.joint.actions import agenda, deciding, minuting, planning
from qiaoqiao.services.joint.actions.ground import MeetingRefused
from qiaoqiao.services.joint.models import AgendaItem, Meeting, Resolution
from qiaoqiao.services.joint.queries import suggestions

CITIES = ("4407", "4502")
FIVE = ("overseas_affairs", "congress_committee", "consultative_committee", "zhigong")
MOST_CASES, STUCK_DAYS = 4, 30
TASKS = (
    "查清房屋登记和当年处理的档案，书面告知主办单位。",
    "派人上门核实住址和家庭情况，把记录交主办单位。",
    "对所缺的证明能否以其他材料代替，出具书面意见。",
    "与村委会协商，提出处理方案。",
)
ANSWERS = ("已查阅档案并书面告知。", "已上门核实，记录已交。")
MINUTES = """会议由侨联召集，各单位通报了办理情况。
会议认为，同一件事涉及几个单位的，由主办单位负责到底，其他单位按议定的期限办好自己的一项。
当事人在境外的，能在网上核实的不再要求回国办理。"""


def hold_meetings(seed: int, now: datetime) -> list[Meeting]:
    """Hold the past meeting and plan the coming one in each city; a city that has one keeps it."""
    made = []
    for city in CITIES:
        convenor = Office.objects.get(code=f"{city}-federation")
        head = _speaker(convenor, "head")
        scene = _Scene(convenor, head, random.Random(f"{seed}:{city}"))
        with acting(head, epoch=int(time.time())), without_reactions(), transaction.atomic():
            if not Meeting.objects.filter(office=convenor).exists():
                made += [scene.past(now - timedelta(days=22)), scene.coming(now)]
        for resolution, case in scene.tasks:
            _work(resolution, case, now)
    return made


class _Scene:
    """One city's meetings: who convenes, in whose name, and the tasks that came of them."""

    def __init__(self, convenor: Office, head: Actor, chance: random.Random) -> None:
        self.convenor, self.head, self.chance = convenor, head, chance
        self.tasks: list[tuple[Resolution, Case]] = []

    def past(self, at: datetime) -> Meeting:
        """A meeting with everything: cases, resolutions, minutes."""
        starts = _hour(at + timedelta(days=4), 14, 30)
        meeting = self._planned("第三季度五侨联席会议", starts, at)
        held = starts + timedelta(hours=2)
        cases = self._quiet_since(held)
        self._invite_leads(meeting, cases, at)
        tabled = [(self._table(meeting, case, at), case) for case in cases]
        items = [(item, case) for item, case in tabled if item]
        matter = agenda.table(
            meeting.pk, self.convenor.pk, title="春节慰问和走访的分工", note="按镇街分片，十二月底前报名单。",
            actor=self.head, at=at + timedelta(hours=1),
        )  # fmt: skip
        there = dict.fromkeys(Meeting.objects.get(pk=meeting.pk).offices, "")
        minuting.record_attendance(meeting.pk, there, actor=self.head, at=held)
        for number, (item, case) in enumerate(items):
            self._resolve(meeting, item, case, TASKS[number % len(TASKS)], 5 + 7 * number, held)
        self._resolve(meeting, matter, None, "各单位报走访名单和人员。", 40, held)
        written = held + timedelta(days=1)
        minuting.write_minutes(meeting.pk, MINUTES, actor=self.head, at=written)
        return minuting.approve(meeting.pk, actor=self.head, at=written + timedelta(hours=3))

    def coming(self, now: datetime) -> Meeting:
        """A meeting in nine days: invitations half answered, an agenda begun."""
        at = now - timedelta(days=2)
        meeting = self._planned("第四季度五侨联席会议", _hour(now + timedelta(days=9), 9, 30), at)
        cases = self._cases(meeting, at)[:3]
        self._invite_leads(meeting, cases, at)
        for case in cases:
            self._table(meeting, case, at)
        for attendee in list(meeting.attendees.exclude(role="host").select_related("office"))[:3]:
            speaker = _speaker(attendee.office, "head")
            with acting(speaker, epoch=int(time.time())):
                planning.answer(
                    meeting.pk, attendee.office_id, "yes", name="分管负责人", note="", actor=speaker,
                    at=at + timedelta(hours=3),
                )  # fmt: skip
        return meeting

    def _planned(self, title: str, starts: datetime, at: datetime) -> Meeting:
        city = self.convenor.place_id
        codes = [f"{city}-{kind}" for kind in FIVE]
        invited = [planning.Invited(pk) for pk in _ids(codes)]
        plan = planning.Plan(title, starts, place=f"{self.convenor.names['zh-Hans']}三楼会议室")
        return planning.plan(self.convenor.pk, plan, invited, actor=self.head, at=at)

    def _quiet_since(self, at: datetime) -> list[Case]:
        """Cases on which nothing happened since: the past is not rewritten. Due first."""
        seen = visible_cases(self.head, on=at.astimezone(SHANGHAI).date()).exclude(stage="done")
        found = seen.filter(last_at__lt=at).select_related("office", "person").order_by("due_on", "id")
        return list(found[:MOST_CASES])

    def _cases(self, meeting: Meeting, at: datetime) -> list[Case]:
        found = suggestions(meeting, self.head, at=at, stuck_days=STUCK_DAYS)
        return [one.case for one in found if one.case.filed_at < at]

    def _invite_leads(self, meeting: Meeting, cases: Sequence[Case], at: datetime) -> None:
        """Nothing is resolved about a case in its responsible office's absence."""
        leads = [planning.Invited(pk) for pk in dict.fromkeys(case.office_id for case in cases)]
        planning.invite(meeting.pk, leads, actor=self.head, at=at + timedelta(minutes=10))

    def _table(self, meeting: Meeting, case: Case, at: datetime) -> AgendaItem | None:
        """Put a case on the agenda; None where the office complained of sits."""
        title = words(catalogue_entry(case.service, case.edition).name, "zh-hans")
        at += timedelta(hours=1)
        try:
            return agenda.table(
                meeting.pk, self.convenor.pk, title=title, case_id=case.pk, actor=self.head, at=at
            )
        except MeetingRefused:
            return None

    def _resolve(
        self, meeting: Meeting, item: AgendaItem, case: Case | None, text: str, days: int, at: datetime
    ) -> None:
        """Give the matter to an office near the case; the case's own office and the accused are left out."""
        if case is None:
            office = _ids([f"{self.convenor.place_id}-zhigong"])[0]
        else:
            near = [
                f"{case.office.place_id[:6]}-{kind}"
                for kind in ("housing", "civil_affairs", "natural_resources")
            ]
            known = [pk for pk in _ids(near) if pk != case.office_id]
            office = self.chance.choice(known or _ids([f"{self.convenor.place_id}-overseas_affairs"]))
        due = at.astimezone(SHANGHAI).date() + timedelta(days=days)
        try:
            made = deciding.decide(
                meeting.pk, item.pk, text=text, office_id=office, due_on=due, actor=self.head, at=at
            )
        except MeetingRefused:
            return  # the office complained of, for one: nothing is resolved then
        if case is not None:
            self.tasks.append((made, case))


def _work(resolution: Resolution, case: Case, now: datetime) -> None:
    """What the offices made of their tasks: two done, one given back, the others still open or late."""
    number = int(resolution.made_at.timestamp() + resolution.due_on.toordinal()) % 4
    speaker = _speaker(resolution.office, "handler")
    at = min(resolution.made_at + timedelta(days=6 + number), now - timedelta(hours=1))
    with acting(speaker, epoch=int(time.time())), without_reactions(), transaction.atomic():
        if number in {0, 1}:
            answer_task(case.pk, resolution.seat, text=ANSWERS[number], actor=speaker, at=at)
        elif number == 2:
            decline_task(
                case.pk, resolution.seat, reason="档案在市档案馆，本单位查不到。", actor=speaker, at=at
            )


def _ids(codes: Sequence[str]) -> list[int]:
    known = dict(Office.objects.filter(code__in=codes).values_list("code", "pk"))
    return [known[code] for code in codes if code in known]


def _speaker(office: Office, role: str) -> Actor:
    """Somebody who handles cases in an office, in this role if there is one."""
    posts = Post.objects.filter(office=office, role__in=["head", "handler", "clerk"], until__isnull=True)
    chosen = posts.filter(role=role).order_by("pk").first() or posts.order_by("pk").first()
    if chosen is None:
        raise LookupError(office.code)
    return staff(chosen.account_id)


def _hour(day: datetime, hour: int, minute: int) -> datetime:
    """An hour of Beijing on a working day, that day or the next."""
    local = day.astimezone(SHANGHAI).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return local + timedelta(days=max(0, 7 - local.weekday()) if local.weekday() > 4 else 0)
