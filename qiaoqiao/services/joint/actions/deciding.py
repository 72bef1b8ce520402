"""Resolutions: what was decided becomes a task at the case, or something an office reports on here."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.seating import ShieldedOffice
from qiaoqiao.casework.actions.tasks import LONGEST_TASK, TaskRefused, give_task, withdraw_task
from qiaoqiao.casework.models import Assignment, Case
from qiaoqiao.casework.rules import MoveRefused
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.ledger.rules import JSON
from qiaoqiao.services.joint.actions.agenda import people
from qiaoqiao.services.joint.actions.ground import (
    MeetingRefused,
    NotNow,
    check_text,
    clean,
    hold,
    hold_own,
    own_offices,
)
from qiaoqiao.services.joint.models import AgendaItem, Meeting, Resolution
from qiaoqiao.services.joint.queries import became, cases_seen, resolutions
from qiaoqiao.services.joint.rules import Followed, Step


@transaction.atomic
def decide(
    meeting_id: UUID, item_id: UUID, *, text: str, office_id: int, due_on: date, actor: Actor, at: datetime
) -> Resolution:
    """Record what was resolved; about a case it becomes a task there, in the same transaction.

    Raises MeetingRefused: `names` for words that name the person, `unseen` for a case the convenor may not
    see, `over` for one that is closed, `lead_absent` when its responsible office was neither invited nor
    there, `shielded` for an office complained of, `not_here` for an office that is not at this meeting.
    """
    meeting = hold_own(meeting_id, Step.DECIDE, actor, at)
    item = AgendaItem.objects.get(pk=item_id, meeting=meeting)
    case = _case(item, actor, at)
    said = clean(text)
    _check(meeting, case, said, office_id, due_on, at.astimezone(SHANGHAI).date())
    task = _task(case, office_id, said, due_on, meeting.number, actor=actor, at=at) if case else None
    resolution = Resolution(
        meeting=meeting,
        item=item,
        text=said,
        office=Office.objects.get(pk=office_id),
        due_on=due_on,
        task=task,
        seat=task.seat if task else "",
        made_at=at,
        made_by_id=actor.account_id,
    )
    resolution.save(force_insert=True)
    facts: dict[str, JSON] = {
        "resolution": str(resolution.pk),
        "office": resolution.office.code,
        "due_on": due_on.isoformat(),
        "seat": resolution.seat,
    }
    record(meeting.pk, Happening("meeting.decided", facts, actor.ledger_name, at, meeting.office.code))
    return resolution


@transaction.atomic
def withdraw_resolution(resolution_id: UUID, *, reason: str, actor: Actor, at: datetime) -> Resolution:
    """Take a resolution back, also after the meeting was closed, while nobody has carried it out.

    Raises MeetingRefused, NotNow, Meeting.DoesNotExist for anybody but the convenor.
    """
    resolution, meeting = _held(resolution_id, actor, at)
    if meeting.office_id not in own_offices(actor, at):
        raise Meeting.DoesNotExist
    said = _words("reason", reason)
    stands = became(resolution, at.astimezone(SHANGHAI).date())
    if stands not in {Followed.OPEN, Followed.LATE, Followed.DECLINED}:
        raise NotNow(stands)
    if resolution.seat and stands is not Followed.DECLINED:
        case_id = resolution.item.case_id
        if case_id not in cases_seen([case_id], actor, on=at.astimezone(SHANGHAI).date()):
            raise MeetingRefused({"reason": "unseen"})
        withdraw_task(_sure(case_id), resolution.seat, reason=said, actor=actor, at=at, by=meeting.number)
    else:
        _end(resolution, "withdrawn", said, at)
    facts: dict[str, JSON] = {"resolution": str(resolution.pk)}
    record(meeting.pk, Happening("meeting.withdrawn", facts, actor.ledger_name, at, meeting.office.code))
    return resolution


@transaction.atomic
def report_done(resolution_id: UUID, *, text: str, actor: Actor, at: datetime) -> Resolution:
    """Say that a resolution without a case was carried out: its own office does. Raises as withdrawing does."""
    resolution, meeting = _held(resolution_id, actor, at)
    if resolution.office_id not in own_offices(actor, at):
        raise Meeting.DoesNotExist
    if resolution.seat or resolution.state != "accepted":
        raise NotNow(resolution.state)
    _end(resolution, "answered", _words("text", text), at)
    facts: dict[str, JSON] = {"resolution": str(resolution.pk)}
    record(meeting.pk, Happening("meeting.reported", facts, actor.ledger_name, at, resolution.office.code))
    return resolution


def _case(item: AgendaItem, actor: Actor, at: datetime) -> Case | None:
    """The item's case. Raises MeetingRefused when the convenor may not see it."""
    if item.case_id is None:
        return None
    seen = cases_seen([item.case_id], actor, on=at.astimezone(SHANGHAI).date())
    if item.case_id not in seen:
        raise MeetingRefused({"office": "unseen"})
    return seen[item.case_id]


def _check(meeting: Meeting, case: Case | None, said: str, office_id: int, due_on: date, today: date) -> None:
    faults = {
        "text": check_text(said, most=LONGEST_TASK, names=people(case)) or "",
        "due_on": "past" if due_on < today else "",
        "office": _office_fault(meeting, case, office_id),
    }
    if any(faults.values()):
        raise MeetingRefused({field: fault for field, fault in faults.items() if fault})


def _office_fault(meeting: Meeting, case: Case | None, office_id: int) -> str:
    if case is None:
        return "" if office_id in meeting.offices else "not_here"
    lead = meeting.attendees.filter(office=case.office_id).first()
    if case.office_id not in meeting.offices or (lead and lead.present is False):
        return "lead_absent"
    return ""


def _task(
    case: Case, office_id: int, text: str, due_on: date, number: str, *, actor: Actor, at: datetime
) -> Assignment:
    try:
        return give_task(case.pk, office_id, text, due_on, actor=actor, at=at, by=number)
    except MoveRefused as why:
        raise MeetingRefused({"office": "over"}) from why
    except ShieldedOffice as why:
        raise MeetingRefused({"office": "shielded"}) from why
    except TaskRefused as why:
        fields = {"what": "text"}
        raise MeetingRefused({fields.get(name, name): fault for name, fault in why.faults.items()}) from why


def _held(resolution_id: UUID, actor: Actor, at: datetime) -> tuple[Resolution, Meeting]:
    """A resolution with how its task stands, its meeting under lock."""
    on = at.astimezone(SHANGHAI).date()
    found = resolutions(actor, on=on).filter(pk=resolution_id).values_list("meeting", flat=True)
    meeting = hold(found.get(), actor, at)
    return resolutions(actor, on=on).get(pk=resolution_id), meeting


def _end(resolution: Resolution, state: str, said: str, at: datetime) -> None:
    resolution.state, resolution.report, resolution.ended_at = state, said, at
    resolution.save(update_fields=["state", "report", "ended_at"])


def _words(field: str, text: str) -> str:
    said = clean(text)
    if not said or len(said) > LONGEST_TASK:
        raise MeetingRefused({field: "too_long" if said else "missing"})
    return said


def _sure(case_id: UUID | None) -> UUID:
    if case_id is None:
        raise Case.DoesNotExist
    return case_id
