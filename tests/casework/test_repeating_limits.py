"""A limit that starts again with what ends it: a report due every month."""

from datetime import UTC, date, datetime

import pytest

from qiaoqiao.casework.rules import Event, runs
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.clock.calendar import official

TAKEN = {"anonymous": False, "matter": "criminal_appeal"}


def monthly(*moves: tuple[str, int, int]) -> list[tuple[date | None, str]]:
    """The runs of the monthly report after these moves, each on a day of 2026."""
    events = [Event(name, datetime(2026, month, day, 2, 0, tzinfo=UTC)) for name, month, day in moves]
    found = runs(entry("procuratorate"), events, facts=TAKEN, amounts={}, calendar=official())
    return [(run.due_on, run.state) for run in found if run.limit.id == "monthly_report"]


REPORT, RESULT = "move:report_progress", "move:reply_result"


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([], []),
        ([(REPORT, 3, 2)], [(date(2026, 4, 2), "running")]),
        ([(REPORT, 3, 2), (REPORT, 3, 31)], [(date(2026, 4, 2), "met"), (date(2026, 4, 30), "running")]),
        ([(REPORT, 3, 2), (REPORT, 4, 3)], [(date(2026, 4, 2), "late"), (date(2026, 5, 6), "running")]),
        ([(REPORT, 3, 2), (RESULT, 4, 2)], [(date(2026, 4, 2), "met")]),
    ],
)
def test_each_report_ends_one_month_and_begins_the_next(
    moves: list[tuple[str, int, int]], expected: list[tuple[date, str]]
) -> None:
    assert monthly(*moves) == expected


def test_the_courts_date_is_entered_case_by_case_and_a_new_one_takes_its_place() -> None:
    events = [
        Event("filed", datetime(2026, 3, 2, 2, 0, tzinfo=UTC)),
        Event("move:enter_court_date", datetime(2026, 3, 3, 2, 0, tzinfo=UTC)),
        Event("extended:court_date:30", datetime(2026, 3, 3, 2, 0, tzinfo=UTC)),
        Event("move:enter_court_date", datetime(2026, 3, 10, 2, 0, tzinfo=UTC)),
        Event("extended:court_date:45", datetime(2026, 3, 10, 2, 0, tzinfo=UTC)),
        Event("move:court_gives_more", datetime(2026, 4, 1, 2, 0, tzinfo=UTC)),
        Event("extended:court_date:10", datetime(2026, 4, 1, 2, 0, tzinfo=UTC)),
    ]
    found = runs(entry("foreign_law"), events, facts={}, amounts={}, calendar=official())
    assert [(run.due_on, run.state) for run in found] == [
        (date(2026, 4, 2), "met"),
        (date(2026, 5, 4), "running"),  # 45 and 10 days from 10 March
    ]
