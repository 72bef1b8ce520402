"""Forgetting who came: some days after it is over, and when a person's file is erased.

What stays is that a place was booked, when, and what became of it, so that figures hold. Who it was, how to
reach them, what it was about and of which case go, and with them what the ledger kept in words. What is still
to come stays until it is past: somebody is expected.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from qiaoqiao.community.appointments.models import Booking, Waiting
from qiaoqiao.community.appointments.rules import BEIJING
from qiaoqiao.ledger.actions import erase_facts
from qiaoqiao.parties.forgetting import NOBODY, Leaving

BLANK: dict[str, object] = {
    "name": NOBODY,
    "email": "",
    "phone": "",
    "contact": "",
    "about": "",
    "case": None,
}
BATCH = 200


def clear_past(days: int, *, at: datetime) -> int:
    """Forget bookings and waits that were over so many days ago; return how many this round, up to twice `BATCH`."""
    over = at - timedelta(days=days)
    return _blank(past_bookings(over), "retention", at=at) + _blank(past_waits(over), "retention", at=at)


def past_bookings(moment: datetime) -> QuerySet[Booking]:
    """Bookings that were over at a moment, or given back, and whose guest is still known."""
    return Booking.objects.filter(ends_at__lt=moment).exclude(state="booked").exclude(contact="")


def past_waits(moment: datetime) -> QuerySet[Waiting]:
    """Waits that ended, for days that were over at a moment, and whose guest is still known."""
    ended = Waiting.objects.exclude(state__in=["waiting", "offered"]).exclude(contact="")
    return ended.filter(last_day__lt=moment.astimezone(BEIJING).date())


def forget(leaving: Leaving) -> int:
    """Forget what is over of a person whose file is erased: of their requests, and at contacts that are theirs alone."""
    theirs = Q(case__person__in=leaving.people) | Q(contact__in=leaving.contacts)
    at, done = leaving.at, 0
    for rows in (past_bookings(at).filter(theirs), past_waits(at).filter(theirs)):
        while got := _blank(rows, "file_erased", at=at):
            done += got
    return done


@transaction.atomic
def _blank(rows: QuerySet[Any], reason: str, *, at: datetime) -> int:
    found = list(rows.order_by("pk").select_for_update(of=("self",))[:BATCH])
    for row in found:
        for column, value in BLANK.items():
            setattr(row, column, value)
        row.save(update_fields=list(BLANK))
        erase_facts(row.pk, reason=reason, actor="system", at=at)
    return len(found)
