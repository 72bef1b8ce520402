"""Dates counted by hand for the journeys: the starting day does not count, a rest day at the end rolls on."""

from datetime import date, timedelta

from django.utils import timezone

from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import SHANGHAI


def today() -> date:
    return timezone.now().astimezone(SHANGHAI).date()


def works(on: date) -> bool:
    return official().day(on).working


def rolled(on: date) -> date:
    """The day itself, or the first working day after it."""
    while not works(on):
        on += timedelta(days=1)
    return on


def calendar_days(many: int) -> date:
    return rolled(today() + timedelta(days=many))


def months(many: int) -> date:
    """The same day so many months on, the month's last day when there is none."""
    start = today()
    year, month = divmod(start.month - 1 + many, 12)
    first = date(start.year + year, month + 1, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return rolled(min(first + timedelta(days=start.day - 1), after - timedelta(days=1)))


def working_days(many: int) -> date:
    on = today()
    while many:
        on += timedelta(days=1)
        many -= works(on)
    return on
