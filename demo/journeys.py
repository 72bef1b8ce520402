"""Journeys of the demo: one that is through, one where it is the person's turn, two that are under way.

Each is started as the composed form starts it; its cases then go on by the roads that the stories take.
"""

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from demo.asking import Asker
from demo.offices import staff_of_all
from demo.papers import Folder
from demo.people import ORIGINS, abroad
from demo.plain import road, services
from demo.schooling import SchoolRoad
from demo.settlement import SettlementRoad
from demo.steps import Step, Story, at_home_hour, timetable
from demo.walking import Town, follow
from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting
from qiaoqiao.casework.actions.drafts import begin, keep_file
from qiaoqiao.casework.actions.intake import Filing
from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.casework.models import Case
from qiaoqiao.catalogue.composing import life_event
from qiaoqiao.gateways import storage
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ledger.reacting import without_reactions
from qiaoqiao.parties.rules import Applicant
from qiaoqiao.services.life_events.actions import Start, go_on, start
from qiaoqiao.services.life_events.models import Journey, JourneyLeg

PLACE = "440781"
HOME: Mapping[str, Any] = {
    "nationality": "CN", "residence_country": "VE", "residence_right": "permanent",
    "resident_since": "2001-05-06", "stay_months_2y": 22, "study_or_official": False,
    "household_state": "cancelled", "original_hukou": "台山市端芬镇汀江村", "left_on": "1998-03-01",
    "collective_hukou": False, "settle_kind": "original", "place": PLACE, "address": "端芬镇汀江村18号",
    "continuous_days": 118, "days_in_6_months": 104, "housing": "own", "livelihood": ["savings"],
    "applied_by": "self", "child_comes": False, "wants_insurance": True, "household": "own",
    "matter": "pension_resume", "works": "flexible", "birth": "1970-05-06", "last_place": "台山市",
}  # fmt: skip
SCHOOL: Mapping[str, Any] = {
    "child_name": "伍梓轩", "child_birth": "2018-05-06", "child_nationality": "CN", "parents_status": "both",
    "parents_country": "VE", "parents_residence": "permanent", "guardian": "grandparents",
    "guardian_name": "李瑞琼", "stage": "primary_transfer", "grade": 3,
    "last_school": "加拉加斯中华学校（虚构）", "place": PLACE, "basis": "guardian_hukou",
    "address": "端芬镇汀江村26号", "wants_checkup": True, "wants_insurance": True,
    "speaks": "cantonese", "paper_kind": "cn_passport", "insurance": "none",
}  # fmt: skip
CARE: Mapping[str, Any] = {
    "care": "home", "place": PLACE, "address": "台城街道环城西路9号", "door": "隔壁黄姨，+867500123456",
    "elder_name": "梁月嫦", "elder_birth": "1941-09-03", "related": "child", "lives_with": "alone",
    "abilities": ["walking", "washing", "errands"], "illness": "膝盖痛，上下楼要人扶。",
    "needs_doctor": True, "needs_relief": False, "department": "骨科", "speaks": "siyi",
    "paper_kind": "id_card", "insurance": "china", "complaint": "膝盖肿痛，走不远，想看骨科。",
}  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """A journey to be told: when it began, what was filled in, and to which state each of its cases is taken."""

    event: str
    days_ago: int
    facts: Mapping[str, Any]
    papers: tuple[str, ...]
    ends: Mapping[str, str]


def planned(now: datetime) -> Iterator[Planned]:
    """The journeys, oldest first."""
    child = ("child_id", "parents_identity", "kinship_proof")
    ends = {"schooling": "enrolled", "health": "attended", "social_insurance": "insured"}
    term = {"term_start": f"{now.year}-09-01", "from_day": (now - timedelta(days=200)).date().isoformat()}
    yield Planned("child_to_school", 235, {**SCHOOL, **term}, child, ends)
    papers = ("passport", "photo", "residence_proof", "home_proof", "earlier_record")
    yield Planned("move_home", 90, HOME, papers, {"settlement": "permit_issued"})
    yield Planned("move_home", 24, {**HOME, "housing": "family"}, papers, {"settlement": "consulting"})
    care = {**CARE, "from_day": (now - timedelta(days=25)).date().isoformat()}
    yield Planned(
        "parent_care", 34, care, ("elder_identity",), {"elder_care": "offered", "health": "followup"}
    )


