"""What holds of every reckoning, whatever the term, the day and the pauses."""

import os
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import settings as trial
from hypothesis import strategies as st

from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import Pause, Reason, Reckoning, Term, Unit, reckon, working_days_between

CALENDAR = official()
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY_UNITS = (Unit.WORKING_DAY, Unit.CALENDAR_DAY)

starts = st.dates(date(2024, 1, 1), date(2028, 12, 31))
amounts = st.integers(0, 90)
terms = st.one_of(
    st.builds(Term, amounts, st.sampled_from(DAY_UNITS), st.booleans()),
    st.builds(Term, st.integers(0, 14), st.just(Unit.MONTH), st.booleans()),
    st.builds(Term, st.integers(0, 2), st.just(Unit.YEAR), st.booleans()),
    st.builds(Term, st.integers(0, 200), st.just(Unit.HOUR)),
)
# Relative to the start: where a pause begins, and how many more days it lasts.
stops = st.lists(st.tuples(st.integers(-20, 120), st.integers(0, 40)), max_size=3)


def closed(start: date, spans: list[tuple[int, int]]) -> list[Pause]:
    return [
        Pause(start + timedelta(days=first), start + timedelta(days=first + more)) for first, more in spans
    ]


def run(term: Term, start: date, pauses: list[Pause], extension: int = 0) -> Reckoning:
    noon = datetime(start.year, start.month, start.day, 12, tzinfo=SHANGHAI)
    return reckon(term, start, calendar=CALENDAR, pauses=pauses, extension=extension, started_at=noon)


def end(reckoning: Reckoning) -> datetime:
    assert reckoning.due_at is not None
    return reckoning.due_at


@trial(deadline=None)
@given(st.sampled_from(DAY_UNITS), amounts, starts, st.booleans(), stops)
def test_as_many_days_count_as_the_term_has(
    unit: Unit, amount: int, start: date, rolls: bool, spans: list[tuple[int, int]]
) -> None:
    reckoning = run(Term(amount, unit, rolls), start, closed(start, spans))
    assert [day.ordinal for day in reckoning.days if day.counted] == list(range(1, amount + 1))


@trial(deadline=None)
@given(terms, starts, stops)
def test_the_days_run_without_a_gap_from_the_start_to_the_end(
    term: Term, start: date, spans: list[tuple[int, int]]
) -> None:
    reckoning = run(term, start, closed(start, spans))
    first = start.toordinal()
    assert [day.on.toordinal() for day in reckoning.days] == list(range(first, first + len(reckoning.days)))
    assert reckoning.days[-1].on == reckoning.due_on


@trial(deadline=None)
@given(terms, starts, stops, st.integers(0, 120))
def test_an_open_pause_either_comes_too_late_or_leaves_the_end_unknown(
    term: Term, start: date, spans: list[tuple[int, int]], opens: int
) -> None:
    pauses = closed(start, spans)
    opening = Pause(start + timedelta(days=opens), None)
    without, with_it = run(term, start, pauses), run(term, start, [*pauses, opening])
    if with_it.due_on is None:
        first = start if term.unit is Unit.HOUR else start + timedelta(days=1)
        assert with_it.days[-1].on == max(opening.start, first)
        assert with_it.days[-1].reason is Reason.PAUSED
        assert without.due_on is not None
        assert without.due_on >= opening.start
    else:
        assert with_it == without


@trial(deadline=None)
@given(terms, starts, stops)
def test_no_term_ends_before_it_starts(term: Term, start: date, spans: list[tuple[int, int]]) -> None:
    reckoning = run(term, start, closed(start, spans))
    assert reckoning.due_on is not None
    assert reckoning.due_on >= start


@trial(deadline=None)
@given(terms, starts, stops)
def test_a_longer_term_or_an_extension_never_ends_earlier(
    term: Term, start: date, spans: list[tuple[int, int]]
) -> None:
    pauses = closed(start, spans)
    longer = Term(term.amount + 1, term.unit, term.rolls)
    assert end(run(term, start, pauses)) <= end(run(longer, start, pauses))
    assert run(term, start, pauses, extension=1) == run(longer, start, pauses)


