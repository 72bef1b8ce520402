"""Dates as rolls write them: any usual order and script, lunar, of the Republic, partial, as a spreadsheet's number."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from babel import Locale
from lunar_python import Lunar

from qiaoqiao.lib.words import fold
from qiaoqiao.parties.importing.words import lists

EARLIEST = 1850
SERIALS = (10_000, 60_000)
"""Numbers that a spreadsheet would show as days between 1927 and 2064."""
DAY_ZERO = date(1899, 12, 30)
REPUBLIC = 1911
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$")
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ]{1,2}(\d{1,2})(?:[-/. ]{1,2}(\d{1,2}))?\.?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ]{1,2}(\d{1,2})[-/. ]{1,2}(\d{4})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/. ](\d{4})")
_TWO_FIGURES = re.compile(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{1,2}|\d{2}[-/.]\d{1,2}")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th|º|o)?[ -]*(?:de )?([a-z]+)\.?,?[ -]*(?:de |del )?(\d{4})")
_NAMED_FIRST = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_NAMED_ONLY = re.compile(r"([a-z]+)\.?,?[ -](?:de )?(\d{4})")


@dataclass(frozen=True)
class ReadDate:
    """A date as YYYY, YYYY-MM or YYYY-MM-DD; one that no calendar has keeps its figures and its fault."""

    text: str = ""
    calendar: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Parts:
    year: int
    month: int = 0
    day: int = 0

    @property
    def text(self) -> str:
        written = f"{self.year:04}"
        if self.month:
            written += f"-{self.month:02}"
            written += f"-{self.day:02}" if self.day else ""
        return written


def read_date(written: str, *, today: date, order: str = "") -> ReadDate:
    """Read a date. Faults: `bad_date` (no such day, or not to be read), `ambiguous_date`, `date_to_come`."""
    text = unicodedata.normalize("NFKC", written).strip().strip("'")
    if not text:
        return ReadDate()
    said, calendar = without_calendar(_CLOCK.sub("", text))
    parts = chinese(said) or figures(said, order) or named(said)
    if parts is None:
        fault = "ambiguous_date" if doubtful(said) else "bad_date"
        return ReadDate("", calendar, fault)
    calendar = calendar or lunar_by_words(said)
    return ReadDate(parts.text[:10], calendar, fault_of(parts, calendar, today))


def solar(text: str) -> str:
    """A lunar date in the solar calendar; only its year where it is partial or no such day was."""
    year, _, rest = text.partition("-")
    month, _, day = rest.partition("-")
    if not day:
        return year
    try:
        found = Lunar.fromYmd(int(year), int(month), int(day)).getSolar()
    except Exception:  # The library raises bare exceptions for days that its calendar has not.
        return year
    return f"{found.getYear():04}-{found.getMonth():02}-{found.getDay():02}"


def fault_of(parts: Parts, calendar: str, today: date) -> str:
    """Whether there is, and by now was, such a day."""
    lunar = calendar == "lunar"
    if not EARLIEST <= parts.year <= today.year + 1 or not 0 <= parts.month <= 12:
        return "bad_date"
    if parts.day and lunar:
        return "" if parts.day <= 30 else "bad_date"
    try:
        when = date(parts.year, parts.month or 1, parts.day or 1)
    except ValueError:
        return "bad_date"
    return "date_to_come" if when > today else ""


def doubtful(text: str) -> bool:
    return bool(_TWO_FIGURES.fullmatch(text) or _YEAR_LAST.fullmatch(text))


def without_calendar(text: str) -> tuple[str, str]:
    """The date without the word that says by which calendar, and `lunar` where it said so."""
    words, found = lists()["calendar"], ""
    said = fold(text)
    for calendar in ("lunar", "solar"):
        for word in words[calendar]:
            if word in said:
                said, found = said.replace(word, ""), "lunar" if calendar == "lunar" else ""
    return said.strip(" ()[]:-·"), found


def lunar_by_words(said: str) -> str:
    """`lunar` for a month or day that only the lunar calendar names so."""
    words = lists()["calendar"]
    month = re.search(rf"[{words['lunar_months']}]{words['month']}", said)
    return "lunar" if month or re.search(f"[{words['lunar_days']}]", said) else ""


@cache
def _chinese_shape() -> re.Pattern[str]:
    words = lists()["calendar"]
    figure = f"[0-9{''.join(words['digits'])}]+"
    year, month, day, leap = words["year"], words["month"], words["day"], words["leap"]
    republic = "|".join(words["republic"])
    return re.compile(
        rf"(?P<republic>{republic})?\s*(?P<year>{figure})\s*[{year}\-/.]\s*"
        rf"(?:{leap}?(?P<month>{figure})\s*[{month}\-/.]\s*(?:(?P<day>{figure})[{day}]?)?)?"
    )


def chinese(said: str) -> Parts | None:
    """A date with the words for year, month and day, in figures or characters."""
    republic = any(said.startswith(word) for word in lists()["calendar"]["republic"])
    if lists()["calendar"]["year"] not in said and not republic:
        return None
    found = _chinese_shape().fullmatch(said.replace(" ", ""))
    if found is None:
        return None
    year, month, day = (number(found[name] or "") for name in ("year", "month", "day"))
    if republic:
        year += REPUBLIC
    return Parts(year, month, day) if year > 99 else None


def number(figure: str) -> int:
    """A number in figures or characters: each for itself (one nine five four), or with tens."""
    if not figure or figure.isdecimal():
        return int(figure or 0)
    digits: dict[str, int] = lists()["calendar"]["digits"]
    values = [int(char) if char.isdecimal() else digits[char] for char in figure]
    if len(values) > 2 and all(value < 10 for value in values):
        return int("".join(map(str, values)))
    total = 0
    for place, value in enumerate(values):
        following = values[place + 1] if place + 1 < len(values) else 0
        total += 0 if value < 10 and following == 10 else value
        if value == 10 and place and 0 < values[place - 1] < 10:
            total += values[place - 1] * 10 - 10
    return total


def figures(said: str, order: str) -> Parts | None:
    """A date in figures alone; None where the order would have to be guessed."""
    if found := _YEAR_FIRST.fullmatch(said):
        return Parts(*(int(part or 0) for part in found.groups()))
    if found := _YEAR_LAST.fullmatch(said):
        return ordered(*(int(part) for part in found.groups()), order=order)
    if found := _MONTH_YEAR.fullmatch(said):
        return Parts(int(found[2]), int(found[1]))
    if not said.isdecimal():
        return None
    whole = int(said)
    if len(said) == 8:
        return Parts(whole // 10000, whole // 100 % 100, whole % 100)
    if len(said) == 6 and EARLIEST <= whole // 100 <= 2100:
        return Parts(whole // 100, whole % 100)
    if len(said) == 4:
        return Parts(whole)
    if SERIALS[0] <= whole < SERIALS[1]:
        day = DAY_ZERO + timedelta(days=whole)
        return Parts(day.year, day.month, day.day)
    return None


def ordered(one: int, two: int, year: int, *, order: str) -> Parts | None:
    """Day and month by the order said, or by the one that is possible."""
    if order == "dmy" or (not order and (one > 12 or one == two)):
        return Parts(year, two, one)
    if order == "mdy" or (not order and two > 12):
        return Parts(year, one, two)
    return None


@cache
def months() -> dict[str, int]:
    """Names of months and their short forms, in English, Spanish and Portuguese."""
    known: dict[str, int] = {}
    for language in ("en", "es", "pt"):
        for width in ("wide", "abbreviated"):
            for month, name in Locale.parse(language).months["format"][width].items():
                known[fold(name).rstrip(".")] = month
    return known | {"sept": 9, "set": 9}


def named(said: str) -> Parts | None:
    """A date with the month's name, as passports and letters have it."""
    if found := _NAMED.fullmatch(said):
        day, month, year = int(found[1]), months().get(found[2]), int(found[3])
    elif found := _NAMED_FIRST.fullmatch(said):
        day, month, year = int(found[2]), months().get(found[1]), int(found[3])
    elif found := _NAMED_ONLY.fullmatch(said):
        day, month, year = 0, months().get(found[1]), int(found[2])
    else:
        return None
    return Parts(year, month, day) if month else None
