"""Reading the ledger: a subject's journal, and the bundle that proves it to a stranger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS

from .bundles import FORMAT
from .keys import signing_key
from .merkle import inclusion_ranges, range_roots
from .models import Checkpoint, Entry, Position
from .rules import JSON, Fields, written_fields


class NothingRecorded(Exception):
    """The ledger has no entry of this subject, or none that the reader may see."""


@dataclass(frozen=True)
class Recorded:
    """An entry with its facts as a page shows it; `facts` is None once they are erased."""

    uid: UUID
    seq: int
    kind: str
    actor: str
    office: str
    at: datetime
    facts: Mapping[str, JSON] | None


def journal(subject: UUID) -> list[Recorded]:
    """Return what happened to a subject, in order, in one query."""
    columns = ("uid", "seq", "kind", "actor", "office", "at", "fact__facts")
    rows = Entry.objects.filter(subject=subject).order_by("seq").values_list(*columns)
    return [Recorded(*row) for row in rows]


def fields_of(entry: Entry) -> Fields:
    """Return the part of a stored entry that is hashed."""
    return Fields(
        uid=entry.uid,
        subject=entry.subject,
        seq=entry.seq,
        kind=entry.kind,
        actor=entry.actor,
        office=entry.office,
        at=entry.at,
        commitment=bytes(entry.commitment),
        prev_hash=bytes(entry.prev_hash),
    )


def prove(subject: UUID, *, using: str = DEFAULT_DB_ALIAS) -> dict[str, object]:
    """Return the bundle, ready for JSON, that proves a subject's entries against the newest checkpoint.

    Entries younger than that checkpoint are in it without proof: sequence and sign first if that
    matters. Facts the database role may not see look erased: a keeper's command uses "owner". Reads every
    leaf once (a few seconds for a million). Raises NothingRecorded.
    """
    entries = list(
        Entry.objects.using(using).filter(subject=subject).select_related("fact", "position").order_by("seq")
    )
    if not entries:
        raise NothingRecorded(subject)
    newest = Checkpoint.objects.using(using).order_by("-size").first()
    size = newest.size if newest else 0
    places = {e.pk: e.position.idx for e in entries if hasattr(e, "position") and e.position.idx < size}
    proofs = _proofs(sorted(places.values()), size, using)
    return {
        "format": FORMAT,
        "subject": str(subject),
        "entries": [_shown(entry, places.get(entry.pk), proofs) for entry in entries],
        "checkpoint": newest.note if newest else None,
        "key": str(signing_key().verify_key),
    }


def _proofs(places: list[int], size: int, using: str) -> dict[int, list[str]]:
    if not places:
        return {}
    ranges = {place: inclusion_ranges(place, size) for place in places}
    leaves = Position.objects.using(using).filter(idx__lt=size).order_by("idx").values_list("leaf", flat=True)
    stream = (bytes(leaf) for leaf in leaves.iterator(chunk_size=5_000))
    roots = range_roots(stream, {span for spans in ranges.values() for span in spans})
    return {place: [roots[span].hex() for span in spans] for place, spans in ranges.items()}


def _shown(entry: Entry, place: int | None, proofs: Mapping[int, list[str]]) -> dict[str, object]:
    fact = entry.fact if hasattr(entry, "fact") else None
    return {
        **written_fields(fields_of(entry)),
        "hash": bytes(entry.hash).hex(),
        "idx": place,
        "proof": None if place is None else proofs[place],
        "facts": fact.facts if fact else None,
        "salt": bytes(fact.salt).hex() if fact else None,
    }
