"""Taking an import back: its files where nothing else happened to them, its facts, its records."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.ledger.actions import Happening, record
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties.actions.erasing import erase
from qiaoqiao.parties.actions.grounds import hold, settle
from qiaoqiao.parties.actions.importing import Progress, held_batch
from qiaoqiao.parties.actions.rollfacts import KINDS, OF_FILE
from qiaoqiao.parties.models import Batch, File, FileReach, Household, Person, Record

SLICE = 50
TAKEN_BACK = ("done", "undoing", "doing")
HARMLESS = ("file.made", "file.opened")
"""Entries after which a file is still only what the import made of it."""


@transaction.atomic
def take_back(batch_id: UUID, *, actor: Actor, at: datetime) -> Progress:
    """Take the next `SLICE` lines of an import back; call it until `done` is `of`.

    `at` must be the present moment. A file to which something else happened stays, with its facts, and is
    listed in the batch's counts with the reason: a kind of entry, or `frozen`, `merged`, `case`.
    Raises BatchClosed, NotYours.
    """
    batch = held_batch(batch_id, actor=actor, at=at, states=TAKEN_BACK, deciding=True)
    lines = Record.objects.filter(batch=batch)
    if batch.state != "undoing":
        batch.state = "undoing"
        batch.counts = batch.counts | {"undo_from": 0, "undo_of": lines.count(), "undo_done": 0, "kept": []}
    # Lines that joined a file go first, so that what this import made is not kept for their sake.
    rest = list(lines.filter(line__gt=batch.counts["undo_from"]).order_by("line")[:SLICE])
    joined = Record.objects.filter(batch=batch, began=False, file__in=[one.file_id for one in rest])
    rows = [*joined, *(one for one in rest if one.began)]
    kept = batch.counts["kept"] + take_rows(batch, rows, actor=actor, at=at)
    over = len(rest) < SLICE
    batch.counts = batch.counts | {
        "undo_from": rest[-1].line if rest else batch.counts["undo_from"],
        "undo_done": batch.counts["undo_of"] if over else batch.counts["undo_done"] + len(rest),
        "kept": kept,
    }
    batch.held = None
    if over:
        batch.state, batch.undone_at = "undone", at
    batch.save(update_fields=["state", "counts", "held", "undone_at"])
    return Progress(batch.counts["undo_done"], batch.counts["undo_of"])


def take_rows(batch: Batch, rows: Sequence[Record], *, actor: Actor, at: datetime) -> list[dict[str, object]]:
    """Take some lines back; return which files stay, and why."""
    homes = {one for one in rows if one.household_no}
    kept = []
    for one in rows:
        if one.file_id is None:  # the file was erased since, or the line never had one
            one.delete()
            continue
        file = File.objects.select_for_update(of=("self",)).get(pk=one.file_id)
        why = why_kept(file, one, batch)
        if why:
            kept.append({"file": file.number, "line": one.line, "why": why})
        elif one.began:
            unmake(file, one, batch, actor=actor, at=at)
        else:
            unjoin(file, one, batch, actor=actor, at=at)
    numbers = {one.household_no for one in homes}
    empty = Household.objects.filter(office=batch.source.keeper_id, number__in=numbers)
    empty.filter(members__isnull=True, files__isnull=True).delete()
    return kept


def why_kept(file: File, line: Record, batch: Batch) -> str:
    """Why a file cannot be taken back, as a token; blank when it can."""
    if file.state != "active":
        return file.state
    if not line.began:
        return ""
    kinds = Entry.objects.filter(subject=file.pk).values_list("kind", flat=True)
    others = Record.objects.filter(file=file).exclude(batch=batch)
    own = {"file.imported", "file.import_undone"} if not others.exists() else set()
    for kind in kinds:
        if kind.partition(":")[0] not in HARMLESS and kind not in own:
            return str(kind)
    if others.exists():
        return "file.imported"
    if Person.objects.filter(file=file).exists() or FileReach.objects.filter(file=file).exists():
        return "case"
    return ""


def unmake(file: File, line: Record, batch: Batch, *, actor: Actor, at: datetime) -> None:
    """Empty a file that was only this line; its number and its chain stay."""
    record(file.pk, undone(line, batch, actor=actor, at=at))
    Record.objects.filter(batch=batch, file=file).delete()
    erase(file.pk, reason="import_undone", actor=actor, at=at, office=batch.source.keeper.code)


def unjoin(file: File, line: Record, batch: Batch, *, actor: Actor, at: datetime) -> None:
    """Take from a file what one line brought to it."""
    file = hold(file.pk)
    for model in KINDS:
        model._default_manager.filter(record=line).delete()
    filled: dict[str, object] = line.more.get("filled", {})
    mine = [name for name in OF_FILE if name in filled and getattr(file, name) == filled[name]]
    for name in mine:
        setattr(file, name, getattr(File(), name))
    settle(file, undone(line, batch, actor=actor, at=at), at=at, fields=mine)
    line.delete()


def undone(line: Record, batch: Batch, *, actor: Actor, at: datetime) -> Happening:
    said: dict[str, str | int] = {"batch": str(batch.pk), "line": line.line}
    return Happening("file.import_undone", said, actor.ledger_name, at, batch.source.keeper.code)