@trial(deadline=None)
@given(terms, starts, stops, st.integers(0, 2), st.integers(1, 30), st.booleans())
def test_a_longer_pause_never_ends_a_term_earlier(
    term: Term, start: date, spans: list[tuple[int, int]], which: int, more: int, before: bool
) -> None:
    assume(which < len(spans))
    first, length = spans[which]
    stretched = (first - more, length + more) if before else (first, length + more)
    longer = [*spans[:which], stretched, *spans[which + 1 :]]
    assert end(run(term, start, closed(start, spans))) <= end(run(term, start, closed(start, longer)))


@trial(deadline=None)
@given(st.integers(1, 60), starts, st.data())
def test_pausing_k_working_days_postpones_by_exactly_k_working_days(
    amount: int, start: date, data: st.DataObject
) -> None:
    term = Term(amount, Unit.WORKING_DAY)
    plain = run(term, start, []).due_on
    assert plain is not None
    first = data.draw(st.integers(1, (plain - start).days))
    stop = closed(start, [(first, data.draw(st.integers(0, 40)))])[0]
    assert stop.end is not None
    paused = working_days_between(stop.start - timedelta(days=1), stop.end, calendar=CALENDAR)
    later = run(term, start, [stop]).due_on
    assert later is not None
    assert working_days_between(plain, later, calendar=CALENDAR) == paused


@trial(deadline=None)
@given(amounts, starts, starts)
def test_days_left_are_what_was_reckoned_and_change_sign_when_read_backwards(
    amount: int, start: date, other: date
) -> None:
    due_on = run(Term(amount, Unit.WORKING_DAY), start, []).due_on
    assert due_on is not None
    assert working_days_between(start, due_on, calendar=CALENDAR) == amount
    there = working_days_between(start, other, calendar=CALENDAR)
    assert there == -working_days_between(other, start, calendar=CALENDAR)


@trial(deadline=None)
@given(st.sampled_from([Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR]), st.integers(0, 3), starts, stops)
def test_a_term_that_rolls_ends_on_a_working_day_outside_every_pause(
    unit: Unit, amount: int, start: date, spans: list[tuple[int, int]]
) -> None:
    reckoning = run(Term(amount, unit), start, closed(start, spans))
    assert reckoning.due_on is not None
    assert CALENDAR.day(reckoning.due_on).working
    assert amount == 0 or reckoning.days[-1].reason in {Reason.CALENDAR, Reason.ROLLED}


@trial(deadline=None)
@given(terms, starts, stops)
def test_a_reckoning_is_provisional_when_one_of_its_days_is_and_never_in_announced_years(
    term: Term, start: date, spans: list[tuple[int, int]]
) -> None:
    reckoning = run(term, start, closed(start, spans))
    assert reckoning.provisional == any(day.provisional for day in reckoning.days)
    if reckoning.due_on and reckoning.due_on.year <= 2026:
        assert not reckoning.provisional


@pytest.fixture
def machine_zones() -> Iterator[list[str]]:
    before = os.environ.get("TZ")
    yield ["Asia/Shanghai", "UTC", "America/Caracas", "Pacific/Kiritimati", "America/Los_Angeles"]
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


def test_the_machines_time_zone_changes_nothing(machine_zones: list[str]) -> None:
    instant = datetime(2026, 2, 10, 0, 30, tzinfo=SHANGHAI)
    found = []
    for zone in machine_zones:
        os.environ["TZ"] = zone
        time.tzset()
        found.append(
            [
                reckon(Term(30, unit), date(2026, 2, 10), calendar=CALENDAR, started_at=instant)
                for unit in Unit
            ]
        )
    assert all(each == found[0] for each in found)
    assert [str(each.due_at) for each in found[0]] == [
        "2026-03-31 00:00:00+08:00",
        "2026-03-13 00:00:00+08:00",
        "2028-08-11 00:00:00+08:00",
        "2056-02-11 00:00:00+08:00",
        "2026-02-11 06:30:00+08:00",
    ]
