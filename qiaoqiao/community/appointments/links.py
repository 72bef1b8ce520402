"""The signed links by which people without an account reach their booking, their place in line, their calendar."""

from datetime import datetime, timedelta

from django.conf import settings

from qiaoqiao.access.links import make_link
from qiaoqiao.community.appointments.models import Booking, Feed, Waiting
from qiaoqiao.community.appointments.rules import BEIJING

BOOKING, WAITING, FEED = "booking", "waiting", "appointments-feed"
KEPT = timedelta(days=30)
"""How long after the hour a link still opens what was booked."""
LONG_LIVED = timedelta(days=3650)


def booking_path(booking: Booking) -> str:
    """The page of a booking: moved, it is the same page."""
    return f"/appointments/mine/{make_link(BOOKING, booking.pk, until=booking.starts_at + KEPT)}/"


def waiting_path(one: Waiting) -> str:
    until = datetime(one.last_day.year, one.last_day.month, one.last_day.day, tzinfo=BEIJING) + KEPT
    return f"/appointments/waiting/{make_link(WAITING, one.pk, until=until)}/"


def feed_path(feed: Feed) -> str:
    """The address a calendar subscribes to; it opens nothing once the feed is revoked."""
    return f"/appointments/feeds/{make_link(FEED, feed.pk, until=feed.made_at + LONG_LIVED)}/calendar.ics"


def whole(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def subscribable(path: str) -> str:
    """The same address as calendar programs take it: opening it subscribes."""
    return f"webcal://{settings.PUBLIC_URL.partition('://')[2]}{path}"
