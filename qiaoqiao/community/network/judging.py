"""Judging the rows of a workbook: what each cell means, what is wrong with it, what becomes of the row."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from qiaoqiao.community.network import gazetteer as named
from qiaoqiao.community.network.entered import DATES, DEGREES, HOME, LONGEST, Entered, changes, digest
from qiaoqiao.community.network.gazetteer import Gazetteer, NotKnown
from qiaoqiao.community.network.hours import HoursUnread
from qiaoqiao.community.network.hours import read as read_hours
from qiaoqiao.community.network.reading import Line, Sheet
from qiaoqiao.community.network.rules import CODE, PHONE, Loop, paths

SHOWN = 60
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
BOUNDS = {"longitude": 180, "latitude": 90}


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell; tokens of `wording`."""

    row: int
    column: str
    fault: str
    value: str


class Wrong(ValueError):
    """A cell cannot be taken; the text is the fault's token."""

    def __init__(self, fault: str, value: str = "") -> None:
        self.value = value
        super().__init__(fault)


@dataclass(frozen=True)
class Known:
    """What is registered already: who has which code, as it stands, and which of them are ours to change."""

    entered: Mapping[str, Entered]
    ours: frozenset[str]
    parents: Mapping[str, str]


@dataclass
class Judged:
    """A file looked through: rows that may be put in force, faults by cell, and how many of each fate."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def judge(sheet: Sheet, known: Known, places: Gazetteer) -> Judged:
    """Judge every row against what is registered and against the other rows."""
    judged = Judged()
    often = Counter(line.cells["code"] for line in sheet.lines)
    good: dict[str, tuple[int, Entered]] = {}
    for line in sheet.lines:
        code = line.cells["code"]
        given, faults = read_line(line, known.entered.get(code), places)
        if often[code] > 1 and code:
            faults.append(Fault(line.number, "code", "twice", code))
        if code in known.entered and code not in known.ours:
            faults.append(Fault(line.number, "code", "elsewhere", code))
        judged.faults += faults
        if not faults and given is not None:
            good[code] = (line.number, given)
    judged.faults += tied(good, known, {line.cells["code"] for line in sheet.lines})
    for code, (number, given) in good.items():
        before = known.entered.get(code)
        fate = fate_of(given, before)
        judged.counts[fate] += 1
        if fate != "unchanged":
            stood = digest(before) if before else ""
            judged.rows.append({"row": number, "fate": fate, "given": asdict(given), "before": stood})
    judged.counts["wrong"] = len(sheet.lines) - len(good)
    judged.faults.sort(key=lambda one: one.row)
    return judged


def tied(good: dict[str, tuple[int, Entered]], known: Known, every: set[str]) -> list[Fault]:
    """Take out the rows whose line above is unknown, wrong or a ring, and say so."""
    faults: list[Fault] = []
    while True:
        lost = [
            (code, number, given.parent)
            for code, (number, given) in good.items()
            if given.parent and given.parent not in good and given.parent not in known.parents
        ]
        for code, number, parent in lost:
            fault = "parent_wrong" if parent in every else "unknown_parent"
            faults.append(Fault(number, "parent", fault, parent))
            del good[code]
        if lost:
            continue
        try:
            paths({**known.parents, **{code: given.parent for code, (_row, given) in good.items()}})
        except Loop as ring:
            mine = [code for code in ring.codes if code in good]
            if not mine:
                return faults
            for code in mine:
                number, given = good.pop(code)
                faults.append(Fault(number, "parent", "loop", given.parent))
            continue
        return faults


def fate_of(given: Entered, before: Entered | None) -> str:
    if before is None:
        return "new"
    changed = changes(before, given)
    if "closed_on" in changed and given.closed_on and not before.closed_on:
        return "closed"
    return "changed" if changed else "unchanged"


def read_line(line: Line, before: Entered | None, places: Gazetteer) -> tuple[Entered | None, list[Fault]]:
    """A row as data: columns the file lacks stay as they are registered."""
    said: dict[str, Any] = {}
    faults: list[Fault] = []
    for column, text in line.cells.items():
        try:
            said[column] = cell(column, text, places)
        except Wrong as why:
            faults.append(Fault(line.number, column, str(why), (why.value or text)[:SHOWN]))
    if faults:
        return None, faults
    given = replace(before, **said) if before else Entered(**said)
    faults = [Fault(line.number, column, fault, value[:SHOWN]) for column, fault, value in whole(given)]
    return given, faults


def whole(given: Entered) -> list[tuple[str, str, str]]:
    """What is wrong with an organisation's data as a whole: column, fault, value."""
    faults = []
    if given.country == HOME and not given.place:
        faults.append(("place", "missing", ""))
    if given.country != HOME and given.place:
        faults.append(("place", "abroad_with_place", given.place))
    if bool(given.longitude) != bool(given.latitude):
        faults.append(("longitude", "half_coordinates", given.longitude or given.latitude))
    if given.opened_on and given.closed_on and given.closed_on < given.opened_on:
        faults.append(("closed_on", "closed_before", given.closed_on))
    if given.parent == given.code:
        faults.append(("parent", "loop", given.parent))
    return faults


