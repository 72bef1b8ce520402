"""What a slot may be, when an office's week gives one, and what may still be done with a booking."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from qiaoqiao.clock.calendar import Calendar

BEIJING = ZoneInfo("Asia/Shanghai")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
MOST_DAYS = 92
"""How far ahead an office may publish at a time."""
LONGEST_ABOUT, LONGEST_NAME = 300, 100
HAPPENED = ("attended", "no_show")


class SlotKind(StrEnum):
    """How one meets; Chinese names in docs/glossary.md."""

    COUNTER = "counter"  # 窗口
    PHONE = "phone"  # 电话
    VIDEO = "video"  # 视频
    HOSPITAL = "hospital"  # 医院
    TAX_POST = "tax_post"  # 税务服务点


class BookingState(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    LAPSED = "lapsed"  # over, and nobody wrote down whether they came


class WaitingState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    PASSED = "passed"  # offered, not taken in time or declined
    LEFT = "left"
    CLOSED = "closed"  # offered, but the office cannot meet anybody at that time
    OVER = "over"  # the days they waited for have gone by


class WeekWrong(ValueError):
    """Hours that cannot be read, or that lie upon each other: `malformed`, `backwards`, `overlapping`, `empty`."""


@dataclass(frozen=True)
class Week:
    """An office's week: spans of hours for each weekday, in Beijing time; how long and how many at once.

    On make-up days (a worked Saturday or Sunday) the hours of `make_up` hold; "" keeps them closed.
    """

    hours: Mapping[str, Sequence[str]]
    minutes: int
    make_up: str = ""


def read_spans(typed: str) -> list[str]:
    """Tidy spans as somebody typed them: `9:00–12:00，14:30-17:00`. Raises WeekWrong."""
    text = typed.translate({0xFF1A: ":", 0x2013: "-", 0x2014: "-", 0xFF5E: "-", ord("~"): "-", 0x81F3: "-"})
    found = []
    for part in re.split(r"[\s,;，；、]+", text.strip()):
        if not part:
            continue
        padded = re.sub(r"(?<!\d)(\d):", r"0\1:", part)
        if not SPAN.fullmatch(padded):
            raise WeekWrong("malformed")
        found.append(padded)
    check_spans(found)
    return found


def check_spans(spans: Sequence[str]) -> None:
    """See that every span ends after it begins and before the next. Raises WeekWrong."""
    last = time.min
    for begins, ends in map(_ends, spans):
        if ends <= begins:
            raise WeekWrong("backwards")
        if begins < last:
            raise WeekWrong("overlapping")
        last = ends


def _ends(span: str) -> tuple[time, time]:
    match = SPAN.fullmatch(span)
    if match is None:
        raise WeekWrong("malformed")
    one, two, three, four = map(int, match.groups())
    return time(one, two), time(three, four)


def spans_on(week: Week, on: date, calendar: Calendar) -> Sequence[str]:
    """The hours of a day: none on holidays; weekends only where the week names them."""
    day = calendar.day(on)
    if day.make_up:
        return week.hours.get(week.make_up, ()) if week.make_up else ()
    if day.holiday:
        return ()
    return week.hours.get(WEEKDAYS[on.weekday()], ())


def times_on(week: Week, on: date, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The slots of one day, as instants; what is left of a span and too short gives none."""
    step = timedelta(minutes=week.minutes)
    for begins, ends in map(_ends, spans_on(week, on, calendar)):
        at = datetime.combine(on, begins, BEIJING)
        while at + step <= datetime.combine(on, ends, BEIJING):
            yield at, at + step
            at += step


def times_of(week: Week, first: date, last: date, calendar: Calendar) -> list[tuple[datetime, datetime]]:
    """The slots of all days from `first` through `last`."""
    days = range(max(0, (last - first).days + 1))
    return [span for ahead in days for span in times_on(week, first + timedelta(days=ahead), calendar)]


def may_book(starts_at: datetime, at: datetime, *, lead_hours: int) -> bool:
    """Whether there is still time enough before it for the office to know."""
    return starts_at - at >= timedelta(hours=lead_hours)


def serves(services: Sequence[str], service: str) -> bool:
    """Whether a schedule is for a service: one that names none is for anything, and so is who names none."""
    return not service or not services or service in services


def may_change(starts_at: datetime, at: datetime, *, cancel_hours: int) -> bool:
    """Whether the person may still move or cancel by themselves; later they ring up."""
    return starts_at - at >= timedelta(hours=cancel_hours)


def offer_ends(starts_at: datetime, at: datetime, *, lead_hours: int, offer_hours: int) -> datetime | None:
    """Until when a freed place is kept for somebody; None when it is too late to offer it."""
    latest = starts_at - timedelta(hours=lead_hours)
    return min(latest, at + timedelta(hours=offer_hours)) if latest > at else None


def reminder_due(
    starts_at: datetime, made_at: datetime, at: datetime, *, hours: Sequence[int], sent: Sequence[int]
) -> int | None:
    """Which reminder (so many hours before) is to be sent now: the last one due that was not, else None.

    Whoever booked or moved within those hours has just been told and needs none.
    """
    due = [
        one
        for one in hours
        if at >= starts_at - timedelta(hours=one) and made_at < starts_at - timedelta(hours=one)
    ]
    if not due or at >= starts_at:
        return None
    last = min(due)
    return None if last in sent else last


def reminder_spans(hours: Sequence[int]) -> list[tuple[int, int]]:
    """For each reminder, from how many hours before until how many it is the one that may be due."""
    falling = sorted(set(hours), reverse=True)
    return list(zip(falling, [*falling[1:], 0], strict=True))


def contact_of(email: str, phone: str) -> str:
    """What tells one person from another at one slot: their address, else their number."""
    return email.strip().casefold() or re.sub(r"[^0-9+]", "", phone)
