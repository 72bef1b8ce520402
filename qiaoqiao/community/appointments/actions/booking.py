"""Booking, moving and giving back: a place is taken by one statement that PostgreSQL decides, never by a count we read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from qiaoqiao.access.tickets import Actor
from qiaoqiao.community.appointments.models import Booking, Schedule, Slot
from qiaoqiao.community.appointments.queries import visible_bookings
from qiaoqiao.community.appointments.rules import (
    BEIJING,
    HAPPENED,
    LONGEST_ABOUT,
    LONGEST_NAME,
    contact_of,
    may_book,
    may_change,
    serves,
)
from qiaoqiao.ledger.actions import Happening, record, start
from qiaoqiao.ledger.rules import JSON
from qiaoqiao.lib.ids import new_reference, row_id
from qiaoqiao.lib.statements import fetch
from qiaoqiao.parties.rules import Applicant, faults, tidy

PREFIX = "QB"


class SlotGone(Exception):
    """The place cannot be had: `full`, `closed`, `too_late`, `other_office`, `other_service` or `ended`."""


class BookedAlready(Exception):
    """The same person has a place in this slot."""


class BookingRefused(Exception):
    """What was given is not right, by field."""

    def __init__(self, found: dict[str, str]) -> None:
        self.faults = found
        super().__init__(str(found))


class NotChangeable(Exception):
    """The booking is over, cancelled, or too near for the person to change it by themselves: `over`, `too_late`."""


@dataclass(frozen=True)
class Guest:
    """Who books: `id` is chosen by the door, so that whoever booked may read it, and a second click is the same."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = "zh-hans"
    timezone: str = "Asia/Shanghai"
    about: str = ""
    service: str = ""
    case_id: UUID | None = None
    id: UUID = field(default_factory=row_id)


def checked(guest: Guest, *, reachable: bool) -> dict[str, object]:
    """The columns of who booked. Raises BookingRefused; at the counter nobody need be reachable."""
    given = Applicant(guest.name, "", "", guest.language, guest.timezone, guest.email, guest.phone)
    person = tidy(given)
    found = faults(person, reachable=reachable, identity="none")
    if len(person.name) > LONGEST_NAME:
        found["name"] = "too_long"
    if len(guest.about) > LONGEST_ABOUT:
        found["about"] = "too_long"
    if found:
        raise BookingRefused(found)
    return {
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "contact": contact_of(person.email, person.phone) or guest.id.hex,
        "language": person.language,
        "timezone": person.timezone,
        "about": " ".join(guest.about.replace("\x00", "").split()),
        "service": guest.service,
        "case_id": guest.case_id,
    }


def book(slot_id: UUID, guest: Guest, *, actor: Actor, at: datetime) -> UUID:
    """Take a place; return the booking's id. Sent twice, it books once.

    Raises SlotGone, BookedAlready, BookingRefused.
    """
    columns = checked(guest, reachable=actor.account_id is None)
    by_office = actor.account_id is not None
    try:
        with transaction.atomic():
            slot = Slot.objects.select_related("schedule", "office").get(pk=slot_id)
            _check(slot, at, lead=0 if by_office else slot.schedule.lead_hours)
            enter(slot, guest.id, columns, actor=actor, at=at)
            take(slot)
    except IntegrityError as clash:
        if _names(clash, "appointments_booking_pkey"):
            return guest.id
        if _names(clash, "booking_once_a_person"):
            raise BookedAlready from clash
        raise
    return guest.id


def _names(clash: IntegrityError, constraint: str) -> bool:
    found = getattr(getattr(clash.__cause__, "diag", None), "constraint_name", "")
    return found == constraint


def _check(slot: Slot, at: datetime, *, lead: int) -> None:
    if slot.state != "open":
        raise SlotGone("closed")
    if slot.starts_at <= at or not may_book(slot.starts_at, at, lead_hours=lead):
        raise SlotGone("too_late")


def _check_offered(schedule: Schedule, service: str, at: datetime) -> None:
    """Whether people may choose from this schedule by themselves, as the pages let them. Raises SlotGone."""
    if schedule.valid_until and schedule.valid_until < at.astimezone(BEIJING).date():
        raise SlotGone("ended")
    if not serves(schedule.services, service):
        raise SlotGone("other_service")


def enter(slot: Slot, booking_id: UUID, columns: dict[str, object], *, actor: Actor, at: datetime) -> None:
    """Write the booking down: first, so that a second click waits here for the first and is known as the same."""
    ((number,),) = fetch("SELECT nextval('appointments_number')")
    year = at.astimezone(BEIJING).year
    booking = Booking(
        id=booking_id,
        reference=new_reference(year, number, settings.SECRET_KEY.encode(), prefix=PREFIX),
        slot=slot,
        office_id=slot.office_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        made_at=at,
        changed_at=at,
        **columns,
    )
    booking.save(force_insert=True)
    facts: dict[str, JSON] = {
        "slot": str(slot.pk),
        "starts_at": slot.starts_at.isoformat(),
        "kind": slot.kind,
    }
    start(booking_id, Happening("booking.made", facts, actor.ledger_name, at, slot.office.code))


def take(slot: Slot, *, held: bool = False) -> None:
    """Take one place: a free one, or one that was held for the waiting list. Raises SlotGone."""
    if held:
        kept = Slot.objects.filter(pk=slot.pk, state="open", held__gt=0)
        gone = kept.update(held=F("held") - 1, taken=F("taken") + 1)
    else:
        free = Slot.objects.filter(pk=slot.pk, state="open", capacity__gt=F("taken") + F("held"))
        gone = free.update(taken=F("taken") + 1)
    if not gone:
        raise SlotGone("full")


