"""Birth dates as sources write them: partial, impossible, swapped, or of the lunar calendar."""

import re
from datetime import date
from functools import cache
from typing import NamedTuple

from lunar_python import LunarYear

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_FIRST, _LAST = 1890, 2040
_JULIAN_OF_1970 = 2440588
_ORDINAL_OF_1970 = 719163


class Day(NamedTuple):
    """A date as written; 0 stands for a part that is not there. It need not exist in any calendar."""

    year: int
    month: int
    day: int


NOTHING = Day(0, 0, 0)


def read(text: str) -> Day:
    """Read YYYY, YYYY-MM or YYYY-MM-DD; what cannot be read is NOTHING."""
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        return NOTHING
    year, month, day = (int(part or 0) for part in found.groups())
    return Day(year, month, day) if month <= 12 and day <= 31 else Day(year, 0, 0)


def solar(written: Day) -> Day:
    """Return the solar date of a lunar one (leap months read as the plain month), or NOTHING."""
    first = _months(written.year).get(written.month)
    if not first or not 1 <= written.day <= 30:
        return NOTHING
    return _civil(first + written.day - 1)


@cache
def _months(year: int) -> dict[int, int]:
    """The first day of each lunar month of a year, in days since 1970-01-01."""
    if not _FIRST <= year <= _LAST:
        return {}
    months = LunarYear.fromYear(year).getMonths()
    return {
        month.getMonth(): int(month.getFirstJulianDay() + 0.5) - _JULIAN_OF_1970
        for month in months
        if month.getYear() == year and month.getMonth() > 0
    }


def _civil(days: int) -> Day:
    """The Gregorian date of a number of days since 1970-01-01."""
    on = date.fromordinal(days + _ORDINAL_OF_1970)
    return Day(on.year, on.month, on.day)