def cell(column: str, text: str, places: Gazetteer) -> Any:
    """What a cell means. Raises Wrong."""
    if text.startswith("="):
        raise Wrong("formula")
    if not text:
        if column in {"code", "kind", "name"}:
            raise Wrong("missing")
        return {"country": HOME, "hours": {}, "languages": [], "services": []}.get(column, "")
    if len(text) > LONGEST.get(column, 1000):
        raise Wrong("too_long")
    return READERS[column](text, places) if column in READERS else text


def read_code(text: str, places: Gazetteer) -> str:
    if not CODE.fullmatch(text):
        raise Wrong("bad_code")
    return text


def read_place(text: str, places: Gazetteer) -> str:
    try:
        return places.code(text)
    except NotKnown as why:
        raise Wrong("several_places" if why.several else "unknown_place") from why


def one_of(known: Callable[[], Mapping[str, str]], fault: str) -> Callable[[str, Gazetteer], str]:
    def read(text: str, places: Gazetteer) -> str:
        try:
            return named.token(known(), text)
        except NotKnown as why:
            raise Wrong(fault) from why

    return read


def several_of(known: Callable[[], Mapping[str, str]], fault: str) -> Callable[[str, Gazetteer], list[str]]:
    def read(text: str, places: Gazetteer) -> list[str]:
        try:
            return named.tokens(known(), text)
        except NotKnown as why:
            raise Wrong(fault, str(why)) from why

    return read


def read_phone(text: str, places: Gazetteer) -> str:
    if not PHONE.fullmatch(text):
        raise Wrong("bad_phone")
    return text


def read_email(text: str, places: Gazetteer) -> str:
    try:
        validate_email(text)
    except ValidationError as why:
        raise Wrong("bad_email") from why
    return text


def opening(text: str, places: Gazetteer) -> dict[str, list[str]]:
    try:
        return read_hours(text)
    except HoursUnread as why:
        raise Wrong("bad_hours", str(why)) from why


def read_zone(text: str, places: Gazetteer) -> str:
    if text not in available_timezones() or "/" not in text:
        raise Wrong("unknown_zone")
    return text


def read_day(text: str, places: Gazetteer) -> str:
    """A date as an ISO text; a spreadsheet's own date has come as one already."""
    said = DAY.fullmatch(text.split(" ")[0])
    try:
        return date(*(int(part) for part in said.groups())).isoformat() if said else _not_a_day()
    except ValueError as why:
        raise Wrong("bad_date") from why


def _not_a_day() -> str:
    raise Wrong("bad_date")


def degrees(column: str) -> Callable[[str, Gazetteer], str]:
    def read(text: str, places: Gazetteer) -> str:
        try:
            number = Decimal(text).quantize(Decimal("0.00001"))
        except InvalidOperation as why:
            raise Wrong("bad_number") from why
        if not number.is_finite() or abs(number) > BOUNDS[column]:
            raise Wrong("bad_number")
        return f"{number.normalize():f}"

    return read


READERS: Mapping[str, Callable[[str, Gazetteer], Any]] = {
    "code": read_code,
    "parent": read_code,
    "kind": one_of(named.kinds, "unknown_kind"),
    "place": read_place,
    "country": one_of(named.countries, "unknown_country"),
    "phone": read_phone,
    "email": read_email,
    "hours": opening,
    "zone": read_zone,
    "languages": several_of(named.languages, "unknown_language"),
    "services": several_of(named.services, "unknown_service"),
    **{name: degrees(name) for name in DEGREES},
    **dict.fromkeys(DATES, read_day),
}


def reported(faults: Sequence[Fault]) -> list[dict[str, object]]:
    return [asdict(fault) for fault in faults]
