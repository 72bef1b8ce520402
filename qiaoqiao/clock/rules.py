"""Statutory terms: the last day of a term, and why every day up to it counted or did not."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from qiaoqiao.clock.calendar import Calendar, CalendarDay

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a term is counted in."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"


# No law sets a longer one; beyond it an amount is a slip of the keyboard, refused before it is counted out.
LONGEST: dict[Unit, int] = {
    Unit.WORKING_DAY: 36_500,
    Unit.CALENDAR_DAY: 36_500,
    Unit.MONTH: 1_200,
    Unit.YEAR: 100,
    Unit.HOUR: 876_000,
}


class TermRefused(ValueError):
    """A term, pause or start that cannot be reckoned."""


@dataclass(frozen=True)
class Term:
    """How long the law, or an office's promise, gives.

    `rolls`: a last day that is a rest day moves to the next working day (Civil Code art. 203). It means
    nothing for working days, which never end on a rest day, and for hours, which end at their hour.
    """

    amount: int
    unit: Unit
    rolls: bool = True
    source: str = ""


@dataclass(frozen=True)
class Pause:
    """Days that do not count, first and last included; `end` None while the pause is still open.

    Raises TermRefused when it ends before it starts.
    """

    start: date
    end: date | None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise TermRefused(f"pause ends {self.end}, before it starts {self.start}")


class Reason(StrEnum):
    """Why a day counts or does not."""

    START = "start"
    WORKING = "working"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CALENDAR = "calendar"
    PAUSED = "paused"
    ROLLED = "rolled"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a reckoning.

    `ordinal` is the day's number within the term, None when it does not count. `holiday` is the Chinese name
    of the holiday that gave the rest, or to which a make-up day belongs. `provisional` is set only when the
    unannounced calendar mattered for this day.
    """

    on: date
    counted: bool
    reason: Reason
    ordinal: int | None
    holiday: str = ""
    provisional: bool = False


@dataclass(frozen=True)
class Reckoning:
    """When a term ends and how that was reached.

    `due_on` and `due_at` are None only while an open pause keeps the term from ending; `days` then stops at
    the first day of that pause from which nothing counts any more. Otherwise `days` runs without a gap from
    the starting day to `due_on`. `due_on` is the last day in Shanghai; `due_at` its end (24:00, written as
    the next midnight) or, for hours, the exact instant, always in Asia/Shanghai.

    A last day that rolls: day N stays counted (reason CALENDAR, with the holiday's name if it is one), the
    rest days after it follow uncounted as WEEKEND or HOLIDAY, and the day landed on is ROLLED, uncounted.
    For hours `counted` says that the clock ran on the day, the starting day included, and nothing has an
    ordinal.
    """

    due_on: date | None
    due_at: datetime | None
    days: tuple[Day, ...]
    provisional: bool
    source: str


class _Pauses:
    """All pauses of a term together; they may overlap."""

    def __init__(self, pauses: Sequence[Pause]) -> None:
        self.closed = [(pause.start, pause.end) for pause in pauses if pause.end is not None]
        self.open_from = min((pause.start for pause in pauses if pause.end is None), default=None)
        self.any = bool(pauses)

    def cover(self, on: date) -> bool:
        return self.never_end(on) or any(first <= on <= last for first, last in self.closed)

    def never_end(self, on: date) -> bool:
        return self.open_from is not None and on >= self.open_from


def reckon(
    term: Term,
    start: date,
    *,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extension: int = 0,
    started_at: datetime | None = None,
) -> Reckoning:
    """Return the last day of `term` begun on `start`, with every day on the way explained.

    The starting day does not count. Months and years end on the corresponding day, or on the month's last
    day where there is none; days paused are added at the end. `extension` is in the term's own unit and
    adds to its amount. A term that would roll onto a paused day rolls on past the pause. Hours run from
    `started_at` (aware, on `start` in Shanghai) through rest days, and stand still on paused days.
    Raises TermRefused for what cannot be reckoned: negative or immense amounts, a naive `started_at`.

    Sources: Civil Code arts. 200 to 204; Administrative Licensing Law art. 82.
    """
    amount = term.amount + extension
    _check(term, start, amount, extension)
    stopped = _Pauses(pauses)
    try:
        if term.unit is Unit.HOUR:
            days, due_at = _run_hours(_begin(start, started_at), amount, stopped)
        elif term.unit is Unit.WORKING_DAY:
            days, due_at = _end_of_day(*_count_working_days(start, amount, stopped, calendar))
        else:
            length = (_corresponding_day(start, amount, term.unit) - start).days
            days, ended = _count_calendar_days(start, length, stopped)
            if ended and term.rolls:
                ended = _roll(days, stopped, calendar)
            days, due_at = _end_of_day(days, ended)
    except OverflowError as fault:
        raise TermRefused(f"{amount} {term.unit} from {start} leaves the calendar") from fault
    due_on = days[-1].on if due_at else None
    return Reckoning(due_on, due_at, tuple(days), any(day.provisional for day in days), term.source)


