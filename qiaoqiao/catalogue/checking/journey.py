"""Whether a case can always go on: states, moves, seats and limits as one table."""

from qiaoqiao.catalogue.checking.fault import Fault, Faults, Place
from qiaoqiao.catalogue.entry import Entry, Limit, Move, Stage
from qiaoqiao.catalogue.rules import (
    FILED,
    LAW,
    PERSON,
    arises_in,
    done_states,
    events_of,
    first_seat,
    may_follow,
    onward,
    reach,
)


def check_journey(entry: Entry) -> Faults:
    yield from _states(entry)
    for n, move in enumerate(entry.moves):
        yield from _move(entry, move, ("moves", n))
    yield from _seats(entry)
    for n, limit in enumerate(entry.limits):
        yield from _limit(entry, limit, ("limits", n))


def _states(entry: Entry) -> Faults:
    steps, done = onward(entry), done_states(entry)
    reachable = reach(steps, [entry.start])
    for name, state in entry.states.items():
        place: Place = ("states", name)
        if name not in reachable:
            yield Fault(place, "unreachable-state", f"no move leads to “{name}” from “{entry.start}”")
        if state.stage is Stage.DONE:
            if not state.outcome:
                yield Fault(
                    place, "done-without-outcome", f"“{name}” is done, but the figures have no outcome for it"
                )
        elif not steps.get(name):
            yield Fault(place, "dead-end", f"no move leads out of “{name}”, and it is not done")
        elif not reach(steps, [name]) & done:
            yield Fault(place, "dead-end", f"from “{name}” no state that is done can be reached")
        elif state.outcome:
            yield Fault(
                (*place, "outcome"), "outcome-too-early", f"“{name}” is not done and can have no outcome"
            )


def _move(entry: Entry, move: Move, place: Place) -> Faults:
    if not move.from_:
        yield Fault(place, "move-from-nowhere", f"“{move.id}” can be made in no state")
    if move.seat in entry.seats and not move.by:
        yield Fault((*place, "by"), "nobody-can-move", f"“{move.id}”: no role may make this move")
    if move.seat == LAW and f"move:{move.id}" not in {limit.lapse for limit in entry.limits}:
        yield Fault(
            place, "law-never-moves", f"“{move.id}” is the law's move, but no limit's lapse triggers it"
        )
    if move.seat == LAW and move.asks:
        yield Fault(
            (*place, "asks"), "law-cannot-say", f"“{move.id}” is the law's move: there is nobody to ask"
        )
    if move.answers and move.seat in (PERSON, LAW, first_seat(entry)):
        yield Fault(
            (*place, "answers"), "nothing-to-answer", f"“{move.seat}” has no assignment of its own to answer"
        )
    for key, seat in (("accepts", move.accepts), ("declines", move.declines)):
        if seat and seat != move.seat:
            yield Fault((*place, key), "not-its-offer", f"“{move.seat}” cannot decide an offer to “{seat}”")
        elif seat and not arises_in(entry, f"offered:{seat}"):
            yield _never((*place, key), f"offered:{seat}")
    for n, event in enumerate(move.needs):
        if not arises_in(entry, event):
            yield _never((*place, "needs", n), event)
        elif not reach(onward(entry), arises_in(entry, event)) & set(move.from_):
            yield Fault(
                (*place, "needs", n), "needs-too-late", f"“{event}” cannot have happened before “{move.id}”"
            )
    yield from _asks(entry, move, place)
    if move.extends:
        extended = [limit for limit in entry.limits if limit.id == move.extends]
        if extended and not extended[0].extension:
            yield Fault((*place, "extends"), "cannot-extend", f"“{move.extends}” has no extension")


def _asks(entry: Entry, move: Move, place: Place) -> Faults:
    for n, ask in enumerate(move.asks):
        where = (*place, "asks", n)
        if ask.type == "choice" and not ask.options:
            yield Fault(where, "no-options", f"“{ask.id}” is a choice without options")
        if ask.type == "materials" and not entry.materials:
            yield Fault(where, "no-options", f"“{ask.id}” asks for materials, and the entry has none")
        if ask.type == "refusal" and not entry.refusals:
            yield Fault(where, "no-options", f"“{ask.id}” asks for a refusal, and the entry has none")


def _never(place: Place, event: str) -> Fault:
    return Fault(place, "event-never-happens", f"no move makes “{event}” happen")


