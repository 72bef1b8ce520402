"""Rows tidied: dates, names, numbers, countries as people write them, and what is said when they cannot be read."""

from datetime import date
from typing import Any

import pytest

from qiaoqiao.parties.importing.dates import read_date
from qiaoqiao.parties.importing.planning import Candidate
from qiaoqiao.parties.importing.tidying import (
    LONGEST,
    Settings,
    Tidied,
    check_digit_fits,
    split_name,
    tidy,
)
from qiaoqiao.parties.importing.wording import FAULTS
from qiaoqiao.parties.importing.words import country

TODAY = date(2026, 11, 26)

DATES = [
    ("1954年3月2日", "1954-03-02", "", ""),
    ("1954.3.2", "1954-03-02", "", ""),
    ("1954-03-02", "1954-03-02", "", ""),
    ("１９５４／３／２", "1954-03-02", "", ""),
    ("19540302", "1954-03-02", "", ""),
    ("1954-03-02 00:00:00", "1954-03-02", "", ""),
    ("1954年3月", "1954-03", "", ""),
    ("195403", "1954-03", "", ""),
    ("03/1954", "1954-03", "", ""),
    ("1954", "1954", "", ""),
    ("1954年", "1954", "", ""),
    ("1954-00-00", "1954", "", ""),
    ("19785", "1954-03-02", "", ""),
    ("二〇〇〇年十二月三十一日", "2000-12-31", "", ""),
    ("一九五四年三月二十二日", "1954-03-22", "", ""),
    ("民国43年3月2日", "1954-03-02", "", ""),
    ("民國四十三年三月二日", "1954-03-02", "", ""),
    ("民国元年", "1912", "", ""),
    ("农历1954年3月2日", "1954-03-02", "lunar", ""),
    ("1954年3月2日（阴历）", "1954-03-02", "lunar", ""),
    ("一九五四年腊月廿三", "1954-12-23", "lunar", ""),
    ("1954年正月初二", "1954-01-02", "lunar", ""),
    ("公历1954年3月2日", "1954-03-02", "", ""),
    ("12 MAR 1954", "1954-03-12", "", ""),
    ("March 2, 1954", "1954-03-02", "", ""),
    ("2 de marzo de 1954", "1954-03-02", "", ""),
    ("2 de março de 1954", "1954-03-02", "", ""),
    ("25/03/1954", "1954-03-25", "", ""),
    ("03/25/1954", "1954-03-25", "", ""),
    ("03/03/1954", "1954-03-03", "", ""),
    ("02/03/1954", "", "", "ambiguous_date"),
    ("3/2/54", "", "", "ambiguous_date"),
    ("54.3.2", "", "", "ambiguous_date"),
    ("54年3月2日", "", "", "bad_date"),
    ("1954-02-30", "1954-02-30", "", "bad_date"),
    ("1955-02-29", "1955-02-29", "", "bad_date"),
    ("1956-02-29", "1956-02-29", "", ""),
    ("1954-13-01", "1954-13-01", "", "bad_date"),
    ("农历1954年2月30日", "1954-02-30", "lunar", ""),
    ("1849-12-31", "1849-12-31", "", "bad_date"),
    ("2026-11-26", "2026-11-26", "", ""),
    ("2026-11-27", "2026-11-27", "", "date_to_come"),
    ("不详", "", "", "bad_date"),
    ("", "", "", ""),
]


@pytest.mark.parametrize(("written", "text", "calendar", "fault"), DATES)
def test_a_date_is_read_as_it_is_written(written: str, text: str, calendar: str, fault: str) -> None:
    read = read_date(written, today=TODAY)
    assert (read.text, read.calendar, read.fault) == (text, calendar, fault)


@pytest.mark.parametrize(
    ("order", "text"), [("dmy", "1954-03-02"), ("mdy", "1954-02-03"), ("", "")], ids=["dmy", "mdy", "unknown"]
)
def test_the_order_of_day_and_month_is_the_sources(order: str, text: str) -> None:
    assert read_date("02/03/1954", today=TODAY, order=order).text == text


@pytest.mark.parametrize(
    "written", ["99999", "2026年99月99日", "民国", "年月日", "0000-00-00", "-", "1e5", "廿", "²"]
)
def test_no_date_breaks_the_reader(written: str) -> None:
    assert read_date(written, today=TODAY).fault


