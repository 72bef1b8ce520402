"""Terms at their edges, by table; the dates were counted on a paper calendar, not by the code."""

import ast
import subprocess
import sys
import timeit
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import qiaoqiao.clock
from qiaoqiao.clock.calendar import announced, official
from qiaoqiao.clock.rules import Reason, Reckoning, Term, TermRefused, Unit, reckon, working_days_between

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING, CALENDAR, MONTH, YEAR, HOUR = (
    Unit.WORKING_DAY,
    Unit.CALENDAR_DAY,
    Unit.MONTH,
    Unit.YEAR,
    Unit.HOUR,
)


def on(text: str) -> date:
    return date.fromisoformat(text)


def due(amount: int, unit: Unit, start: str, *, rolls: bool = True, extension: int = 0) -> Reckoning:
    return reckon(Term(amount, unit, rolls), on(start), calendar=official(), extension=extension)


def as_lines(reckoning: Reckoning) -> list[str]:
    return [
        f"{day.on:%m-%d} {day.reason}{' ' + str(day.ordinal) if day.counted else ''}"
        for day in reckoning.days
    ]


def test_ten_february_and_five_working_days_by_hand() -> None:
    """Wed, Thu, Fri, the make-up Saturday, nine days of Spring Festival, and Tuesday is the fifth."""
    reckoning = due(5, WORKING, "2026-02-10")
    assert reckoning.due_on == date(2026, 2, 24)
    assert as_lines(reckoning) == [
        "02-10 start",
        "02-11 working 1",
        "02-12 working 2",
        "02-13 working 3",
        "02-14 make_up 4",
        *(f"02-{day} holiday" for day in range(15, 24)),
        "02-24 working 5",
    ]
    assert {day.holiday for day in reckoning.days} == {"", "春节"}
    assert not reckoning.provisional


@pytest.mark.parametrize(
    ("start", "amount", "due_on"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-24", 4, "2026-02-28"),
        ("2026-02-28", 1, "2026-03-02"),
        ("2026-02-18", 1, "2026-02-24"),
        ("2026-09-18", 1, "2026-09-20"),
        ("2026-09-24", 3, "2026-09-30"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-03-06", 1, "2026-03-09"),
        ("2026-03-07", 1, "2026-03-09"),
        ("2026-03-02", 20, "2026-03-30"),
        ("2025-12-31", 1, "2026-01-04"),
    ],
)
def test_working_days_skip_rest_days_and_count_make_up_days(start: str, amount: int, due_on: str) -> None:
    assert due(amount, WORKING, start).due_on == on(due_on)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due_on"),
    [
        ("2026-03-02", 15, CALENDAR, "2026-03-17"),
        ("2026-03-02", 1, CALENDAR, "2026-03-03"),
        ("2026-03-31", 1, MONTH, "2026-04-30"),
        ("2026-01-31", 2, MONTH, "2026-03-31"),
        ("2026-03-16", 6, MONTH, "2026-09-16"),
        ("2025-11-30", 3, MONTH, "2026-02-28"),
        ("2024-02-29", 1, YEAR, "2025-02-28"),
        ("2020-02-29", 4, YEAR, "2024-02-29"),
        ("2025-03-10", 1, YEAR, "2026-03-10"),
    ],
)
def test_terms_not_in_working_days_end_on_the_corresponding_day(
    start: str, amount: int, unit: Unit, due_on: str
) -> None:
    assert due(amount, unit, start, rolls=False).due_on == on(due_on)


def test_one_month_from_the_31st_of_january_ends_on_the_last_of_february() -> None:
    """2026-02-28 is a Saturday, but a make-up day: it does not roll."""
    reckoning = due(1, MONTH, "2026-01-31")
    assert reckoning.due_on == date(2026, 2, 28)
    assert as_lines(reckoning)[-1] == "02-28 calendar 28"


def test_one_year_from_a_leap_day_ends_on_the_last_of_february() -> None:
    assert due(1, YEAR, "2024-02-29").due_on == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "rolled", "unrolled"),
    [
        ("2026-03-06", 15, CALENDAR, "2026-03-23", "2026-03-21"),
        ("2026-02-01", 15, CALENDAR, "2026-02-24", "2026-02-16"),
        ("2026-09-01", 30, CALENDAR, "2026-10-08", "2026-10-01"),
        ("2026-01-15", 30, CALENDAR, "2026-02-14", "2026-02-14"),
        ("2026-09-02", 1, MONTH, "2026-10-08", "2026-10-02"),
        ("2025-05-02", 1, YEAR, "2026-05-06", "2026-05-02"),
    ],
)
def test_a_last_day_that_is_a_rest_day_rolls_only_where_the_term_says_so(
    start: str, amount: int, unit: Unit, rolled: str, unrolled: str
) -> None:
    assert due(amount, unit, start).due_on == on(rolled)
    assert due(amount, unit, start, rolls=False).due_on == on(unrolled)


