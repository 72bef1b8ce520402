"""What time alone brings about: reminders, and bookings of which nobody said whether the person came."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.community.appointments.actions.booking import hold
from qiaoqiao.community.appointments.rules import BEIJING, reminder_due
from qiaoqiao.ledger.actions import Happening, record


@transaction.atomic
def remind(booking_id: UUID, *, hours: Sequence[int], actor: Actor, at: datetime) -> bool:
    """Have the person reminded if it is time and they were not; the letter follows the entry."""
    booking = hold(booking_id, actor, at)
    if booking.state != "booked":
        return False
    due = reminder_due(booking.starts_at, booking.changed_at, at, hours=hours, sent=booking.reminded)
    if due is None:
        return False
    booking.reminded = [*booking.reminded, due]
    booking.save(update_fields=["reminded"])
    record(
        booking.pk, Happening("booking.reminded", {"hours": due}, actor.ledger_name, at, booking.office.code)
    )
    return True


@transaction.atomic
def lapse(booking_id: UUID, *, actor: Actor, at: datetime) -> bool:
    """Close a booking of a day gone by that nobody marked."""
    booking = hold(booking_id, actor, at)
    today = at.astimezone(BEIJING).date()
    if booking.state != "booked" or booking.starts_at.astimezone(BEIJING).date() >= today:
        return False
    booking.state = "lapsed"
    booking.save(update_fields=["state"])
    record(booking.pk, Happening("booking.lapsed", {}, actor.ledger_name, at, booking.office.code))
    return True
