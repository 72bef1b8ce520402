"""Names that must lead somewhere: states, seats, notices, limits, fields, sources, events."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from qiaoqiao.access.rules import OfficeKind
from qiaoqiao.catalogue.checking.fault import Fault, Faults, Place, citations, conditions
from qiaoqiao.catalogue.entry import Entry, Move, Option
from qiaoqiao.catalogue.rules import CHANNELS, FILED, LAW, PERSON, PROMISE_KEPT, PROMISED

_ID = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST_ID = {"seats": 20}
_LONGEST = 40  # as the columns of a case


def check_names(entry: Entry, services: Iterable[str]) -> Faults:
    yield from _top(entry)
    yield from _moves(entry)
    yield from _limits(entry)
    yield from _seats(entry)
    yield from _promises(entry)
    yield from _conditions(entry)
    yield from _citations(entry)
    yield from _questions(entry, set(services))
    yield from _ids(entry)


def _unknown(place: Place, kind: str, name: object, known: Iterable[str]) -> Faults:
    known = list(known)
    if name not in known:
        yield Fault(
            place, f"unknown-{kind}", f"there is no {kind} “{name}” (known: {', '.join(known) or 'none'})"
        )


def _top(entry: Entry) -> Faults:
    fields = {field.id: field for field in entry.fields}
    yield from _unknown(("start",), "state", entry.start, entry.states)
    yield from _unknown(("category",), "field", entry.category, fields)
    if entry.category in fields and fields[entry.category].type != "choice":
        yield Fault(("category",), "wrong-type", f"the figures need a choice, and “{entry.category}” is none")
    if entry.shield:
        yield from _unknown(("shield", "field"), "field", entry.shield.field, fields)
        if entry.shield.field in fields and fields[entry.shield.field].type != "office":
            yield Fault(("shield", "field"), "wrong-type", "a shield needs a field of type office")


def _moves(entry: Entry) -> Faults:
    for n, move in enumerate(entry.moves):
        place: Place = ("moves", n)
        for f, state in enumerate(move.from_):
            yield from _unknown((*place, "from", f), "state", state, entry.states)
        yield from _unknown((*place, "seat"), "seat", move.seat, [*entry.seats, PERSON, LAW])
        yield from _optional((*place, "to"), "state", move.to, entry.states)
        yield from _optional((*place, "offers"), "seat", move.offers, entry.seats)
        yield from _optional((*place, "accepts"), "seat", move.accepts, entry.seats)
        yield from _optional((*place, "declines"), "seat", move.declines, entry.seats)
        yield from _optional((*place, "notice"), "notice", move.notice, entry.notices)
        yield from _optional((*place, "extends"), "limit", move.extends, [limit.id for limit in entry.limits])
        for e, event in enumerate(move.needs):
            yield from _event((*place, "needs", e), event, entry)
        yield from _asked(place, move, entry)


def _optional(place: Place, kind: str, name: str | None, known: Iterable[str]) -> Faults:
    if name is not None:
        yield from _unknown(place, kind, name, known)


def _asked(place: Place, move: Move, entry: Entry) -> Faults:
    """A question for materials or refusals may be narrowed to some of them by its options."""
    known = {"materials": [m.id for m in entry.materials], "refusal": [r.id for r in entry.refusals]}
    for a, ask in enumerate(move.asks):
        for o, option in enumerate(ask.options if ask.type in known else ()):
            kind = "material" if ask.type == "materials" else "refusal"
            yield from _unknown((*place, "asks", a, "options", o), kind, option.id, known[ask.type])


def _event(place: Place, event: str, entry: Entry) -> Faults:
    kind, _, name = event.partition(":")
    if event == FILED:
        return
    if event in (PROMISED, PROMISE_KEPT):
        if not any(material.promise for material in entry.materials):
            yield Fault(
                place, "unknown-event", f"“{event}” never happens: no paper of this entry may be promised"
            )
        return
    if kind == "move":
        yield from _unknown(place, "move", name, [move.id for move in entry.moves])
    elif kind in ("offered", "accepted", "declined", "answered"):
        yield from _unknown(place, "seat", name, entry.seats)
    elif kind == "served":
        yield from _unknown(place, "notice", name, entry.notices)
    else:
        allowed = "filed, promised, promise_kept, move:, offered:, accepted:, declined:, answered: or served:"
        yield Fault(place, "unknown-event", f"“{event}” is not an event ({allowed})")


def _limits(entry: Entry) -> Faults:
    for n, limit in enumerate(entry.limits):
        place: Place = ("limits", n)
        yield from _unknown((*place, "binds"), "seat", limit.binds, [*entry.seats, PERSON])
        yield from _optional((*place, "setting"), "setting", limit.setting, entry.settings)
        for key, events in (("starts", limit.starts), ("ends", limit.ends)):
            for e, event in enumerate(events):
                yield from _event((*place, key, e), event, entry)
        for p, pause in enumerate(limit.pauses):
            yield from _event((*place, "pauses", p, "after"), pause.after, entry)
            yield from _event((*place, "pauses", p, "until"), pause.until, entry)
        if limit.lapse is None:
            continue
        if limit.lapse.partition(":")[0] not in ("move", "accepted"):
            yield Fault((*place, "lapse"), "unknown-event", f"“{limit.lapse}” is neither move: nor accepted:")
        else:
            yield from _event((*place, "lapse"), limit.lapse, entry)


def _promises(entry: Entry) -> Faults:
    """A promised paper needs the days, a limit that holds the person to them, and what follows if they pass."""
    held = [limit for limit in entry.limits if PROMISED in limit.starts]
    for n, material in enumerate(entry.materials):
        if material.promise is None:
            continue
        place: Place = ("materials", n, "promise")
        yield from _unknown((*place, "setting"), "setting", material.promise.setting, entry.settings)
        fitting = [
            limit for limit in held if limit.setting == material.promise.setting and limit.binds == PERSON
        ]
        if not any(PROMISE_KEPT in limit.ends for limit in fitting):
            yield Fault(
                place,
                "promise-unbound",
                "no limit of the person's starts with “promised”, with this setting, and ends with “promise_kept”",
            )
        elif not all(limit.lapse for limit in fitting):
            yield Fault(
                place, "promise-idle", "nothing follows when the promise is not kept (`lapse` of the limit)"
            )


def _seats(entry: Entry) -> Faults:
    fields = {field.id: field for field in entry.fields}
    for name, seat in entry.seats.items():
        for k, kind in enumerate(seat.kinds):
            yield from _unknown(("seats", name, "kinds", k), "office-kind", kind, [*OfficeKind])
        if seat.place == "lead":
            continue
        yield from _unknown(("seats", name, "place"), "field", seat.place, fields)
        if seat.place in fields and fields[seat.place].type != "place":
            yield Fault(("seats", name, "place"), "wrong-type", f"“{seat.place}” is no field of type place")


def _conditions(entry: Entry) -> Faults:
    fields = {field.id: field for field in entry.fields}
    for place, condition in conditions(entry):
        for name, wanted in condition.items():
            values: Sequence[str | bool] = wanted if isinstance(wanted, list) else [wanted]
            if name == "channel":
                for value in values:
                    yield from _unknown((*place, name), "channel", value, CHANNELS)
                continue
            yield from _unknown((*place, name), "field", name, fields)
            if name in fields and fields[name].type in ("choice", "choices"):
                for value in values:
                    yield from _unknown((*place, name), "option", value, [o.id for o in fields[name].options])
            if name in fields and (fields[name].type == "yesno") != all(isinstance(v, bool) for v in values):
                yield Fault((*place, name), "wrong-type", f"“{name}” can never be {values}")


def _citations(entry: Entry) -> Faults:
    for place, law in citations(entry):
        yield from _unknown((*place, "source"), "source", law.source, entry.sources)


def _questions(entry: Entry, services: set[str]) -> Faults:
    for q, question in enumerate(entry.questions):
        for a, answer in enumerate(question.answers):
            place: Place = ("questions", q, "answers", a, "then")
            kind, _, service = answer.then.partition(":")
            if answer.then not in ("go", "stop") and not (kind == "entry" and service):
                yield Fault(place, "unknown-answer", f"“{answer.then}” is not go, stop or entry:<id>")
            elif kind == "entry" and service not in services:
                yield Fault(
                    place, "unknown-entry", f"the catalogue has no service “{service}” yet", warning=True
                )
            if answer.then == "stop" and not answer.why:
                yield Fault(place, "stop-without-why", "an answer that stops somebody must say why")


def _ids(entry: Entry) -> Faults:
    lists: list[tuple[Place, Iterable[str]]] = [
        (("questions",), [question.id for question in entry.questions]),
        (("form",), [section.id for section in entry.form]),
        (("form",), [field.id for field in entry.fields]),
        (("materials",), [material.id for material in entry.materials]),
        (("moves",), [move.id for move in entry.moves]),
        (("limits",), [limit.id for limit in entry.limits]),
        (("refusals",), [refusal.id for refusal in entry.refusals]),
        (("states",), entry.states),
        (("seats",), entry.seats),
        (("notices",), entry.notices),
        (("settings",), entry.settings),
    ]
    lists += [(place, [option.id for option in options]) for place, options in _options(entry)]
    lists += [(("moves", n, "asks"), [ask.id for ask in move.asks]) for n, move in enumerate(entry.moves)]
    for place, ids in lists:
        for name, times in Counter(list(ids)).items():
            if times > 1:
                yield Fault(
                    _second(place, name, entry), "duplicate-id", f"“{name}” is used {times} times here"
                )
            if len(name) > _LONGEST_ID.get(str(place[0]), _LONGEST) or not _ID.fullmatch(name):
                yield Fault(place, "bad-id", f"“{name}”: ids are short, in small letters, digits and _")


def _options(entry: Entry) -> Iterable[tuple[Place, Sequence[Option]]]:
    return chain(
        (
            (("form", s, "fields", f), field.options)
            for s, x in enumerate(entry.form)
            for f, field in enumerate(x.fields)
        ),
        (
            (("moves", n, "asks", a), ask.options)
            for n, m in enumerate(entry.moves)
            for a, ask in enumerate(m.asks)
        ),
        ((("questions", q, "answers"), question.answers) for q, question in enumerate(entry.questions)),
    )


def _second(place: Place, name: str, entry: Entry) -> Place:
    """Point at the second of two parts with one id, where the list is plain enough to tell."""
    if place == ("form",):
        found = [
            ("form", s, "fields", f)
            for s, section in enumerate(entry.form)
            for f, field in enumerate(section.fields)
            if field.id == name
        ]
        return found[1] if len(found) > 1 else place
    parts = getattr(entry, str(place[0])) if len(place) == 1 else ()
    numbers = [n for n, part in enumerate(parts) if getattr(part, "id", None) == name]
    return (*place, numbers[1]) if len(numbers) > 1 else place
