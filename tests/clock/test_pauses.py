"""Days on which a term stands still."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import Pause, Reason, Reckoning, Term, TermRefused, Unit, reckon

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING, CALENDAR, MONTH, HOUR = Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH, Unit.HOUR
MONDAY = "2026-03-02"


def pause(text: str) -> Pause:
    """Read FROM..TO, or FROM.. for a pause still open."""
    first, _, last = text.partition("..")
    return Pause(date.fromisoformat(first), date.fromisoformat(last) if last else None)


def due(amount: int, unit: Unit, start: str, *pauses: str, rolls: bool = True) -> Reckoning:
    stops = [pause(text) for text in pauses]
    return reckon(Term(amount, unit, rolls), date.fromisoformat(start), calendar=official(), pauses=stops)


@pytest.mark.parametrize(
    ("pauses", "due_on"),
    [
        ([], "2026-03-09"),
        (["2026-03-04..2026-03-05"], "2026-03-11"),
        (["2026-03-04..2026-03-04"], "2026-03-10"),
        (["2026-03-07..2026-03-08"], "2026-03-09"),
        (["2026-03-06..2026-03-09"], "2026-03-11"),
        (["2026-03-09..2026-03-13"], "2026-03-16"),
        (["2026-03-04..2026-03-05", "2026-03-05..2026-03-06"], "2026-03-12"),
        (["2026-03-04..2026-03-10", "2026-03-05..2026-03-06"], "2026-03-16"),
        (["2026-03-05..2026-03-06", "2026-03-04..2026-03-04"], "2026-03-12"),
        (["2026-02-20..2026-02-27"], "2026-03-09"),
        (["2026-02-20..2026-03-02"], "2026-03-09"),
        (["2026-02-20..2026-03-03"], "2026-03-10"),
        (["2026-03-10..2026-03-20"], "2026-03-09"),
        (["2026-03-10.."], "2026-03-09"),
    ],
)
def test_five_working_days_from_monday_stand_still_while_paused(pauses: list[str], due_on: str) -> None:
    assert due(5, WORKING, MONDAY, *pauses).due_on == date.fromisoformat(due_on)


def test_paused_days_are_listed_and_never_counted() -> None:
    days = due(5, WORKING, MONDAY, "2026-03-06..2026-03-09").days
    assert [day.on.day for day in days if day.reason is Reason.PAUSED] == [6, 7, 8, 9]
    assert not any(day.counted for day in days if day.reason is Reason.PAUSED)
    assert [day.ordinal for day in days if day.counted] == [1, 2, 3, 4, 5]


def test_a_pause_spanning_spring_festival_costs_only_its_working_days() -> None:
    """Paused 13 to 24 February: three working days (Fri, make-up Sat, Tue) are pushed to the end."""
    assert due(5, WORKING, "2026-02-10").due_on == date(2026, 2, 24)
    assert due(5, WORKING, "2026-02-10", "2026-02-13..2026-02-24").due_on == date(2026, 2, 27)


@pytest.mark.parametrize("unit", [WORKING, CALENDAR, MONTH])
def test_an_open_pause_leaves_the_end_unknown(unit: Unit) -> None:
    reckoning = due(5, unit, MONDAY, "2026-03-04..")
    assert (reckoning.due_on, reckoning.due_at) == (None, None)
    assert [day.on.day for day in reckoning.days] == [2, 3, 4]
    assert reckoning.days[-1].reason is Reason.PAUSED


def test_an_open_pause_from_before_the_start_counts_nothing() -> None:
    reckoning = due(5, WORKING, MONDAY, "2026-02-20..")
    assert reckoning.due_on is None
    assert [day.reason for day in reckoning.days] == [Reason.START, Reason.PAUSED]


def test_of_two_open_pauses_the_earlier_one_stops_the_term() -> None:
    for pauses in (["2026-03-04..", "2026-03-06.."], ["2026-03-06..", "2026-03-04.."]):
        assert due(5, WORKING, MONDAY, *pauses).days[-1].on == date(2026, 3, 4)


def test_a_closed_pause_running_into_an_open_one_stays_unknown() -> None:
    reckoning = due(5, WORKING, MONDAY, "2026-03-03..2026-03-05", "2026-03-05..")
    assert reckoning.due_on is None
    assert reckoning.days[-1].on == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("amount", "unit", "start", "pauses", "due_on"),
    [
        (10, CALENDAR, MONDAY, ["2026-03-04..2026-03-06"], "2026-03-15"),
        (1, MONTH, MONDAY, ["2026-03-10..2026-03-19"], "2026-04-12"),
        (1, MONTH, MONDAY, ["2026-03-30..2026-04-05"], "2026-04-09"),
        (1, MONTH, MONDAY, ["2026-03-10..2026-03-11", "2026-04-03..2026-04-03"], "2026-04-05"),
    ],
)
def test_paused_days_are_added_as_calendar_days_at_the_end(
    amount: int, unit: Unit, start: str, pauses: list[str], due_on: str
) -> None:
    unrolled = due(amount, unit, start, *pauses, rolls=False)
    assert unrolled.due_on == date.fromisoformat(due_on)


def test_a_month_put_off_onto_a_sunday_rolls() -> None:
    assert due(1, MONTH, MONDAY, "2026-03-10..2026-03-19").due_on == date(2026, 4, 13)


def test_a_term_rolls_past_a_pause_that_covers_its_landing_day() -> None:
    weekend = due(5, CALENDAR, MONDAY, "2026-03-09..2026-03-10")
    assert weekend.due_on == date(2026, 3, 11)
    assert [day.reason.value for day in weekend.days[-4:]] == ["weekend", "paused", "paused", "rolled"]


def test_a_term_cannot_roll_onto_an_open_pause() -> None:
    assert due(5, CALENDAR, MONDAY, "2026-03-09..").due_on is None


def test_hours_stand_still_on_a_paused_day() -> None:
    begun = datetime(2026, 3, 2, 18, tzinfo=SHANGHAI)
    reckoning = reckon(
        Term(24, HOUR),
        date(2026, 3, 2),
        calendar=official(),
        pauses=[pause("2026-03-03..2026-03-04")],
        started_at=begun,
    )
    assert reckoning.due_at == datetime(2026, 3, 5, 18, tzinfo=SHANGHAI)
    assert [day.reason.value for day in reckoning.days] == ["start", "paused", "paused", "calendar"]
    assert [day.counted for day in reckoning.days] == [True, False, False, True]


def test_hours_that_run_out_at_midnight_are_not_touched_by_a_pause_from_the_next_day() -> None:
    begun = datetime(2026, 3, 2, 18, tzinfo=SHANGHAI)
    reckoning = reckon(
        Term(6, HOUR),
        date(2026, 3, 2),
        calendar=official(),
        pauses=[pause("2026-03-03..")],
        started_at=begun,
    )
    assert reckoning.due_at == datetime(2026, 3, 3, tzinfo=SHANGHAI)
    assert reckoning.due_on == date(2026, 3, 2)


def test_hours_do_not_end_while_a_pause_is_open() -> None:
    begun = datetime(2026, 3, 2, 18, tzinfo=SHANGHAI)
    reckoning = reckon(
        Term(7, HOUR),
        date(2026, 3, 2),
        calendar=official(),
        pauses=[pause("2026-03-03..")],
        started_at=begun,
    )
    assert (reckoning.due_on, reckoning.due_at) == (None, None)


def test_a_paused_day_of_an_unannounced_year_did_not_matter() -> None:
    assert not due(2, WORKING, "2026-12-29", "2027-01-01..").provisional
    reckoning = due(3, WORKING, "2026-12-29", "2027-01-01..")
    assert (reckoning.due_on, reckoning.provisional) == (None, False)


def test_a_pause_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(TermRefused):
        pause("2026-03-05..2026-03-04")