def test_rolling_shows_the_last_day_the_rest_days_and_the_day_landed_on() -> None:
    reckoning = due(30, CALENDAR, "2026-09-01")
    assert as_lines(reckoning)[-9:] == [
        "09-30 calendar 29",
        "10-01 calendar 30",
        *(f"10-0{day} holiday" for day in range(2, 8)),
        "10-08 rolled",
    ]
    assert reckoning.days[30].holiday == "国庆节"


def test_a_calendar_term_rolls_over_a_weekend_onto_a_make_up_sunday() -> None:
    reckoning = due(18, CALENDAR, "2026-09-01")
    assert as_lines(reckoning)[-2:] == ["09-19 calendar 18", "09-20 rolled"]


def test_working_days_end_alike_with_rolls_and_without() -> None:
    assert due(5, WORKING, "2026-02-10") == due(5, WORKING, "2026-02-10", rolls=False)


@pytest.mark.parametrize("unit", [WORKING, CALENDAR, MONTH, YEAR])
def test_a_term_of_nothing_ends_on_the_day_it_starts(unit: Unit) -> None:
    reckoning = due(0, unit, "2026-03-10")
    assert (reckoning.due_on, as_lines(reckoning)) == (date(2026, 3, 10), ["03-10 start"])


def test_a_calendar_term_of_nothing_on_a_rest_day_rolls() -> None:
    assert due(0, CALENDAR, "2026-03-07").due_on == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("amount", "extension", "unit", "start", "due_on"),
    [
        (20, 10, WORKING, "2026-03-02", "2026-04-14"),
        (60, 30, CALENDAR, "2026-03-02", "2026-06-01"),
        (1, 1, MONTH, "2026-01-31", "2026-03-31"),
        (1, 1, YEAR, "2024-02-29", "2026-02-28"),
    ],
)
def test_an_extension_adds_to_the_amount_in_the_terms_own_unit(
    amount: int, extension: int, unit: Unit, start: str, due_on: str
) -> None:
    assert due(amount, unit, start, extension=extension).due_on == on(due_on)


def test_a_term_across_new_year_is_provisional_until_the_announcement_is_loaded() -> None:
    term = Term(5, WORKING, source="行政许可法第42条")
    before = reckon(term, date(2026, 12, 29), calendar=official())
    assert (before.due_on, before.provisional) == (date(2027, 1, 6), True)
    assert next(day.on for day in before.days if day.provisional) == date(2027, 1, 1)

    bridge = {date(2027, 1, day): "元旦" for day in (1, 2, 3, 4)}
    loaded = announced(official(), bridge, {date(2027, 1, 9): "元旦"}, 2027)
    after = reckon(term, date(2026, 12, 29), calendar=loaded)
    assert (after.due_on, after.provisional) == (date(2027, 1, 7), False)
    assert after.source == "行政许可法第42条"


@pytest.mark.parametrize(
    ("start", "amount", "unit", "rolls", "provisional"),
    [
        ("2026-12-29", 2, WORKING, True, False),
        ("2026-12-29", 3, WORKING, True, True),
        ("2026-12-22", 10, CALENDAR, True, True),
        ("2026-12-22", 10, CALENDAR, False, False),
        ("2026-12-01", 2, MONTH, True, True),
        ("2026-12-01", 30, CALENDAR, True, False),
    ],
)
def test_a_reckoning_is_provisional_only_when_an_unannounced_day_mattered(
    start: str, amount: int, unit: Unit, rolls: bool, provisional: bool
) -> None:
    assert due(amount, unit, start, rolls=rolls).provisional is provisional


def test_a_term_ends_at_midnight_in_shanghai() -> None:
    due_at = due(5, WORKING, "2026-02-10").due_at
    assert due_at is not None
    assert due_at.isoformat() == "2026-02-25T00:00:00+08:00"
    assert due_at - timedelta(seconds=1) < datetime(2026, 2, 24, 16, tzinfo=UTC) == due_at


