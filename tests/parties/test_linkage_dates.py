"""Dates and numbers of papers as they are written, and what they may mean."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lunar_python import Lunar, Solar

from qiaoqiao.parties.linkage import dates, numbers
from qiaoqiao.parties.linkage.dates import NOTHING, Day
from tests.parties.linkage_cast import levels, record


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1984-02-02", Day(1984, 2, 2)),
        (" 1984-2-2 ", Day(1984, 2, 2)),
        ("1984-02", Day(1984, 2, 0)),
        ("1984", Day(1984, 0, 0)),
        ("1984-02-31", Day(1984, 2, 31)),
        ("1984-13-01", Day(1984, 0, 0)),
        ("1984-12-32", Day(1984, 0, 0)),
        ("1984-00-00", Day(1984, 0, 0)),
        ("", NOTHING),
        ("about 1950", NOTHING),
        ("02/02/1984", NOTHING),
        ("84-02-02", NOTHING),
    ],
)
def test_a_date_is_read_as_far_as_it_is_there(text, day):
    assert dates.read(text) == day


@pytest.mark.parametrize(
    ("lunar", "solar"),
    [
        ((1984, 1, 1), (1984, 2, 2)),  # new year's day
        ((1983, 12, 30), (1984, 2, 1)),  # the eve of it, in the solar year after
        ((2019, 12, 30), (2020, 1, 24)),
        ((2020, 4, 1), (2020, 4, 23)),  # the fourth month, before its leap month
        ((2020, 5, 1), (2020, 6, 21)),  # the month after a leap month
        ((1984, 11, 1), (1984, 12, 22)),  # after a leap tenth month
        ((1949, 8, 10), (1949, 10, 1)),
        ((2033, 11, 1), (2033, 11, 22)),  # the year with a leap month where many calendars erred
    ],
)
def test_a_lunar_date_is_the_solar_day_of_the_almanac(lunar, solar):
    almanac = Lunar.fromYmd(*lunar).getSolar()
    assert (almanac.getYear(), almanac.getMonth(), almanac.getDay()) == solar
    assert dates.solar(Day(*lunar)) == Day(*solar)


@given(st.dates(date(1891, 3, 1), date(2040, 12, 31)))
def test_there_and_back_by_the_almanac_is_the_same_day(day):
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    month = lunar.getMonth()
    found = dates.solar(Day(lunar.getYear(), abs(month), lunar.getDay()))
    if month > 0:
        assert found == Day(day.year, day.month, day.day)
    else:  # a leap month reads as the plain one before it
        assert found == Day(*_solar(lunar.getYear(), -month, 1, plus=lunar.getDay() - 1))


def _solar(year: int, month: int, day: int, *, plus: int) -> tuple[int, int, int]:
    solar = Lunar.fromYmd(year, month, day).getSolar().next(plus)
    return solar.getYear(), solar.getMonth(), solar.getDay()


@pytest.mark.parametrize(
    "day", [NOTHING, Day(1984, 2, 0), Day(1984, 2, 31), Day(1700, 1, 1), Day(2200, 1, 1)]
)
def test_what_is_no_lunar_date_has_no_solar_day(day):
    assert dates.solar(day) == NOTHING


def test_a_birthday_kept_by_the_moon_meets_the_day_of_the_register():
    moon = record(birth_date="1949-08-10", birth_calendar="lunar")
    unsaid = record(birth_date="1949-08-10")
    register = record(birth_date="1949-10-01")
    assert levels(moon, register)["birth"] == 10  # it was said which calendar
    assert levels(unsaid, register)["birth"] == 9


# --- numbers ---------------------------------------------------------------------------------------------------

EIGHTEEN, FIFTEEN = "11010519491231002X", "110105491231002"  # the standard's own example
BORN = Day(1949, 12, 31)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (EIGHTEEN, numbers.Number("resident", EIGHTEEN[:17], BORN, "F", True)),
        ("110105 19491231 002x", numbers.Number("resident", EIGHTEEN[:17], BORN, "F", True)),
        (FIFTEEN, numbers.Number("resident", EIGHTEEN[:17], BORN, "F", True)),
        (EIGHTEEN[:17] + "1", numbers.Number("resident", EIGHTEEN[:17], BORN, "F", False)),
        ("110105194913310023", numbers.Number("resident", "11010519491331002", NOTHING, "F", False)),
        ("440106197003051239", numbers.Number("resident", "44010619700305123", Day(1970, 3, 5), "M", False)),
        ("110105********002X", numbers.Number("masked", "110105********002")),
        ("E1234567", numbers.Number("other", "E1234567")),
        ("A123456(3)", numbers.Number("other", "A1234563")),
        ("440106", numbers.Number("other", "440106")),
        ("12", numbers.NONE),
        ("无", numbers.NONE),
        ("", numbers.NONE),
    ],
)
def test_a_number_tells_what_it_is_and_what_it_holds(text, number):
    assert numbers.read(text) == number


@pytest.mark.parametrize(("body", "check"), [("11010519491231002", "X"), ("44052418800101001", "4")])
def test_the_check_digit_is_that_of_the_standards_examples(body, check):
    assert numbers.check_digit(body) == check


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_keeps_the_check_digit(body, place, change):
    wrong = str((int(body[place]) + change) % 10)
    assert numbers.check_digit(body) != numbers.check_digit(body[:place] + wrong + body[place + 1 :])


def test_sex_and_birthday_come_from_the_number_where_the_record_is_silent():
    number, told = record(id_no=EIGHTEEN), record(sex="F", birth_date="1949-12-31")
    found = levels(number, told)
    assert found["sex"] == 1
    assert found["birth"] == 10
