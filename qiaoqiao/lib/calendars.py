"""Calendar files (RFC 5545): what somebody's own calendar needs to show a day or an hour, and to change it later."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MIME = "text/calendar; charset=utf-8"
LONGEST_LINE = 74
"""Bytes; the standard allows 75 without the line's end."""


@dataclass(frozen=True)
class Event:
    """One thing in a calendar: a whole day (`starts` is a date) or an hour (both ends aware).

    `uid` names it for ever; whoever changes it later says so by a higher `sequence`. `said_at` is when it was
    last changed. `warn` asks the calendar to remind its owner before.
    """

    uid: str
    starts: date | datetime
    said_at: datetime
    title: str
    ends: datetime | None = None
    about: str = ""
    place: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False
    warn: timedelta | None = None


def calendar(events: Iterable[Event], *, by: str, name: str = "", cancels: bool = False) -> str:
    """Return a whole file; `by` says which part of the product wrote it, `name` is shown in a subscription.

    A file that only takes an event out of the calendar again says `cancels`.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//QiaoQiao//{by}//ZH", "CALSCALE:GREGORIAN"]
    lines.append(f"METHOD:{'CANCEL' if cancels else 'PUBLISH'}")
    if name:
        lines += [
            f"NAME:{escaped(name)}",
            f"X-WR-CALNAME:{escaped(name)}",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        ]
    for event in events:
        lines += _event(event)
    return "".join(folded(line) + "\r\n" for line in (*lines, "END:VCALENDAR"))


def _event(event: Event) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{_utc(event.said_at)}",
        f"SEQUENCE:{event.sequence}",
        *_span(event),
        f"SUMMARY:{escaped(event.title)}",
        f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
    ]
    for name, value in (("DESCRIPTION", event.about), ("LOCATION", event.place)):
        lines += [f"{name}:{escaped(value)}"] if value else []
    lines += [f"URL:{event.url}"] if event.url else []
    if event.warn and not event.cancelled:
        minutes = int(event.warn.total_seconds()) // 60
        lines += [
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"TRIGGER:-PT{minutes}M",
            f"DESCRIPTION:{escaped(event.title)}",
        ]
        lines.append("END:VALARM")
    return [*lines, "END:VEVENT"]


def _span(event: Event) -> list[str]:
    if isinstance(event.starts, datetime):
        ends = event.ends or event.starts
        return [f"DTSTART:{_utc(event.starts)}", f"DTEND:{_utc(ends)}"]
    after = event.starts + timedelta(days=1)
    return [
        f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}",
        "TRANSP:TRANSPARENT",
    ]


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Write a text as the standard wants it: no bare comma, semicolon, backslash or line's end."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """Break a line so that none is longer than 74 bytes, never inside a character."""
    parts, size = [""], 0
    for char in line:
        length = len(char.encode())
        if size + length > LONGEST_LINE:
            parts.append(" ")
            size = 1
        parts[-1] += char
        size += length
    return "\r\n".join(parts)
