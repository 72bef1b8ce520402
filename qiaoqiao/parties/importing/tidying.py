"""Turning a mapped row into the columns of a Record, and saying what is wrong with it; pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qiaoqiao.gateways.vault import normalised
from qiaoqiao.lib.words import HAN
from qiaoqiao.parties.importing import words
from qiaoqiao.parties.importing.dates import ReadDate, read_date, solar
from qiaoqiao.parties.rules import EMAIL, SENSITIVE_NEEDS

ERRORS = frozenset({"missing_name", "too_long", "formula", "extra_cells", "ambiguous_date", "file_frozen"})
"""Faults with which a row is not brought in; all others are warnings."""
NOTES = frozenset({"joins_file", "joins_row", "known_line"})
"""Not faults: what is done with the row other than a file of its own."""
LONGEST = {
    "name_hanzi": 60, "name_latin": 120, "surname_latin": 60, "given_latin": 90, "alias": 90, "phone": 24,
    "native_place": 100, "address": 200, "household_no": 40, "father_name": 120, "mother_name": 120,
    "spouse_name": 120, "theirs": 60, "register_address": 200, "email": 120, "id": 40, "place": 60,
}  # fmt: skip
CHINESE_NUMBER = re.compile(r"\d{17}[\dX]|\d{15}")
MASKED = re.compile(r"[*?●•]|[xX]{3,}")
ROUNDED = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
_HAN_RUN = re.compile(rf"[{HAN}×*·•]+")
_BRACKETED = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SPLIT = re.compile(r"[,，;；、/|]|\n")


@dataclass(frozen=True)
class Fault:
    """One thing to say of a row: in which of their columns, what, and what stands there (numbers in part)."""

    row: int
    column: str
    fault: str
    value: str = ""

    @property
    def level(self) -> str:
        return level(self.fault)

    def as_json(self) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "fault": self.fault, "value": self.value}


def level(fault: str) -> str:
    """`error`, `warning` or `note`."""
    return "error" if fault in ERRORS else "note" if fault in NOTES else "warning"


@dataclass
class Tidied:
    """A row as it will be kept. `columns` are a Record's; `number` is still open; `sure` says it identifies."""

    line: int
    columns: dict[str, str] = field(default_factory=dict)
    more: dict[str, object] = field(default_factory=dict)
    record_date: date | None = None
    number: str = ""
    sure: bool = False
    born: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not any(fault.level == "error" for fault in self.faults)

    def content(self) -> str:
        """All that the row says, in one written form, for telling whether it was said before."""
        said = {**self.columns, "number": self.number, "on": str(self.record_date or ""), **self.more}
        return "\n".join(f"{name}={said[name]}" for name in sorted(said) if said[name])


@dataclass(frozen=True)
class Settings:
    """How a source is to be read: its columns, the order of its dates, and the day it is read."""

    header: tuple[str, ...]
    mapping: Mapping[str, str]
    today: date
    dates: str = ""


def tidy(line: int, cells: Sequence[str], settings: Settings) -> Tidied:
    """Turn one row into what is kept of it, with all that is to be said of it."""
    return Tidier(line, cells, settings).run()


