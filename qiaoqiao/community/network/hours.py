"""Office hours: as people write them in Chinese, as they are kept, and whether the door is open. Pure.

Kept as `{"mon": ["09:00-12:00", "14:30-17:00"]}` in the organisation's own local time.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = dict(zip("一二三四五六日", DAYS, strict=True)) | {"天": "sun", "七": "sun"}
WRITTEN = {token: f"周{name}" for name, token in zip("一二三四五六日", DAYS, strict=True)}
GROUPS = {
    "每天": DAYS,
    "每日": DAYS,
    "全周": DAYS,
    "工作日": DAYS[:5],
    "周末": DAYS[5:],
}
Hours = dict[str, list[str]]
Kept = Mapping[str, Sequence[str]]

_DAY = r"(?:周|星期|礼拜)?[一二三四五六日天]"
_WHEN = re.compile(
    rf"(每天|每日|全周|工作日|周末|{_DAY}(?:[至到~-]{_DAY})?(?:、{_DAY}(?:[至到~-]{_DAY})?)*)(.*)", re.S
)
_SPAN = re.compile(r"(\d{1,2}):?(\d{2})?-(\d{1,2}):?(\d{2})?")
_TIDY = str.maketrans(
    {"：": ":", "，": ",", "；": ";", "－": "-", "–": "-", "—": "-", "～": "-", "~": "-", "　": " "}
)


class HoursUnread(ValueError):
    """What was written cannot be read as hours; the text is the part that stands in the way."""


def read(text: str) -> Hours:
    """Return the hours that a text says, such as `周一至周五 09:00-12:00，14:30-17:00；周六 09:00-11:30`.

    Raises HoursUnread.
    """
    found: Hours = {}
    for part in text.translate(_TIDY).replace("\n", ";").split(";"):
        part = re.sub(r"\s+", "", part)
        if not part:
            continue
        said = _WHEN.fullmatch(part)
        if said is None:
            raise HoursUnread(part)
        spans = [_span(one) for one in re.split(r"[,和及]", said.group(2)) if one]
        if not spans:
            raise HoursUnread(part)
        for day in _days(said.group(1)):
            found.setdefault(day, []).extend(spans)
    for day, spans in found.items():
        found[day] = _ordered(spans)
    return {day: found[day] for day in DAYS if day in found}


def _days(text: str) -> list[str]:
    if text in GROUPS:
        return list(GROUPS[text])
    days: list[str] = []
    for part in text.split("、"):
        ends = [NAMES[one] for one in re.findall(r"[一二三四五六日天]", re.sub("星期|礼拜", "", part))]
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        if last < first:
            raise HoursUnread(part)
        days += DAYS[first : last + 1]
    return days


def _span(text: str) -> str:
    said = _SPAN.fullmatch(text)
    if said is None:
        raise HoursUnread(text)
    one, two, three, four = (int(part or 0) for part in said.groups())
    if max(two, four) > 59 or one * 60 + two >= three * 60 + four or three * 60 + four > 24 * 60:
        raise HoursUnread(text)
    return f"{one:02d}:{two:02d}-{three:02d}:{four:02d}"


def _ordered(spans: list[str]) -> list[str]:
    """In the order of the day. Raises HoursUnread where two overlap."""
    kept = sorted(dict.fromkeys(spans))
    for one, other in pairwise(kept):
        if other[:5] < one[6:]:
            raise HoursUnread(f"{one},{other}")
    return kept


def runs(hours: Kept) -> list[tuple[str, str, list[str]]]:
    """Neighbouring days with the same hours: first day, last day, spans."""
    found: list[tuple[str, str, list[str]]] = []
    for day in DAYS:
        spans = list(hours.get(day, ()))
        if not spans:
            continue
        before = found[-1] if found else None
        if before and before[2] == spans and DAYS.index(before[1]) + 1 == DAYS.index(day):
            found[-1] = (before[0], day, spans)
        else:
            found.append((day, day, spans))
    return found


def write(hours: Kept) -> str:
    """The hours as `read` reads them."""
    return "；".join(
        f"{WRITTEN[first]}{f'至{WRITTEN[last]}' if last != first else ''} {'，'.join(spans)}"
        for first, last, spans in runs(hours)
    )


@dataclass(frozen=True)
class Door:
    """Whether the door is open, and until when or from when; `change` is None where nothing is known."""

    open: bool
    change: datetime | None


def door(hours: Kept, now: datetime) -> Door:
    """Say whether the door is open at `now`, given in the organisation's own zone."""
    for ahead in range(8):
        day = (now + timedelta(days=ahead)).date()
        for span in hours.get(DAYS[day.weekday()], ()):
            begins, ends = (_at(day, now, part) for part in span.split("-"))
            if begins <= now < ends:
                return Door(True, ends)
            if begins > now:
                return Door(False, begins)
    return Door(False, None)


def _at(day: date, now: datetime, clock: str) -> datetime:
    hour, minute = int(clock[:2]), int(clock[3:])
    whole = datetime.combine(day, datetime.min.time(), tzinfo=now.tzinfo)
    return whole + timedelta(hours=hour, minutes=minute)
