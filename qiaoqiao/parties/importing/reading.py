"""Reading a roll's file: what it is, whether it is safe and whole, its heading and its rows as plain text."""

import csv
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook

from qiaoqiao.parties.importing.mapping import known_headings

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 60
MOST_UNPACKED = 300 * 1024 * 1024
MOST_TIMES = 200
"""How much larger than its file a workbook may be when unpacked."""
MOST_PARTS = 2000
LONGEST_CELL = 2000
HEADING_WITHIN = 12
OLD_OFFICE = bytes.fromhex("D0CF11E0A1B11AE1")
SEPARATORS = (",", ";", "\t", "|")
EXACT_DIGITS = 15
"""A number with more digits than this has lost the last ones in a spreadsheet."""

Row = tuple[int, list[str]]


class RollRefused(Exception):
    """The file cannot be taken as it is; `code` is a token of `importing.wording`, `data` its numbers."""

    def __init__(self, code: str, **data: int | str) -> None:
        self.code, self.data = code, data
        super().__init__(code)


@dataclass(frozen=True)
class Sheet:
    """A roll as it was written: its heading, and rows with their numbers as a spreadsheet counts them."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def samples(self, column: int, most: int = 3) -> list[str]:
        """The first different things that stand in a column."""
        said = (cells[column] for _, cells in self.rows[:200] if column < len(cells) and cells[column])
        return list(dict.fromkeys(said))[:most]


def read(name: str, content: bytes) -> Sheet:
    """Return what a file holds. Raises RollRefused."""
    if not content.strip():
        raise RollRefused("empty")
    if len(content) > MOST_BYTES:
        raise RollRefused("too_large", most=MOST_BYTES // 1024 // 1024)
    ending = name.lower().rpartition(".")[2]
    if content.startswith(OLD_OFFICE) or ending == "xls":
        raise RollRefused("old_workbook")
    if ending in {"xlsm", "xlsb", "xltm"}:
        raise RollRefused("macros")
    if content.startswith(b"PK\x03\x04"):
        rows = workbook_rows(content)
    elif ending == "json":
        return listed(content)
    elif ending in {"csv", "tsv", "txt"}:
        rows = text_rows(content)
    else:
        raise RollRefused("not_a_roll")
    return framed(rows)


def framed(rows: Iterable[Row]) -> Sheet:
    """Find the heading among the first rows (rolls like titles above it) and keep what stands below."""
    kept: list[Row] = []
    for number, cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise RollRefused("too_many_columns", most=MOST_COLUMNS)
        kept.append((number, cells))
        if len(kept) > MOST_ROWS + HEADING_WITHIN:
            raise RollRefused("too_many_rows", most=MOST_ROWS)
    if not kept:
        raise RollRefused("empty")
    top = max(
        range(min(len(kept), HEADING_WITHIN)), key=lambda place: (known_headings(kept[place][1]), -place)
    )
    if not known_headings(kept[top][1]):
        raise RollRefused("no_header")
    header, below = kept[top][1], kept[top + 1 :]
    if len(below) > MOST_ROWS:
        raise RollRefused("too_many_rows", most=MOST_ROWS)
    if not below:
        raise RollRefused("no_rows")
    return Sheet(distinct(header), tuple(below))


def distinct(header: list[str]) -> tuple[str, ...]:
    """Headings of which no two are alike: the second of a name gets a number."""
    seen: dict[str, int] = {}
    named = []
    for place, written in enumerate(header, 1):
        name = " ".join(written.split())[:80] or f"#{place}"
        seen[name] = seen.get(name, 0) + 1
        named.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(named)


# Workbooks


def workbook_rows(content: bytes) -> Iterator[Row]:
    check_parts(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in sheets or book.worksheets:
            sheet.reset_dimensions()
            rows = enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), 1)
            filled = [
                (number, [cell_text(cell) for cell in cells])
                for number, cells in bounded(rows)
                if any(cell is not None for cell in cells)
            ]
            if filled:
                yield from filled
                return
    except RollRefused:
        raise
    except Exception as error:  # A parser of hostile bytes may raise anything at all.
        raise RollRefused("damaged") from error


def bounded(rows: Iterable[tuple[int, tuple[Any, ...]]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows, until there are more filled ones than a roll may have."""
    filled = 0
    for number, cells in rows:
        filled += any(cell is not None for cell in cells)
        if filled > MOST_ROWS + HEADING_WITHIN:
            raise RollRefused("too_many_rows", most=MOST_ROWS)
        yield number, cells


