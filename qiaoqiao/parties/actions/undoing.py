"""Taking an import back: its files where nothing else happened to them, its facts, its records."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from qiaoqiao.access.tickets import Actor
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties.actions.erasing import EMPTY, erase
from qiaoqiao.parties.actions.grounds import settle
from qiaoqiao.parties.actions.importing import Progress, held_batch
from qiaoqiao.parties.actions.rollfacts import KINDS, OF_FILE, held_facts
from qiaoqiao.parties.models import Batch, File, FileReach, Household, Person, Proposal, Record

SLICE = 200
TAKEN_BACK = ("done", "undoing", "doing")
OWN = frozenset({"file.made", "file.opened", "file.imported", "file.import_undone"})
"""Entries after which a file is still only what imports made of it."""


@dataclass(frozen=True)
class Happened:
    """What is known of some files beside their facts: kinds of entries, other imports, who else needs them."""

    kinds: dict[UUID, set[str]]
    elsewhere: set[UUID]
    needed: set[UUID]


@transaction.atomic
def take_back(batch_id: UUID, *, actor: Actor, at: datetime) -> Progress:
    """Take the next `SLICE` lines of an import back; call it until `done` is `of`.

    `at` must be the present moment. A file to which something else happened stays, with its facts, and is
    listed in the batch's counts with the reason: a kind of entry, `frozen`, `merged`, `case`.
    Raises BatchClosed, NotYours.
    """
    batch = held_batch(batch_id, actor=actor, at=at, states=TAKEN_BACK, deciding=True)
    lines = Record.objects.filter(batch=batch)
    if batch.state != "undoing":
        batch.state = "undoing"
        batch.counts = batch.counts | {"undo_from": 0, "undo_of": lines.count(), "undo_done": 0, "kept": []}
    rest = list(lines.filter(line__gt=batch.counts["undo_from"]).order_by("line")[:SLICE])
    kept = take_lines(batch, rest, actor=actor, at=at)
    over = len(rest) < SLICE
    batch.counts = batch.counts | {
        "undo_from": rest[-1].line if rest else batch.counts["undo_from"],
        "undo_done": batch.counts["undo_of"] if over else batch.counts["undo_done"] + len(rest),
        "kept": [*batch.counts["kept"], *kept],
    }
    batch.held = None
    if over:
        batch.state, batch.undone_at = "undone", at
    batch.save(update_fields=["state", "counts", "held", "undone_at"])
    return Progress(batch.counts["undo_done"], batch.counts["undo_of"])


def take_lines(
    batch: Batch, rest: Sequence[Record], *, actor: Actor, at: datetime
) -> list[dict[str, object]]:
    """Take some lines back; return which files stay, and why.

    Lines that joined a file go first, so that what this import made is not kept for their sake.
    """
    ids = {one.file_id for one in rest if one.file_id}
    joined = list(Record.objects.filter(batch=batch, began=False, file__in=ids).order_by("line"))
    begun = [one for one in rest if one.began and one.file_id]
    Record.objects.filter(pk__in=[one.pk for one in rest if not one.file_id]).delete()
    chosen = File.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    files = {file.pk: file for file in chosen}
    happened = happened_to(ids, batch)
    kept = []
    unmade: list[tuple[File, Record]] = []
    left: list[tuple[File, Record]] = []
    for one in (*joined, *begun):
        file = files[one.file_id] if one.file_id else File()
        if why := why_kept(file, one, happened):
            kept.append({"file": file.number, "line": one.line, "why": why})
        elif one.began:
            unmade.append((file, one))
        else:
            left.append((file, one))
    unjoin(left, batch, actor=actor, at=at)
    unmake(unmade, batch, happened, actor=actor, at=at)
    forget_homes(batch, {one.household_no for one in (*joined, *begun)})
    return kept


def happened_to(ids: Collection[UUID], batch: Batch) -> Happened:
    """Read about all the files at once."""
    kinds: dict[UUID, set[str]] = defaultdict(set)
    for file, kind in Entry.objects.filter(subject__in=ids).values_list("subject", "kind"):
        kinds[file].add(kind)
    others = Record.objects.filter(file__in=ids).exclude(batch=batch).values_list("file", flat=True)
    asked = Person.objects.filter(file__in=ids).values_list("file", flat=True)
    reached = FileReach.objects.filter(file__in=ids).values_list("file", flat=True)
    needed = {one for one in (*asked, *reached) if one}
    return Happened(kinds, {one for one in others if one}, needed)


def why_kept(file: File, line: Record, happened: Happened) -> str:
    """Why a file cannot be taken back, as a token; blank when it can."""
    if file.state != "active":
        return file.state
    if not line.began:
        return ""
    other = sorted(kind for kind in happened.kinds[file.pk] if kind.partition(":")[0] not in OWN)
    if other:
        return other[0]
    if file.pk in happened.elsewhere:
        return "file.imported"
    return "case" if file.pk in happened.needed else ""


def unmake(
    lines: Iterable[tuple[File, Record]], batch: Batch, happened: Happened, *, actor: Actor, at: datetime
) -> None:
    """Empty files that were only one line; their numbers and their chains stay."""
    plain = []
    for file, line in lines:
        record(file.pk, undone(line, batch, actor=actor, at=at))
        if happened.kinds[file.pk] <= {"file.made"}:
            plain.append(file.pk)
            continue
        line.delete()  # else the person's line is looked for in the batch that is held here
        erase(file.pk, reason="import_undone", actor=actor, at=at, office=batch.source.keeper.code)
    # Nothing but facts and the record hangs on a file that nobody opened: many are emptied at once.
    for model in KINDS:
        model._default_manager.filter(file__in=plain).delete()
    Record.objects.filter(file__in=plain).delete()
    Proposal.objects.filter(Q(one__in=plain) | Q(other__in=plain)).delete()
    File.objects.filter(pk__in=plain).update(**EMPTY)


def unjoin(lines: Sequence[tuple[File, Record]], batch: Batch, *, actor: Actor, at: datetime) -> None:
    """Take from files what lines of this import brought to them."""
    records = [line.pk for _, line in lines]
    for model in KINDS if records else ():
        model._default_manager.filter(record__in=records).delete()
    held = held_facts({file.pk for file, _ in lines})
    for file, line in lines:
        filled: dict[str, object] = line.more.get("filled", {})
        mine = [name for name in OF_FILE if name in filled and getattr(file, name) == filled[name]]
        for name in mine:
            setattr(file, name, getattr(File(), name))
        happening = undone(line, batch, actor=actor, at=at)
        settle(file, happening, at=at, fields=mine, facts=held[file.pk])
    Record.objects.filter(pk__in=records).delete()


def forget_homes(batch: Batch, numbers: Collection[str]) -> None:
    """Remove households of the keeper in which nobody is left."""
    left = Household.objects.filter(office=batch.source.keeper_id, number__in=[one for one in numbers if one])
    left.filter(members__isnull=True, files__isnull=True).delete()


def undone(line: Record, batch: Batch, *, actor: Actor, at: datetime) -> Happening:
    said: dict[str, str | int] = {
        "source": batch.source.code,
        "batch": str(batch.pk),
        "line": line.line,
    }
    return Happening("file.import_undone", said, actor.ledger_name, at, batch.source.keeper.code)
