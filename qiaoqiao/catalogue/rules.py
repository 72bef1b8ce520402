"""What follows from an entry's moves alone: which events happen, and what can still be reached."""

import hashlib
import json
from collections.abc import Iterable

from qiaoqiao.catalogue.entry import Entry, Limit, Move, Stage

FILED = "filed"
PROMISED, PROMISE_KEPT = "promised", "promise_kept"
"""A paper is promised with the filing; the promise is kept when the last promised paper has come."""
LAW = "law"
PERSON = "person"
RECEIPT = "receipt"
"""The notice that the filing itself issues, where an entry has one of this name."""
CHANNELS = ("web", "counter", "phone", "letter", "api")
CASE_FACTS = ("reference", "person", "office", "date", "service", "to_office", "due_on", "request")
"""Placeholders of a notice that the case itself fills."""


def first_seat(entry: Entry) -> str:
    """The seat that leads from the filing on: `lead`, or else the first seat that leads."""
    leading = [name for name, seat in entry.seats.items() if seat.as_ == "lead"]
    return "lead" if "lead" in entry.seats or not leading else leading[0]


def events_of(move: Move) -> set[str]:
    """Name the events that happen at once when the move is made."""
    events = {f"move:{move.id}"}
    if move.offers:
        events.add(f"offered:{move.offers}")
    if move.accepts:
        events.add(f"accepted:{move.accepts}")
    if move.declines:
        events.add(f"declined:{move.declines}")
    if move.answers:
        events.add(f"answered:{move.seat}")
    return events


def landings(move: Move) -> set[str]:
    """The states in which the case may stand right after the move."""
    return {move.to} if move.to else set(move.from_)


def onward(entry: Entry) -> dict[str, set[str]]:
    """For each state, the other states one move away."""
    steps: dict[str, set[str]] = {state: set() for state in entry.states}
    for move in entry.moves:
        for state in move.from_:
            steps.setdefault(state, set()).update(
                landings(move) & entry.states.keys() - {state} if move.to else ()
            )
    return steps


def reach(steps: dict[str, set[str]], states: Iterable[str]) -> set[str]:
    """The states that can be reached from `states`, themselves included."""
    seen: set[str] = set()
    waiting = list(states)
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting.extend(steps.get(state, ()))
    return seen


def done_states(entry: Entry) -> set[str]:
    return {name for name, state in entry.states.items() if state.stage is Stage.DONE}


def arises_in(entry: Entry, event: str) -> set[str]:
    """The states in which a case may stand just after an event; empty when it never happens.

    The first seat is offered and accepted by the filing. A notice is served at any time after its move. An
    offer is decided at any time after it was made, unless a move decides it, and may lapse at any time.
    """
    kind, _, name = event.partition(":")
    if event in {PROMISED, PROMISE_KEPT}:
        return _promises(entry, event)
    at_once = {FILED, f"offered:{first_seat(entry)}", f"accepted:{first_seat(entry)}"}
    found = {entry.start} if event in at_once else set[str]()
    found = found.union(*(landings(move) for move in entry.moves if event in events_of(move)))
    return found | reach(onward(entry), _causes(entry, kind, name, landed=True))


def may_follow(entry: Entry, event: str) -> set[str]:
    """The states in which an event can still happen, now or later.

    A pending delivery counts as able to happen wherever the case may have got to since.
    """
    kind, _, name = event.partition(":")
    if event in {PROMISED, PROMISE_KEPT}:
        return _promises(entry, event)
    before = {state for move in entry.moves if event in events_of(move) for state in move.from_}
    before |= _causes(entry, kind, name, landed=False)
    steps = onward(entry)
    waiting = reach(steps, _causes(entry, kind, name, landed=True))
    return {state for state in entry.states if reach(steps, [state]) & before} | waiting


def _promises(entry: Entry, event: str) -> set[str]:
    """Promised with the filing; kept at any time while the case is open."""
    if not any(material.promise for material in entry.materials):
        return set()
    return {entry.start} if event == PROMISED else set(entry.states) - done_states(entry)


def _causes(entry: Entry, kind: str, name: str, *, landed: bool) -> set[str]:
    """The states before or after the moves that bring about an event which comes later by itself."""
    if kind == "served":
        moves = [move for move in entry.moves if move.notice == name]
        filed = {entry.start} if name == RECEIPT and landed else set[str]()
    else:
        event = f"{kind}:{name}"
        lapses = any(limit.lapse == event for limit in entry.limits)
        decided = not lapses and any(event in events_of(move) for move in entry.moves)
        by_itself = kind in ("accepted", "declined") and not decided
        moves = [move for move in entry.moves if by_itself and move.offers == name]
        filed = set[str]()
    return filed.union(*(landings(move) if landed else set(move.from_) for move in moves))


def ends_with(entry: Entry, move: Move) -> list[Limit]:
    """The limits that a move keeps when it is made in time."""
    events = events_of(move) | ({f"served:{move.notice}"} if move.notice else set())
    return [limit for limit in entry.limits if events & set(limit.ends)]


def digest(entry: Entry) -> str:
    """Fingerprint of what an entry says; the order of its keys and unsaid defaults do not matter."""
    said = entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
