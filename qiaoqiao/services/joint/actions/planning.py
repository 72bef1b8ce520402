"""Planning a meeting: when and where, who is invited, who answers, what changes, what is called off."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.ledger.rules import JSON
from qiaoqiao.lib.ids import row_id
from qiaoqiao.services.joint.actions.ground import MeetingRefused, NotNow, clean, hold, hold_own, own_offices
from qiaoqiao.services.joint.models import Attendee, Meeting
from qiaoqiao.services.joint.queries import shut_out
from qiaoqiao.services.joint.rules import ANSWERS, Step

LONGEST = {"title": 80, "place": 120, "link": 200, "reason": 400, "name": 60, "note": 200}
NUMBERING = 51_05
"""The lock under which an office's next meeting number is found."""


@dataclass(frozen=True)
class Plan:
    """When and where a meeting takes place, and what it is called."""

    title: str
    starts_at: datetime
    place: str = ""
    link: str = ""
    zone: str = "Asia/Shanghai"


@dataclass(frozen=True)
class Invited:
    """An office to invite, and whom there: `member` decides with the others, `guest` is heard."""

    office: int
    role: str = "member"
    name: str = ""
    email: str = ""


@transaction.atomic
def plan(
    office_id: int, planned: Plan, invited: Collection[Invited], *, actor: Actor, at: datetime
) -> Meeting:
    """Call a meeting and invite the others. Raises MeetingRefused; Office.DoesNotExist for an office not one's own."""
    if office_id not in own_offices(actor, at):
        raise Office.DoesNotExist
    planned = _checked(planned, at)
    guests = [one for one in invited if one.office != office_id]
    if not guests:
        raise MeetingRefused({"offices": "missing"})
    year = at.astimezone(SHANGHAI).year
    meeting = Meeting(
        id=row_id(),
        office=Office.objects.get(pk=office_id),
        year=year,
        serial=_next_serial(office_id, year),
        offices=[office_id, *(one.office for one in guests)],
        made_at=at,
        made_by_id=actor.account_id,
        **vars(planned),
    )
    meeting.save(force_insert=True)
    _seat(meeting, [Invited(office_id, "host"), *guests], at)
    starts: dict[str, JSON] = {"number": meeting.number, "starts_at": planned.starts_at.isoformat()}
    record(
        meeting.pk,
        Happening("meeting.planned", starts, actor.ledger_name, at, meeting.office.code),
        Happening("meeting.invited", _codes(guests), actor.ledger_name, at, meeting.office.code),
    )
    return meeting


@transaction.atomic
def invite(meeting_id: UUID, invited: Collection[Invited], *, actor: Actor, at: datetime) -> Meeting:
    """Invite more offices; those invited already stay as they are.

    Raises NotNow, and MeetingRefused when one of them is complained of in a case on the agenda.
    """
    meeting = hold_own(meeting_id, Step.INVITE, actor, at)
    more = [one for one in invited if one.office not in meeting.offices]
    if shut_out(meeting.items.values_list("case", flat=True), [one.office for one in more]):
        raise MeetingRefused({"offices": "shielded"})
    if more:
        meeting.offices = [*meeting.offices, *(one.office for one in more)]
        meeting.save(update_fields=["offices"])
        _seat(meeting, more, at)
        told = Happening("meeting.invited", _codes(more), actor.ledger_name, at, meeting.office.code)
        record(meeting.pk, told)
    return meeting


@transaction.atomic
def change(meeting_id: UUID, planned: Plan, *, actor: Actor, at: datetime) -> Meeting:
    """Move a meeting or say it better; all invited are told. Raises MeetingRefused, NotNow."""
    meeting = hold_own(meeting_id, Step.CHANGE, actor, at)
    new = vars(_checked(planned, at))
    changed = [name for name, value in new.items() if getattr(meeting, name) != value]
    if changed:
        for name in changed:
            setattr(meeting, name, new[name])
        meeting.version += 1
        meeting.save(update_fields=[*changed, "version"])
        facts: dict[str, JSON] = {"changed": list(changed), "starts_at": planned.starts_at.isoformat()}
        told = Happening("meeting.changed", facts, actor.ledger_name, at, meeting.office.code)
        record(meeting.pk, told)
    return meeting


@transaction.atomic
def cancel(meeting_id: UUID, *, reason: str, actor: Actor, at: datetime) -> Meeting:
    """Call a meeting off; all invited are told why. Raises MeetingRefused, NotNow."""
    meeting = hold_own(meeting_id, Step.CANCEL, actor, at)
    said = clean(reason)
    if not said or len(said) > LONGEST["reason"]:
        raise MeetingRefused({"reason": "too_long" if said else "missing"})
    meeting.state, meeting.reason = "cancelled", said
    meeting.version += 1
    meeting.save(update_fields=["state", "reason", "version"])
    record(meeting.pk, Happening("meeting.cancelled", {}, actor.ledger_name, at, meeting.office.code))
    return meeting


@transaction.atomic
def answer(
    meeting_id: UUID, office_id: int, reply: str, *, name: str, note: str, actor: Actor, at: datetime
) -> Attendee:
    """Say whether an office comes, and who. Raises MeetingRefused, NotNow, Meeting.DoesNotExist."""
    meeting = hold(meeting_id, actor, at)
    if office_id not in own_offices(actor, at) or office_id not in meeting.offices:
        raise Meeting.DoesNotExist
    if meeting.state != "planned":
        raise NotNow(meeting.state)
    name, note = clean(name), clean(note)
    faults = {"answer": "missing"} if reply not in ANSWERS else {}
    faults |= {
        field: "too_long" for field, said in (("name", name), ("note", note)) if len(said) > LONGEST[field]
    }
    if reply == "yes" and not name:
        faults["name"] = "missing"
    if faults:
        raise MeetingRefused(faults)
    attendee = Attendee.objects.select_related("office").get(meeting=meeting, office=office_id)
    attendee.answer, attendee.name, attendee.note = reply, name, note
    attendee.save(update_fields=["answer", "name", "note"])
    facts: dict[str, JSON] = {"office": attendee.office.code, "answer": reply}
    record(meeting.pk, Happening("meeting.answered", facts, actor.ledger_name, at, attendee.office.code))
    return attendee


def _checked(planned: Plan, at: datetime) -> Plan:
    """The plan with its words tidied."""
    said = {name: clean(getattr(planned, name)) for name in ("title", "place", "link")}
    faults = {name: "too_long" for name, text in said.items() if len(text) > LONGEST[name]}
    if not said["title"]:
        faults["title"] = "missing"
    if not said["place"] and not said["link"]:
        faults["place"] = "missing"
    if planned.starts_at <= at:
        faults["starts_at"] = "past"
    if faults:
        raise MeetingRefused(faults)
    return Plan(starts_at=planned.starts_at, zone=planned.zone, **said)


def _seat(meeting: Meeting, invited: Collection[Invited], at: datetime) -> None:
    Attendee.objects.bulk_create(
        Attendee(
            meeting=meeting,
            office_id=one.office,
            role=one.role,
            name=clean(one.name)[: LONGEST["name"]],
            email=one.email,
            invited_at=at,
        )
        for one in invited
    )


def _codes(invited: Collection[Invited]) -> dict[str, JSON]:
    offices = Office.objects.filter(pk__in=[one.office for one in invited]).order_by("pk")
    return {"offices": list(offices.values_list("code", flat=True))}


def _next_serial(office_id: int, year: int) -> int:
    """The office's next number of the year; two who plan at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBERING, office_id])
    last = Meeting.objects.filter(office=office_id, year=year).order_by("-serial").first()
    return last.serial + 1 if last else 1
