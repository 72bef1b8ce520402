"""The agenda: what a meeting will talk about, with a case or without."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import visible_cases
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.ledger.rules import JSON
from qiaoqiao.services.joint.actions.ground import (
    MeetingRefused,
    NotNow,
    allow,
    check_text,
    clean,
    hold,
    own_offices,
)
from qiaoqiao.services.joint.models import AgendaItem, Meeting
from qiaoqiao.services.joint.queries import cases_seen, shut_out
from qiaoqiao.services.joint.rules import Step

LONGEST_TITLE, LONGEST_NOTE, MOST_ITEMS = 120, 1000, 60


@transaction.atomic
def table(
    meeting_id: UUID,
    office_id: int,
    *,
    title: str,
    note: str = "",
    case_id: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> AgendaItem:
    """Put something on the agenda for one of the meeting's offices; a case on it already is left as it is.

    While a meeting is held only the convenor adds to it.
    Raises MeetingRefused (`names`: the words name the person, and every office reads them; `shielded`: an
    office of the meeting is complained of and must not learn of the case), NotNow, Meeting.DoesNotExist or
    Case.DoesNotExist for what the actor does not see.
    """
    meeting = _hold_for(office_id, meeting_id, actor, at)
    case = _case(case_id, actor, at) if case_id else None
    before = meeting.items.filter(case=case_id).first() if case_id else None
    if before:
        return before
    if shut_out([case_id], meeting.offices):
        raise MeetingRefused({"case": "shielded"})
    title, note = clean(title), clean(note)
    order = _next_order(meeting, title, note, people(case))
    item = AgendaItem(
        meeting=meeting,
        order=order,
        case=case,
        reference=case.reference if case else "",
        title=title,
        note=note,
        office=Office.objects.get(pk=office_id),
        made_at=at,
    )
    item.save(force_insert=True)
    facts: dict[str, JSON] = {"item": str(item.pk), "case": str(case.pk) if case else None}
    record(meeting.pk, Happening("meeting.tabled", facts, actor.ledger_name, at, item.office.code))
    return item


def _hold_for(office_id: int, meeting_id: UUID, actor: Actor, at: datetime) -> Meeting:
    """Lock a meeting to whose agenda the actor's office may add now."""
    meeting = hold(meeting_id, actor, at)
    if office_id not in own_offices(actor, at) or office_id not in meeting.offices:
        raise Meeting.DoesNotExist
    allow(meeting, Step.TABLE)
    if meeting.state == "held" and office_id != meeting.office_id:
        raise NotNow(Step.TABLE)
    return meeting


def _next_order(meeting: Meeting, title: str, note: str, names: list[str]) -> int:
    """The place of a new item. Raises MeetingRefused for words that cannot stand and a full agenda."""
    checked = {
        "title": check_text(title, most=LONGEST_TITLE, names=names),
        "note": check_text(note, most=LONGEST_NOTE, names=names, needed=False),
    }
    faults = {field: fault for field, fault in checked.items() if fault}
    last = meeting.items.order_by("-order").first()
    if last and last.order >= MOST_ITEMS:
        faults["title"] = "too_many"
    if faults:
        raise MeetingRefused(faults)
    return last.order + 1 if last else 1


@transaction.atomic
def take_off(meeting_id: UUID, item_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take something off the agenda: the convenor, or the office that proposed it. Raises NotNow once resolved."""
    meeting = hold(meeting_id, actor, at)
    item = AgendaItem.objects.select_related("office").get(pk=item_id, meeting=meeting)
    if not own_offices(actor, at) & {meeting.office_id, item.office_id}:
        raise Meeting.DoesNotExist
    allow(meeting, Step.TABLE)
    if item.resolutions.exists():
        raise NotNow(Step.TABLE)
    later = list(meeting.items.filter(order__gt=item.order).order_by("order"))
    item.delete()
    for one in later:
        one.order -= 1
    AgendaItem.objects.bulk_update(later, ["order"])
    facts: dict[str, JSON] = {"item": str(item_id), "case": str(item.case_id) if item.case_id else None}
    record(meeting.pk, Happening("meeting.taken_off", facts, actor.ledger_name, at, meeting.office.code))


def people(case: Case | None) -> list[str]:
    """The names that words for all offices of a meeting must not hold."""
    if case is None:
        return []
    agent = case.mandate.agent if case.mandate else None
    held = [case.person.name, case.person.latin_name, *([agent.name, agent.latin_name] if agent else [])]
    return [name for name in held if name]


def everybody(meeting: Meeting, actor: Actor, at: datetime) -> list[str]:
    """The names of all whose cases stand on the agenda, as far as the writer can know them."""
    tabled = meeting.items.filter(case__isnull=False).values_list("case", flat=True)
    seen = cases_seen(list(tabled), actor, on=at.astimezone(SHANGHAI).date())
    return [name for case in seen.values() for name in people(case)]


def _case(case_id: UUID, actor: Actor, at: datetime) -> Case:
    seen = visible_cases(actor, on=at.astimezone(SHANGHAI).date())
    return seen.select_related("person", "mandate__agent").get(pk=case_id)