def working_days_between(start: date, end: date, *, calendar: Calendar) -> int:
    """Return the working days after `start` up to and including `end`; negative when `end` is earlier.

    Seen from today, 3 means three working days are left and -2 that two have gone by since the date.
    """
    if end < start:
        return -working_days_between(end, start, calendar=calendar)
    first = start.toordinal() + 1
    return sum(calendar.day(date.fromordinal(on)).working for on in range(first, end.toordinal() + 1))


def _check(term: Term, start: date, amount: int, extension: int) -> None:
    if isinstance(start, datetime):
        raise TermRefused("start is a local date, not an instant: in which zone would it be this day?")
    if term.amount < 0 or extension < 0:
        raise TermRefused(f"negative term or extension: {term.amount}, {extension}")
    if amount > LONGEST[term.unit]:
        raise TermRefused(f"{amount} {term.unit} is longer than any term ({LONGEST[term.unit]})")


def _begin(start: date, started_at: datetime | None) -> datetime:
    if started_at is None or started_at.tzinfo is None:
        raise TermRefused("a term in hours runs from an aware instant")
    local = started_at.astimezone(SHANGHAI)
    if local.date() != start:
        raise TermRefused(f"started at {local.isoformat()}, which is not on {start}")
    return local


def _corresponding_day(start: date, amount: int, unit: Unit) -> date:
    """Return the nominal last day; Jan 31 and one month give the last of February (Civil Code art. 202)."""
    if unit is Unit.CALENDAR_DAY:
        return start + timedelta(days=amount)
    months = start.month - 1 + amount * (12 if unit is Unit.YEAR else 1)
    year, month = start.year + months // 12, months % 12 + 1
    if year > date.max.year:
        raise OverflowError
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _rest_reason(known: CalendarDay) -> Reason:
    return Reason.HOLIDAY if known.holiday else Reason.WEEKEND


def _count_working_days(
    start: date, amount: int, stopped: _Pauses, calendar: Calendar
) -> tuple[list[Day], bool]:
    days, on, ordinal = [Day(start, False, Reason.START, None)], start, 0
    while ordinal < amount:
        on += ONE_DAY
        if stopped.any and stopped.cover(on):
            days.append(Day(on, False, Reason.PAUSED, None))
            if stopped.never_end(on):
                return days, False
            continue
        known = calendar.day(on)
        if known.working:
            ordinal += 1
            reason = Reason.MAKE_UP if known.make_up else Reason.WORKING
            days.append(Day(on, True, reason, ordinal, known.holiday, known.provisional))
        else:
            days.append(Day(on, False, _rest_reason(known), None, known.holiday, known.provisional))
    return days, True


def _count_calendar_days(start: date, amount: int, stopped: _Pauses) -> tuple[list[Day], bool]:
    days, on, ordinal = [Day(start, False, Reason.START, None)], start, 0
    while ordinal < amount:
        on += ONE_DAY
        if stopped.any and stopped.cover(on):
            days.append(Day(on, False, Reason.PAUSED, None))
            if stopped.never_end(on):
                return days, False
            continue
        ordinal += 1
        days.append(Day(on, True, Reason.CALENDAR, ordinal))
    return days, True


def _roll(days: list[Day], stopped: _Pauses, calendar: Calendar) -> bool:
    """Move a last day that is a rest day to the next working day; False when an open pause forbids it."""
    on = days[-1].on
    known = calendar.day(on)
    days[-1] = replace(days[-1], holiday=known.holiday, provisional=known.provisional)
    if known.working:
        return True
    while True:
        on += ONE_DAY
        if stopped.cover(on):
            days.append(Day(on, False, Reason.PAUSED, None))
            if stopped.never_end(on):
                return False
            continue
        known = calendar.day(on)
        reason = Reason.ROLLED if known.working else _rest_reason(known)
        days.append(Day(on, False, reason, None, known.holiday, known.provisional))
        if known.working:
            return True


def _end_of_day(days: list[Day], ended: bool) -> tuple[list[Day], datetime | None]:
    return days, _midnight(days[-1].on + ONE_DAY) if ended else None


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, tzinfo=SHANGHAI)


def _run_hours(begin: datetime, amount: int, stopped: _Pauses) -> tuple[list[Day], datetime | None]:
    """Let the clock run hour by hour, standing still on paused days.

    A term that runs out exactly at midnight ends with the day before, at 24:00.
    """
    days: list[Day] = []
    now, left = begin, timedelta(hours=amount)
    while True:
        on, first = now.date(), not days
        until = _midnight(on + ONE_DAY)
        paused = left > timedelta(0) and stopped.cover(on)
        reason = Reason.PAUSED if paused else Reason.START if first else Reason.CALENDAR
        days.append(Day(on, not paused and left > timedelta(0), reason, None))
        if paused and stopped.never_end(on):
            return days, None
        if not paused:
            if left <= until - now:
                return days, now + left
            left -= until - now
        now = until
