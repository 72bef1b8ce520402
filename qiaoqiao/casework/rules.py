"""Pure decisions about a case: which limits run, which moves are open to whom, and why others are not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from qiaoqiao.catalogue.entry import Ask, Condition, Entry, Limit, Move, Suspension, holds
from qiaoqiao.clock.calendar import Calendar
from qiaoqiao.clock.rules import SHANGHAI, Pause, Reckoning, Term, Unit, reckon

Facts = Mapping[str, object]
PERSON = "person"
LAW = "law"
TASK = "task"
"""What a seat `task:<n>` begins with, and the name of its limit, which no entry has."""


def is_task(seat: str) -> bool:
    """Say whether a seat is a task given to an office rather than one of the entry's own seats."""
    return seat.startswith(f"{TASK}:")


class SeatState(StrEnum):
    """Where an office's assignment stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"


@dataclass(frozen=True)
class Event:
    """A ledger entry that a limit or a move may wait for: `filed`, `move:accept`, `offered:police`."""

    name: str
    at: datetime

    @property
    def on(self) -> date:
        return self.at.astimezone(SHANGHAI).date()


@dataclass(frozen=True)
class Run:
    """One run of a limit in one case."""

    limit: Limit
    round: int
    starts_on: date
    reckoning: Reckoning
    state: str
    ended_on: date | None
    extension: int

    @property
    def due_on(self) -> date | None:
        return self.reckoning.due_on

    @property
    def open(self) -> bool:
        return self.state in {"running", "paused"}


def runs(
    entry: Entry,
    events: Sequence[Event],
    *,
    facts: Facts,
    amounts: Mapping[str, int],
    calendar: Calendar,
    closed_on: date | None = None,
) -> list[Run]:
    """Derive every limit's runs from what happened, in order.

    `amounts` are the office's own settings for what the law leaves open; a limit that neither law nor
    office has given an amount does not run. Starting again while running changes nothing, unless the same
    event ends the limit: then its next run begins (a report due every month).
    """
    return [
        run
        for limit in entry.limits
        if holds_for(limit.when, facts) and _amount(limit, amounts) is not None
        for run in _runs_of(limit, entry, events, _amount(limit, amounts) or 0, calendar, closed_on)
    ]


def _amount(limit: Limit, amounts: Mapping[str, int]) -> int | None:
    promised = amounts.get(limit.setting) if limit.setting else None
    return promised if promised is not None else limit.amount


def _runs_of(
    limit: Limit,
    entry: Entry,
    events: Sequence[Event],
    amount: int,
    calendar: Calendar,
    closed_on: date | None,
) -> Iterable[Run]:
    round_, at = 0, 0
    while at < len(events):
        if events[at].name not in limit.starts:
            at += 1
            continue
        round_ += 1
        later = events[at + 1 :]
        end = next((step for step, event in enumerate(later) if event.name in limit.ends), None)
        span = later if end is None else later[: end + 1]
        ended_on = span[-1].on if end is not None else closed_on
        begin = _anchor(events[at], entry, events)
        extension = _extended(limit, span)
        reckoning = reckon(
            Term(amount, Unit(limit.unit), limit.rolls, limit.law.article),
            begin.on,
            calendar=calendar,
            pauses=pauses(limit.pauses, span),
            extension=extension,
            started_at=begin.at if limit.unit == "hour" else None,
        )
        state = _state(reckoning, ended_on, met=end is not None)
        yield Run(limit, round_, begin.on, reckoning, state, ended_on, extension)
        if end is None:
            return
        at += end + 1 if later[end].name in limit.starts else end + 2


def _anchor(start: Event, entry: Entry, events: Sequence[Event]) -> Event:
    """A move that the law dates back to the day of receipt starts its limits on that day."""
    if start.name.startswith("move:"):
        move = next((move for move in entry.moves if f"move:{move.id}" == start.name), None)
        if move and move.as_of == "filed":
            return events[0]
    return start


def _extended(limit: Limit, span: Iterable[Event]) -> int:
    prefix = f"extended:{limit.id}:"
    return sum(int(event.name.removeprefix(prefix)) for event in span if event.name.startswith(prefix))


def _state(reckoning: Reckoning, ended_on: date | None, *, met: bool) -> str:
    if ended_on is None:
        return "paused" if reckoning.due_on is None else "running"
    if reckoning.due_on is not None and ended_on > reckoning.due_on:
        return "late"
    return "met" if met else "stopped"


def pauses(suspensions: Iterable[Suspension], span: Sequence[Event]) -> list[Pause]:
    """Turn events into days that do not count: those after the first event, up to the second's own day."""
    found = []
    for suspension in suspensions:
        stopped: date | None = None
        for event in span:
            if event.name == suspension.after and stopped is None:
                stopped = event.on + timedelta(days=1)
            elif event.name == suspension.until and stopped is not None:
                if event.on >= stopped:
                    found.append(Pause(stopped, event.on))
                stopped = None
        if stopped is not None:
            found.append(Pause(stopped, None))
    return found


def holds_for(condition: Condition, facts: Facts) -> bool:
    """Say whether a condition of the catalogue holds for the facts of this case."""
    return holds(condition, dict(facts))


class WhyNot(StrEnum):
    """Why a move is not offered; the doors put it in words."""

    STATE = "state"
    SEAT = "seat"
    ROLE = "role"
    NEEDS = "needs"
    CONDITION = "condition"


