"""What the calendar triggers: reminders, offers that run out, days that are over. Each step is safe to repeat."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import F
from procrastinate.contrib.django import app

from qiaoqiao.access.doors import by_system
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.appointments.actions.clearing import clear_past
from qiaoqiao.community.appointments.actions.reminding import lapse, remind
from qiaoqiao.community.appointments.actions.waiting import expire, give_up, pass_on
from qiaoqiao.community.appointments.models import Booking, Slot, Waiting
from qiaoqiao.community.appointments.queries import day_bounds
from qiaoqiao.community.appointments.rules import BEIJING

BATCH = 500


@app.periodic(cron="*/5 * * * *")
@app.task(name="appointments.keep_time", queueing_lock="appointments.keep_time")
def keep_time(timestamp: int) -> None:
    """Remind, let offers run out, offer what is held. `timestamp` in Unix time."""
    at = datetime.fromtimestamp(timestamp, UTC)
    for step in (remind_due, expire_offers, offer_held, close_days):
        with acting(SYSTEM, epoch=int(datetime.now(UTC).timestamp())):
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


def remind_due(at: datetime) -> int:
    """Remind everybody whose hour comes near; return how many were."""
    hours = settings.APPOINTMENT_REMINDERS
    if not hours:
        return 0
    near = Booking.objects.filter(
        state="booked", starts_at__gt=at, starts_at__lte=at + timedelta(hours=max(hours))
    )
    due = list(near.order_by("starts_at").values_list("pk", flat=True))
    return sum(remind(one, hours=hours, actor=SYSTEM, at=at) for one in due)


def expire_offers(at: datetime) -> int:
    """End offers not taken in time; the reaction offers the place to the next."""
    over = Waiting.objects.filter(state="offered", offered_until__lte=at).order_by("offered_until")
    return sum(expire(one, actor=SYSTEM, at=at) for one in list(over.values_list("pk", flat=True)[:BATCH]))


def offer_held(at: datetime) -> int:
    """Go through the held places once more, in case a reaction was lost or an hour has come too near."""
    held = Slot.objects.filter(held__gt=0, starts_at__gt=at).order_by("starts_at")
    return sum(pass_on(one, actor=SYSTEM, at=at) for one in list(held.values_list("pk", flat=True)[:BATCH]))


def close_days(at: datetime) -> int:
    """Close bookings and waits of days gone by that nobody closed; return how many."""
    today = at.astimezone(BEIJING).date()
    old = Booking.objects.filter(state="booked", starts_at__lt=day_bounds(today)[0]).order_by("starts_at")
    done = sum(lapse(one, actor=SYSTEM, at=at) for one in list(old.values_list("pk", flat=True)[:BATCH]))
    waits = Waiting.objects.filter(state="waiting", last_day__lt=today, made_at__lt=at).order_by(
        F("last_day")
    )
    return done + sum(
        give_up(one, actor=SYSTEM, at=at) for one in list(waits.values_list("pk", flat=True)[:BATCH])
    )