def give_back(slot: Slot) -> None:
    """Free a place; while somebody waits it is held for them until the waiting list has been asked."""
    waits = Schedule.objects.filter(pk=slot.schedule_id, waiting__gt=0).exists()
    if waits:
        Slot.objects.filter(pk=slot.pk).update(taken=F("taken") - 1, held=F("held") + 1)
    else:
        Slot.objects.filter(pk=slot.pk).update(taken=F("taken") - 1)


def hold(booking_id: UUID, actor: Actor, at: datetime) -> Booking:
    """A booking under lock. Raises Booking.DoesNotExist for one the actor may not see."""
    seen = visible_bookings(actor, on=at.astimezone(BEIJING).date())
    # Locked without its slot: joined, a row moved meanwhile would no longer match and seem not to exist.
    seen.select_related(None).select_for_update().get(pk=booking_id)
    return seen.get(pk=booking_id)


class _Moved(Exception):
    """The booking left the slot while that was being locked."""


def hold_with_slots(
    booking_id: UUID, *others: UUID, actor: Actor, at: datetime
) -> tuple[Booking, dict[UUID, Slot]]:
    """A booking under lock with its slot and others, by id; slots first and in one order, as everywhere.

    Whoever locks a slot, then who has a place in it, waits for nobody who waits for them. Raises Booking.DoesNotExist.
    """
    seen = visible_bookings(actor, on=at.astimezone(BEIJING).date()).values_list("slot", flat=True)
    while True:
        own = seen.get(pk=booking_id)
        try:
            with transaction.atomic():
                slots = lock_slots([own, *others])
                booking = hold(booking_id, actor, at)
                if booking.slot_id != own:
                    raise _Moved
                return booking, slots
        except _Moved:
            continue


def lock_slots(slot_ids: Iterable[UUID]) -> dict[UUID, Slot]:
    """Slots under lock, by id; what does not exist is not among them."""
    found = Slot.objects.filter(pk__in=set(slot_ids)).order_by("pk")
    held = found.select_related("schedule", "office").select_for_update(of=("self",), no_key=True)
    return {slot.pk: slot for slot in held}


def check_changeable(booking: Booking, actor: Actor, at: datetime) -> None:
    """Raises NotChangeable."""
    if booking.state != "booked" or booking.starts_at <= at:
        raise NotChangeable("over")
    alone = actor.account_id is None and actor.kind != "system"
    if alone and not may_change(booking.starts_at, at, cancel_hours=booking.slot.schedule.cancel_hours):
        raise NotChangeable("too_late")


@transaction.atomic
def move(booking_id: UUID, slot_id: UUID, *, actor: Actor, at: datetime) -> Booking:
    """Change to another slot of the same office: the new place is taken before the old is given back, or nothing is.

    Who moves by themselves keeps to the rules of the schedule they move to, and to the old one's for leaving it.
    Raises NotChangeable, SlotGone, BookedAlready.
    """
    booking, slots = hold_with_slots(booking_id, slot_id, actor=actor, at=at)
    if booking.slot_id == slot_id:
        return booking
    check_changeable(booking, actor, at)
    new, old = slots.get(slot_id), slots[booking.slot_id]
    if new is None or new.office_id != booking.office_id or new.kind != old.kind:
        raise SlotGone("other_office")
    if actor.account_id is None:
        _check_offered(new.schedule, booking.service, at)
    _check(new, at, lead=0 if actor.account_id else new.schedule.lead_hours)
    take(new)
    give_back(old)
    booking.slot, booking.starts_at, booking.ends_at = new, new.starts_at, new.ends_at
    booking.sequence, booking.changed_at, booking.reminded = booking.sequence + 1, at, []
    try:
        with transaction.atomic():
            booking.save(update_fields=["slot", "starts_at", "ends_at", "sequence", "changed_at", "reminded"])
    except IntegrityError as clash:
        raise BookedAlready from clash
    facts: dict[str, JSON] = {
        "slot": str(new.pk),
        "from": str(old.pk),
        "starts_at": new.starts_at.isoformat(),
    }
    write_down(booking, "booking.moved", facts, actor, at)
    return booking


@transaction.atomic
def cancel(booking_id: UUID, *, actor: Actor, at: datetime, reason: str = "") -> Booking:
    """Give the place back; a second time does nothing. Raises NotChangeable."""
    booking, _slots = hold_with_slots(booking_id, actor=actor, at=at)
    if booking.state == "cancelled":
        return booking
    check_changeable(booking, actor, at)
    give_back(booking.slot)
    booking.state, booking.sequence = "cancelled", booking.sequence + 1
    booking.changed_at = at
    booking.save(update_fields=["state", "sequence", "changed_at"])
    facts: dict[str, JSON] = {"slot": str(booking.slot_id), "reason": reason[:LONGEST_ABOUT]}
    write_down(booking, "booking.cancelled", facts, actor, at)
    return booking


@transaction.atomic
def mark(booking_id: UUID, state: str, *, actor: Actor, at: datetime) -> Booking:
    """Say whether somebody came: `attended` or `no_show`; it can be corrected. Raises NotChangeable."""
    booking = hold(booking_id, actor, at)
    if (
        state not in HAPPENED
        or booking.state == "cancelled"
        or booking.starts_at.astimezone(BEIJING).date() > at.astimezone(BEIJING).date()
    ):
        raise NotChangeable("over")
    if booking.state != state:
        booking.state = state
        booking.save(update_fields=["state"])
        write_down(booking, f"booking.{state}", {}, actor, at)
    return booking


def write_down(booking: Booking, kind: str, facts: dict[str, JSON], actor: Actor, at: datetime) -> None:
    record(booking.pk, Happening(kind, facts, actor.ledger_name, at, booking.office.code))