class Tidier:
    """One row being tidied; each method sees to one kind of column."""

    def __init__(self, line: int, cells: Sequence[str], settings: Settings) -> None:
        self.settings, self.cells = settings, cells
        self.row = Tidied(line)
        self.given: dict[str, list[tuple[str, str]]] = {}
        for heading, cell in zip(settings.header, cells, strict=False):
            ours = settings.mapping.get(heading, "")
            if ours and cell:
                text = " ".join(unicodedata.normalize("NFKC", cell).split())
                self.given.setdefault(ours, []).append((heading, text))

    def fault(self, column: str, fault: str, value: str = "") -> None:
        self.row.faults.append(Fault(self.row.line, column, fault, value[:60]))

    def one(self, ours: str) -> tuple[str, str]:
        """Their heading and the text of a column; blanks where it is not there."""
        return next(iter(self.given.get(ours, [])), ("", ""))

    def keep(self, name: str, text: str, column: str) -> None:
        """Put a text into a Record's column, or say that it is too long for one."""
        if len(text) > LONGEST.get(name, 200):
            self.fault(column, "too_long", text)
        elif text:
            self.row.columns[name] = text

    def run(self) -> Tidied:
        if any(self.cells[len(self.settings.header) :]):
            self.fault("", "extra_cells", " ".join(self.cells[len(self.settings.header) :]))
        for column, text in (pair for pairs in self.given.values() for pair in pairs):
            if text.startswith(("=", "@")):
                self.fault(column, "formula", text)
        self.names()
        self.born()
        self.numbers()
        self.ways()
        self.places()
        self.kin()
        self.situation()
        self.plain()
        return self.row

    # Who

    def names(self) -> None:
        hanzi, latin, aliases = "", "", []
        for _, text in [*self.given.get("name", []), *self.given.get("name_latin", [])]:
            one, other, also = split_name(text)
            hanzi, latin = hanzi or one, latin or other
            aliases += also
        (surname_at, surname), (given_at, given) = self.one("surname"), self.one("given")
        if surname and _HAN_RUN.fullmatch(surname) and not hanzi:
            hanzi, surname, given = surname + given, "", ""
        if "," in latin and not surname:
            surname, _comma, given = (part.strip() for part in latin.partition(","))
            latin = f"{surname} {given}"
        latin = latin or " ".join(filter(None, (surname, given)))
        column = self.one("name")[0] or self.one("name_latin")[0] or surname_at or given_at
        for name, text in {
            "name_hanzi": hanzi, "name_latin": latin, "surname_latin": surname, "given_latin": given,
        }.items():  # fmt: skip
            self.keep(name, text, column)
        if not hanzi and not latin:
            self.fault(column, "missing_name")
        self.other_names(aliases)

    def other_names(self, aliases: list[str]) -> None:
        former = [text for _, text in self.given.get("former", [])]
        said = [*former, *(text for _, text in self.given.get("alias", [])), *aliases]
        column = self.one("former")[0] or self.one("alias")[0] or self.one("name")[0]
        self.keep("alias", " / ".join(dict.fromkeys(said)), column)
        if former:
            self.row.more["former"] = former

    def born(self) -> None:
        column, text = self.one("sex")
        if text:
            sex = words.token_of("sexes", text)
            self.row.columns["sex"] = sex
            if not sex:
                self.fault(column, "unknown_sex", text)
        column, text = self.one("birth_date")
        read = self.date_in(column, text)
        calendar = read.calendar or words.token_of("calendars", self.one("birth_calendar")[1])
        self.row.columns |= {"birth_date": read.text, "birth_calendar": calendar}
        if not read.fault:
            self.row.born = solar(read.text) if calendar else read.text

    def date_in(self, column: str, text: str) -> ReadDate:
        read = read_date(text, today=self.settings.today, order=self.settings.dates)
        if read.fault:
            self.fault(column, read.fault, text)
        return read

    # The number of a paper

    def numbers(self) -> None:
        kind_said = self.one("id_type")[1]
        kind = words.token_of("papers", kind_said) or kind_said[:10].upper()
        found = [
            (column, text, ours)
            for ours in ("cnid", "id_number", "passport")
            for column, text in self.given.get(ours, [])
        ]
        if not found:
            return
        column, text, ours = found[0]
        if ROUNDED.fullmatch(text):
            self.fault(column, "rounded_number", text)
            return
        self.keep_number(column, text, {"cnid": "CNID", "passport": "PASSPORT"}.get(ours, kind))
        others = [other for _column, other, _ours in found[1:] if normalised(other) != normalised(text)]
        if others:
            self.fault(found[1][0], "second_number", shown_number(others[0]))

    def keep_number(self, column: str, text: str, kind: str) -> None:
        tidy_number, masked = normalised(text), bool(MASKED.search(text))
        chinese = CHINESE_NUMBER.fullmatch(tidy_number) is not None
        kind = kind or ("CNID" if chinese else "PASSPORT" if 6 <= len(tidy_number) <= 12 else "OTHER")
        if len(text) > LONGEST["id"]:
            self.fault(column, "too_long", shown_number(text))
            return
        self.row.number, self.row.columns["id_type"] = text, kind
        if masked:
            self.fault(column, "masked_number", shown_number(text))
        elif not plausible(tidy_number) or (kind == "CNID" and not chinese):
            self.fault(column, "bad_number", shown_number(text))
        else:
            self.row.sure = True
            if kind == "CNID" and not check_digit_fits(tidy_number):
                self.fault(column, "wrong_check_digit", shown_number(text))

    # How to reach them, and where

    def ways(self) -> None:
        phones = []
        for column, text in self.given.get("phone", []):
            for part in filter(None, (one.strip() for one in _SPLIT.split(text))):
                phone = re.sub(r"[^\d+*]", "", part)
                if ROUNDED.fullmatch(part) or not 5 <= len(phone) <= 24:
                    self.fault(column, "bad_phone", part)
                else:
                    phones.append(f"+{phone[2:]}" if phone.startswith("00") else phone)
        if phones:
            self.row.columns["phone"] = phones[0]
        if phones[1:]:
            self.row.more["phones"] = phones[1:5]
        column, text = self.one("email")
        if text and not EMAIL.fullmatch(text):
            self.fault(column, "bad_email", text)
        elif text:
            self.row.more["email"] = text[:120]

    def places(self) -> None:
        for ours in ("native_place", "address", "household_no"):
            column, text = self.one(ours)
            self.keep(ours, text, column)
        column, text = self.one("register_address")
        if len(text) > LONGEST["register_address"]:
            self.fault(column, "too_long", text)
        elif text:
            self.row.more["register_address"] = text
        for ours in ("nationality", "country", "origin"):
            column, text = self.one(ours)
            code = words.country(text) if text else ""
            if text and not code:
                self.fault(column, "unknown_country", text)
            elif code and ours == "nationality":
                self.row.columns["nationality"] = code
            elif code:
                self.row.more[ours] = code

    def kin(self) -> None:
        for ours in ("father", "mother", "spouse"):
            column, text = self.one(ours)
            self.keep(f"{ours}_name", text, column)
        column, text = self.one("relation")
        if text:
            relation = words.token_of("relations", text)
            self.row.more["relation"] = relation or "other"

    def situation(self) -> None:
        column, text = self.one("standing")
        if text:
            kinds = words.tokens_in("standings", text)
            if kinds:
                self.row.more["standing"] = kinds[0]
            else:
                self.fault(column, "unknown_standing", text)
        needs = [(at, token) for at, said in self.given.get("need", []) for token in self.needs_in(at, said)]
        if kept := [token for _, token in needs if token not in SENSITIVE_NEEDS]:
            self.row.more["need"] = list(dict.fromkeys(kept))
        for at in dict.fromkeys(at for at, token in needs if token in SENSITIVE_NEEDS):
            self.fault(at, "needs_consent")
        if spoken := [
            token
            for _, said in self.given.get("languages", [])
            for token in words.tokens_in("languages", said)
        ]:
            self.row.more["languages"] = list(dict.fromkeys(spoken))

    def needs_in(self, column: str, text: str) -> list[str]:
        found = words.tokens_in("needs", text)
        if not found and words.token_of("standings", text) != "none":
            self.fault(column, "unknown_need", text)
        return found

    def plain(self) -> None:
        column, text = self.one("return_year")
        year = self.date_in(column, text).text[:4]
        if year and not any(fault.column == column for fault in self.row.faults):
            self.row.more["return_year"] = int(year)
        column, text = self.one("record_date")
        read = self.date_in(column, text)
        if len(read.text) == 10 and not read.fault and not read.calendar:
            self.row.record_date = date.fromisoformat(read.text)
        column, text = self.one("theirs")
        self.keep("theirs", text, column)
        column, text = self.one("place")
        if text:
            self.row.more["place"] = text[: LONGEST["place"]]


