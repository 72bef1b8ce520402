"""The waiting list: a place that is given back goes to who came first, for a while, then to the next."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from qiaoqiao.access.tickets import Actor
from qiaoqiao.community.appointments.actions.booking import (
    BookedAlready,
    Guest,
    SlotGone,
    checked,
    enter,
    lock_slots,
    take,
)
from qiaoqiao.community.appointments.models import Booking, Schedule, Slot, Waiting
from qiaoqiao.community.appointments.queries import visible_waiting
from qiaoqiao.community.appointments.rules import BEIJING, offer_ends
from qiaoqiao.ledger.actions import Happening, record, start
from qiaoqiao.ledger.rules import JSON
from qiaoqiao.lib.ids import row_id

CONTACT = ("name", "email", "phone", "contact", "language", "timezone", "about", "service", "case_id")


class WaitingAlready(Exception):
    """The same person is on this list."""


class OfferGone(Exception):
    """The place was offered too long ago, or was never offered to this person."""


@transaction.atomic
def join(
    schedule_id: UUID, guest: Guest, first_day: date, last_day: date, *, actor: Actor, at: datetime
) -> UUID:
    """Stand in line for any place on some days; return the place's id. Sent twice, it is one.

    Raises BookingRefused, WaitingAlready.
    """
    columns = checked(guest, reachable=True)
    schedule = Schedule.objects.select_related("office").get(pk=schedule_id)
    one = Waiting(
        id=guest.id,
        schedule=schedule,
        office_id=schedule.office_id,
        first_day=first_day,
        last_day=last_day,
        made_at=at,
        **columns,
    )
    try:
        with transaction.atomic():
            one.save(force_insert=True)
    except IntegrityError as clash:
        name = getattr(getattr(clash.__cause__, "diag", None), "constraint_name", "")
        if name == "appointments_waiting_pkey":
            return guest.id
        raise WaitingAlready from clash
    Schedule.objects.filter(pk=schedule.pk).update(waiting=F("waiting") + 1)
    facts: dict[str, JSON] = {"from": first_day.isoformat(), "until": last_day.isoformat()}
    start(one.pk, Happening("waiting.joined", facts, actor.ledger_name, at, schedule.office.code))
    return one.pk


@transaction.atomic
def pass_on(slot_id: UUID, *, actor: Actor, at: datetime) -> int:
    """Offer the held places of a slot to who comes first, or free them; return how many were offered.

    Runs as the system after a place was given back or an offer ran out. Places that are offered already stay.
    """
    (slot,) = lock_slots([slot_id]).values()
    standing = Waiting.objects.filter(slot=slot, state="offered").count()
    offered = 0
    for _place in range(slot.held - standing):
        until = offer_ends(
            slot.starts_at, at, lead_hours=slot.schedule.lead_hours, offer_hours=slot.schedule.offer_hours
        )
        following = _first_in_line(slot) if until and slot.state == "open" else None
        if following is None or until is None:
            Slot.objects.filter(pk=slot.pk, held__gt=0).update(held=F("held") - 1)
            continue
        following.state, following.slot, following.offered_until = "offered", slot, until
        following.save(update_fields=["state", "slot", "offered_until"])
        facts: dict[str, JSON] = {"slot": str(slot.pk), "until": until.isoformat()}
        _record(following, "waiting.offered", facts, actor, at)
        offered += 1
    return offered


def _first_in_line(slot: Slot) -> Waiting | None:
    """Who came first of those who wait for this day and have no place in this slot."""
    on = slot.starts_at.astimezone(BEIJING).date()
    line = Waiting.objects.filter(
        schedule=slot.schedule_id, state="waiting", first_day__lte=on, last_day__gte=on
    ).select_related("office")
    booked = Booking.objects.filter(slot=slot, state="booked").values("contact")
    return line.exclude(contact__in=booked).select_for_update(of=("self",)).order_by("made_at", "id").first()


@transaction.atomic
def accept(waiting_id: UUID, *, actor: Actor, at: datetime, booking_id: UUID | None = None) -> UUID:
    """Take the place that is offered; return the booking's id. Raises OfferGone, BookedAlready."""
    seen = visible_waiting(actor, on=at.astimezone(BEIJING).date())
    # The slot before who waits for it, as whoever closes it does; a slot is offered to one wait once.
    offered = seen.values_list("slot", flat=True).get(pk=waiting_id)
    slots = lock_slots([offered] if offered else [])
    one = _hold(waiting_id, actor, at)
    if one.state != "offered" or one.offered_until is None or one.offered_until <= at or not slots:
        raise OfferGone
    (slot,) = slots.values()
    new = booking_id or row_id()
    try:
        with transaction.atomic():
            enter(slot, new, {name: getattr(one, name) for name in CONTACT}, actor=actor, at=at)
            take(slot, held=True)
    except IntegrityError as clash:
        raise BookedAlready from clash
    except SlotGone as why:
        raise OfferGone from why
    _end(one, "booked", "waiting.booked", {"booking": str(new)}, actor, at)
    return new


