"""Importing a roll: look through it first, bring it in a piece at a time, once however often it is asked for."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.gateways.uploads import clean_name
from qiaoqiao.lib.ids import row_id
from qiaoqiao.parties.actions.rolling import put_down
from qiaoqiao.parties.importing import mapping as columns
from qiaoqiao.parties.importing import rolls
from qiaoqiao.parties.importing.held import NotHeld, opened, sealed, settings_of
from qiaoqiao.parties.importing.planning import Decision, Planner
from qiaoqiao.parties.importing.reading import Row, Sheet, read
from qiaoqiao.parties.importing.tidying import Settings, tidy
from qiaoqiao.parties.models import Batch, Source

SLICE = 200
"""Rows in one transaction."""
LOOKED_AT_ONCE = 2000
OPEN = ("looked", "doing")
WHAT = {"new": "new", "join": "joined", "same": "same", "error": "errors"}
"""How each kind of decision is counted."""


class BatchClosed(Exception):
    """The import is not in a state for this: brought in or taken back already."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(state)


class MappingWrong(Exception):
    """The columns cannot be read like this; `faults` by their column."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(str(self.faults))


class NotYours(Exception):
    """Only handlers and heads of the office that keeps the files bring a roll in or take it back."""


@dataclass(frozen=True)
class Progress:
    """How far a long piece of work has got, in rows."""

    done: int
    of: int


@dataclass(frozen=True)
class Looked:
    """An import looked through, and what was decided of each row; nothing of it is done yet."""

    batch: Batch
    decisions: tuple[Decision, ...] = ()


@transaction.atomic
def look(source: Source, name: str, content: bytes, *, actor: Actor, at: datetime) -> Looked:
    """Take a roll in and say what would become of each row. Nothing else is written.

    The file is kept sealed until it is brought in, for a week at most. Raises RollRefused, NotYours.
    """
    if not rolls.may_deliver(source, actor, on=at.astimezone(SHANGHAI).date()):
        raise NotYours
    name = clean_name(name)
    sheet = read(name, content)
    batch = Batch(
        id=row_id(),
        source=source,
        file_name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        state="looked",
        made_at=at,
        made_by_id=actor.account_id,
        mapping=columns.guess(sheet.header, source.mapping),
        dates=source.dates,
    )
    batch.held = sealed(batch, content)
    decisions = judge(batch, sheet, actor=actor, at=at)
    batch.save(force_insert=True)
    return Looked(batch, decisions)


@transaction.atomic
def look_again(
    batch_id: UUID,
    *,
    mapping: Mapping[str, str] | None = None,
    dates: str | None = None,
    actor: Actor,
    at: datetime,
) -> Looked:
    """Look through a held roll once more, with other columns if they are given; the source keeps those.

    Raises MappingWrong, BatchClosed, NotHeld, NotYours.
    """
    batch = held_batch(batch_id, actor=actor, at=at, states=("looked",))
    sheet = opened(batch)
    if mapping is not None:
        batch.mapping = {theirs: mapping.get(theirs, "") for theirs in sheet.header}
        batch.dates = dates if dates in columns.ORDERS else ""
        if faults := columns.faults(batch.mapping):
            raise MappingWrong(faults)
        keep_mapping(batch)
    decisions = judge(batch, sheet, actor=actor, at=at)
    batch.save(update_fields=["mapping", "dates", "rows", "good", "report", "counts"])
    return Looked(batch, decisions)


def keep_mapping(batch: Batch) -> None:
    """Let the source remember what its columns are."""
    source = Source.objects.select_for_update().get(pk=batch.source_id)
    source.mapping = source.mapping | batch.mapping
    source.dates = batch.dates
    source.save(update_fields=["mapping", "dates"])


def judge(batch: Batch, sheet: Sheet, *, actor: Actor, at: datetime) -> tuple[Decision, ...]:
    """Decide about every row of a batch and write down what is to be said of them, on the batch given."""
    settings = settings_of(batch, sheet, at)
    batch.rows = len(sheet.rows)
    if columns.faults(batch.mapping):
        batch.good, batch.report, batch.counts = 0, [], {}
        return ()
    deciding = rolls.may_decide(batch.source, actor, on=settings.today)
    planner = Planner(batch.source, deciding=deciding)
    decisions: list[Decision] = []
    for start in range(0, len(sheet.rows), LOOKED_AT_ONCE):
        rows = sheet.rows[start : start + LOOKED_AT_ONCE]
        decisions += planner.decide([tidy(line, cells, settings) for line, cells in rows])
    batch.report = report_of(decisions)
    batch.counts = {**counted(decisions), "decided": deciding}
    batch.good = batch.counts["new"] + batch.counts["joined"]
    return tuple(decisions)


def report_of(decisions: Sequence[Decision]) -> list[dict[str, object]]:
    return [fault.as_json() for one in decisions for fault in one.faults]


def counted(decisions: Sequence[Decision]) -> dict[str, int]:
    """How many rows become what, and how many have a warning."""
    found = Counter(WHAT[one.what] for one in decisions)
    warned = sum(
        one.what != "error" and any(fault.level == "warning" for fault in one.faults) for one in decisions
    )
    return {name: found[name] for name in WHAT.values()} | {"warnings": warned}


def held_batch(
    batch_id: UUID, *, actor: Actor, at: datetime, states: Sequence[str] = OPEN, deciding: bool = False
) -> Batch:
    """Lock a batch for a change. Raises Batch.DoesNotExist, BatchClosed, NotHeld, NotYours."""
    today = at.astimezone(SHANGHAI).date()
    Batch.objects.select_for_update().only("pk").get(pk=batch_id)
    batch = rolls.batch_seen(batch_id, actor, on=today)
    may: Callable[..., bool] = rolls.may_decide if deciding else rolls.may_deliver
    if not may(batch.source, actor, on=today):
        raise NotYours
    if batch.state not in states:
        raise BatchClosed(batch.state)
    if tuple(states) == OPEN and not batch.held:
        raise NotHeld
    return batch


def bring(batch_id: UUID, *, actor: Actor, at: datetime) -> Iterator[Progress]:
    """Bring a roll in, `SLICE` rows in one transaction, telling after each how far it got.

    May stop anywhere and be called again, or twice at once: what is done is not done again. Raises
    BatchClosed, NotYours, MappingWrong.
    """
    with transaction.atomic():
        batch = held_batch(batch_id, actor=actor, at=at, states=OPEN, deciding=True)
        sheet = opened(batch)
    if faults := columns.faults(batch.mapping):
        raise MappingWrong(faults)
    settings, planner = settings_of(batch, sheet, at), Planner(batch.source)
    for start in range(0, len(sheet.rows), SLICE):
        rows = sheet.rows[start : start + SLICE]
        last = start + SLICE >= len(sheet.rows)
        if not bring_slice(batch_id, rows, planner, settings, actor=actor, at=at, last=last):
            return
        yield Progress(start + len(rows), len(sheet.rows))


@transaction.atomic
def receive(
    source: Source, records: Sequence[Mapping[str, object]], *, dry_run: bool, actor: Actor, at: datetime
) -> Batch:
    """Look through records that a system sends, and bring them in at once where its people may decide.

    Others' records wait for the keeper. Raises RollRefused, MappingWrong, NotYours.
    """
    content = json.dumps(records, ensure_ascii=False).encode("utf-8", "backslashreplace")
    looked = look(source, "records.json", content, actor=actor, at=at)
    if faults := columns.faults(looked.batch.mapping):
        raise MappingWrong(faults)
    deciding = rolls.may_decide(source, actor, on=at.astimezone(SHANGHAI).date())
    return looked.batch if dry_run or not deciding else import_batch(looked.batch.pk, actor=actor, at=at)


def import_batch(batch_id: UUID, *, actor: Actor, at: datetime) -> Batch:
    """Bring a whole roll in at one go."""
    for _ in bring(batch_id, actor=actor, at=at):
        pass
    return Batch.objects.get(pk=batch_id)


@transaction.atomic
def bring_slice(
    batch_id: UUID,
    rows: Sequence[Row],
    planner: Planner,
    settings: Settings,
    *,
    actor: Actor,
    at: datetime,
    last: bool,
) -> bool:
    """Bring some rows in, unless that was done already. False when somebody else brought the whole."""
    try:
        batch = held_batch(batch_id, actor=actor, at=at, states=OPEN, deciding=True)
    except BatchClosed as why:
        if why.state == "done":
            return False
        raise
    Source.objects.select_for_update().get(pk=batch.source_id)  # one import of a source at a time
    begun = batch.state == "doing"
    upto = int(batch.counts.get("upto", 0)) if begun else 0
    rows = [row for row in rows if row[0] > upto]
    decisions = planner.decide([tidy(line, cells, settings) for line, cells in rows])
    put_down(batch, decisions, actor=actor, at=at)
    batch.counts = summed(batch.counts if begun else {}, decisions, upto=rows[-1][0] if rows else upto)
    batch.report = [*(batch.report if begun else []), *report_of(decisions)]
    batch.good = batch.counts["new"] + batch.counts["joined"]
    batch.state = "done" if last else "doing"
    if last:
        batch.held = None
    batch.save(update_fields=["counts", "report", "good", "state", "held"])
    return True


def summed(before: Mapping[str, int], decisions: Sequence[Decision], *, upto: int) -> dict[str, int]:
    now = counted(decisions)
    return {name: int(before.get(name, 0)) + number for name, number in now.items()} | {"upto": upto}


@transaction.atomic
def forget_held(batch: Batch) -> None:
    """Throw away what a batch still holds of a roll that nobody brought in, and what its report quotes."""
    batch.held = None
    batch.report = [one | {"value": ""} for one in batch.report]
    batch.save(update_fields=["held", "report"])
