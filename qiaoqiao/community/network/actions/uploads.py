"""Bringing a workbook in: looked through first, then put in force in one transaction, by code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.community.network.actions.organisations import NotYours, local_day, lock_tree, told
from qiaoqiao.community.network.entered import Entered, changes, columns_of, digest, entered_of
from qiaoqiao.community.network.gazetteer import gazetteer
from qiaoqiao.community.network.judging import Known, judge, reported
from qiaoqiao.community.network.models import Organisation, Upload
from qiaoqiao.community.network.queries import kept_by, offices_of, visible_uploads
from qiaoqiao.community.network.reading import Sheet, read
from qiaoqiao.community.network.rules import paths
from qiaoqiao.ledger.actions import Happening, record, start
from qiaoqiao.lib.ids import row_id
from qiaoqiao.lib.statements import together

BATCH = 500


class Overtaken(Exception):
    """The file was put in force already, or what is registered has changed since it was looked through."""


@dataclass(frozen=True)
class Counted:
    """How many organisations a file began, changed and closed."""

    new: int
    changed: int
    closed: int


def known_to(actor: Actor, *, at: datetime) -> Known:
    """All codes with those above, and what the actor may change as it stands."""
    ours = kept_by(actor, on=local_day(at)).select_related("parent")
    mine = {row.code: entered_of(row) for row in ours}
    parents = {code: above or "" for code, above in Organisation.objects.values_list("code", "parent__code")}
    others = {code: Entered(code, "", "") for code in parents.keys() - mine.keys()}
    return Known(mine | others, frozenset(mine), parents)


@transaction.atomic
def look(keeper: Office, name: str, content: bytes, *, actor: Actor, at: datetime) -> Upload:
    """Look through a workbook and keep what it would do. Raises NotYours, RollRefused."""
    if keeper.pk not in {one.pk for one in offices_of(actor, on=local_day(at))}:
        raise NotYours(keeper.code)
    sheet = read(name, content)
    judged = judge(sheet, known_to(actor, at=at), gazetteer())
    upload = Upload.objects.create(
        id=row_id(),
        keeper=keeper,
        file_name=name[-120:],
        rows=judged.rows,
        report=reported(judged.faults),
        counts=counted(judged.counts, sheet),
        made_by_id=actor.account_id,
        made_at=at,
    )
    start(upload.pk, Happening("network.looked", dict(judged.counts), actor.ledger_name, at, keeper.code))
    return upload


def counted(counts: dict[str, int], sheet: Sheet) -> dict[str, object]:
    every = {fate: counts.get(fate, 0) for fate in ("new", "changed", "unchanged", "closed", "wrong")}
    return {**every, "rows": len(sheet.lines), "passed_over": list(sheet.passed_over[:20])}


@transaction.atomic
def bring(upload_id: UUID, *, actor: Actor, at: datetime) -> Counted:
    """Put the good rows of a looked-through file in force. Raises NotYours, Overtaken."""
    uploads = (
        visible_uploads(actor, on=local_day(at)).select_for_update(of=("self",)).select_related("keeper")
    )
    upload = uploads.filter(pk=upload_id).first()
    if upload is None:
        raise NotYours(str(upload_id))
    if upload.state != "looked":
        raise Overtaken
    lock_tree()
    given = {one["given"]["code"]: Entered(**one["given"]) for one in upload.rows}
    fates = {one["given"]["code"]: str(one["fate"]) for one in upload.rows}
    there = {row.code: row for row in _locked(list(given), actor, at=at)}
    taken = set(Organisation.objects.filter(code__in=list(given)).values_list("code", flat=True))
    if taken != {code for code, fate in fates.items() if fate != "new"} or taken != set(there):
        raise Overtaken
    stood = {one["given"]["code"]: one.get("before") for one in upload.rows}
    if any(digest(entered_of(row)) != stood[code] for code, row in there.items()):
        raise Overtaken
    counts = _write(given, there, upload, actor=actor, at=at)
    upload.state, upload.done_at, upload.rows = "done", at, []
    upload.save(update_fields=["state", "done_at", "rows"])
    facts = {"new": counts.new, "changed": counts.changed, "closed": counts.closed}
    record(upload.pk, Happening("network.imported", facts, actor.ledger_name, at, upload.keeper.code))
    return counts


def _locked(codes: Sequence[str], actor: Actor, *, at: datetime) -> list[Organisation]:
    rows = kept_by(actor, on=local_day(at)).filter(code__in=codes)
    return list(rows.select_related("parent", "keeper").select_for_update(of=("self",)))


def _write(
    given: dict[str, Entered], there: dict[str, Organisation], upload: Upload, *, actor: Actor, at: datetime
) -> Counted:
    """Write the rows, those above first, move what lies below, and record each."""
    before = {code: entered_of(row) for code, row in there.items()}
    new = {
        code: Organisation(keeper=upload.keeper, names={}, about={}) for code in given.keys() - there.keys()
    }
    rows = there | new
    for code, row in rows.items():
        columns_of(given[code], row)
    moved = _lay(given, rows)
    depth = sorted(new.values(), key=lambda row: row.path.count("/"))
    Organisation.objects.bulk_create(depth, batch_size=BATCH)
    columns = [one.name for one in Organisation._meta.concrete_fields if not one.primary_key]
    Organisation.objects.bulk_update(list(there.values()), columns, batch_size=BATCH)
    Organisation.objects.bulk_update(moved, ["path"], batch_size=BATCH)
    with together():
        for row in depth:
            facts: dict[str, Any] = {"code": row.code, "kind": row.kind, "upload": str(upload.pk)}
            happening = Happening("organisation.founded", facts, actor.ledger_name, at, upload.keeper.code)
            start(row.pk, happening)
    closed = 0
    for code, row in there.items():
        changed = changes(before[code], given[code])
        closed += "closed_on" in changed and bool(given[code].closed_on)
        office = row.keeper.code
        record(row.pk, *told(changed, given[code], actor=actor, at=at, office=office, upload=str(upload.pk)))
    return Counted(len(new), len(there) - closed, closed)


def _lay(given: dict[str, Entered], rows: dict[str, Organisation]) -> list[Organisation]:
    """Give each row its place in the tree; return the others that move along. Raises Loop."""
    parents = {code: above or "" for code, above in Organisation.objects.values_list("code", "parent__code")}
    found = paths(parents | {code: one.parent for code, one in given.items()})
    above = {one.parent for one in given.values() if one.parent and one.parent not in rows}
    outside = {row.code: row for row in Organisation.objects.filter(code__in=above)}
    for code, row in rows.items():
        row.path = found[code]
        row.parent = rows.get(given[code].parent) or outside.get(given[code].parent)
    others = Organisation.objects.exclude(code__in=list(rows)).only("code", "path")
    moved = [row for row in others if row.path != found[row.code]]
    for row in moved:
        row.path = found[row.code]
    return moved
