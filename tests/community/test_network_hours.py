"""Office hours: read as people write them, written so that they are read again, open or not to the minute."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from qiaoqiao.community.network.hours import DAYS, Door, HoursUnread, door, read, write
from qiaoqiao.community.network.rules import Loop, paths

BEIJING = ZoneInfo("Asia/Shanghai")
USUAL = read("周一至周五 09:00-12:00，14:30-17:00")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("周一至周五 09:00-12:00，14:30-17:00", "周一至周五 09:00-12:00，14:30-17:00"),
        ("工作日 9:00-12:00", "周一至周五 09:00-12:00"),
        (
            "星期一、星期三 8：30－12：00；周六到周日 9-11",
            "周一 08:30-12:00；周三 08:30-12:00；周六至周日 09:00-11:00",
        ),
        ("每天00:00-24:00", "周一至周日 00:00-24:00"),
        ("周二 14:30-17:00，09:00-12:00\n周日 9:00~10:00", "周二 09:00-12:00，14:30-17:00；周日 09:00-10:00"),
        ("", ""),
    ],
)
def test_hours_are_read_however_people_write_them(text: str, written: str) -> None:
    assert write(read(text)) == written


@pytest.mark.parametrize(
    "text", ["上午", "周一", "周五至周一 09:00-10:00", "周一 12:00-09:00", "周一 09:00-25:00", "周一 09:60-10:00",
             "周一 09:00-12:00，11:00-13:00", "周八 09:00-10:00", "=A1"],
)  # fmt: skip
def test_hours_that_say_nothing_or_two_things_are_refused(text: str) -> None:
    with pytest.raises(HoursUnread):
        read(text)


minutes = some.integers(0, 24 * 60 - 1)
spans = some.lists(some.tuples(minutes, some.integers(1, 300)), min_size=1, max_size=3)


def apart(pairs: list[tuple[int, int]]) -> list[str]:
    """Spans of a day that do not touch, in order."""
    found, free = [], 0
    for begins, long in sorted(pairs):
        ends = min(begins + long, 24 * 60)
        if begins >= free and ends > begins:
            found.append(f"{begins // 60:02d}:{begins % 60:02d}-{ends // 60:02d}:{ends % 60:02d}")
            free = ends + 1
    return found


@given(some.dictionaries(some.sampled_from(DAYS), spans.map(apart), max_size=7))
def test_what_is_written_is_read_as_it_was(hours: dict[str, list[str]]) -> None:
    ordered = {day: hours[day] for day in DAYS if hours.get(day)}
    assert read(write(ordered)) == ordered


@pytest.mark.parametrize(
    ("now", "state", "change"),
    [
        ("2026-11-27 08:59", False, "2026-11-27 09:00"),
        ("2026-11-27 09:00", True, "2026-11-27 12:00"),
        ("2026-11-27 11:59", True, "2026-11-27 12:00"),
        ("2026-11-27 12:00", False, "2026-11-27 14:30"),
        ("2026-11-27 17:00", False, "2026-11-30 09:00"),  # Friday evening: Monday is next
    ],
)
def test_the_door_is_open_from_its_first_minute_until_before_its_last(
    now: str, state: bool, change: str
) -> None:
    at, when = (datetime.fromisoformat(text).replace(tzinfo=BEIJING) for text in (now, change))
    assert door(USUAL, at) == Door(state, when)


def test_a_door_without_hours_is_never_said_to_open() -> None:
    assert door({}, datetime(2026, 11, 27, 9, tzinfo=BEIJING)) == Door(False, None)


def test_lines_of_codes_go_from_the_top_down_and_rings_are_refused() -> None:
    assert paths({"C": "B", "A": "", "B": "A"}) == {"A": "/A/", "B": "/A/B/", "C": "/A/B/C/"}
    with pytest.raises(Loop) as ring:
        paths({"A": "B", "B": "A", "C": ""})
    assert set(ring.value.codes) == {"A", "B"}
    with pytest.raises(Loop):
        paths(
            {f"{'x' * 39}{at}": f"{'x' * 39}{at - 1}" if at else "" for at in range(10)}
            | {"y" * 40: f"{'x' * 39}9"}
        )
