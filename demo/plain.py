"""The services that need no road of their own in Python: their stories are read from `data/services/<service>.yaml`.

A file says how many stories end (or stand) in each state, what people ask (`matters`), and how a case comes
from one state to the next (`roads`); `every.yaml` holds what all of them share. Seats, roles and the kinds of
answers come from the entry's own moves, so that a road is only the moves' names and what is said in them.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from demo.asking import Asker, Matter, weighted, writing
from demo.offices import ACTIVE_TOWNSHIPS
from demo.people import Origin, neighbour, origin, reachable, staff_name
from demo.places import DATA, place_rows, read, traditional
from demo.steps import DaysOn, Nearest, NewPapers, Step, Story, before
from qiaoqiao.casework.rules import LAW, PERSON
from qiaoqiao.catalogue.entry import Ask, Entry, FormField, Role, Stage, holds
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.parties.rules import Applicant

SHARED = "every"
SPAN_DAYS = 730
TAISHAN = "440781"
"""Where stories that are overdue are told: its offices set the numbers that the law leaves open."""
TRIES = 300
TALK = {"says": "lead", "asks": PERSON}
HOLE = re.compile(r"\{(\w+)\}")
LATER = frozenset({"year", "number", "city", "county", "person"})
"""Holes that `walking` fills, when it knows the moment."""
OFTEN_BROUGHT, ELSE_BROUGHT = 0.8, 0.3


class NoWay(Exception):
    """A matter of that kind cannot come to that state."""


@dataclass(frozen=True)
class Way:
    """One way into a state: from which others, under which facts, where, and the steps.

    One with a tag is for the matters with that tag, and they go no other way into that state.
    """

    before: tuple[str, ...]
    tag: str
    when: Mapping[str, Any]
    where: tuple[str, ...]
    often: float
    steps: tuple[Any, ...]


@dataclass(frozen=True)
class Book:
    """What a service's file says."""

    entry: Entry
    stories: Mapping[str, int]
    late: Mapping[str, int]
    span: int
    stands: Mapping[str, Sequence[int]]
    facts: Mapping[str, Any]
    matters: Sequence[Mapping[str, Any]]
    roads: Mapping[str, Sequence[Way]]
    said: Mapping[str, Mapping[str, Any]]

    def over(self, state: str) -> bool:
        return self.entry.states[state].stage is Stage.DONE

    def standing(self, state: str) -> Sequence[int]:
        """Between how many and how many days ago an open case came to where it stands."""
        usual = {Stage.RECEIVED: (0, 4), Stage.WAITING: (1, 16), Stage.WORKING: (1, 9)}
        return self.stands.get(state) or usual[self.entry.states[state].stage]


@cache
def services() -> tuple[str, ...]:
    """The services that have a file."""
    names = sorted(path.stem for path in (DATA / "services").glob("*.yaml"))
    return tuple(name for name in names if name != SHARED)


@cache
def book(service: str) -> Book:
    """A service's file, with what all share."""
    own, shared = read(f"services/{service}"), read(f"services/{SHARED}")
    entry = catalogue_entry(service)
    roads = {state: ways for state, ways in shared["roads"].items() if state in entry.states} | own["roads"]
    return Book(
        entry=entry,
        stories=own["stories"],
        late=own.get("late", {}),
        span=own.get("span", SPAN_DAYS),
        stands=own.get("stands", {}),
        facts=own.get("facts", {}),
        matters=own["matters"],
        roads={state: tuple(_ways(ways, entry)) for state, ways in roads.items()},
        said=shared["said"] | own.get("said", {}),
    )


def _ways(written: Any, entry: Entry) -> Iterator[Way]:
    for way in written if isinstance(written, list) else [written]:
        come = way.get("from", entry.start)
        states = [
            entry.start if one == "start" else one for one in ([come] if isinstance(come, str) else come)
        ]
        yield Way(
            before=tuple(one for one in states if one in entry.states),
            tag=way.get("tag", ""),
            when=way.get("when", {}),
            where=tuple(way.get("where", ())),
            often=way.get("often", 1),
            steps=tuple(way["steps"]),
        )


def tell(
    service: str, target: str, chance: random.Random, counties: Mapping[str, int], *, late: bool = False
) -> Story:
    """One story of a service that ends in a state, by somebody whose matter can come to it.

    Raises NoWay when no matter of the file can.
    """
    about = book(service)
    for _ in range(TRIES):
        matter = chance.choices(about.matters, [one.get("often", 1) for one in about.matters])[0]
        where = tuple(matter.get("where", ("",)))
        open_to = {code: weight for code, weight in counties.items() if code.startswith(where)}
        if late:
            open_to = {code: weight for code, weight in open_to.items() if code == TAISHAN}
        if not open_to or (matter.get("ends") and target not in matter["ends"]):
            continue
        try:
            return Teller(about, matter, Asker(chance, weighted(open_to, chance))).to(target)
        except NoWay:
            continue
    raise NoWay(f"{service}: nothing comes to {target}")


