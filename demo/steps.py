"""A story's steps before they happen: who does what, after how long; and when each falls."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from qiaoqiao.casework.rules import LAW, PERSON
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.parties.rules import Applicant

OPENS, CLOSES = 9, 17


@dataclass(frozen=True)
class Nearest:
    """An answer that names an office: of this kind, in the matter's county or its city, or at another place."""

    kind: str
    city: bool = False
    place: str = ""


@dataclass(frozen=True)
class DaysOn:
    """An answer that names a day: so many days after the step."""

    days: int


@dataclass(frozen=True)
class NewPapers:
    """An answer that brings papers of these kinds."""

    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One thing somebody does. `do` is a move of the entry or one of the verbs of `walking.VERBS`.

    `wait` counts working days for an office, calendar days for the person and the law.
    """

    do: str
    seat: str = "lead"
    role: str = "handler"
    wait: int = 1
    answers: Mapping[str, object] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class Story:
    """A request from filing to where it stands: who asks, what, and what happens to it."""

    service: str
    target: str
    channel: str
    applicant: Applicant
    facts: Mapping[str, object]
    steps: tuple[Step, ...]
    county: str
    papers: tuple[str, ...] = ()
    helper: Applicant | None = None
    relation: str = ""
    representatives: tuple[str, ...] = ()
    case_id: UUID | None = None
    filed_at: datetime | None = None
    ended_before: timedelta | None = None


def acts_any_day(step: Step) -> bool:
    return step.seat in {PERSON, LAW}


def timetable(story: Story, *, now: datetime, chance: random.Random) -> list[datetime]:
    """When the story is filed and when each of its steps happens.

    Stories that are over are laid forward from `filed_at`; open ones backward, so that the last step lies
    `ended_before` the present.
    """
    if story.filed_at is not None:
        return _forward(story, story.filed_at, chance)
    return _backward(story, now - (story.ended_before or timedelta(hours=2)), chance, now=now)


def _forward(story: Story, filed: datetime, chance: random.Random) -> list[datetime]:
    at = _filing_moment(story, filed, chance)
    times = [at]
    for step in story.steps:
        at = _later(at, step, chance)
        times.append(at)
    return times


def _later(at: datetime, step: Step, chance: random.Random) -> datetime:
    if step.wait == 0:
        return at + timedelta(minutes=chance.randint(3, 40))
    if acts_any_day(step):
        return max(_hour_of_life(at + timedelta(days=step.wait), step, chance), at + timedelta(minutes=5))
    return max(_office_hour(_moved(at, step.wait), chance), at + timedelta(minutes=5))


def _backward(story: Story, last: datetime, chance: random.Random, *, now: datetime) -> list[datetime]:
    at, earlier_day = last, False
    times: list[datetime] = []
    for step in reversed(story.steps):
        if not acts_any_day(step) and step.wait:
            in_hours = _office_hour(_moved(at, 0, back=True), chance)
            if in_hours > now:  # whoever loads the demo before the offices open finds them closed
                in_hours = _office_hour(_moved(at, 1, back=True), chance)
            at = in_hours if earlier_day or not times else min(at, in_hours)
        elif earlier_day and step.wait:
            at = _hour_of_life(at, step, chance)
        times.append(at)
        at, earlier_day = _earlier(at, step, chance), step.wait > 0
    if earlier_day:
        at -= timedelta(minutes=chance.randint(0, 300))
    times.append(min(at, _filing_moment(story, at, chance, back=True)))
    return list(reversed(times))


def _earlier(at: datetime, step: Step, chance: random.Random) -> datetime:
    if step.wait == 0:
        return at - timedelta(minutes=chance.randint(3, 40))
    if acts_any_day(step):
        return at - timedelta(days=step.wait)
    return _moved(at, step.wait, back=True)


def _filing_moment(story: Story, wanted: datetime, chance: random.Random, *, back: bool = False) -> datetime:
    if story.channel in {"web", "api"}:
        return wanted
    return _office_hour(_moved(wanted, 0, back=back), chance)


def _moved(at: datetime, working_days: int, *, back: bool = False) -> datetime:
    """The same moment so many working days later or earlier; with 0, on the nearest working day that way."""
    one = timedelta(days=-1 if back else 1)
    while not _worked(at):
        at += one
    for _ in range(working_days):
        at += one
        while not _worked(at):
            at += one
    return at


def _worked(at: datetime) -> bool:
    return official().day(at.astimezone(SHANGHAI).date()).working


def _office_hour(at: datetime, chance: random.Random) -> datetime:
    clock = time(chance.randrange(OPENS, CLOSES), chance.randrange(60), chance.randrange(60))
    return datetime.combine(at.astimezone(SHANGHAI).date(), clock, SHANGHAI).astimezone(UTC)


def _hour_of_life(at: datetime, step: Step, chance: random.Random) -> datetime:
    if step.seat == LAW:
        return at
    return at + timedelta(minutes=chance.randint(-300, 300))


def at_home_hour(on: datetime, zone: str, chance: random.Random) -> datetime:
    """A moment of that day when somebody in that zone is awake and has time."""
    clock = time(chance.choice((7, 8, 12, 13, 19, 20, 21, 22)), chance.randrange(60), chance.randrange(60))
    return datetime.combine(on.date(), clock, ZoneInfo(zone)).astimezone(UTC)


def before(limit: int, chance: random.Random) -> int:
    """A number of days that keeps well within a limit, more often short than long."""
    return max(1, min(limit, round(chance.triangular(1, limit, max(1, limit / 3)))))
