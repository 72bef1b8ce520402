"""Everything a person's file holds, read in the same few statements however much it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties.models import (
    Address,
    Change,
    Citizenship,
    Consent,
    Contact,
    Document,
    File,
    Kin,
    Mandate,
    Member,
    Name,
    Need,
    Record,
    Source,
    Standing,
    Visit,
)
from qiaoqiao.parties.models.files import Fact
from qiaoqiao.parties.queries import visible_file
from qiaoqiao.parties.rules import SENSITIVE_NEEDS
from qiaoqiao.parties.sentences import Step

OPENED = "file.opened"
KNOWN_FOR = timedelta(hours=8)
"""So long an officer who opened, began or visited a file need not say again what for."""

Known = TypeVar("Known", bound=Fact)


@dataclass(frozen=True)
class PersonFile:
    """A file with all that is known of the person, as one reader may see it on one day.

    `needs` leaves out sensitive ones unless the person's consent to keep them is in force. `members` are the
    others of the present household, as far as the reader may see their files.
    """

    file: File
    names: Sequence[Name]
    documents: Sequence[Document]
    citizenships: Sequence[Citizenship]
    standings: Sequence[Standing]
    addresses: Sequence[Address]
    contacts: Sequence[Contact]
    memberships: Sequence[Member]
    members: Sequence[Member]
    kin: Sequence[Kin]
    needs: Sequence[Need]
    consents: Sequence[Consent]
    visits: Sequence[Visit]
    changes: Sequence[Change]
    records: Sequence[Record]
    mandates: Sequence[Mandate]
    steps: Sequence[Step]
    offices: Mapping[str, Office]
    officers: Mapping[str, str]
    sources: Mapping[str, Source]

    @cached_property
    def readings(self) -> list[Step]:
        """Who opened the file, and what for."""
        return [step for step in self.steps if step.kind.startswith(OPENED)]

    @cached_property
    def doings(self) -> list[Step]:
        """What was done with the file, besides reading it."""
        return [step for step in self.steps if not step.kind.startswith(OPENED)]

    def names_by_script(self) -> dict[str, list[Name]]:
        """The names, present and former, by script: characters first, then letters."""
        order = ("hans", "hant", "latin", "other")
        grouped = {script: [one for one in self.names if one.script == script] for script in order}
        return {script: names for script, names in grouped.items() if names}


def person_file(number: str, actor: Actor, *, on: date) -> PersonFile:
    """Read a file with everything its page shows. Raises File.DoesNotExist for one the actor may not see."""
    return whole(visible_file(number, actor, on=on), on=on)


def whole(file: File, *, on: date) -> PersonFile:
    """Read all that belongs to a file already known to be visible."""
    steps = steps_of(file.pk)
    consents = list(Consent.objects.filter(file=file).order_by("-given_at"))
    shown = Q() if has_consent(consents, "sensitive") else ~Q(kind__in=SENSITIVE_NEEDS)
    memberships = facts(Member.objects.select_related("household__place"), file)
    actors = {int(step.actor[6:]) for step in steps if step.actor.startswith("staff:")}
    return PersonFile(
        file=file,
        names=facts(Name.objects.all(), file),
        documents=facts(Document.objects.defer("sealed", "blind"), file),
        citizenships=facts(Citizenship.objects.all(), file),
        standings=facts(Standing.objects.select_related("recognised_by"), file),
        addresses=facts(Address.objects.all(), file),
        contacts=facts(Contact.objects.all(), file),
        memberships=memberships,
        members=members_beside(file, memberships, on=on),
        kin=facts(Kin.objects.select_related("other"), file),
        needs=facts(Need.objects.filter(shown), file),
        consents=consents,
        visits=list(
            Visit.objects.filter(file=file).select_related("officer", "office").order_by("-visited_at")
        ),
        changes=list(Change.objects.filter(file=file, state="open").order_by("due_on", "id")),
        records=list(
            Record.objects.filter(file=file).select_related("source", "batch").order_by("-added_at")
        ),
        mandates=list(mandates_of(file)),
        steps=steps,
        offices={one.code: one for one in Office.objects.filter(code__in={step.office for step in steps})},
        officers={f"staff:{one.pk}": one.name for one in Account.objects.filter(pk__in=actors)},
        sources={one.code: one for one in Source.objects.filter(code__in=named_sources(steps))},
    )


def facts(kind: QuerySet[Known], file: File) -> list[Known]:
    """A kind of facts of a file, with the roll each came from: what holds first, then what ended."""
    rows = kind.filter(file=file).select_related("record__source").order_by("-added_at", "id")
    return sorted(rows, key=lambda one: one.until is not None)


def members_beside(file: File, memberships: Iterable[Member], *, on: date) -> list[Member]:
    """Who else keeps house with the person on a day, the head first."""
    present = [one.household_id for one in memberships if one.until is None or one.until >= on]
    lasting = Q(until__isnull=True) | Q(until__gte=on)
    rows = Member.objects.filter(lasting, household__in=present or [UUID(int=0)]).exclude(file=file)
    return sorted(rows.select_related("file"), key=lambda one: (one.relation != "head", one.file.born))


def mandates_of(file: File) -> QuerySet[Mandate]:
    """Who may act for the person, or for whom the person acts, in requests linked to the file."""
    linked = Q(principal__file=file) | Q(agent__file=file)
    return Mandate.objects.filter(linked).select_related("principal", "agent").order_by("-given_at")


def has_consent(consents: Iterable[Consent], purpose: str) -> bool:
    """Whether one of the consents is for this purpose and has not been withdrawn."""
    return any(one.purpose == purpose and one.withdrawn_at is None for one in consents)


def steps_of(file_id: UUID) -> list[Step]:
    """What happened to a file, in order."""
    rows = Entry.objects.filter(subject=file_id).order_by("seq")
    found = rows.values_list("kind", "actor", "office", "at", "fact__facts")
    return [Step(kind, actor, office, at, facts or {}) for kind, actor, office, at, facts in found]


def named_sources(steps: Iterable[Step]) -> set[str]:
    """The codes of the rolls that a file's entries speak of."""
    return {
        str(step.facts.get(name)) for step in steps for name in ("from", "source") if step.facts.get(name)
    }


def opened_lately(file_id: UUID, actor: Actor, *, at: datetime) -> bool:
    """Whether the actor said within eight hours what they open the file for, or themselves began or visited it."""
    said = Q(kind__startswith=OPENED) | Q(kind="file.made") | Q(kind__startswith="file.visited")
    mine = Entry.objects.filter(said, subject=file_id, actor=actor.ledger_name)
    return mine.filter(at__gt=at - KNOWN_FOR).exists()


def age_of(born: str, on: date) -> int | None:
    """Full years on a day; from a date known only in part, the most it can be. None when unknown."""
    parts = [int(part) for part in born.split("-") if part.isdecimal()]
    if not parts:
        return None
    year, month, day = (*parts, 1, 1)[:3]
    age = on.year - year - ((on.month, on.day) < (month, day))
    return age if 0 <= age <= 130 else None