def _seats(entry: Entry) -> Faults:
    offered = {move.offers: n for n, move in reversed(list(enumerate(entry.moves))) if move.offers}
    moving = {move.seat for move in entry.moves}
    first = first_seat(entry)
    for name, seat in entry.seats.items():
        place: Place = ("seats", name)
        if not seat.kinds:
            at: Place = ("moves", offered[name], "offers") if name in offered else (*place, "kinds")
            yield Fault(at, "seat-nobody-takes", f"no kind of office can accept the seat “{name}”")
        if name not in offered and name != first:
            if name not in moving:
                yield Fault(place, "seat-never-used", f"the seat “{name}” is never offered and makes no move")
            else:
                yield Fault(
                    place, "seat-never-offered", f"“{name}” has moves to make, but no move offers it the seat"
                )
        answers = any(move.seat == name and move.answers for move in entry.moves)
        if seat.as_ == "co" and name in offered and not answers:
            yield Fault(
                place, "seat-cannot-answer", f"“{name}” is offered a part, but no move lets it answer"
            )


def _limit(entry: Entry, limit: Limit, place: Place) -> Faults:
    yield from _amount(entry, limit, place)
    yield from _turns(entry, limit, place)
    if limit.lapse and limit.lapse.startswith("move:"):
        for move in entry.moves:
            if f"move:{move.id}" == limit.lapse and move.seat != LAW:
                yield Fault((*place, "lapse"), "lapse-not-by-law", f"“{move.id}” is not the law's move")
    if limit.extension and limit.id not in {move.extends for move in entry.moves}:
        yield Fault((*place, "extension"), "never-extended", f"no move extends “{limit.id}”")


def _amount(entry: Entry, limit: Limit, place: Place) -> Faults:
    if limit.amount is None and not limit.setting:
        yield Fault(
            (*place, "amount"), "amount-without-setting", f"“{limit.id}” has no amount and names no setting"
        )
    if limit.amount is not None and limit.amount < 0:
        yield Fault((*place, "amount"), "bad-amount", f"“{limit.id}” cannot last {limit.amount}")
    if limit.extension and limit.extension.most < 1:
        yield Fault(
            (*place, "extension", "most"), "bad-amount", f"an extension of {limit.extension.most} is none"
        )
    if not limit.law.source:
        yield Fault((*place, "law"), "limit-without-source", f"nothing says where “{limit.id}” comes from")


def _turns(entry: Entry, limit: Limit, place: Place) -> Faults:
    """Whether what starts, ends and pauses a limit can happen, in an order that ends it."""
    for key, events in (("starts", limit.starts), ("ends", limit.ends)):
        if not events:
            yield Fault((*place, key), f"limit-without-{key[:-1]}", f"nothing {key} “{limit.id}”")
        for n, event in enumerate(events):
            if not _happens(entry, event):
                yield _never((*place, key, n), event)
    for n, pause in enumerate(limit.pauses):
        for key, event in (("after", pause.after), ("until", pause.until)):
            if not _happens(entry, event):
                yield _never((*place, "pauses", n, key), event)
    stuck = _never_ends(entry, limit)
    if stuck:
        yield Fault(
            (*place, "ends"),
            "limit-never-ends",
            f"“{limit.id}” may run on in “{stuck}”, where nothing ends it",
        )


def _happens(entry: Entry, event: str) -> bool:
    return bool(arises_in(entry, event))


def _never_ends(entry: Entry, limit: Limit) -> str | None:
    """Name a state in which the limit runs and can no longer be kept; a case that is done stops its limits,
    unless they only start there."""
    ending = set(limit.ends)
    if FILED in ending or not ending:
        return None
    started = set[str]().union(*(arises_in(entry, event) for event in limit.starts))
    endable = set[str]().union(*(may_follow(entry, event) for event in ending))
    steps: dict[str, set[str]] = {}
    for move in entry.moves:
        if not events_of(move) & ending:
            for state in move.from_:
                steps.setdefault(state, set()).add(move.to or state)
    begun_at_once = {e for e in limit.starts if e == FILED or e.partition(":")[0] != "served"}
    at_once = set[str]().union(*(arises_in(entry, event) for event in begun_at_once))
    done = done_states(entry)
    running = reach(steps, started) & entry.states.keys()
    stuck = sorted(((running - done) | (at_once & done)) - endable)
    return stuck[0] if stuck else None
