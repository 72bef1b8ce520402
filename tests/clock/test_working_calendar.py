"""The offices' calendar: announced years, the approximation after them, and loading an announcement."""

from datetime import date, timedelta

import pytest

from qiaoqiao.clock.calendar import CalendarDay, Misannounced, announced, official

NEW_YEAR_2027 = {date(2027, 1, 1): "元旦", date(2027, 1, 2): "元旦", date(2027, 1, 3): "元旦"}


def on(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("saturday_or_sunday", ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"])
def test_the_six_make_up_days_of_2026_are_worked(saturday_or_sunday: str) -> None:
    day = official().day(on(f"2026-{saturday_or_sunday}"))
    assert (day.working, day.make_up, day.provisional) == (True, True, False)


def test_2026_has_exactly_six_make_up_days() -> None:
    year = [official().day(date(2026, 1, 1) + timedelta(days=step)) for step in range(365)]
    assert sum(day.make_up for day in year) == 6


@pytest.mark.parametrize(
    ("day", "known"),
    [
        ("2026-02-13", CalendarDay(True, False, "", False)),
        ("2026-02-14", CalendarDay(True, True, "春节", False)),
        ("2026-02-15", CalendarDay(False, False, "春节", False)),
        ("2026-02-23", CalendarDay(False, False, "春节", False)),
        ("2026-02-24", CalendarDay(True, False, "", False)),
        ("2026-03-07", CalendarDay(False, False, "", False)),
        ("2026-04-06", CalendarDay(False, False, "清明节", False)),
        ("2026-06-19", CalendarDay(False, False, "端午节", False)),
        ("2026-09-20", CalendarDay(True, True, "国庆节", False)),
        ("2026-09-25", CalendarDay(False, False, "中秋节", False)),
        ("2026-10-07", CalendarDay(False, False, "国庆节", False)),
        ("2026-12-31", CalendarDay(True, False, "", False)),
        ("2027-01-01", CalendarDay(False, False, "元旦", True)),
        ("2027-01-04", CalendarDay(True, False, "", True)),
        ("2004-01-01", CalendarDay(False, False, "元旦", False)),
        ("2003-12-31", CalendarDay(True, False, "", True)),
    ],
)
def test_what_the_official_calendar_says_of_a_day(day: str, known: CalendarDay) -> None:
    assert official().day(on(day)) == known


@pytest.mark.parametrize(
    ("year", "festivals"),
    [
        (2027, "02-05 02-06 02-07 02-08 04-05 06-09 09-15"),
        (2028, "01-25 01-26 01-27 01-28 04-04 05-28 10-03"),
        (2029, "02-12 02-13 02-14 02-15 04-04 06-16 09-22"),
        (2030, "02-02 02-03 02-04 02-05 04-05 06-05 09-12"),
    ],
)
def test_an_unannounced_year_rests_on_its_thirteen_statutory_days(year: int, festivals: str) -> None:
    named = {
        f"{day:%m-%d}"
        for day in (date(year, 1, 1) + timedelta(days=step) for step in range(365))
        if official().day(day).holiday
    }
    assert named == {*festivals.split(), "01-01", "05-01", "05-02", "10-01", "10-02", "10-03"}


def test_two_festivals_on_one_day_are_both_named() -> None:
    assert official().day(date(2028, 10, 3)).holiday == "国庆节、中秋节"


def test_a_year_beyond_the_table_still_knows_the_fixed_holidays() -> None:
    assert official().day(date(2035, 10, 1)) == CalendarDay(False, False, "国庆节", True)
    assert official().day(date(2035, 2, 8)) == CalendarDay(True, False, "", True)


def test_every_holiday_name_of_the_announced_years_is_chinese() -> None:
    first = date(2004, 1, 1)
    names = {official().day(first + timedelta(days=step)).holiday for step in range(23 * 365 + 6)}
    assert names - {""}
    assert not [name for name in names if name and name.isascii()]


def test_an_announcement_ends_the_provisional_year_and_no_other() -> None:
    calendar = announced(official(), NEW_YEAR_2027, {date(2027, 1, 9): "元旦"}, 2027)
    assert calendar.day(date(2027, 1, 9)) == CalendarDay(True, True, "元旦", False)
    assert calendar.day(date(2027, 1, 3)) == CalendarDay(False, False, "元旦", False)
    assert calendar.day(date(2027, 12, 31)) == CalendarDay(True, False, "", False)
    assert calendar.day(date(2028, 1, 3)).provisional
    assert official().day(date(2027, 1, 9)).provisional


def test_a_statutory_holiday_the_announcement_does_not_repeat_stays_a_rest_day() -> None:
    calendar = announced(official(), NEW_YEAR_2027, {}, 2027)
    assert calendar.day(date(2027, 10, 1)) == CalendarDay(False, False, "国庆节", False)


def test_an_announcement_may_move_a_day_of_the_december_before() -> None:
    calendar = announced(official(), NEW_YEAR_2027, {date(2026, 12, 26): "元旦"}, 2027)
    assert calendar.day(date(2026, 12, 26)) == CalendarDay(True, True, "元旦", False)


def test_announcements_are_loaded_one_over_the_other() -> None:
    both = announced(announced(official(), NEW_YEAR_2027, {}, 2027), {date(2028, 1, 3): "元旦"}, {}, 2028)
    assert not both.day(date(2027, 1, 4)).provisional
    assert both.day(date(2028, 1, 3)) == CalendarDay(False, False, "元旦", False)


def test_the_version_changes_with_the_content_of_the_announcement() -> None:
    once = announced(official(), NEW_YEAR_2027, {}, 2027)
    again = announced(official(), NEW_YEAR_2027, {}, 2027)
    other = announced(official(), NEW_YEAR_2027, {date(2027, 1, 9): "元旦"}, 2027)
    assert once.version == again.version
    assert len({official().version, once.version, other.version}) == 3


@pytest.mark.parametrize(
    ("rest", "make_up", "day"),
    [
        ({"2028-01-01": "元旦"}, {}, "2028-01-01"),
        ({"2026-11-30": "元旦"}, {}, "2026-11-30"),
        ({"2027-01-09": "元旦"}, {"2027-01-09": "元旦"}, "2027-01-09"),
        ({}, {"2027-01-07": "元旦"}, "2027-01-07"),
    ],
)
def test_an_impossible_announcement_is_refused_with_the_day(
    rest: dict[str, str], make_up: dict[str, str], day: str
) -> None:
    with pytest.raises(Misannounced) as refused:
        announced(
            official(), {on(k): v for k, v in rest.items()}, {on(k): v for k, v in make_up.items()}, 2027
        )
    assert refused.value.on == on(day)
