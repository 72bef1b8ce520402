"""Recomputing the whole ledger: what a superuser changed behind the triggers comes out here."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Exists, OuterRef

from .keys import known_keys
from .merkle import Frontier
from .models import Checkpoint, Entry, Position
from .notes import NoteRefused, VerifyKey, open_checkpoint
from .rules import GENESIS, JSON, FactRefused, Fields, commit, entry_hash, entry_text, leaf_hash

Progress = Callable[[int, int], None]  # rows done, rows in all

_CHUNK = 2_000
_KEPT_FINDINGS = 1_000
_COLUMNS = (
    "uid", "subject", "seq", "kind", "actor", "office", "at", "commitment", "prev_hash",
    "hash", "fact__subject", "fact__salt", "fact__facts",
    "position__idx", "position__leaf", "waiting__entry_id",
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One contradiction, with the place a person must look at."""

    what: str
    subject: UUID | None = None
    seq: int | None = None
    idx: int | None = None
    checkpoint: int | None = None


@dataclass
class Verdict:
    """What was recomputed and what did not hold. Only the first 1,000 findings are kept, all are counted."""

    subjects: int = 0
    entries: int = 0
    erased: int = 0
    waiting: int = 0
    positions: int = 0
    checkpoints: int = 0
    found: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.found == 0

    def add(self, finding: Finding) -> None:
        self.found += 1
        if len(self.findings) < _KEPT_FINDINGS:
            self.findings.append(finding)


@dataclass(frozen=True, order=True)
class _Claim:
    """A root that somebody signed for a size; `row` tells a stored checkpoint from a published note."""

    size: int
    root: bytes
    peaks: bytes = b""
    row: bool = False


def verify(
    *, progress: Progress | None = None, published: Iterable[str] = (), using: str = "owner"
) -> Verdict:
    """Recompute every chain, commitment, place, leaf, root and signature, in one snapshot, in flat memory.

    `published` are checkpoint notes kept outside the database: against them even a ledger rewritten
    with its own key shows. What was added after the newest signature can be cut off unseen.
    The owner must be free of row-level security, else the database refuses. As the web's role, facts that
    it may not see count as erased.
    """
    verdict = Verdict()
    keys = known_keys()
    with _snapshot(using):
        total = Entry.objects.using(using).count() + Position.objects.using(using).count()
        step = _stepper(progress, total)
        _check_chains(verdict, using, step)
        _check_tree(verdict, using, step, keys, published)
    return verdict


@contextmanager
def _snapshot(using: str) -> Iterator[None]:
    connection = connections[using]
    fresh = not connection.in_atomic_block
    with transaction.atomic(using=using):
        if fresh:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                if using != DEFAULT_DB_ALIAS:  # rather an error than facts that look erased
                    cursor.execute("SET LOCAL row_security = off")
        yield


def _stepper(progress: Progress | None, total: int) -> Callable[[], None]:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress and (done % _CHUNK == 0 or done == total):
            progress(done, total)

    return step


def _check_chains(verdict: Verdict, using: str, step: Callable[[], None]) -> None:
    rows = Entry.objects.using(using).order_by("subject", "seq").values_list(*_COLUMNS)
    subject, seq, prev, place = None, 0, GENESIS, -1
    for row in rows.iterator(chunk_size=_CHUNK):
        uid, named, number, kind, actor, office, at, commitment, prev_hash = row[:9]
        fields = Fields(uid, named, number, kind, actor, office, at, bytes(commitment), bytes(prev_hash))
        stored_hash, idx = bytes(row[9]), row[13]
        if fields.subject != subject:
            verdict.subjects += 1
            subject, seq, prev, place = fields.subject, 0, GENESIS, -1
        whats = _link_findings(fields, seq, prev, stored_hash)
        whats += _facts_findings(fields, *row[10:13], verdict=verdict)
        whats += _place_findings(fields, place, *row[13:16], verdict=verdict)
        for what in whats:
            verdict.add(Finding(what, fields.subject, fields.seq, idx))
        verdict.entries += 1
        seq, prev = fields.seq, stored_hash
        place = place if idx is None else idx
        step()