@pytest.mark.parametrize(
    ("started_at", "amount", "due_at", "due_on"),
    [
        ("2026-02-10T09:30:00+08:00", 24, "2026-02-11T09:30:00+08:00", "2026-02-11"),
        ("2026-02-10T09:30:00+08:00", 2, "2026-02-10T11:30:00+08:00", "2026-02-10"),
        ("2026-02-13T17:00:00+08:00", 48, "2026-02-15T17:00:00+08:00", "2026-02-15"),
        ("2026-02-10T00:00:00+08:00", 24, "2026-02-11T00:00:00+08:00", "2026-02-10"),
        ("2026-02-09T16:00:00+00:00", 1, "2026-02-10T01:00:00+08:00", "2026-02-10"),
        ("2026-02-09T23:59:00-04:00", 24, "2026-02-11T11:59:00+08:00", "2026-02-11"),
        ("2026-02-10T09:30:00+08:00", 0, "2026-02-10T09:30:00+08:00", "2026-02-10"),
    ],
)
def test_hours_run_on_the_clock_from_the_instant(
    started_at: str, amount: int, due_at: str, due_on: str
) -> None:
    instant = datetime.fromisoformat(started_at)
    start = instant.astimezone(SHANGHAI).date()
    reckoning = reckon(Term(amount, HOUR), start, calendar=official(), started_at=instant)
    assert reckoning.due_at is not None
    assert reckoning.due_at.isoformat() == due_at
    assert reckoning.due_on == on(due_on)
    assert reckoning.days[0].reason is Reason.START
    assert reckoning.days[-1].on == on(due_on)


def test_hours_extended_add_hours() -> None:
    start = datetime(2026, 2, 10, 9, tzinfo=SHANGHAI)
    reckoning = reckon(Term(24, HOUR), date(2026, 2, 10), calendar=official(), extension=24, started_at=start)
    assert reckoning.due_at == start + timedelta(hours=48)
    assert [day.counted for day in reckoning.days] == [True, True, True]


@pytest.mark.parametrize(
    ("start", "end", "left"),
    [
        ("2026-02-10", "2026-02-24", 5),
        ("2026-02-24", "2026-02-10", -5),
        ("2026-02-10", "2026-02-10", 0),
        ("2026-02-15", "2026-02-23", 0),
        ("2026-03-06", "2026-03-09", 1),
        ("2026-03-09", "2026-03-06", -1),
        ("2026-02-27", "2026-03-01", 1),
    ],
)
def test_working_days_left_and_overdue(start: str, end: str, left: int) -> None:
    assert working_days_between(on(start), on(end), calendar=official()) == left


@pytest.mark.parametrize(
    ("term", "extension"),
    [
        (Term(-1, WORKING), 0),
        (Term(5, WORKING), -1),
        (Term(10**9, WORKING), 0),
        (Term(5, CALENDAR), 10**9),
        (Term(101, YEAR), 0),
    ],
)
def test_negative_and_immense_terms_are_refused(term: Term, extension: int) -> None:
    with pytest.raises(TermRefused):
        reckon(term, date(2026, 2, 10), calendar=official(), extension=extension)


@pytest.mark.parametrize("unit", [WORKING, CALENDAR, MONTH, YEAR])
def test_a_term_past_the_last_year_is_refused(unit: Unit) -> None:
    with pytest.raises(TermRefused):
        due(50, unit, "9999-11-30")


def test_an_instant_is_no_starting_day() -> None:
    with pytest.raises(TermRefused):
        reckon(Term(5, WORKING), datetime(2026, 2, 10, tzinfo=UTC), calendar=official())


@pytest.mark.parametrize(
    "started_at",
    [None, datetime(2026, 2, 10, 9), datetime(2026, 2, 10, 16, tzinfo=UTC)],  # noqa: DTZ001 - naive on purpose
)
def test_hours_need_an_aware_instant_on_the_starting_day_in_shanghai(started_at: datetime | None) -> None:
    with pytest.raises(TermRefused):
        reckon(Term(24, HOUR), date(2026, 2, 10), calendar=official(), started_at=started_at)


def test_sixty_days_are_reckoned_in_under_a_third_of_a_millisecond() -> None:
    term, calendar = Term(60, WORKING), official()
    once = min(
        timeit.repeat(lambda: reckon(term, date(2026, 2, 10), calendar=calendar), number=1, repeat=300)
    )
    assert once < 0.0003


def test_the_room_knows_no_django_and_never_asks_the_time() -> None:
    room = Path(qiaoqiao.clock.__file__).parent
    asked = {
        node.attr
        for file in room.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    assert not asked & {"now", "utcnow", "today", "localtime", "time_ns"}
    probe = "import sys, qiaoqiao.clock.explain; print([m for m in sys.modules if m.startswith('django')])"
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
