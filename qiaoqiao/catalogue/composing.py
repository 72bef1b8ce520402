"""One form out of several: a life event's services asked together, each question and each paper once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from qiaoqiao.catalogue.entry import (
    Citation,
    Condition,
    Entry,
    FormField,
    Material,
    Section,
    Stage,
    State,
    holds,
)
from qiaoqiao.catalogue.life_event import Leg, LifeEvent
from qiaoqiao.catalogue.loader import NoSuchEntry, entry, read_as

EVENTS = Path(__file__).parent / "events"
STRICTEST = ("none", "optional", "required")


@dataclass(frozen=True)
class Part:
    """One leg of a composed form: its entry, and under which name the form asks each of its questions."""

    leg: Leg
    entry: Entry
    fields: Mapping[str, str]
    papers: Mapping[str, str]

    def applies(self, facts: Mapping[str, object]) -> bool:
        return holds(self.leg.when, dict(facts))

    def facts(self, facts: Mapping[str, object]) -> dict[str, object]:
        """What the entry's own form would hold, from the answers to the composed one."""
        own = {name: facts[asked] for name, asked in self.fields.items() if asked in facts} | self.leg.given
        return {name: value for name, value in own.items() if self._asked(name, own)}

    def _asked(self, name: str, own: Mapping[str, object]) -> bool:
        return next(holds(one.when, dict(own)) for one in self.entry.fields if one.id == name)


@dataclass(frozen=True)
class Composed:
    """A life event ready to be filed: `entry` is its one form, in the shape of an entry, without a procedure."""

    event: LifeEvent
    entry: Entry
    parts: Sequence[Part]

    def wanted(self, facts: Mapping[str, object]) -> list[Part]:
        """The legs that these answers call for, in order."""
        return [part for part in self.parts if part.applies(facts)]

    def waits(self, part: Part, facts: Mapping[str, object]) -> bool:
        """Whether a leg begins only after another one that these answers call for, too."""
        after = part.leg.after
        return after is not None and any(one.entry.id == after.service for one in self.wanted(facts))


@cache
def life_events() -> dict[str, Composed]:
    """Every life event by id. Raises EntryUnreadable, and NoSuchEntry for a leg without an entry."""
    said = (read_as(LifeEvent, path) for path in sorted(EVENTS.glob("*.yaml")))
    return {event.id: compose(event) for event in said}


def life_event(name: str) -> Composed:
    """Raises NoSuchEntry."""
    try:
        return life_events()[name]
    except KeyError:
        raise NoSuchEntry(name) from None


def composed(name: str) -> Composed | None:
    """The life event that is filled in under a name; None for a single service."""
    return life_events().get(name)


def form_of(name: str, edition: int | None = None) -> Entry:
    """What is filled in under a name: a service's entry, or a life event's one form. Raises NoSuchEntry."""
    event = composed(name)
    return event.entry if event else entry(name, edition)