def _link_findings(fields: Fields, seq: int, prev: bytes, stored_hash: bytes) -> list[str]:
    whats = []
    if fields.seq != seq + 1:
        whats.append("an entry before it is missing")
    if fields.prev_hash != prev:
        whats.append("it does not follow its predecessor")
    if entry_hash(entry_text(fields)) != stored_hash:
        whats.append("its content differs from its hash")
    return whats


def _facts_findings(
    fields: Fields, subject: UUID | None, salt: bytes | None, facts: Mapping[str, JSON], *, verdict: Verdict
) -> list[str]:
    if salt is None:
        verdict.erased += 1
        return []
    whats = []
    if subject != fields.subject:
        whats.append("its facts name another subject")
    try:
        held = commit(bytes(salt), facts) == fields.commitment
    except FactRefused:
        held = False
    return whats if held else [*whats, "its facts differ from what was committed"]


def _place_findings(
    fields: Fields, place: int, idx: int | None, leaf: bytes | None, waiting: int | None, *, verdict: Verdict
) -> list[str]:
    if idx is None or leaf is None:
        verdict.waiting += waiting is not None
        return [] if waiting is not None else ["it has no place in the global sequence and waits for none"]
    whats = [] if bytes(leaf) == leaf_hash(entry_text(fields)) else ["its leaf differs from its content"]
    return whats if idx > place else [*whats, "it is placed before its predecessor"]


def _check_tree(
    verdict: Verdict, using: str, step: Callable[[], None], keys: list[VerifyKey], published: Iterable[str]
) -> None:
    claims = heapq.merge(
        _stored_claims(verdict, using, keys), sorted(_published_claims(verdict, published, keys))
    )
    is_kept = Exists(Entry.objects.filter(pk=OuterRef("entry_id")))  # a join would pass over what is missing
    rows = Position.objects.using(using).order_by("idx").values_list("idx", "leaf", is_kept)
    frontier, claim, expected = Frontier(), next(claims, None), 0
    for idx, leaf, kept in rows.iterator(chunk_size=_CHUNK):
        while claim and claim.size <= idx:
            _judge(verdict, claim, frontier)
            claim = next(claims, None)
        if idx != expected:
            verdict.add(Finding(f"places {expected} to {idx - 1} are empty", idx=expected))
        if not kept:
            verdict.add(Finding("the entry of this place is missing", idx=idx))
        frontier.append(bytes(leaf))
        expected = idx + 1
        verdict.positions += 1
        step()
    while claim:
        _judge(verdict, claim, frontier)
        claim = next(claims, None)


def _judge(verdict: Verdict, claim: _Claim, frontier: Frontier) -> None:
    if claim.size > frontier.size:
        verdict.add(Finding("it covers entries that are no longer there", checkpoint=claim.size))
    elif claim.root != frontier.root():
        verdict.add(Finding("its root differs from the entries it covers", checkpoint=claim.size))
    elif claim.row and claim.peaks != frontier.packed():
        verdict.add(Finding("its peaks differ from the entries it covers", checkpoint=claim.size))


def _stored_claims(verdict: Verdict, using: str, keys: list[VerifyKey]) -> Iterator[_Claim]:
    for row in Checkpoint.objects.using(using).order_by("size").iterator(chunk_size=_CHUNK):
        verdict.checkpoints += 1
        root = bytes(row.root)
        try:
            signed = open_checkpoint(row.note, keys)
        except NoteRefused as why:
            verdict.add(Finding(f"its note is refused: {why}", checkpoint=row.size))
        else:
            if (signed.size, signed.root, signed.key_id) != (row.size, root, row.key_id):
                verdict.add(Finding("its row differs from its signed note", checkpoint=row.size))
        yield _Claim(row.size, root, bytes(row.peaks), row=True)


def _published_claims(verdict: Verdict, notes: Iterable[str], keys: list[VerifyKey]) -> Iterator[_Claim]:
    for note in notes:
        try:
            signed = open_checkpoint(note, keys)
        except NoteRefused as why:
            verdict.add(Finding(f"a published note is refused: {why}"))
        else:
            yield _Claim(signed.size, signed.root)
