"""Calendar files, read back as a calendar would read them (RFC 5545)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from qiaoqiao.lib.calendars import Event, calendar, escaped, folded

SAID = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
TEXT = some.text(
    some.characters(blacklist_categories=("Cs", "Cc")) | some.sampled_from("\\;,\n侨🌉"), max_size=200
)


def hour(**changes: object) -> Event:
    starts = datetime(2026, 12, 3, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    usual: dict[str, object] = {
        "uid": "one@qiaoqiao", "starts": starts, "ends": starts + timedelta(minutes=30), "said_at": SAID, "title": "预约",
    }  # fmt: skip
    return Event(**(usual | changes))  # type: ignore[arg-type]


def lines(text: str) -> list[str]:
    """The content lines, unfolded."""
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def plain(value: str) -> str:
    """A text value as a reader takes it."""
    out, rest = "", iter(value)
    for char in rest:
        if char == "\\":
            following = next(rest)
            out += "\n" if following in "nN" else following
        else:
            out += char
    return out


@given(TEXT)
def test_any_title_comes_back_as_it_was_written(title: str) -> None:
    read = lines(calendar([hour(title=title)], by="test"))
    said = next(line for line in read if line.startswith("SUMMARY:"))
    assert plain(said.removeprefix("SUMMARY:")) == title


@given(TEXT)
def test_no_line_is_longer_than_allowed_and_no_character_broken(text: str) -> None:
    parts = folded(f"SUMMARY:{escaped(text)}").split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts)
    assert all(part.startswith(" ") for part in parts[1:])


def test_hours_are_written_in_utc_so_that_no_change_of_clocks_moves_them() -> None:
    read = lines(calendar([hour()], by="test"))
    assert "DTSTART:20261203T100000Z" in read
    assert "DTEND:20261203T103000Z" in read
    assert "DTSTAMP:20261126T080000Z" in read


def test_a_whole_day_ends_on_the_next_and_takes_no_time() -> None:
    read = lines(calendar([Event("d@qiaoqiao", date(2026, 12, 31), SAID, "到期")], by="test"))
    assert "DTSTART;VALUE=DATE:20261231" in read
    assert "DTEND;VALUE=DATE:20270101" in read
    assert "TRANSP:TRANSPARENT" in read


def test_a_moved_and_a_cancelled_hour_keep_their_name_and_say_that_they_changed() -> None:
    moved = lines(calendar([hour(sequence=1)], by="test"))
    gone = lines(
        calendar([hour(sequence=2, cancelled=True, warn=timedelta(hours=1))], by="test", cancels=True)
    )
    assert "SEQUENCE:1" in moved
    assert "STATUS:CONFIRMED" in moved
    assert {"SEQUENCE:2", "STATUS:CANCELLED", "METHOD:CANCEL", "UID:one@qiaoqiao"} <= set(gone)
    assert "BEGIN:VALARM" not in gone


def test_every_part_that_begins_ends_in_order() -> None:
    read = lines(
        calendar([hour(warn=timedelta(hours=2)), hour(uid="two@qiaoqiao")], by="test", name="侨务窗口")
    )
    open_parts: list[str] = []
    for line in read:
        name, _colon, value = line.partition(":")
        if name == "BEGIN":
            open_parts.append(value)
        elif name == "END":
            assert open_parts.pop() == value
    assert open_parts == []
    assert read[0] == "BEGIN:VCALENDAR"
    assert "TRIGGER:-PT120M" in read
    assert "X-WR-CALNAME:侨务窗口" in read
