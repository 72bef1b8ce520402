"""Which days are working days: the announced years exactly, the others by approximation and saying so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from hashlib import sha256
from typing import Protocol

import chinese_calendar
from chinese_calendar import constants

SATURDAY = 5
DECEMBER = 12

NEW_YEAR, SPRING, QINGMING, LABOUR = "元旦", "春节", "清明节", "劳动节"
DRAGON_BOAT, MID_AUTUMN, NATIONAL = "端午节", "中秋节", "国庆节"

ANNOUNCED_NAMES: Mapping[str, str] = {
    "New Year's Day": NEW_YEAR,
    "Spring Festival": SPRING,
    "Tomb-sweeping Day": QINGMING,
    "Labour Day": LABOUR,
    "Dragon Boat Festival": DRAGON_BOAT,
    "National Day": NATIONAL,
    "Mid-autumn Festival": MID_AUTUMN,
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}

FIXED: Mapping[tuple[int, int], str] = {
    (1, 1): NEW_YEAR,
    (5, 1): LABOUR,
    (5, 2): LABOUR,
    (10, 1): NATIONAL,
    (10, 2): NATIONAL,
    (10, 3): NATIONAL,
}

# First day of the lunar year, Qingming, Dragon Boat and Mid-Autumn. The new moons of 2027 and 2030 fall
# within minutes of midnight in Beijing: a calendar library that rounds gets those two New Years wrong.
LUNAR: tuple[tuple[date, date, date, date], ...] = (
    (date(2027, 2, 6), date(2027, 4, 5), date(2027, 6, 9), date(2027, 9, 15)),
    (date(2028, 1, 26), date(2028, 4, 4), date(2028, 5, 28), date(2028, 10, 3)),
    (date(2029, 2, 13), date(2029, 4, 4), date(2029, 6, 16), date(2029, 9, 22)),
    (date(2030, 2, 3), date(2030, 4, 5), date(2030, 6, 5), date(2030, 9, 12)),
)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """What one day is in the offices' calendar.

    `make_up` is a working Saturday or Sunday; `holiday` the Chinese name of the holiday that gives the rest,
    or to which the make-up day belongs, "" on ordinary days; `provisional` when nobody has announced it yet.
    """

    working: bool
    make_up: bool
    holiday: str
    provisional: bool


class Calendar(Protocol):
    """Tells of every day whether it is worked; `version` changes whenever an answer may have changed."""

    @property
    def version(self) -> str: ...

    def day(self, on: date) -> CalendarDay: ...


class Misannounced(ValueError):
    """An announcement contradicts itself, or names a day it cannot speak about."""

    def __init__(self, on: date, why: str) -> None:
        self.on, self.why = on, why
        super().__init__(f"{on}: {why}")


def _lunar_holidays() -> dict[date, str]:
    """Return the festivals of the table; Spring Festival is New Year's Eve and the three days after it."""
    found: dict[date, str] = {}
    for new_year, qingming, dragon_boat, mid_autumn in LUNAR:
        found |= {new_year + timedelta(days=step): SPRING for step in range(-1, 3)}
        found |= {qingming: QINGMING, dragon_boat: DRAGON_BOAT, mid_autumn: MID_AUTUMN}
    return found


LUNAR_HOLIDAYS: Mapping[date, str] = _lunar_holidays()
FIRST_YEAR: int = min(constants.holidays).year
LAST_YEAR: int = max(constants.holidays).year


def _approximate(on: date) -> CalendarDay:
    """Guess a day of an unannounced year: Monday to Friday, less the holidays the regulation itself dates.

    Make-up days and bridged holidays exist only once announced, so every day of such a year is provisional.

    Source: Regulation on Public Holidays for National Annual Festivals and Memorial Days (2024), art. 2.
    """
    names = (FIXED.get((on.month, on.day)), LUNAR_HOLIDAYS.get(on))
    holiday = "、".join(name for name in names if name)
    return CalendarDay(not holiday and on.weekday() < SATURDAY, False, holiday, True)


@lru_cache(maxsize=16_384)
def _official_day(on: date) -> CalendarDay:
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        return _approximate(on)
    rest, name = chinese_calendar.get_holiday_detail(on)
    holiday = ANNOUNCED_NAMES.get(name, name) if name else ""
    return CalendarDay(not rest, not rest and on.weekday() >= SATURDAY, holiday, False)


@dataclass(frozen=True)
class _Official:
    version: str

    def day(self, on: date) -> CalendarDay:
        return _official_day(on)


@dataclass(frozen=True, eq=False)
class _Announced:
    version: str
    base: Calendar
    days: Mapping[date, CalendarDay]

    def day(self, on: date) -> CalendarDay:
        return self.days.get(on) or self.base.day(on)


@cache
def official() -> Calendar:
    """Return the calendar as announced by the State Council's General Office, 2004 to 2026.

    Before and after these years a day is an approximation, flagged `provisional`.
    """
    return _Official(f"chinesecalendar-{chinese_calendar.__version__}")


def announced(base: Calendar, rest: Mapping[date, str], make_up: Mapping[date, str], year: int) -> Calendar:
    """Return `base` with the announcement for `year` loaded: no day of that year is provisional any more.

    `rest` and `make_up` give the holiday's Chinese name per day. An announcement may also move days of the
    December before (2011-12-31 was worked for the New Year of 2012). Holidays the regulation dates stay rest
    days even if the announcement does not repeat them.
    Raises Misannounced for a day named twice, outside the year, or made up though it is worked anyway.
    """
    _check_announcement(base, rest, make_up, year)
    first, length = date(year, 1, 1), (date(year, 12, 31) - date(year, 1, 1)).days + 1
    days = {
        on: replace(base.day(on), provisional=False)
        for on in (first + timedelta(days=step) for step in range(length))
    }
    days |= {on: CalendarDay(False, False, name, False) for on, name in rest.items()}
    days |= {on: CalendarDay(True, True, name, False) for on, name in make_up.items()}
    content = repr((sorted(rest.items()), sorted(make_up.items())))
    mark = sha256(content.encode()).hexdigest()[:8]
    return _Announced(f"{base.version}+{year}-{mark}", base, days)


def _check_announcement(
    base: Calendar, rest: Mapping[date, str], make_up: Mapping[date, str], year: int
) -> None:
    for on in sorted({*rest, *make_up}):
        if on.year != year and (on.year, on.month) != (year - 1, DECEMBER):
            raise Misannounced(on, f"not a day of {year} or of the December before")
        if on in rest and on in make_up:
            raise Misannounced(on, "both a rest day and a make-up day")
        if on in make_up and on.weekday() < SATURDAY and base.day(on).working:
            raise Misannounced(on, "a make-up day that is a working day anyway")
