"""Everything one case page shows, read in two statements once the case itself is known to be visible."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, JSONObject

from qiaoqiao.access.models import Account, Office, Place, Post
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.once import Asked
from qiaoqiao.casework.models import OPEN_STATES, Assignment, Case, Delivery, Message, Once, Paper, Term
from qiaoqiao.casework.queries import posts_of, visible_case
from qiaoqiao.casework.rules import LAW, Event, SeatState, Standing, WhyNot, holds_for, why_not
from qiaoqiao.casework.sentences import Known, Step
from qiaoqiao.catalogue.entry import Entry, FormField, Move, words
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.ledger.models import Entry as LedgerEntry
from qiaoqiao.parties.models import Identity

Row = TypeVar("Row", bound=Model)
PAPER_FIELDS = (
    "id case_id kind direction title office_id number file file_name mime size added_at added_by verdict remark "
    "seen_by_person"
).split()
SEAT_FIELDS = (
    "id office_id seat role state officer_id reason offered_at decided_at ended_at due_on due_limit"
).split()
DELIVERY_FIELDS = "id paper_id channel state sent_at served_at proof".split()
MESSAGE_FIELDS = "id sender office_id internal body language sent_at".split()
TERM_FIELDS = "id limit binds round starts_on due_on state ended_on extension provisional".split()
OFFICE_FIELDS = "id code names kind level place_id phone address".split()


@dataclass(frozen=True)
class Choice:
    """A move of the entry as this reader finds it: open, or why not."""

    move: Move
    why: WhyNot | None


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

    def mine(self) -> list[Assignment]:
        """The open seats of the reader's own offices."""
        return [one for one in self.seats if one.state in OPEN_STATES and one.office_id in self.roles]

    def seated(self) -> bool:
        """Whether one of the reader's own offices has or had a seat at this case."""
        return any(one.office_id in self.roles for one in self.seats)

    def standing(self) -> Standing:
        held = {one.seat: one for one in self.mine()}
        return Standing(
            self.case.state,
            self.case.facts | {"channel": self.case.channel},
            frozenset(step.kind for step in self.steps),
            {seat: SeatState(one.state) for seat, one in held.items()},
            {seat: self.roles[one.office_id] for seat, one in held.items()},
        )

    def choices(self) -> list[Choice]:
        """Every move of the entry that somebody may make, open to this reader or not and why."""
        standing = self.standing()
        return [Choice(move, why_not(move, standing)) for move in self.entry.moves if move.seat != LAW]

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
    """Read all that belongs to a case already known to be visible, in two statements."""
    entry = catalogue_entry(case.service, case.edition)
    steps = steps_of(case)
    found = _belongings(case, entry, steps, actor, on)
    seats = _made(Assignment, found["seats"], SEAT_FIELDS)
    papers = _made(Paper, found["papers"], PAPER_FIELDS)
    deliveries = defaultdict(list)
    for delivery in _made(Delivery, found["deliveries"], DELIVERY_FIELDS):
        deliveries[delivery.paper_id].append(delivery)
    offices = {one.pk: one for one in _made(Office, found["offices"], OFFICE_FIELDS)}
    posts = _made(Post, found["posts"], ["id", "office_id", "role"])
    for post in posts:
        post.office = offices[post.office_id]
    return CaseFile(
        case=case,
        entry=entry,
        steps=steps,
        seats=seats,
        terms=_made(Term, found["terms"], TERM_FIELDS),
        papers=papers,
        deliveries=deliveries,
        messages=_made(Message, found["messages"], MESSAGE_FIELDS),
        identities=_made(Identity, found["identities"], ["id", "kind", "tail"]),
        offices=offices,
        officers={one["id"]: one["name"] for one in found["officers"]},
        places={one["code"]: one["names"] for one in found["places"]},
        posts=posts,
    )


def steps_of(case: Case) -> list[Step]:
    """What happened to a case, in order, with the facts that have not been erased."""
    rows = LedgerEntry.objects.filter(subject=case.pk).order_by("seq")
    listed = rows.values_list("seq", "kind", "actor", "office", "at", "fact__facts")
    return [Step(seq, kind, actor, office, at, facts or {}) for seq, kind, actor, office, at, facts in listed]


def carried_out(asked: Asked) -> bool:
    """Whether this very form was carried out before: the second half of a double click."""
    return Once.objects.filter(key=asked.row, asked=asked.digest).exists()


def _belongings(
    case: Case, entry: Entry, steps: Sequence[Step], actor: Actor, on: date
) -> Mapping[str, list[dict[str, Any]]]:
    """All rows around a case as JSON, in one statement: eleven round trips would cost more than the rows."""
    of_case = {"case": case.pk}
    codes = {step.office for step in steps} | {str(value) for value in _codes(case, entry)}
    picked = [int(code) for step in steps for code in _picked(step, entry)]
    officers = [step.actor for step in steps]
    at_case = Assignment.objects.filter(**of_case)
    posts = posts_of(actor.account_id or 0, on=on)
    offices = Q(code__in=codes) | Q(pk__in=at_case.values("office")) | Q(pk__in=picked)
    offices |= Q(pk__in=posts.values("office"))
    by_name = Account.objects.alias(ledger=Concat(Value("staff:"), Cast("pk", CharField())))
    people = Q(ledger__in=officers) | Q(pk__in=at_case.values("officer"))
    read = {
        "seats": (at_case.order_by("offered_at"), SEAT_FIELDS),
        "papers": (Paper.objects.filter(**of_case).order_by("added_at"), PAPER_FIELDS),
        "deliveries": (Delivery.objects.filter(**of_case).order_by("channel"), DELIVERY_FIELDS),
        "messages": (Message.objects.filter(**of_case).order_by("sent_at"), MESSAGE_FIELDS),
        "terms": (Term.objects.filter(**of_case).order_by("starts_on", "due_on"), TERM_FIELDS),
        "identities": (Identity.objects.filter(person=case.person_id), ["id", "kind", "tail"]),
        "offices": (Office.objects.filter(offices), OFFICE_FIELDS),
        "officers": (by_name.filter(people), ["id", "name"]),
        "places": (Place.objects.filter(code__in=codes), ["code", "names"]),
        "posts": (posts.order_by("pk"), ["id", "office_id", "role"]),
    }
    columns = [_as_json(rows, fields) for rows, fields in read.values()]
    found = Case.objects.filter(pk=case.pk).values_list(*columns).get()
    return dict(zip(read, found, strict=True))


def _as_json(rows: QuerySet[Any], fields: Sequence[str]) -> ArraySubquery:
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in fields})))


def _made(model: type[Row], rows: Sequence[Mapping[str, Any]], fields: Sequence[str]) -> list[Row]:
    kinds: dict[str, Any] = {name: model._meta.get_field(name) for name in fields}
    return [model(**{name: kinds[name].to_python(value) for name, value in row.items()}) for row in rows]


def _codes(case: Case, entry: Entry) -> list[object]:
    return [
        case.facts[one.id]
        for one in entry.fields
        if one.type in {"place", "office"} and case.facts.get(one.id)
    ]


def _picked(step: Step, entry: Entry) -> list[str]:
    """Ids of the offices that an officer picked in a move."""
    answers = step.facts.get("answers")
    if not step.kind.startswith("move:") or not isinstance(answers, Mapping):
        return []
    asks = {ask.id for move in entry.moves for ask in move.asks if ask.type == "office"}
    return [str(answers[name]) for name in asks if str(answers.get(name, "")).isdecimal()]
