"""An import's report in words: on the page, as text and as a workbook, the same lines everywhere."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.parties.importing import wording
from qiaoqiao.parties.importing.tidying import Tidied, level, shown_number
from qiaoqiao.parties.models import Batch
from qiaoqiao.parties.wording import SEXES, STANDINGS, said

SHOWN = 50
LEVELS = {
    "": gettext_lazy("全部"),
    "error": gettext_lazy("错误"),
    "warning": gettext_lazy("提醒"),
    "note": gettext_lazy("说明"),
}
SHAPES = {"error": "overdue", "warning": "soon", "note": "plain"}
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run as a formula by spreadsheets."""


@dataclass(frozen=True)
class Line:
    """One thing that is said of a row."""

    row: int
    level: str
    words: str
    shape: str
    column: str
    what: str
    todo: str
    value: str
    file: str


def line_of(said_of: dict[str, object]) -> Line:
    fault, value = str(said_of["fault"]), str(said_of["value"])
    kind = level(fault)
    if fault in {"joins_row", "duplicate_line"}:
        value = _("第 %(row)s 行") % {"row": value}
    return Line(
        row=int(str(said_of["row"])),
        level=kind,
        words=str(LEVELS[kind]),
        shape=SHAPES[kind],
        column=str(said_of["column"]),
        what=wording.fault_words(fault),
        todo=wording.todo_words(fault),
        value=value,
        file=value if fault in {"joins_file", "file_frozen"} else "",
    )


def lines_of(batch: Batch) -> Iterable[Line]:
    return map(line_of, batch.report)


def page_of(batch: Batch, shown: str, after: int) -> tuple[list[Line], int | None]:
    """One page of the report, of one level or all; and where the next one begins."""
    wanted = [one for one in batch.report if not shown or level(str(one["fault"])) == shown]
    page = [line_of(one) for one in wanted[after : after + SHOWN]]
    return page, after + SHOWN if len(wanted) > after + SHOWN else None


def shown_rows(rows: Sequence[Tidied], language: str) -> list[dict[str, object]]:
    """Rows as they would be kept, in words; a number only in part."""
    return [
        {
            "line": row.line,
            "name": row.columns.get("name_hanzi", ""),
            "latin": row.columns.get("name_latin", ""),
            "sex": said(SEXES, row.columns.get("sex", "").lower()),
            "born": row.columns.get("birth_date", ""),
            "lunar": row.columns.get("birth_calendar") == "lunar",
            "number": shown_number(row.number).lstrip("…") if row.number else "",
            "standing": said(STANDINGS, str(row.more.get("standing", ""))),
            "origin": country_name(str(row.more.get("origin", "")), language),
            "address": row.columns.get("address", ""),
        }
        for row in rows
    ]


def table(lines: Iterable[Line]) -> Iterable[list[str]]:
    """The report as rows of cells, the heading first."""
    yield [_("行"), _("级别"), _("栏目"), _("怎么回事"), _("怎么办"), _("原来写的")]
    for one in lines:
        yield [str(one.row), one.words, one.column, one.what, one.todo, one.value]


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def as_csv(lines: Iterable[Line]) -> tuple[bytes, str]:
    text = StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in table(lines))
    return text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8"


def as_workbook(lines: Iterable[Line]) -> tuple[bytes, str]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in table(lines):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=harmless(text))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


SHAPES_MADE: dict[str, Callable[[Iterable[Line]], tuple[bytes, str]]] = {"csv": as_csv, "xlsx": as_workbook}
