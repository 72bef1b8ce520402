"""Everything one case page shows, read in one statement once the case itself is known to be visible."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from qiaoqiao.access.models import Office, Post
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.once import Asked
from qiaoqiao.casework.belongings import belongings
from qiaoqiao.casework.models import OPEN_STATES, Assignment, Case, Delivery, Message, Once, Paper, Term
from qiaoqiao.casework.queries import Offered, visible_case
from qiaoqiao.casework.rules import (
    ABROAD,
    AGED,
    GREEN_CHANNEL,
    HOME,
    LAW,
    Event,
    SeatState,
    Standing,
    holds_for,
    why_not,
    with_persons_seat,
)
from qiaoqiao.casework.sentences import Known, Step
from qiaoqiao.catalogue.entry import Entry, FormField, words
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.parties.models import Identity

Row = TypeVar("Row", bound=Model)
OTHER = "other"  # a paper brought besides what the entry asks for


@dataclass(frozen=True)
class CaseFile:
    """A case with all that belongs to it, as one reader sees it on one day."""

    case: Case
    entry: Entry
    steps: Sequence[Step]
    seats: Sequence[Assignment]
    terms: Sequence[Term]
    papers: Sequence[Paper]
    deliveries: Mapping[Any, Sequence[Delivery]]
    messages: Sequence[Message]
    identities: Sequence[Identity]
    offices: Mapping[int, Office]
    officers: Mapping[int, str]
    places: Mapping[str, Mapping[str, str]]
    posts: Sequence[Post]

    @cached_property
    def roles(self) -> Mapping[int, frozenset[str]]:
        """The reader's roles by office."""
        held: dict[int, set[str]] = defaultdict(set)
        for post in self.posts:
            held[post.office_id].add(post.role)
        return {office: frozenset(roles) for office, roles in held.items()}

    @cached_property
    def events(self) -> list[Event]:
        return [Event(step.kind, step.at) for step in self.steps]

    @property
    def made(self) -> int:
        """How many moves have been made: what a form was drawn for, and what it must still find."""
        return sum(step.kind.startswith("move:") for step in self.steps)

    def green(self) -> tuple[str, ...]:
        """Why the case goes through the green channel, as its first entry says, else as its country tells."""
        if not self.case.priority:
            return ()
        told = self.steps[0].facts.get(GREEN_CHANNEL) if self.steps else None
        known = [one for one in (ABROAD, AGED) if isinstance(told, list) and one in told]
        return tuple(known) or (AGED if self.case.country in HOME else ABROAD,)

    def mine(self) -> list[Assignment]:
        """The open seats of the reader's own offices."""
        return [one for one in self.seats if one.state in OPEN_STATES and one.office_id in self.roles]

    def seated(self) -> bool:
        """Whether one of the reader's own offices has or had a seat at this case."""
        return any(one.office_id in self.roles for one in self.seats)

    def standing(self) -> Standing:
        held = {one.seat: one for one in self.mine()}
        seats, roles = with_persons_seat(
            {seat: SeatState(one.state) for seat, one in held.items()},
            {seat: self.roles[one.office_id] for seat, one in held.items()},
            channel=self.case.channel,
            responsible=any(one.role == "lead" and one.state == "accepted" for one in held.values()),
        )
        return Standing(
            self.case.state,
            self.case.facts | {"channel": self.case.channel},
            frozenset(step.kind for step in self.steps),
            seats,
            roles,
        )

    def choices(self) -> list[Offered]:
        """Every move of the entry that somebody may make, open to this reader or not and why."""
        standing = self.standing()
        return [Offered(move, why_not(move, standing)) for move in self.entry.moves if move.seat != LAW]

    def known(self, language: str) -> Known:
        """The names that the sentences of the timeline use."""
        offices = {office.code: words(office.names, language) for office in self.offices.values()}
        offices |= {str(office.pk): words(office.names, language) for office in self.offices.values()}
        officers = {f"staff:{pk}": name for pk, name in self.officers.items()}
        return Known(offices, officers, {str(paper.pk): self.title(paper, language) for paper in self.papers})

    def title(self, paper: Paper, language: str) -> str:
        """A paper's name in the reader's language."""
        if paper.direction == "out" and paper.kind in self.entry.notices:
            return words(self.entry.notices[paper.kind].title, language)
        if paper.direction == "in" and paper.kind == OTHER:
            return _("其他材料")
        material = next((one for one in self.entry.materials if one.id == paper.kind), None)
        return words(material.name, language) if material else paper.title

    def named(self) -> dict[str, Mapping[str, str]]:
        """The names of the places and offices that the form's facts mention, by code."""
        return {**self.places, **{office.code: office.names for office in self.offices.values()}}

    def asked(self) -> list[tuple[str, list[FormField]]]:
        """The fields that were answered, by the id of their section."""
        facts = self.case.facts
        kept = [(part.id, [one for one in part.fields if one.id in facts]) for part in self.entry.form]
        return [(section, fields) for section, fields in kept if fields]

    def wanted_materials(self) -> list[str]:
        """Ids of the materials that the entry asks for under these facts."""
        facts = self.case.facts | {"channel": self.case.channel}
        return [one.id for one in self.entry.materials if holds_for(one.when, facts)]