def tell_journeys(seed: int, now: datetime, folder: Folder) -> list[Journey]:
    """Tell the journeys through the real actions, unless that was done; again changes nothing."""
    offices = {office.code: office for office in Office.objects.select_related("place")}
    town = Town(offices, staff_of_all(), folder)
    with acting(SYSTEM, epoch=int(time.time())), without_reactions(), transaction.atomic():
        if Journey.objects.exists():
            return []
        return [
            Traveller(one, town, random.Random(f"journey {seed} {number}"), now).tell()
            for number, one in enumerate(planned(now))
        ]


class Traveller:
    """Somebody who begins one journey, and what becomes of it."""

    def __init__(self, plan: Planned, town: Town, chance: random.Random, now: datetime) -> None:
        self.plan, self.town, self.chance, self.now = plan, town, chance, now
        self.asker = Asker(chance, PLACE)
        self.person: Applicant = abroad(chance, ORIGINS[0], language="zh-hans")
        self.begun = at_home_hour(now - timedelta(days=plan.days_ago), self.person.timezone, chance)

    def tell(self) -> Journey:
        """Start it, then take its cases on, the later ones as they begin."""
        journey = Journey.objects.get(pk=self._start())
        for service, target in self.plan.ends.items():
            leg = JourneyLeg.objects.select_related("case__office", "case__person").get(
                journey=journey, service=service
            )
            assert leg.case is not None, f"{service} has not begun"
            self._take_on(leg.case, target)
        return journey

    def _start(self) -> Any:
        form = life_event(self.plan.event).entry
        draft, _ = begin(form, language=self.person.language, at=self.begun)
        for brought in self.town.folder.brought(self.plan.papers, form, self.chance):
            keep_file(draft.pk, self._own(brought), at=self.begun)
        filing = Filing(
            service=self.plan.event, channel="web", applicant=self.person, facts=self.plan.facts
        )  # fmt: skip
        return start(draft.pk, Start(filing), actor=PUBLIC, at=self.begun)

    def _own(self, brought: Brought) -> Brought:
        """A copy: what waits with a leg is deleted with it, and must not be another case's paper."""
        with storage.open_kept(brought.key) as stream:
            kept = storage.keep(stream, declared_name=brought.file_name, now=self.begun)
        return replace(brought, key=kept.key)

    def _take_on(self, case: Case, target: str) -> None:
        story = Story(
            service=case.service, target=target, channel="web", applicant=self.person, facts=case.facts,
            steps=tuple(self._road(case, target)), county=PLACE, filed_at=self.begun,
        )  # fmt: skip
        times = [self.begun, *timetable(story, now=self.now, chance=self.chance)[1:]]
        follow(case, story, times, self.town, self.chance, now=self.now)
        last = Entry.objects.filter(subject=case.pk).latest("at").at
        go_on(case.pk, actor=SYSTEM, at=last + timedelta(minutes=1))

    def _road(self, case: Case, target: str) -> list[Step]:
        if case.service in services():
            return road(case.service, target, case.facts, self.asker)
        if case.service == "schooling":
            return list(SchoolRoad(self.chance, "中心小学").to(target))
        return list(SettlementRoad(self.chance).to(target))


def journeys_told() -> str:
    """The journeys' numbers and a case of each, by which one comes to it."""
    with acting(SYSTEM, epoch=int(time.time())):
        legs = JourneyLeg.objects.filter(number=0).select_related("journey", "case__person").order_by("pk")
        lines = [
            f"  {leg.journey.reference}  {life_event(leg.journey.event).event.name['zh-Hans']}"
            f"  {leg.case.reference}  {leg.case.person.email}"
            for leg in legs
            if leg.case
        ]
    return (
        "\n".join(["Journeys, each with its first case and the address of its letters:", *lines])
        if lines
        else ""
    )
