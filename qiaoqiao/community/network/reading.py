"""Reading an uploaded workbook: whether it is safe, where its heading is, its rows as text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from qiaoqiao.community.network.gazetteer import headings
from qiaoqiao.parties.importing.reading import (
    HEADING_WITHIN,
    MOST_BYTES,
    MOST_COLUMNS,
    OLD_OFFICE,
    RollRefused,
    cell_text,
    check_parts,
)

MOST_ROWS = 20_000
NEEDED = {"code", "kind", "name"}


@dataclass(frozen=True)
class Line:
    """A row with its number as the spreadsheet counts it: columns the file has, and what stands in them."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """What a workbook says of organisations; `passed_over` are headings that are none of ours."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    passed_over: tuple[str, ...]


def read(name: str, content: bytes) -> Sheet:
    """Return what a workbook holds. Raises RollRefused."""
    if not content.strip():
        raise RollRefused("empty")
    if len(content) > MOST_BYTES:
        raise RollRefused("too_large", most=MOST_BYTES // 1024 // 1024)
    if content.startswith(OLD_OFFICE) or name.lower().endswith(".xls"):
        raise RollRefused("old_workbook")
    if name.lower().endswith((".xlsm", ".xlsb", ".xltm")):
        raise RollRefused("macros")
    if not content.startswith(b"PK\x03\x04"):
        raise RollRefused("not_a_workbook")
    check_parts(content)
    try:
        return _sheet(content)
    except RollRefused:
        raise
    except Exception as error:  # A parser of hostile bytes may raise anything at all.
        raise RollRefused("damaged") from error


def _sheet(content: bytes) -> Sheet:
    """The first sheet that has our heading among its first rows; formulas stand as they were typed."""
    book = load_workbook(BytesIO(content), read_only=True, data_only=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in visible or book.worksheets:
        sheet.reset_dimensions()
        rows = _rows(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
        for number, cells in rows:
            if number > HEADING_WITHIN:
                break
            known = [heading_of(cell) for cell in cells]
            if set(known) >= NEEDED:
                return _below(cells, known, rows)
    raise RollRefused("no_header")


def _rows(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, list[str]]]:
    filled = 0
    for number, cells in enumerate(rows, 1):
        if any(cell is not None for cell in cells):
            filled += 1
            if filled > MOST_ROWS + HEADING_WITHIN:
                raise RollRefused("too_many_rows", most=MOST_ROWS)
            yield number, [cell_text(cell) for cell in cells]


def heading_of(cell: str) -> str:
    """The column that a heading names, whatever stars or remarks stand beside it; "" for none of ours."""
    plain = cell.replace("*", "").split("（")[0].split("(")[0].replace(" ", "")
    return headings().get(plain, "")


def _below(header: Sequence[str], known: Sequence[str], rows: Iterator[tuple[int, list[str]]]) -> Sheet:
    places: dict[str, int] = {}
    for place, column in enumerate(known):
        if column:
            places.setdefault(column, place)
    lines = []
    for number, cells in rows:
        said = {column: cells[place] if place < len(cells) else "" for column, place in places.items()}
        if any(said.values()):
            lines.append(Line(number, said))
    if not lines:
        raise RollRefused("no_rows")
    if len(lines) > MOST_ROWS:
        raise RollRefused("too_many_rows", most=MOST_ROWS)
    passed = tuple(name for name, column in zip(header, known, strict=True) if name and not column)
    return Sheet(tuple(places), tuple(lines), passed)
