"""An office cannot meet anybody for some hours: everybody who has a place there is told, booked or only offered."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from qiaoqiao.access.tickets import Actor
from qiaoqiao.community.appointments.actions.booking import lock_slots, write_down
from qiaoqiao.community.appointments.actions.waiting import withdraw
from qiaoqiao.community.appointments.models import Slot
from qiaoqiao.community.appointments.queries import visible_bookings
from qiaoqiao.community.appointments.rules import BEIJING, LONGEST_ABOUT
from qiaoqiao.ledger.rules import JSON


@transaction.atomic
def cancel_slots(slot_ids: Iterable[UUID], *, reason: str, actor: Actor, at: datetime) -> int:
    """Close slots, cancel every booking in them and end what is offered, as when an office must shut for a day.

    Places are not offered to the waiting list. Return how many bookings were cancelled.
    """
    slots = list(lock_slots(slot_ids).values())
    seen = visible_bookings(actor, on=at.astimezone(BEIJING).date()).filter(slot__in=slots, state="booked")
    bookings = list(seen.select_for_update(of=("self",)).order_by("id"))
    Slot.objects.filter(pk__in=[slot.pk for slot in slots]).update(state="closed")
    for booking in bookings:
        Slot.objects.filter(pk=booking.slot_id).update(taken=F("taken") - 1)
        booking.state, booking.sequence, booking.changed_at = "cancelled", booking.sequence + 1, at
        booking.save(update_fields=["state", "sequence", "changed_at"])
        facts: dict[str, JSON] = {
            "slot": str(booking.slot_id),
            "reason": reason[:LONGEST_ABOUT],
            "by_office": True,
        }
        write_down(booking, "booking.cancelled", facts, actor, at)
    withdraw(slots, actor=actor, at=at)
    return len(bookings)