def check_parts(content: bytes) -> None:
    """Look into the package before anything is unpacked: how large it is, and what it carries."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename.lower() for part in parts}
            if any(name.endswith("vbaproject.bin") for name in names):
                raise RollRefused("macros")
            whole = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or whole > MOST_UNPACKED or whole > MOST_TIMES * max(len(content), 1):
                raise RollRefused("bomb")
            if "xl/workbook.xml" not in names:
                raise RollRefused("not_a_roll")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    with package.open(part) as stream:
                        if b"<!DOCTYPE" in stream.read(4096).upper():
                            raise RollRefused("damaged")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise RollRefused("damaged") from error


def cell_text(cell: object) -> str:
    """A cell as one would read it: dates in one form, whole numbers without a fraction."""
    match cell:
        case None:
            return ""
        case bool():
            return str(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case int() | float():
            return number_text(cell)
    return tidy_cell(str(cell))


def number_text(number: int | float) -> str:
    """A number in figures; one that has lost its last digits is written so that it shows."""
    if number != number or number in {float("inf"), float("-inf")}:
        return ""
    if isinstance(number, float) and not number.is_integer():
        return repr(number)
    figures = str(int(number))
    return figures if len(figures.lstrip("-")) <= EXACT_DIGITS else f"{number:.5E}"


def tidy_cell(text: str) -> str:
    """Text without what nobody sees, cut where no cell of a roll goes on."""
    plain = text.replace("\u3000", " ").replace("\xa0", " ")
    return "".join(char for char in plain if char.isprintable() or char.isspace()).strip()[:LONGEST_CELL]


# Text


def text_rows(content: bytes) -> Iterator[Row]:
    text = decoded(content)
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator(text))
    try:
        for number, cells in enumerate(lines, 1):
            yield number, [tidy_cell(unquoted(cell)) for cell in cells]
    except csv.Error as error:
        raise RollRefused("damaged") from error


def unquoted(cell: str) -> str:
    """What stands inside `="0123"`, by which programs keep a number's zeros."""
    kept = re.fullmatch(r'="([^"]*)"', cell.strip())
    return kept.group(1) if kept else cell


def decoded(content: bytes) -> str:
    """The text of a file of unknown encoding. Raises RollRefused for one that is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return strictly(content, "utf-16")
    head = content[:4000]
    if b"\x00" in head:
        odd, even = head[1::2].count(0), head[::2].count(0)
        return strictly(content, "utf-16-le" if odd >= even else "utf-16-be")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if not re.search(rb"[\x80-\xff]{2}", content):  # Chinese comes in pairs of such bytes, accents alone
        return strictly(content, "cp1252")
    return strictly(content, "gb18030")


def strictly(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeError as error:
        raise RollRefused("encoding") from error
    if "\x00" in text:
        raise RollRefused("encoding")
    return text


def separator(text: str) -> str:
    """What divides the cells: the mark that most lines hold equally often."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]

    def steadiness(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines]
        usual = max(set(counts), key=lambda count: (counts.count(count), count)) if counts else 0
        return (counts.count(usual) if usual else 0, usual)

    return max(SEPARATORS, key=steadiness)


# Records of another system


def listed(content: bytes) -> Sheet:
    """Records that came as a JSON list of {column: value}; a row's number is its place, from 1."""
    try:
        records = json.loads(content)
    except ValueError as error:
        raise RollRefused("damaged") from error
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise RollRefused("damaged")
    if not records:
        raise RollRefused("no_rows")
    header = list(dict.fromkeys(str(key) for one in records for key in one))
    if len(header) > MOST_COLUMNS:
        raise RollRefused("too_many_columns", most=MOST_COLUMNS)
    if not known_headings(header):
        raise RollRefused("no_header")
    rows = [(place, [cell_text(one.get(key)) for key in header]) for place, one in enumerate(records, 1)]
    return Sheet(tuple(header), tuple(rows))
