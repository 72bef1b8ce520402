"""Rolls as they really arrive: workbooks and text in any encoding, with titles above, and files that must not enter."""

import json
import zipfile
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from qiaoqiao.parties.importing import reading
from qiaoqiao.parties.importing.mapping import COLUMNS, faults, guess
from qiaoqiao.parties.importing.reading import RollRefused, Sheet, read
from qiaoqiao.parties.importing.wording import COLUMNS as COLUMN_WORDS
from qiaoqiao.parties.importing.wording import FAULTS, REFUSALS, TODO, refusal_words
from tests.parties.rolls import CHEN, HEADER, LI, ROWS, as_csv, as_workbook, table

PLAIN = table(*ROWS)


def cells_of(sheet: Sheet) -> list[list[str]]:
    return [cells for _, cells in sheet.rows]


ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("mark", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_text_is_read_in_any_encoding_and_with_any_separator(encoding: str, mark: str) -> None:
    sheet = read("名册.csv", as_csv(PLAIN, encoding=encoding, mark=mark))
    assert sheet.header == HEADER
    assert cells_of(sheet)[0] == list(CHEN)
    assert [number for number, _ in sheet.rows] == [2, 3]


def test_a_workbook_reads_as_the_same_text() -> None:
    sheet = read("名册.xlsx", as_workbook(PLAIN))
    assert sheet.header == HEADER
    assert cells_of(sheet) == cells_of(read("名册.csv", as_csv(PLAIN)))


def test_spanish_text_of_an_old_windows_program_keeps_its_accents() -> None:
    sheet = read("lista.csv", "Apellido;Nombre;País\nMuñoz;José Ángel;España\n".encode("cp1252"))
    assert sheet.header == ("Apellido", "Nombre", "País")
    assert cells_of(sheet) == [["Muñoz", "José Ángel", "España"]]


def test_titles_above_the_heading_and_empty_rows_are_passed_over() -> None:
    book = Workbook()
    sheet: Any = book.active
    for row in (
        ["台山市归侨侨眷花名册", None],
        ["填表单位：", "胜利街道"],
        [],
        list(HEADER),
        list(CHEN),
        [],
        list(LI),
    ):
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    found = read("名册.xlsx", out.getvalue())
    assert found.header == HEADER
    assert [number for number, _ in found.rows] == [5, 7]


def test_cells_are_read_as_one_sees_them() -> None:
    rows = [
        ["姓名", "出生日期", "电话", "身份证号", "归国时间", "编号"],
        [
            "陈大文",
            datetime.fromisoformat("1954-03-02"),
            13800001111.0,
            440781195403020112,
            date(1978, 6, 1),
            7,
        ],
        ["李\u3000秀英", "1956-07-09", "+58 412 000", "440781195607090227", 1978, "007"],
    ]
    assert cells_of(read("a.xlsx", as_workbook(rows))) == [
        ["陈大文", "1954-03-02", "13800001111", "4.40781E+17", "1978-06-01", "7"],
        ["李 秀英", "1956-07-09", "+58 412 000", "440781195607090227", "1978", "007"],
    ]


def test_only_the_first_visible_sheet_with_content_is_read() -> None:
    book = Workbook()
    book.create_sheet("hidden").sheet_state = "hidden"
    book["hidden"].append(["姓名"])
    book["hidden"].append(["看不见"])
    last = book.create_sheet("last")
    for row in (["姓名"], ["陈大文"]):
        last.append(row)
    out = BytesIO()
    book.save(out)
    assert cells_of(read("a.xlsx", out.getvalue())) == [["陈大文"]]


def test_quotes_line_breaks_and_kept_zeros_in_text() -> None:
    text = '姓名,地址,编号\n陈大文,"侨园路1号\n二楼, 左","=""0012"""\n'
    assert cells_of(read("a.csv", text.encode())) == [["陈大文", "侨园路1号\n二楼, 左", "0012"]]


def test_two_columns_of_one_name_are_told_apart() -> None:
    assert read("a.csv", "姓名,电话,电话,\n陈,1,2,3\n".encode()).header == ("姓名", "电话", "电话 (2)")


def test_records_of_another_system_are_rows() -> None:
    sheet = read(
        "a.json", json.dumps([{"name": "陈大文", "sex": "m"}, {"name": "李秀英", "born": 1956}]).encode()
    )
    assert sheet.header == ("name", "sex", "born")
    assert sheet.rows == ((1, ["陈大文", "m", ""]), (2, ["李秀英", "", "1956"]))


def with_part(name: str, content: bytes = b"x") -> bytes:
    """A sound workbook with one more part in its package."""
    out = BytesIO(as_workbook(PLAIN))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return out.getvalue()


def with_entities() -> bytes:
    """A workbook whose sheet defines an entity of its own."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(as_workbook(PLAIN))) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            body = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                body = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' + body
            new.writestr(part.filename, body)
    return out.getvalue()


def many(rows: int, columns: int = 1) -> bytes:
    return as_csv([["姓名", *(f"c{n}" for n in range(columns - 1))], *([["陈"] * columns] * rows)])


BAD = {
    "empty": ("a.csv", b""),
    "blank": ("a.csv", b" \r\n \n"),
    "old excel": ("a.xls", bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 100),
    "locked with a password": ("a.xlsx", bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 100),
    "macro book": ("a.xlsm", as_workbook(PLAIN)),
    "macros inside": ("a.xlsx", with_part("xl/vbaProject.bin")),
    "bomb": ("a.xlsx", with_part("xl/media/zeros.bin", b"\0" * 60_000_000)),
    "entities": ("a.xlsx", with_entities()),
    "cut off": ("a.xlsx", as_workbook(PLAIN)[:-200]),
    "another package": ("a.xlsx", b"PK\x03\x04" + b"x" * 50),
    "pdf": ("a.pdf", b"%PDF-1.7"),
    "binary": ("a.csv", bytes(range(256)) * 4),
    "no heading": ("a.csv", b"1,2\n3,4\n"),
    "heading alone": ("a.csv", "姓名,性别\n".encode()),
    "too many columns": ("a.csv", many(1, 61)),
    "broken json": ("a.json", b"[{]"),
    "json that is no list": ("a.json", b'{"name": "x"}'),
}
WHY = {
    "empty": "empty", "blank": "empty", "old excel": "old_workbook", "locked with a password": "old_workbook",
    "macro book": "macros", "macros inside": "macros", "bomb": "bomb", "entities": "damaged",
    "cut off": "damaged", "another package": "damaged", "pdf": "not_a_roll", "binary": "encoding",
    "no heading": "no_header", "heading alone": "no_rows", "too many columns": "too_many_columns",
    "broken json": "damaged", "json that is no list": "damaged",
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_cannot_be_taken_is_refused_with_its_reason(case: str) -> None:
    with pytest.raises(RollRefused) as refused:
        read(*BAD[case])
    assert refused.value.code == WHY[case]
    assert "%(" not in refusal_words(refused.value)


def test_limits_hold_at_their_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 20)
    assert len(read("a.csv", many(20)).rows) == 20
    for content in (many(21), many(40)):
        with pytest.raises(RollRefused, match="too_many_rows"):
            read("a.csv", content)
    assert len(read("a.csv", many(1, 60)).header) == 60
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    with pytest.raises(RollRefused, match="too_large"):
        read("a.csv", b"x" * 101)


HEADINGS = {
    "姓名": "name", "姓 名": "name", "姓名（中文）": "name", "姓名\n（拼音）": "name_latin", "曾用名": "former", "性别": "sex",
    "出生年月": "birth_date", "出生日期(公历)": "birth_date", "身份证号码": "cnid", "身分證號碼": "", "護照號碼": "passport",
    "護照號": "passport", "證件號碼": "id_number", "国籍": "nationality", "國籍": "nationality", "归国时间": "return_year",
    "原侨居国": "origin", "户号": "household_no", "住址": "address", "联系电话": "phone", "聯絡電話": "", "祖籍": "native_place",
    "父亲姓名": "father", "配偶": "spouse", "需求": "need", "Name": "name", "SURNAME": "surname", "Given names": "given",
    "DOB": "birth_date", "Passport No.": "passport", "Nationality": "nationality", "Apellidos": "surname",
    "Fecha de nacimiento": "birth_date", "Teléfono móvil": "phone", "Número de pasaporte": "passport",
    "name_hanzi": "name", "surname_latin": "surname", "id_no": "id_number", "household_no": "household_no",
    "备注": "", "序号": "", "瓜": "",
}  # fmt: skip


@pytest.mark.parametrize(("heading", "ours"), HEADINGS.items())
def test_headings_are_known_in_several_languages(heading: str, ours: str) -> None:
    assert guess([heading])[heading] == ours


def test_what_a_source_said_before_comes_first_and_no_column_is_filled_twice() -> None:
    header = ("姓名", "Name", "备注", "电话", "手机")
    assert guess(header) == {"姓名": "name", "Name": "", "备注": "", "电话": "phone", "手机": "phone"}
    kept = guess(header, {"姓名": "", "备注": "native_place"})
    assert kept == {"姓名": "", "Name": "name", "备注": "native_place", "电话": "phone", "手机": "phone"}


def test_a_mapping_may_leave_columns_out_and_must_have_a_name() -> None:
    assert faults({"a": "name", "b": "", "c": "", "d": "phone", "e": "phone"}) == {}
    assert faults({"a": "sex", "b": "sex", "c": "moon"}) == {"b": "twice", "c": "unknown", "": "no_name"}


def test_everything_that_is_said_has_words() -> None:
    assert COLUMN_WORDS.keys() == set(COLUMNS)
    assert FAULTS.keys() == TODO.keys()
    assert set(WHY.values()) | {"too_large", "too_many_rows"} == REFUSALS.keys()
