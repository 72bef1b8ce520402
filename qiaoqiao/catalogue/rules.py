"""What follows from an entry's moves alone: which events happen, and what can still be reached."""

import hashlib
import json
from collections.abc import Iterable

from qiaoqiao.catalogue.entry import Entry, Limit, Move, Stage

FILED = "filed"
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

    An office accepts or declines, and a notice is served, at any time after the move that caused it.
    """
    kind, _, name = event.partition(":")
    first = first_seat(entry)
    if event == FILED or event == f"offered:{first}":
        moves = [move for move in entry.moves if event in events_of(move)]
        return {entry.start}.union(*map(landings, moves))
    if kind in ("accepted", "declined"):
        return reach(onward(entry), arises_in(entry, f"offered:{name}"))
    if kind == "served":
        filed = {entry.start} if name == RECEIPT else set[str]()
        issued = (landings(move) for move in entry.moves if move.notice == name)
        return reach(onward(entry), filed.union(*issued))
    return set[str]().union(*(landings(move) for move in entry.moves if event in events_of(move)))


def may_follow(entry: Entry, event: str) -> set[str]:
    """The states in which an event can still happen, now or later.

    A pending acceptance or delivery counts as able to happen wherever the case may have got to since.
    """
    kind, _, name = event.partition(":")
    if kind == "served":
        sources = [move for move in entry.moves if move.notice == name]
    elif kind in ("accepted", "declined"):
        sources = [move for move in entry.moves if move.offers == name]
    else:
        sources = [move for move in entry.moves if event in events_of(move)]
    before = {state for move in sources for state in move.from_}
    waiting = arises_in(entry, event) if kind in ("served", "accepted", "declined") else set[str]()
    steps = onward(entry)
    return {state for state in entry.states if reach(steps, [state]) & before} | waiting


def ends_with(entry: Entry, move: Move) -> list[Limit]:
    """The limits that a move keeps when it is made in time."""
    events = events_of(move) | ({f"served:{move.notice}"} if move.notice else set())
    return [limit for limit in entry.limits if events & set(limit.ends)]


def digest(entry: Entry) -> str:
    """Fingerprint of what an entry says; the order of its keys and unsaid defaults do not matter."""
    said = entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