NAMES = [
    ("陈大文 CHAN TAI MAN", ("陈大文", "CHAN TAI MAN", [])),
    ("CHAN Tai Man (陳大文)", ("陳大文", "CHAN Tai Man", [])),
    ("陈大文（CHAN Tai Man）", ("陈大文", "CHAN Tai Man", [])),
    ("陈大文(曾用名:陈小文)", ("陈大文", "", ["陈小文"])),
    ("欧阳·玛丽", ("欧阳·玛丽", "", [])),
    ("陈*", ("陈*", "", [])),
    ("Nguyễn Văn An", ("", "Nguyễn Văn An", [])),
]


@pytest.mark.parametrize(("written", "parts"), NAMES)
def test_a_names_characters_and_letters_are_told_apart(written: str, parts: Any) -> None:
    assert split_name(written) == parts


COUNTRIES = {
    "越南": "VN", "VNM": "VN", "vn": "VN", "Venezuela": "VE", "中国籍": "CN", "中國": "CN", "Reino Unido": "GB", "马来亚": "MY",
    "venezolana": "VE", "印尼": "ID", "中国台湾": "TW", "香港": "HK", "United States of America": "US", "Estados Unidos": "US",
    "火星": "", "": "",
}  # fmt: skip


@pytest.mark.parametrize(("written", "code"), COUNTRIES.items())
def test_countries_are_known_by_name_or_code(written: str, code: str) -> None:
    assert country(written) == code


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("440781195403020112", True),
        ("440781195403020113", False),
        ("44078119540302011X", False),
        ("11010519491231002X", True),
        ("440781540302011", True),
    ],
)
def test_the_check_digit_of_an_identity_number(number: str, fits: bool) -> None:
    assert check_digit_fits(number) is fits


def row(*, dates: str = "", **cells: str) -> Tidied:
    """A row whose columns are named as ours."""
    header = tuple(cells)
    settings = Settings(header, {name: name for name in header}, TODAY, dates)
    return tidy(5, list(cells.values()), settings)


def said(tidied: Tidied) -> list[tuple[str, str]]:
    return [(fault.fault, fault.level) for fault in tidied.faults]


FAULTY = [
    ({"name": ""}, "missing_name", "error"),
    ({"name": "陈" * 61}, "too_long", "error"),
    ({"address": "路" * 201}, "too_long", "error"),
    ({"address": "=1+1"}, "formula", "error"),
    ({"father": "@SUM(A1)"}, "formula", "error"),
    ({"birth_date": "02/03/1954"}, "ambiguous_date", "error"),
    ({"birth_date": "1954-02-30"}, "bad_date", "warning"),
    ({"birth_date": "2030-01-01"}, "bad_date", "warning"),
    ({"sex": "?"}, "unknown_sex", "warning"),
    ({"cnid": "4.40781E+17"}, "rounded_number", "warning"),
    ({"cnid": "4407811954****0112"}, "masked_number", "warning"),
    ({"cnid": "44078119540302011"}, "bad_number", "warning"),
    ({"cnid": "440781195403020113"}, "wrong_check_digit", "warning"),
    ({"passport": "无"}, "bad_number", "warning"),
    ({"cnid": "440781195403020112", "passport": "E12345678"}, "second_number", "warning"),
    ({"phone": "12"}, "bad_phone", "warning"),
    ({"email": "nobody"}, "bad_email", "warning"),
    ({"nationality": "火星"}, "unknown_country", "warning"),
    ({"standing": "???"}, "unknown_standing", "warning"),
    ({"need": "想吃月饼"}, "unknown_need", "warning"),
    ({"need": "患病"}, "needs_consent", "warning"),
]


@pytest.mark.parametrize(("cells", "fault", "level"), FAULTY)
def test_what_is_wrong_is_said_with_its_level(cells: dict[str, str], fault: str, level: str) -> None:
    found = row(**({"name": "陈大文"} | cells))
    assert said(found) == [(fault, level)]
    assert found.good is (level != "error")
    assert found.faults[0].row == 5
    assert fault in FAULTS