def split_name(text: str) -> tuple[str, str, list[str]]:
    """A name's Chinese and other parts, and further names that stand in brackets behind it."""
    also: list[str] = []

    def taken(found: re.Match[str]) -> str:
        inside = found.group(1).strip()
        for word in words.lists()["other_name"]:
            inside = inside.removeprefix(word)
        inside = inside.strip(" :：")
        before = text[: found.start()]
        if bool(_HAN_RUN.search(before)) == bool(_HAN_RUN.search(inside)):
            also.append(inside)
            return " "
        return f" {inside} "

    plain = _BRACKETED.sub(taken, text)
    hanzi = "".join(run.strip("·•") for run in _HAN_RUN.findall(plain) if re.search(rf"[{HAN}]", run))
    other = " ".join(_HAN_RUN.sub(" ", plain).split()) if hanzi else " ".join(plain.split())
    return hanzi, other.strip(" /,;|-"), [one for one in also if one]


def plausible(number: str) -> bool:
    return 5 <= len(number) <= 24 and number.isascii() and any(map(str.isdigit, number))


def check_digit_fits(number: str) -> bool:
    """Whether an 18-figure number's last figure follows from the others (GB 11643); older ones have none."""
    if len(number) == 15:
        return True
    rest = sum(weight * int(figure) for weight, figure in zip(_WEIGHTS, number, strict=False)) % 11
    return "10X98765432"[rest] == number[17]


def shown_number(number: str) -> str:
    """A number as anybody may see it in a report."""
    return f"…{normalised(number)[-4:]}"
