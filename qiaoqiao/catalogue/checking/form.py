"""Whether a form asks only for what is used, and can be filled in."""

from qiaoqiao.catalogue.checking.fault import Fault, Faults, Place, conditions
from qiaoqiao.catalogue.entry import Entry, FormField
from qiaoqiao.catalogue.notice import placeholders
from qiaoqiao.catalogue.rules import PERSON

_COUNTABLE = ("choice", "choices", "country", "place", "yesno", "date", "number", "office")


def check_form(entry: Entry) -> Faults:
    for s, section in enumerate(entry.form):
        if not section.fields:
            yield Fault(("form", s), "empty-section", f"the section “{section.id}” asks nothing")
        for f, field in enumerate(section.fields):
            yield from _field(entry, field, ("form", s, "fields", f))
    for q, question in enumerate(entry.questions):
        if not any(answer.then == "go" for answer in question.answers):
            yield Fault(("questions", q), "nobody-passes", f"no answer to “{question.id}” lets anybody go on")


def _field(entry: Entry, field: FormField, place: Place) -> Faults:
    if field.type in ("choice", "choices") and not field.options:
        yield Fault(place, "no-options", f"“{field.id}” is a choice without options")
    if field.options and field.type not in ("choice", "choices"):
        yield Fault(place, "needless-options", f"“{field.id}” is no choice, its options are never shown")
    if field.least is not None and field.most is not None and field.least > field.most:
        yield Fault(
            place, "bad-bounds", f"“{field.id}” allows nothing between {field.least} and {field.most}"
        )
    if field.id in field.when:
        yield Fault((*place, "when"), "asks-itself", f"“{field.id}” is asked only once it is answered")
    if not field.used:
        yield Fault(place, "never-used", f"the form asks for “{field.id}”, and nothing says what for")
    for u, use in enumerate(field.used):
        why_not = _unused(entry, field, use)
        if why_not:
            yield Fault(
                (*place, "used", u), "not-used-there", f"“{field.id}” is said to serve “{use}”, but {why_not}"
            )


def _unused(entry: Entry, field: FormField, use: str) -> str:
    """Say why a use named by a field is none; empty when it is one."""
    kind, _, name = use.partition(":")
    if kind in _USES and not name:
        return _USES[kind](entry, field)
    if kind in _KINDS and name:
        return _conditional(entry, field, kind, name)
    if kind == "notice" and name:
        return _notice(entry, field, name)
    if kind == "refusal" and name:
        return _refusal(entry, field, name)
    return "there is no such use"


def _route(entry: Entry, field: FormField) -> str:
    placed = any(seat.place == field.id for seat in entry.seats.values())
    offered = any(field.id in move.when for move in entry.moves if move.offers)
    return "" if placed or offered else "no seat is found by it"


def _shield(entry: Entry, field: FormField) -> str:
    shield = entry.shield
    return (
        ""
        if shield and (shield.field == field.id or field.id in shield.when)
        else "the shield does not ask for it"
    )


def _category(entry: Entry, field: FormField) -> str:
    return "" if entry.category == field.id else f"the figures are broken down by “{entry.category}”"


def _statistics(_: Entry, field: FormField) -> str:
    return "" if field.type in _COUNTABLE else f"nobody can count a {field.type}"


def _notice(entry: Entry, field: FormField, name: str) -> str:
    if name not in entry.notices:
        return "there is no such notice"
    return "" if field.id in placeholders(entry.notices[name]) else f"the notice nowhere says {{{field.id}}}"


def _conditional(entry: Entry, field: FormField, kind: str, name: str) -> str:
    """A material, limit, move or other field uses a fact by asking for it in its `when`."""
    places = [(place, when) for place, when in conditions(entry) if name == _part_id(entry, place)]
    named = [when for place, when in places if place[0] == _KINDS[kind]]
    if not named:
        return f"there is no such {kind}"
    return "" if any(field.id in when for when in named) else f"its `when` does not ask for “{field.id}”"


def _part_id(entry: Entry, place: Place) -> str:
    part: object = entry
    for step in place[:-1]:
        part = part[step] if isinstance(part, list) and isinstance(step, int) else getattr(part, str(step))
    return str(getattr(part, "id", ""))


def _refusal(entry: Entry, field: FormField, name: str) -> str:
    """A refusal has no condition: the officer weighs the fact, so that it must be there for one to weigh."""
    if name not in {refusal.id for refusal in entry.refusals}:
        return "there is no such refusal"
    weighed = any(ask.type == "refusal" for move in entry.moves if move.seat != PERSON for ask in move.asks)
    return "" if weighed else "no move lets an office refuse"


_USES = {"route": _route, "shield": _shield, "category": _category, "statistics": _statistics}
_KINDS = {"material": "materials", "limit": "limits", "move": "moves", "field": "form"}
