"""Days of a plan, planned against done, codes of the day: at their edges."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaoqiao.clock.calendar import official
from qiaoqiao.community.activities import rules
from qiaoqiao.community.activities.rules import ActivityKind, Every, Planned

VISIT, LECTURE = ActivityKind.VISIT, ActivityKind.LECTURE


def test_days_of_a_plan_move_to_the_next_working_day() -> None:
    days = rules.days_of(Planned(VISIT, Every.MONTH, day=15), 2026, calendar=official())
    assert len(days) == 12
    assert all(official().day(on).working for on in days)
    assert days[1] == date(2026, 2, 24)  # the 15th lies in the Spring Festival
    assert days[5] == date(2026, 6, 15)
    assert rules.next_working_day(date(2026, 2, 14), calendar=official()) == date(2026, 2, 14)  # made up
    assert rules.next_working_day(date(2026, 10, 1), calendar=official()) == date(2026, 10, 8)


def test_a_day_with_no_worked_day_left_in_its_month_is_the_last_worked_one_before_it() -> None:
    days = rules.days_of(Planned(VISIT, Every.MONTH, day=28), 2025, calendar=official())
    assert days[0] == date(2025, 1, 27)  # the Spring Festival is from 28 January to 4 February
    assert days[1] == date(2025, 2, 28)
    assert rules.against(days, [], today=date(2025, 12, 31))[0].planned == 3


@pytest.mark.parametrize(
    ("planned", "months"),
    [
        (Planned(LECTURE, Every.QUARTER), [2, 5, 8, 11]),
        (Planned(LECTURE, Every.YEAR, month=9), [9]),
    ],
)
def test_quarterly_and_yearly_lines_have_their_months(planned: Planned, months: list[int]) -> None:
    assert [on.month for on in rules.days_of(planned, 2026, calendar=official())] == months


@given(
    every=st.sampled_from(list(Every)), day=st.integers(1, 28), month=st.integers(1, 12), year=st.integers(2024, 2030)
)  # fmt: skip
def test_every_line_has_as_many_days_as_it_says_all_worked_and_in_order(
    every: Every, day: int, month: int, year: int
) -> None:
    days = rules.days_of(Planned(VISIT, every, month=month, day=day), year, calendar=official())
    assert len(days) == rules.TIMES[every]
    assert days == sorted(set(days))
    months = {Every.MONTH: list(range(1, 13)), Every.QUARTER: [2, 5, 8, 11], Every.YEAR: [month]}[every]
    assert [on.month for on in days] == months
    assert all(official().day(on).working for on in days)


def test_a_plan_is_held_to_the_numbers_the_office_set() -> None:
    least = {"least_visit": 12, "least_lecture": 4}
    enough = [Planned(VISIT, Every.MONTH), Planned(LECTURE, Every.QUARTER)]
    assert rules.too_few(enough, least) == {}
    assert rules.too_few(enough[:1], least) == {LECTURE: (0, 4)}
    assert rules.too_few([Planned(VISIT, Every.QUARTER)] * 2, least) == {VISIT: (8, 12), LECTURE: (0, 4)}
    assert rules.too_few([], {}) == {}


def test_what_is_held_later_fills_no_earlier_gap() -> None:
    due = [date(2026, month, 16) for month in (1, 2, 3, 4, 7, 10)]
    held = [date(2026, 1, 16), date(2026, 4, 20), date(2026, 5, 20)]
    quarters = rules.against(due, held, today=date(2026, 7, 16))
    assert [(one.planned, one.due, one.done, one.missing) for one in quarters] == [
        (3, 3, 1, 2),
        (1, 1, 2, 0),
        (1, 0, 0, 0),
        (1, 0, 0, 0),
    ]


def test_the_code_of_the_day_is_of_one_activity_and_one_day() -> None:
    one = rules.day_code(b"key", "a", date(2026, 3, 2))
    assert len(one) == 6
    assert one.isdecimal()
    others = {
        rules.day_code(b"key", "a", date(2026, 3, 3)),
        rules.day_code(b"key", "b", date(2026, 3, 2)),
        rules.day_code(b"other", "a", date(2026, 3, 2)),
    }
    assert one not in others


@pytest.mark.parametrize(
    ("people", "how", "by", "may"),
    [
        (0, "", "", True),
        (1, "", "", False),
        (1, "spoken", "", False),
        (1, "", "何婶", False),
        (3, "written", "何婶等", True),
    ],
)
def test_a_photo_of_people_is_public_only_with_their_consent(
    people: int, how: str, by: str, may: bool
) -> None:
    assert rules.may_be_public(people, how, by) is may