@transaction.atomic
def leave(waiting_id: UUID, *, actor: Actor, at: datetime) -> Waiting:
    """Leave the list, or decline what is offered: the place goes on to the next."""
    one = _hold(waiting_id, actor, at)
    if one.state in {"waiting", "offered"}:
        slot = str(one.slot_id) if one.state == "offered" else ""
        _end(one, "left", "waiting.left", {"slot": slot}, actor, at)
    return one


@transaction.atomic
def expire(waiting_id: UUID, *, actor: Actor, at: datetime) -> bool:
    """End an offer that was not taken in time; its place goes on to the next. Return whether there was one."""
    one = _hold(waiting_id, actor, at)
    if one.state != "offered" or one.offered_until is None or one.offered_until > at:
        return False
    _end(one, "passed", "waiting.passed", {"slot": str(one.slot_id)}, actor, at)
    return True


@transaction.atomic
def withdraw(slots: Sequence[Slot], *, actor: Actor, at: datetime) -> int:
    """End what is offered in slots that close, and hold no place in them any more; return how many offers.

    The caller holds the slots. Who was offered a place is written to, as nobody lets them wait in vain.
    """
    seen = visible_waiting(actor, on=at.astimezone(BEIJING).date()).filter(slot__in=slots, state="offered")
    offered = list(seen.select_for_update(of=("self",)).order_by("id"))
    for one in offered:
        _end(one, "closed", "waiting.closed", {"slot": str(one.slot_id)}, actor, at)
    Slot.objects.filter(pk__in=[slot.pk for slot in slots], held__gt=0).update(held=0)
    return len(offered)


@transaction.atomic
def give_up(waiting_id: UUID, *, actor: Actor, at: datetime) -> bool:
    """End a wait whose days have gone by. Return whether it waited still."""
    one = _hold(waiting_id, actor, at)
    if one.state != "waiting" or one.last_day >= at.astimezone(BEIJING).date():
        return False
    _end(one, "over", "waiting.over", {}, actor, at)
    return True


def _hold(waiting_id: UUID, actor: Actor, at: datetime) -> Waiting:
    seen = visible_waiting(actor, on=at.astimezone(BEIJING).date())
    seen.select_related(None).select_for_update().get(pk=waiting_id)
    return seen.get(pk=waiting_id)


def _end(one: Waiting, state: str, kind: str, facts: dict[str, JSON], actor: Actor, at: datetime) -> None:
    one.state = state
    one.save(update_fields=["state"])
    Schedule.objects.filter(pk=one.schedule_id, waiting__gt=0).update(waiting=F("waiting") - 1)
    _record(one, kind, facts, actor, at)


def _record(one: Waiting, kind: str, facts: dict[str, JSON], actor: Actor, at: datetime) -> None:
    record(one.pk, Happening(kind, facts, actor.ledger_name, at, one.office.code))