def case_file(reference: str, actor: Actor, *, on: date) -> CaseFile:
    """Read a case with everything its page shows. Raises Case.DoesNotExist for one the actor may not see."""
    return file_of(visible_case(reference, actor, on=on), actor, on=on)


def file_of(case: Case, actor: Actor, *, on: date) -> CaseFile:
    """Read all that belongs to a case already known to be visible, in one statement."""
    entry = catalogue_entry(case.service, case.edition)
    found = belongings(
        case.pk,
        case.person_id,
        account_id=actor.account_id or 0,
        codes=_codes(case, entry),
        asks=[ask.id for move in entry.moves for ask in move.asks if ask.type == "office"],
        on=on,
    )
    deliveries = defaultdict(list)
    for delivery in _made(Delivery, found["deliveries"]):
        deliveries[delivery.paper_id].append(delivery)
    offices = {one.pk: one for one in _made(Office, found["offices"])}
    posts = _made(Post, found["posts"])
    for post in posts:
        post.office = offices[post.office_id]
    return CaseFile(
        case=case,
        entry=entry,
        steps=[_step(row) for row in found["steps"]],
        seats=_made(Assignment, found["seats"]),
        terms=_made(Term, found["terms"]),
        papers=_made(Paper, found["papers"]),
        deliveries=deliveries,
        messages=_made(Message, found["messages"]),
        identities=_made(Identity, found["identities"]),
        offices=offices,
        officers={one["id"]: one["name"] for one in found["officers"]},
        places={one["code"]: one["names"] for one in found["places"]},
        posts=posts,
    )


def _step(row: Mapping[str, Any]) -> Step:
    at = datetime.fromisoformat(row["at"])
    return Step(row["seq"], row["kind"], row["actor"], row["office"], at, row["facts"] or {})


def _made(model: type[Row], rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows as the model's own objects; JSON has dates and ids as text."""
    kinds: dict[str, Any] = {name: model._meta.get_field(name) for name in rows[0]} if rows else {}
    return [model(**{name: kinds[name].to_python(value) for name, value in row.items()}) for row in rows]


def _codes(case: Case, entry: Entry) -> list[str]:
    """The places and offices that the form's facts name."""
    named = [one.id for one in entry.fields if one.type in {"place", "office"}]
    return [str(case.facts[name]) for name in named if case.facts.get(name)]


def carried_out(asked: Asked) -> bool:
    """Whether this very form was carried out before: the second half of a double click."""
    return Once.objects.filter(key=asked.row, asked=asked.digest).exists()