@dataclass(frozen=True)
class Standing:
    """What decides which moves are open: the case's state and facts, what happened, who is asking.

    `seats` are the mover's seats at the case and whether each is only offered yet; `person` and `law`
    are seats of their own. `roles` are the mover's roles in the office that holds each seat.
    """

    state: str
    facts: Facts
    happened: frozenset[str]
    seats: Mapping[str, SeatState]
    roles: Mapping[str, frozenset[str]]


WINDOW = frozenset({"counter", "phone", "letter"})


def with_persons_seat(
    seats: Mapping[str, SeatState], roles: Mapping[str, frozenset[str]], *, channel: str, responsible: bool
) -> tuple[dict[str, SeatState], dict[str, frozenset[str]]]:
    """Let the responsible office take down the person's own steps where it took the request down.

    Somebody at the counter, on the phone or writing a letter has no page of their own.
    """
    if channel in WINDOW and responsible:
        return {**seats, PERSON: SeatState.ACCEPTED}, dict(roles)
    return dict(seats), dict(roles)


def why_not(move: Move, standing: Standing) -> WhyNot | None:
    """Return why the move is not open, or None when it is."""
    if not holds_for(move.when, standing.facts):
        return WhyNot.CONDITION
    if standing.state not in move.from_:
        return WhyNot.STATE
    held = standing.seats.get(move.seat)
    if move.seat not in {PERSON, LAW}:
        if held not in seat_states(move):
            return WhyNot.SEAT
        if not standing.roles.get(move.seat, frozenset()).intersection(move.by):
            return WhyNot.ROLE
    elif held is None:
        return WhyNot.SEAT
    if not all(event in standing.happened for event in move.needs):
        return WhyNot.NEEDS
    return None


def seat_states(move: Move) -> set[SeatState]:
    """In which states of its assignment an office may make a move.

    Deciding an offer needs the offer; answering as a co-office takes the offer up in the same step.
    """
    if move.seat in {move.accepts, move.declines}:
        return {SeatState.OFFERED}
    return {SeatState.OFFERED, SeatState.ACCEPTED} if move.answers else {SeatState.ACCEPTED}


class MoveRefused(Exception):
    """The move is not open to this actor in this state of the case."""

    def __init__(self, move: str, why: WhyNot, state: str) -> None:
        self.move, self.why, self.state = move, why, state
        super().__init__(f"{move}: {why} (case is {state})")


class AnswerMissing(Exception):
    """A move was made without something it asks for, or with something it cannot take."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(", ".join(f"{ask}: {fault}" for ask, fault in faults.items()))


LONGEST_ANSWER = 5000


def fault_of(
    move: Move, answers: Facts, *, refusals: frozenset[str], materials: frozenset[str]
) -> dict[str, str]:
    """Check what was answered against what the move asks.

    Ask id → `missing`, `unknown` (none of what is offered), `malformed` or `too_long`.
    """
    faults = {}
    for ask in move.asks:
        given = answers.get(ask.id)
        if given in (None, "", [], {}):
            fault = "missing" if ask.required else None
        else:
            fault = _fault(ask, given, {"refusal": refusals, "materials": materials})
        if fault:
            faults[ask.id] = fault
    return faults


def _fault(ask: Ask, given: object, known: Mapping[str, frozenset[str]]) -> str | None:
    match ask.type:
        case "choice":
            return None if given in {option.id for option in ask.options} else "unknown"
        case "refusal" | "materials":
            chosen = given if isinstance(given, list) else [given]
            return (
                None if all(isinstance(one, str) and one in known[ask.type] for one in chosen) else "unknown"
            )
        case "date":
            return None if _is_date(given) else "malformed"
        case "number":
            whole = isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= 10_000
            return None if whole else "malformed"
        case "office":
            return None if str(given).isdecimal() else "unknown"
        case "papers":
            return None if isinstance(given, list) else "malformed"
        case _:
            if not isinstance(given, str):
                return "malformed"
            return "too_long" if len(given) > LONGEST_ANSWER else None


def _is_date(given: object) -> bool:
    try:
        date.fromisoformat(str(given))
    except ValueError:
        return False
    return True


GREEN_CHANNEL = "green_channel"
"""Under this name an office's settings hold its `age`, and the entry `filed` the reasons."""

HOME = frozenset({"", "CN"})
ABROAD, AGED = "abroad", "aged"


def green_channel(country: str, born: date | None, on: date, age: int | None) -> tuple[str, ...]:
    """Why a request goes through the green channel: tokens in a fixed order; none when it does not.

    No law names an age: `age` is what the office has set, None where it set nothing.
    """
    abroad = country not in HOME
    aged = born is not None and age is not None and years_old(born, on) >= age
    return tuple(reason for reason, holds_ in ((ABROAD, abroad), (AGED, aged)) if holds_)


def years_old(born: date, on: date) -> int:
    """Full years; somebody born on 29 February grows older on 1 March where the year has no such day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_LETTERS = "10X98765432"


def born_of(identity_kind: str, number: str, facts: Facts) -> date | None:
    """The day of birth as a form's own question `born` or a resident's number (GB 11643) tells it."""
    asked = str(facts.get("born") or "")
    if _is_date(asked):
        return date.fromisoformat(asked)
    digits = number.strip().upper()
    if identity_kind != "resident_card" or len(digits) != 18 or not digits[:17].isdecimal():
        return None
    total = sum(weight * int(digit) for weight, digit in zip(CHECK_WEIGHTS, digits, strict=False))
    written = f"{digits[6:10]}-{digits[10:12]}-{digits[12:14]}"
    return (
        date.fromisoformat(written) if CHECK_LETTERS[total % 11] == digits[17] and _is_date(written) else None
    )
