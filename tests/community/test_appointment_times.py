"""When an office's week gives a slot, and how an hour is said on both sides of a change of clocks."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as some

from qiaoqiao.clock.calendar import official
from qiaoqiao.community.appointments.letters import both_times
from qiaoqiao.community.appointments.rules import (
    BEIJING,
    Week,
    WeekWrong,
    contact_of,
    may_book,
    offer_ends,
    read_spans,
    reminder_due,
    times_of,
    times_on,
)
from qiaoqiao.ui.moments import moment

WORKDAYS = {day: ["09:00-12:00", "14:30-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def counted(on: date, week: Week) -> int:
    return len(list(times_on(week, on, official())))


@pytest.mark.parametrize(
    ("on", "slots", "why"),
    [
        (date(2026, 12, 1), 11, "a Tuesday"),
        (date(2026, 12, 5), 0, "a Saturday that the week does not name"),
        (date(2026, 10, 1), 0, "National Day"),
        (date(2026, 2, 17), 0, "Spring Festival"),
        (date(2026, 2, 14), 0, "a worked Saturday, and the office says nothing of those"),
    ],
)
def test_a_day_has_slots_only_when_the_office_works(on: date, slots: int, why: str) -> None:
    assert counted(on, Week(WORKDAYS, 30)) == slots, why


def test_on_a_make_up_day_the_hours_of_the_named_weekday_hold() -> None:
    worked_saturday = date(2026, 2, 14)
    assert official().day(worked_saturday).make_up
    assert counted(worked_saturday, Week(WORKDAYS, 30, make_up="mon")) == 11
    assert counted(worked_saturday, Week(WORKDAYS, 30, make_up="sat")) == 0


def test_a_weekend_is_open_where_the_week_names_it_but_not_on_a_holiday() -> None:
    week = Week({"sat": ["10:00-12:00"], "sun": ["10:00-12:00"]}, 60)
    assert counted(date(2026, 12, 5), week) == 2
    assert official().day(date(2026, 10, 3)).holiday
    assert counted(date(2026, 10, 3), week) == 0


@pytest.mark.parametrize(("minutes", "slots"), [(30, 6), (45, 4), (50, 3), (180, 1), (181, 0)])
def test_what_is_left_of_a_morning_and_too_short_gives_no_slot(minutes: int, slots: int) -> None:
    assert counted(date(2026, 12, 1), Week({"tue": ["09:00-12:00"]}, minutes)) == slots


@given(some.dates(date(2026, 1, 1), date(2026, 12, 31)), some.integers(0, 40), some.integers(5, 240))
def test_slots_never_overlap_and_lie_in_the_offices_hours(first: date, days: int, minutes: int) -> None:
    found = times_of(Week(WORKDAYS, minutes), first, first + timedelta(days=days), official())
    assert all(ends - begins == timedelta(minutes=minutes) for begins, ends in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    for begins, ends in found:
        there = (begins.astimezone(BEIJING).strftime("%H:%M"), ends.astimezone(BEIJING).strftime("%H:%M"))
        assert "09:00" <= there[0] < there[1] <= "12:00" or "14:30" <= there[0] < there[1] <= "17:00"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9:00-12:00", ["09:00-12:00"]),
        ("09:00–12:00，14:30－17:00", None),
        ("9：00至12：00；14:30~17:00", ["09:00-12:00", "14:30-17:00"]),
        ("", []),
        ("12:00-9:00", None),
        ("09:00-11:00 10:00-12:00", None),
        ("24:00-25:00", None),
        ("vormittags", None),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, read: list[str] | None) -> None:
    if read is None:
        with pytest.raises(WeekWrong):
            read_spans(typed.replace("－", "x"))
    else:
        assert read_spans(typed) == read


AT = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "made_before", "sent", "due"),
    [
        (24, 100, [], 24),
        (24.1, 100, [], None),
        (5, 100, [24], None),
        (2, 100, [24], 2),
        (2, 100, [24, 2], None),
        (1, 100, [], 2),
        (20, 22, [], None),
        (1.5, 20, [], 2),
        (1, 1.5, [], None),
        (0, 100, [], None),
    ],
)
def test_a_reminder_is_due_a_day_and_two_hours_before_and_never_twice(
    before: float, made_before: float, sent: list[int], due: int | None
) -> None:
    starts = AT + timedelta(hours=before)
    made = starts - timedelta(hours=made_before)
    assert reminder_due(starts, made, AT, hours=[24, 2], sent=sent) == due


@pytest.mark.parametrize(("ahead", "kept"), [(100, 12), (30, 6), (24, None), (1, None)])
def test_a_freed_place_is_kept_for_a_while_but_not_beyond_the_offices_lead(
    ahead: int, kept: int | None
) -> None:
    until = offer_ends(AT + timedelta(hours=ahead), AT, lead_hours=24, offer_hours=12)
    assert until == (AT + timedelta(hours=kept) if kept else None)


def test_the_lead_counts_to_the_minute() -> None:
    assert may_book(AT + timedelta(hours=24), AT, lead_hours=24)
    assert not may_book(AT + timedelta(hours=24, minutes=-1), AT, lead_hours=24)


def test_one_person_is_known_by_address_else_by_number() -> None:
    assert contact_of(" Rosa@Example.org ", "+58 412") == contact_of("rosa@example.org", "")
    assert contact_of("", "+58 412-555") == "+58412555"


@pytest.mark.parametrize(
    ("zone", "beijing", "there"),
    [
        ("America/Caracas", datetime(2026, 12, 3, 18, 0, tzinfo=BEIJING), "3 December 2026 06:00"),
        ("America/Sao_Paulo", datetime(2026, 12, 3, 9, 0, tzinfo=BEIJING), "2 December 2026 22:00"),
        # New York put its clocks back on 1 November 2026 at two in the morning.
        ("America/New_York", datetime(2026, 10, 31, 9, 0, tzinfo=BEIJING), "30 October 2026 21:00"),
        ("America/New_York", datetime(2026, 11, 1, 13, 30, tzinfo=BEIJING), "1 November 2026 01:30"),
        ("America/New_York", datetime(2026, 11, 1, 14, 30, tzinfo=BEIJING), "1 November 2026 01:30"),
        ("America/New_York", datetime(2026, 11, 2, 9, 0, tzinfo=BEIJING), "1 November 2026 20:00"),
        ("America/New_York", datetime(2027, 3, 15, 9, 0, tzinfo=BEIJING), "14 March 2027 21:00"),
    ],
)
def test_an_hour_is_said_as_the_clocks_will_stand_there(zone: str, beijing: datetime, there: str) -> None:
    with translation.override("en"):
        said = both_times(beijing, zone, "en")
        shown = moment(beijing, zone=zone)
    assert said.endswith(there)
    assert f"{beijing:%H:%M}" in said
    assert there[-5:] in shown


def test_where_clocks_are_as_in_beijing_one_time_is_enough() -> None:
    with translation.override("zh-hans"):
        assert "\n" not in both_times(AT, "Asia/Singapore", "zh-hans")