def road(service: str, target: str, facts: Mapping[str, Any], asker: Asker) -> list[Step]:
    """The steps of a request that was filed otherwise, with these facts. Raises NoWay."""
    teller = Teller(book(service), {"facts": facts}, asker)
    teller.facts = dict(facts)
    return teller.steps(target)


def dated(story: Story, filed: date) -> Story:
    """The story with the days that its form counts from the day of filing."""
    facts = {
        name: (filed + timedelta(days=value.days)).isoformat() if isinstance(value, DaysOn) else value
        for name, value in story.facts.items()
    }
    return replace(story, facts=facts)


class Teller:
    """Tells one matter: somebody with a filled-in form, and the steps to where the case is to end."""

    def __init__(self, about: Book, matter: Mapping[str, Any], asker: Asker) -> None:
        self.about, self.entry, self.matter, self.asker = about, about.entry, matter, asker
        self.chance, self.language = asker.chance, matter.get("language", "")
        self.person, self.whence = self._person(matter.get("who", "abroad"))
        self.holes = self._holes()
        self.facts = dict(self._facts())
        self.missing: list[str] = []

    def to(self, target: str) -> Story:
        """The whole story. Raises NoWay."""
        steps = self.steps(target)
        anonymous = self.facts.get("anonymous") is True
        helper, relation = self.asker.helper(self.person, anonymous=anonymous, often=0.12)
        told = Matter(
            topic="",
            county=self.asker.county,
            channel=self.asker.channel(self.person),
            applicant=self.person,
            facts=self.facts,
            papers=tuple(self._papers()),
            helper=helper if self.person.country != "CN" else None,
            relation=relation if self.person.country != "CN" else "",
        )
        return told.story(self.entry.id, target, steps)

    def steps(self, target: str) -> list[Step]:
        """The steps from the beginning to a state. Raises NoWay."""
        ways = self._road(target, frozenset())
        if ways is None:
            raise NoWay(target)
        return [step for way in ways for written in way.steps for step in self._steps(written)]

    # --- who asks, and what -------------------------------------------------------------------------

    def _person(self, who: str) -> tuple[Applicant, Origin]:
        person, whence = self.asker.person(who == "home", self.language)
        number = self.chance.randrange(10**6)
        if who == "home":
            # Nobody is born in the thirteenth month.
            asked = self.entry.identity == "required"
            paper = {
                "identity_kind": "resident_card",
                "identity_number": f"{self.asker.county}195513{number:06d}",
            }
            person = reachable(replace(person, **(paper if asked else {})), self.chance)
        elif who == "foreign":
            person = replace(person, identity_kind="foreign_passport", identity_number=f"X{number:07d}")
        return writing(person, {"language": self.language} if self.language else {}, self.chance), whence

    def _holes(self) -> dict[str, str]:
        asker, chance = self.asker, self.chance
        town = chance.choice(asker.towns)
        latin = bool(self.language)
        other = staff_name(chance)
        return asker.slots(asker.latin[town] if latin else town, self.whence) | {
            "county": asker.county_latin if latin else asker.county_name,
            "country": self.whence.country,
            "name": self.person.name,
            "surname": self.person.name[0],
            "relative": self.person.name[0] + other[-2:],
            "other": other,
            "buyer": staff_name(chance),
            "phone": neighbour(chance, asker.area, returnee=False).phone
            or f"{asker.area}-0{chance.randrange(10**6):06d}",
            "origin": origin(chance).country,
            "house": str(chance.randint(2, 98)),
        }

    def _facts(self) -> Iterator[tuple[str, Any]]:
        given = {**self.about.facts, **self.matter["facts"]}
        kept: dict[str, Any] = {}
        for one in self.entry.fields:
            default = self.asker.county if one.type == "place" else None
            value = given.get(one.id, default)
            if value is not None and holds(one.when, kept):
                kept[one.id] = self._fact(one, value)
                yield one.id, kept[one.id]

    def _fact(self, one: FormField, value: Any) -> Any:
        if isinstance(value, list) and (one.type != "choices" or isinstance(value[0], list)):
            value = self.chance.choice(value)
        if one.type == "place" and value == "township":
            return self._township()
        if one.type == "date" and isinstance(value, int):
            return DaysOn(value)
        if not isinstance(value, str):
            return value
        text = self._filled(value)
        in_full = self.person.language == "zh-hant" and one.type in {"text", "longtext"}
        return traditional(text) if in_full else text

    def _township(self) -> str:
        found = [
            place.code
            for place in place_rows()
            if place.parent_id == self.asker.county and place.names["zh-Hans"] in ACTIVE_TOWNSHIPS
        ]
        if not found:
            raise NoWay("township")
        return str(self.chance.choice(found))

    def _filled(self, text: str, *, later: frozenset[str] = frozenset()) -> str:
        """The text with its holes filled, but those for what is known only as the step is taken."""
        return HOLE.sub(lambda hole: hole[0] if hole[1] in later else self.holes.get(hole[1], hole[0]), text)

    def _papers(self) -> Iterator[str]:
        """Most of what the entry wants under these facts, but nothing that is asked for later."""
        for one in self.entry.materials:
            often = OFTEN_BROUGHT if one.required else ELSE_BROUGHT
            if one.id not in self.missing and holds(one.when, self.facts) and self.chance.random() < often:
                yield one.id

    # --- what happens -------------------------------------------------------------------------------

    def _road(self, target: str, seen: frozenset[str]) -> list[Way] | None:
        """The ways from the beginning to a state, one after the other; None when these facts lead nowhere."""
        if target == self.entry.start:
            return []
        known = self.about.roads.get(target, ())
        own = [way for way in known if way.tag and way.tag == self.matter.get("tag")]
        ways = [way for way in own or known if self._open(way) and (own or not way.tag)]
        for way in sorted(ways, key=lambda way: self.chance.random() ** (1 / way.often), reverse=True):
            for state in self.chance.sample(way.before, len(way.before)):
                if state not in seen:
                    road = self._road(state, seen | {target})
                    if road is not None:
                        return [*road, way]
        return None

    def _open(self, way: Way) -> bool:
        here = not way.where or self.asker.county.startswith(way.where)
        moves = [
            self.entry.move(name) for step in way.steps if (name := name_of(step)) not in {*TALK, "lapse"}
        ]
        return (
            here and holds(dict(way.when), self.facts) and all(holds(one.when, self.facts) for one in moves)
        )

    def _steps(self, written: Any) -> Iterator[Step]:
        """A step as the file writes it: a move's name, or `{name: {answers}, in: days, maybe: chance}`."""
        about = {written: {}} if isinstance(written, str) else dict(written)
        wait, maybe = before(about.pop("in", 3), self.chance), about.pop("maybe", 1)
        role = about.pop("by", None)
        ((do, answers),) = about.items()
        if self.chance.random() > maybe:
            return
        if do in TALK:
            words = self._filled(
                self.chance.choice(answers) if isinstance(answers, list) else answers, later=LATER
            )
            yield Step("say", TALK[do], wait=wait, text=words)
        elif do == "lapse":
            yield Step("lapse", LAW, wait=wait, answers={answers: True})
        else:
            move = self.entry.move(do)
            roles = [Role.HANDLER, Role.HEAD, Role.CLERK]
            who = role or next(one for one in roles if one in move.by).value
            yield Step(do, move.seat, who, wait, dict(self._answers(do, move.asks, answers)))

    def _answers(self, do: str, asks: Sequence[Ask], given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        said = {**self.about.said.get("any", {}), **self.about.said.get(do, {}), **given}
        for ask in asks:
            value = said.get(ask.id)
            if value is None and ask.type == "materials" and ask.required:
                value = self._lacking()
            if ask.type == "papers":
                value = value or self.missing or [self.entry.materials[0].id]
            if value is None or (not ask.required and ask.id not in given and self.chance.random() < 0.4):
                continue
            if ask.type == "materials":
                self.missing = list(value)
            yield ask.id, self._answer(ask, value)

    def _answer(self, ask: Ask, value: Any) -> Any:
        if ask.type == "materials":
            return value
        if ask.type == "papers":
            return NewPapers(tuple(value))
        if isinstance(value, list):
            value = self.chance.choice(value)
        if ask.type == "date":
            return DaysOn(value)
        if ask.type == "office":
            place, _, kind = value.rpartition(" ")
            return Nearest(kind, city=place == "city", place="" if place == "city" else place)
        return self._filled(value, later=LATER) if isinstance(value, str) else value

    def _lacking(self) -> list[str]:
        """One or two papers that these facts call for and that were not asked for before."""
        wanted = [
            one for one in self.entry.materials if holds(one.when, self.facts) and one.id not in self.missing
        ]
        known = [one.id for one in wanted if one.required] or [one.id for one in wanted]
        if not known:
            raise NoWay("papers")
        return sorted(self.chance.sample(known, min(len(known), self.chance.randint(1, 2))))


def name_of(step: Any) -> str:
    """The move or the verb of a step as the file writes it."""
    return step if isinstance(step, str) else next(name for name in step if name not in {"in", "maybe", "by"})
