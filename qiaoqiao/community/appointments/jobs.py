"""What the calendar triggers: reminders, offers that run out, days that are over. Each step is safe to repeat."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from procrastinate.contrib.django import app

from qiaoqiao.access.doors import by_system, each_by_system
from qiaoqiao.access.tickets import SYSTEM
from qiaoqiao.community.appointments.actions.clearing import clear_past
from qiaoqiao.community.appointments.actions.reminding import lapse, remind
from qiaoqiao.community.appointments.actions.waiting import expire, give_up, pass_on
from qiaoqiao.community.appointments.models import Booking, Slot, Waiting
from qiaoqiao.community.appointments.queries import day_bounds
from qiaoqiao.community.appointments.rules import BEIJING, reminder_spans

BATCH = 500


@app.periodic(cron="*/5 * * * *")
@app.task(name="appointments.keep_time", queueing_lock="appointments.keep_time")
def keep_time(timestamp: int) -> None:
    """Remind, let offers run out, offer what is held. `timestamp` in Unix time."""
    at = datetime.fromtimestamp(timestamp, UTC)
    while remind_due(at) >= BATCH:
        pass
    for step in (expire_offers, offer_held, close_days):
        step(at)


@app.periodic(cron="37 3 * * *")
@app.task(name="appointments.clear", queueing_lock="appointments.clear")
def clear_guests(timestamp: int) -> None:
    """Forget who came, days after it was over. `timestamp` in Unix time."""
    at = datetime.fromtimestamp(timestamp, UTC)
    more = True
    while more:
        with by_system():
            more = clear_past(settings.GUESTS_KEPT_DAYS, at=at) > 0


def each(found: QuerySet[Any], step: Callable[[UUID], int]) -> int:
    """Take a step for one batch of rows, each under a ticket of its own; the sum of what the steps return."""
    return each_by_system(found.values_list("pk", flat=True)[:BATCH], step)


def remind_due(at: datetime) -> int:
    """Remind those whose hour comes near, a batch for each reminder; return how many were."""
    hours = settings.APPOINTMENT_REMINDERS
    done = 0
    for before, later in reminder_spans(hours):
        ahead = timedelta(hours=before)
        near = Booking.objects.filter(
            state="booked", starts_at__gt=at + timedelta(hours=later), starts_at__lte=at + ahead
        )
        due = near.filter(changed_at__lt=F("starts_at") - ahead).exclude(reminded__contains=[before])
        done += each(
            due.order_by("starts_at", "id"), lambda one: remind(one, hours=hours, actor=SYSTEM, at=at)
        )
    return done


def expire_offers(at: datetime) -> int:
    """End offers not taken in time; the reaction offers the place to the next."""
    over = Waiting.objects.filter(state="offered", offered_until__lte=at).order_by("offered_until")
    return each(over, lambda one: expire(one, actor=SYSTEM, at=at))


def offer_held(at: datetime) -> int:
    """Go through the held places once more, in case a reaction was lost or an hour has come too near."""
    held = Slot.objects.filter(held__gt=0, starts_at__gt=at).order_by("starts_at")
    return each(held, lambda one: pass_on(one, actor=SYSTEM, at=at))


def close_days(at: datetime) -> int:
    """Close bookings and waits of days gone by that nobody closed; return how many."""
    today = at.astimezone(BEIJING).date()
    old = Booking.objects.filter(state="booked", starts_at__lt=day_bounds(today)[0]).order_by("starts_at")
    waits = Waiting.objects.filter(state="waiting", last_day__lt=today, made_at__lt=at).order_by("last_day")
    return each(old, lambda one: lapse(one, actor=SYSTEM, at=at)) + each(
        waits, lambda one: give_up(one, actor=SYSTEM, at=at)
    )
