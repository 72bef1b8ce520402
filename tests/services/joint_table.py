"""A joint meeting of the tests' town: the overseas-affairs office convenes, police and housing are invited."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, Actor, acting
from qiaoqiao.casework.models import Case
from qiaoqiao.services.joint.actions import agenda, deciding, minuting, planning
from qiaoqiao.services.joint.models import AgendaItem, Meeting, Resolution
from qiaoqiao.services.joint.queries import resolutions
from tests.cast import AT, Town, as_staff, now_epoch

STARTS = datetime(2026, 3, 9, 6, 30, tzinfo=UTC)  # a week after AT, 14:30 in Beijing
HELD = STARTS + timedelta(hours=2)
DUE = date(2026, 3, 20)
PLAN = planning.Plan("第一季度五侨联席会议", STARTS, place="市民之家三楼")


def planned(town: Town, *, at: datetime = AT, plan: planning.Plan = PLAN, offices: Any = None) -> Meeting:
    """A meeting that 陈 called; police and housing are invited."""
    invited = offices if offices is not None else [town.exit_entry_police, town.housing]
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        guests = [planning.Invited(one.pk) for one in invited]
        return planning.plan(town.overseas_affairs.pk, plan, guests, actor=actor, at=at)


def tabled(
    meeting: Meeting, town: Town, case: Case | None, title: str = "一件难办的事", **more: Any
) -> AgendaItem:
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        return agenda.table(
            meeting.pk, town.overseas_affairs.pk, title=title, case_id=case.pk if case else None,
            actor=actor, at=more.pop("at", AT), **more,
        )  # fmt: skip


def held(meeting: Meeting, town: Town, *, at: datetime = HELD) -> Meeting:
    """The meeting took place and all came."""
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        there = dict.fromkeys(meeting.offices, "某同志")
        return minuting.record_attendance(meeting.pk, there, actor=actor, at=at)


def resolved(
    meeting: Meeting, item: AgendaItem, town: Town, office: int, *, text: str = "查清登记情况并书面告知。",
    due: date = DUE, at: datetime = HELD,
) -> Resolution:  # fmt: skip
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        return deciding.decide(
            meeting.pk, item.pk, text=text, office_id=office, due_on=due, actor=actor, at=at
        )


def as_seen(resolution: Resolution, actor: Actor | Account = SYSTEM) -> Resolution:
    """The resolution as somebody reads it now."""
    who = as_staff(actor) if isinstance(actor, Account) else actor
    with acting(who, epoch=now_epoch()):
        return resolutions(who, on=date(2026, 3, 9)).get(pk=resolution.pk)


def canary_meeting(town: Town, case: Case, name: str) -> dict[str, object]:
    """A meeting over a case, with everything that its addresses name."""
    meeting = planned(town, at=AT, plan=replace(PLAN, title=f"{name}的会"))
    item = tabled(meeting, town, case, title="一件难办的事")
    held(meeting, town)
    resolution = resolved(meeting, item, town, town.housing.pk)
    return {"meeting_id": meeting.pk, "item_id": item.pk, "resolution_id": resolution.pk}