class _Composer:
    """Gathers the questions and papers of the legs, first come first named."""

    def __init__(self, event: LifeEvent) -> None:
        self.sections: list[Section] = [event.about]
        self.asked: dict[str, FormField] = {one.id: one for one in event.about.fields}
        self.needed: dict[str, Material] = {}
        self.parts: list[Part] = []
        self.sources = dict(event.sources)

    def add(self, leg: Leg) -> None:
        service = entry(leg.service)
        names = {one.id: self._name(leg, one) for one in service.fields if not _left_out(leg, one.id)}
        fields = [list(self._new(leg, section.fields, names)) for section in service.form]
        self.sections += [
            section.model_copy(update={"id": f"{leg.service}_{section.id}", "fields": new})
            for section, new in zip(service.form, fields, strict=True)
            if new
        ]
        papers = {
            one.id: self._paper(leg, one, names)
            for one in service.materials
            if one.id not in leg.later_papers
        }
        self.parts.append(Part(leg, service, names, papers))

    def _name(self, leg: Leg, field: FormField) -> str:
        if field.id in leg.same:
            return leg.same[field.id]
        held = self.asked.get(field.id)
        return field.id if held is None or _alike(held, field) else f"{leg.service}_{field.id}"

    def _new(self, leg: Leg, fields: Sequence[FormField], names: Mapping[str, str]) -> Iterator[FormField]:
        for field in fields:
            if _left_out(leg, field.id):
                continue
            name, when = names[field.id], _condition(leg, field.when, names)
            if when is None:
                continue
            held = self.asked.get(name)
            if held is None:
                asked = field.model_copy(update={"id": name, "when": when})
                self.asked[name] = asked
                yield asked
            elif held.when != when:
                self._ask_more(held, when, required=field.required)

    def _ask_more(self, held: FormField, when: Condition, *, required: bool) -> None:
        """Ask a shared question wherever one of those who share it asks: under what their conditions have in common."""
        both = {name: value for name, value in held.when.items() if when.get(name) == value}
        asked = held.model_copy(update={"when": both, "required": held.required or required})
        self.asked[held.id] = asked
        self.sections = [
            section.model_copy(
                update={"fields": [asked if one.id == held.id else one for one in section.fields]}
            )
            for section in self.sections
        ]

    def _paper(self, leg: Leg, material: Material, names: Mapping[str, str]) -> str:
        name = leg.same_papers.get(material.id, material.id)
        held = self.needed.get(name)
        told_apart = material.id not in leg.same_papers
        if held is not None and told_apart and held.name != material.name:
            name, held = f"{leg.service}_{material.id}", None
        when = _condition(leg, material.when, names)
        if when is not None:
            both = when if held is None else {k: v for k, v in held.when.items() if when.get(k) == v}
            required = material.required or (held is not None and held.required)
            law = held.law if held else self._cited(leg, material.law)
            self.needed[name] = (held or material).model_copy(
                update={"id": name, "when": both, "required": required, "promise": None, "law": law}
            )
        return name

    def _cited(self, leg: Leg, law: Citation) -> Citation:
        name = f"{leg.service}_{law.source}"
        self.sources[name] = entry(leg.service).sources[law.source]
        return law.model_copy(update={"source": name})


def _left_out(leg: Leg, field: str) -> bool:
    return field in leg.given or field in leg.later


def _alike(held: FormField, field: FormField) -> bool:
    """Whether two questions with one id are one question: same kind, same choices."""
    offered = [[option.id for option in one.options] for one in (held, field)]
    return held.type == field.type and offered[0] == offered[1]


def _condition(leg: Leg, when: Condition, names: Mapping[str, str]) -> Condition | None:
    """A condition of the service in the composed form's names; None when what the event gives rules it out."""
    kept: dict[str, Any] = dict(leg.when)
    for name, wanted in when.items():
        if name in leg.given:
            if not holds({name: wanted}, dict(leg.given)):
                return None
        elif name in names:
            kept[names[name]] = wanted
    return kept


def compose(event: LifeEvent) -> Composed:
    """Make one form of an event's services. Raises NoSuchEntry."""
    composer = _Composer(event)
    for leg in event.legs:
        composer.add(leg)
    first = composer.parts[0]
    identity = max((part.entry.identity for part in composer.parts), key=STRICTEST.index)
    lead = first.entry.seats["lead"]
    place = first.fields.get(lead.place, lead.place)
    form = Entry(
        id=event.id,
        edition=event.edition,
        since=event.since,
        kind="service",
        name=event.name,
        summary=event.summary,
        everyday=event.everyday,
        audience=["anyone"],
        identity=identity,
        sources=composer.sources,
        guidance=event.guidance,
        questions=event.questions,
        form=composer.sections,
        category=event.about.fields[0].id,
        materials=list(composer.needed.values()),
        start="filed",
        states={"filed": State(name=event.name, plain=event.summary, stage=Stage.RECEIVED)},
        seats={"lead": lead.model_copy(update={"place": place})},
        moves=[],
        limits=[],
        notices={},
    )
    return Composed(event, form, composer.parts)
