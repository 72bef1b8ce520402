"""Writing the ledger: recording what happened, and erasing personal facts when the law asks for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import count
from uuid import UUID, uuid4

from django.db import connection, transaction

from qiaoqiao.lib.statements import fetch, send

from .models import Entry, Fact
from .reacting import defer_reactions
from .rules import GENESIS, JSON, Fields, canonical, commit_text, entry_hash, entry_text, new_salt

# One statement for entries and facts. The ids are drawn first, so nothing needs to be read back
# through row-level security. A trigger puts each entry into the queue of the sequencer.
_APPEND = """
WITH given AS MATERIALIZED (
    SELECT nextval('ledger_entry_id_seq') AS id, step.*
    FROM (VALUES {steps})
    AS step (uid, seq, kind, actor, office, at, commitment, prev_hash, hash, salt, facts)
), entries AS (
    INSERT INTO ledger_entry
        (id, uid, subject, seq, kind, actor, office, at, commitment, prev_hash, hash)
    SELECT id, uid, $1::uuid, seq, kind, actor, office, at, commitment, prev_hash, hash FROM given
), facts AS (
    INSERT INTO ledger_fact (entry_id, subject, salt, facts)
    SELECT id, $1::uuid, salt, facts::jsonb FROM given
)
SELECT id FROM given ORDER BY seq
"""
_STEP = "uuid int text text text timestamptz bytea bytea bytea bytea text".split()


class OutsideTransaction(Exception):
    """An entry must be written in the same transaction as the change it tells of."""


@dataclass(frozen=True)
class Happening:
    """Something that happened, about to be recorded.

    `facts` may hold personal data: they are kept beside the entry and can be erased.
    """

    kind: str
    facts: Mapping[str, JSON]
    actor: str
    at: datetime
    office: str = ""


@dataclass(frozen=True)
class _Step:
    fields: Fields
    hash: bytes
    salt: bytes
    facts: bytes


def start(subject: UUID, *happenings: Happening) -> None:
    """Begin the chain of a subject that has no entries yet, as `record` does; nothing is read back."""
    if not connection.in_atomic_block:
        raise OutsideTransaction
    steps = _chain(subject, 0, GENESIS, happenings)
    send(_appending(len(steps)), subject, *(value for step in steps for value in _values(step)))
    defer_reactions((step.fields.kind, str(step.fields.uid)) for step in steps)


def record(subject: UUID, *happenings: Happening) -> list[Entry]:
    """Append what happened to one subject, in order, and queue the reactions.

    The caller holds the subject's row lock; without it a second writer fails on the unique step.
    Raises OutsideTransaction, and FactRefused for facts that have no single written form.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction
    if not happenings:
        return []
    steps = _chain(subject, *_last(subject), happenings)
    entries = _append(subject, steps)
    defer_reactions((entry.kind, str(entry.uid)) for entry in entries)
    return entries


@transaction.atomic
def erase_facts(
    subject: UUID, *, reason: str, actor: str, at: datetime, seqs: Collection[int] | None = None
) -> int:
    """Erase the personal facts of a subject's entries, all or those named, and record that it was done.

    `reason` is a token, not a sentence. The caller holds the subject's row lock. Returns how many
    entries lost their facts; the erasure's own entry keeps only their numbers.
    """
    facts = Fact.objects.filter(subject=subject)
    if seqs is not None:
        facts = facts.filter(entry__seq__in=seqs)
    erased = sorted(facts.values_list("entry__seq", flat=True))
    if erased:
        facts.delete()
        record(subject, Happening("ledger.facts_erased", {"seqs": erased, "reason": reason}, actor, at))
    return len(erased)


def _last(subject: UUID) -> tuple[int, bytes]:
    last = Entry.objects.filter(subject=subject).order_by("-seq").values_list("seq", "hash").first()
    return (last[0], bytes(last[1])) if last else (0, GENESIS)


def _chain(subject: UUID, seq: int, prev: bytes, happenings: Collection[Happening]) -> list[_Step]:
    steps = []
    for happening in happenings:
        seq += 1
        salt, facts = new_salt(), canonical(happening.facts)
        fields = Fields(
            uid=uuid4(),
            subject=subject,
            seq=seq,
            kind=happening.kind,
            actor=happening.actor,
            office=happening.office,
            at=happening.at,
            commitment=commit_text(salt, facts),
            prev_hash=prev,
        )
        prev = entry_hash(entry_text(fields))
        steps.append(_Step(fields, prev, salt, facts))
    return steps


@cache
def _appending(steps: int) -> str:
    numbers = count(2)
    rows = (", ".join(f"${next(numbers)}::{type_}" for type_ in _STEP) for _ in range(steps))
    return _APPEND.format(steps=", ".join(f"({row})" for row in rows))


def _values(step: _Step) -> tuple[object, ...]:
    fields = step.fields
    return (
        *(fields.uid, fields.seq, fields.kind, fields.actor, fields.office, fields.at),
        *(fields.commitment, fields.prev_hash, step.hash, step.salt, step.facts.decode()),
    )


def _append(subject: UUID, steps: list[_Step]) -> list[Entry]:
    values = (value for step in steps for value in _values(step))
    ids = [row[0] for row in fetch(_appending(len(steps)), subject, *values)]
    return [
        Entry(
            id=id_,
            uid=step.fields.uid,
            subject=subject,
            seq=step.fields.seq,
            kind=step.fields.kind,
            actor=step.fields.actor,
            office=step.fields.office,
            at=step.fields.at,
            commitment=step.fields.commitment,
            prev_hash=step.fields.prev_hash,
            hash=step.hash,
        )
        for id_, step in zip(ids, steps, strict=True)
    ]