def test_a_cell_beyond_the_heading_means_that_the_row_has_slipped() -> None:
    settings = Settings(("姓名",), {"姓名": "name"}, TODAY)
    assert said(tidy(2, ["陈大文", "", "男"], settings)) == [("extra_cells", "error")]
    assert said(tidy(2, ["陈大文", "", ""], settings)) == []


def test_a_sound_row_becomes_the_columns_of_a_record() -> None:
    found = row(
        name="陳大文 CHAN TAI MAN", former="陈小文", sex="Male", birth_date="1954年3月2日", cnid="440781195403020112",
        phone="０１２３－４５６７８９ / 0058 412 1234567", nationality="中国", standing="归侨",
        origin="越南", return_year="1978年", need="1、住房；2、寻亲", languages="台山话、英语",
        relation="户主", record_date="2026-01-05", theirs="A1",
    )  # fmt: skip
    assert said(found) == []
    assert found.columns == {
        "name_hanzi": "陳大文", "name_latin": "CHAN TAI MAN", "alias": "陈小文", "sex": "M", "birth_date": "1954-03-02",
        "birth_calendar": "", "id_type": "CNID", "phone": "0123456789", "nationality": "CN", "theirs": "A1",
    }  # fmt: skip
    assert found.more == {
        "former": ["陈小文"], "phones": ["+584121234567"], "relation": "head", "origin": "VN", "standing": "returnee",
        "need": ["housing", "kin"], "languages": ["toisan", "english"], "return_year": 1978,
    }  # fmt: skip
    assert (found.born, found.record_date, found.sure) == ("1954-03-02", date(2026, 1, 5), True)


def test_a_lunar_birthday_keeps_its_words_and_the_file_gets_the_solar_day() -> None:
    found = row(name="陈大文", birth_date="农历1954年3月2日")
    assert (found.columns["birth_date"], found.columns["birth_calendar"]) == ("1954-03-02", "lunar")
    assert found.born == "1954-04-04"


def test_an_impossible_birthday_is_kept_with_the_record_and_not_with_the_file() -> None:
    found = row(name="陈大文", birth_date="1954-02-30")
    assert (found.columns["birth_date"], found.born) == ("1954-02-30", "")


def test_a_sensitive_need_is_kept_nowhere() -> None:
    found = row(name="陈大文", need="残疾、住房")
    assert found.more["need"] == ["housing"]
    assert "disability" not in str(found)


def test_a_surname_and_a_given_name_in_two_columns() -> None:
    latin, hanzi = row(surname="CHAN", given="Tai Man"), row(surname="陈", given="大文")
    assert latin.columns["name_latin"] == "CHAN Tai Man"
    assert (latin.columns["surname_latin"], latin.columns["given_latin"]) == ("CHAN", "Tai Man")
    assert (hanzi.columns["name_hanzi"], "name_latin" in hanzi.columns) == ("陈大文", False)
    comma = row(name="CHAN, Tai Man")
    assert (comma.columns["surname_latin"], comma.columns["name_latin"]) == ("CHAN", "CHAN Tai Man")


def test_a_report_quotes_no_whole_number() -> None:
    for cells in ({"cnid": "440781195403020113"}, {"passport": "E1234567890123456789012345678"}):
        found = row(name="陈大文", **cells)
        assert [len(fault.value) for fault in found.faults] == [5]


def test_the_longest_texts_fit() -> None:
    assert row(name="陈" * 60, address="路" * LONGEST["address"]).good


@pytest.mark.parametrize(
    ("held", "hanzi", "latin", "agrees"),
    [
        ("陳大文", "陈大文", "", True),
        ("陈大文", "陈小文", "", False),
        ("CHAN TAI MAN", "", "Chan, Tai-Man", True),
        ("CHAN TAI MAN", "", "Man Tai Chan", True),
        ("CHAN TAI MAN", "", "CHAN TAI", False),
        ("陈大文", "", "CHEN DAWEN", False),
        ("陈大文", "陈*", "", False),
    ],
)
def test_names_agree_in_characters_or_in_letters(held: str, hanzi: str, latin: str, agrees: bool) -> None:
    candidate = Candidate(file=None, number="")  # type: ignore[arg-type]
    candidate.add(held)
    found = Tidied(1, {"name_hanzi": hanzi, "name_latin": latin})
    assert candidate.agrees(found) is agrees
