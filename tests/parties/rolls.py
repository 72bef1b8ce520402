"""Rolls for the tests: small files as offices really send them, and the sources they come from."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook

from qiaoqiao.access.models import Office
from qiaoqiao.parties.models import Source

HEADER = (
    "编号", "姓名", "性别", "出生日期", "身份证号", "联系电话", "国籍", "身份", "原侨居国", "归国时间", "户号", "住址", "祖籍",
    "父亲姓名", "配偶", "需求",
)  # fmt: skip
CHEN = (
    "A1", "陈大文 CHAN TAI MAN", "男", "1954年3月2日", "440781195403020112", "13800001111", "中国", "归侨", "越南", "1978",
    "H1", "胜利街道侨园路1号", "广东台山", "陈有福", "李秀英", "住房",
)  # fmt: skip
LI = (
    "A2", "李秀英", "女", "1956-07-09", "440781195607090227", "13800001111", "中国", "归侨", "越南", "1978",
    "H1", "胜利街道侨园路1号", "广东台山", "", "陈大文", "",
)  # fmt: skip
ROWS = (CHEN, LI)


def table(*rows: Sequence[object], header: Sequence[str] = HEADER) -> list[list[object]]:
    return [list(header), *(list(row) for row in rows)]


def changed(row: Sequence[object], **changes: object) -> list[object]:
    """A row with some cells otherwise, by heading."""
    cells = dict(zip(HEADER, row, strict=True)) | changes
    return [cells[name] for name in HEADER]


def as_csv(rows: Sequence[Sequence[object]], *, encoding: str = "utf-8", mark: str = ",") -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=mark).writerows(rows)
    return text.getvalue().encode(encoding)


def as_workbook(rows: Sequence[Sequence[object]], *, title: str = "") -> bytes:
    book = Workbook()
    sheet: Any = book.active
    if title:
        sheet.append([title])
    for row in rows:
        sheet.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def make_source(
    keeper: Office, *, giver: Office | None = None, code: str = "ts-hukou", **more: Any
) -> Source:
    given: dict[str, Any] = {
        "code": code,
        "keeper": keeper,
        "office": giver or keeper,
        "kind": "hukou",
        "basis": "侨情普查",
        "names": {"zh-Hans": "户籍名册", "zh-Hant": "戶籍名冊", "en": "Household register"},
    }
    return Source.objects.create(**given | more)
