"""What an organisation plans and holds: kinds, how often, on which days, done against due. Knows no database."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from qiaoqiao.clock.calendar import Calendar


class ActivityKind(StrEnum):
    """Kinds of activity (LAW §20); Chinese names in docs/glossary.md."""

    VISIT = "visit"  # 走访
    LECTURE = "lecture"  # 宣讲
    STUDY = "study"  # 学习
    TRAINING = "training"  # 培训
    RESEARCH = "research"  # 调研
    INSPECTION = "inspection"  # 视察
    FORUM = "forum"  # 座谈
    CONDOLENCE = "condolence"  # 慰问
    TALK = "talk"  # 民情沟通
    OPEN_DAY = "open_day"  # 开放日
    OTHER = "other"


class Every(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class ActivityState(StrEnum):
    SCHEDULED = "scheduled"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


MOVES: Mapping[ActivityState, frozenset[ActivityState]] = {
    ActivityState.SCHEDULED: frozenset(
        {ActivityState.HELD, ActivityState.POSTPONED, ActivityState.CANCELLED, ActivityState.SCHEDULED}
    ),
    ActivityState.POSTPONED: frozenset({ActivityState.SCHEDULED, ActivityState.CANCELLED}),
    ActivityState.HELD: frozenset(),
    ActivityState.CANCELLED: frozenset(),
}
SIGNED = ("going", "waiting", "cancelled")
HOW_ATTENDED = ("qr", "code", "list")
HOW_AGREED = ("spoken", "written", "message")
PLAN_STATES = ("drafted", "approved")
SETTINGS = {kind: f"least_{kind}" for kind in ActivityKind}
"""Settings of an office: how many of a kind its organisations hold in a year at least."""
MIDDLE = 15
TIMES = {Every.MONTH: 12, Every.QUARTER: 4, Every.YEAR: 1}


class MoveRefused(Exception):
    """The activity does not stand where this step begins."""

    def __init__(self, current: ActivityState, wanted: ActivityState) -> None:
        self.current, self.wanted = current, wanted
        super().__init__(f"{current} -> {wanted}")


def check_move(current: str, wanted: ActivityState) -> None:
    """Raises MoveRefused."""
    if wanted not in MOVES[ActivityState(current)]:
        raise MoveRefused(ActivityState(current), wanted)


@dataclass(frozen=True)
class Planned:
    """A line of a plan: `month` is that of a yearly one (1 to 12), `day` the day of the month it is meant for."""

    kind: ActivityKind
    every: Every
    month: int = 6
    day: int = MIDDLE


def days_of(planned: Planned, year: int, *, calendar: Calendar) -> list[date]:
    """The days of a year on which it falls, each moved to a working day of its own month."""
    months = {
        Every.MONTH: range(1, 13),
        Every.QUARTER: (2, 5, 8, 11),
        Every.YEAR: (planned.month,),
    }[planned.every]
    return [_worked(date(year, month, min(planned.day, 28)), calendar=calendar) for month in months]


def _worked(on: date, *, calendar: Calendar) -> date:
    """The next worked day; the last one before if its month has none left, as in a Spring Festival at its end."""
    found = next_working_day(on, calendar=calendar)
    if found.month == on.month:
        return found
    while not calendar.day(on).working:
        on -= timedelta(days=1)
    return on


def next_working_day(on: date, *, calendar: Calendar) -> date:
    """The day itself if it is worked, else the first worked day after it."""
    while not calendar.day(on).working:
        on += timedelta(days=1)
    return on


def too_few(planned: Iterable[Planned], numbers: Mapping[str, int]) -> dict[ActivityKind, tuple[int, int]]:
    """Kinds of which a plan holds fewer than the organisation set itself: how many, and how many at least."""
    counts = dict.fromkeys(ActivityKind, 0)
    for one in planned:
        counts[one.kind] += TIMES[one.every]
    least = {kind: numbers.get(setting, 0) for kind, setting in SETTINGS.items()}
    return {kind: (counts[kind], least[kind]) for kind in ActivityKind if counts[kind] < least[kind]}


def quarter_of(on: date) -> int:
    return (on.month - 1) // 3 + 1


@dataclass(frozen=True)
class Quarter:
    """One kind in one quarter: planned days, those past, held, and how many past ones are missing."""

    planned: int
    due: int
    done: int

    @property
    def missing(self) -> int:
        return max(0, self.due - self.done)


def against(due: Sequence[date], held: Sequence[date], *, today: date) -> list[Quarter]:
    """Planned against done by quarter. One held in a later quarter fills no earlier gap."""
    quarters = []
    for quarter in range(1, 5):
        planned = [on for on in due if quarter_of(on) == quarter]
        past = [on for on in planned if on < today]
        done = [on for on in held if quarter_of(on) == quarter]
        quarters.append(Quarter(len(planned), len(past), len(done)))
    return quarters


def day_code(key: bytes, activity: str, on: date) -> str:
    """The six digits that hang on the wall on the day: whoever types them is there."""
    digest = hmac.digest(key, f"activity {activity} {on.isoformat()}".encode(), "sha256")
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def may_be_public(people_shown: int, agreed_how: str, agreed_by: str) -> bool:
    """A photo with people in it is public only with the recorded consent of who is shown."""
    return people_shown == 0 or bool(agreed_how and agreed_by.strip())
