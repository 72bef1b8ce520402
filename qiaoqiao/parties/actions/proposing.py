"""Proposing that two files are one person: all files of an office, or one file that was just made. Nothing merges."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.parties.importing.rolls import offices_decided
from qiaoqiao.parties.linkage import engine
from qiaoqiao.parties.linkage.evidence import Item, evidence
from qiaoqiao.parties.linkage.features import encode
from qiaoqiao.parties.linkage.matching import candidates, estimated, in_force, pairs
from qiaoqiao.parties.linkage.rows import Line, lines_of
from qiaoqiao.parties.linkage.weighing import OPEN, SURE, Weights
from qiaoqiao.parties.models import File, Proposal, Record, Training

READ_AT_ONCE = 1000
WRITTEN_AT_ONCE = 500
MOST_LINES = 12
"""So many lines of one file are looked for when it was just made."""
STEPS = ("reading", "comparing", "writing")
WAITING = ("open", "later")
Piece = TypeVar("Piece")


class NotYours(Exception):
    """Only handlers and heads of an office have its files compared."""


@dataclass(frozen=True)
class Found:
    """Two files that look like one person; `one` is the older id."""

    one: UUID
    other: UUID
    weight: float
    band: str
    evidence: Sequence[Item]


@dataclass
class Proposed:
    """How far it has got, and what came of it: proposals by band that are new, and those brought up to date."""

    step: str = "reading"
    done: int = 0
    of: int = 0
    files: int = 0
    lines: int = 0
    new: dict[str, int] = field(default_factory=lambda: {"sure": 0, "likely": 0, "open": 0})
    updated: int = 0

    @property
    def thousandths(self) -> int:
        """How far it is in all: reading, comparing and writing are a third each."""
        part = self.done / self.of if self.of else 0.0
        return int(1000 * (STEPS.index(self.step) + part) / len(STEPS))


def propose_all(*, office: Office, actor: Actor, at: datetime) -> Iterator[Proposed]:
    """Compare all open files of an office and those below it, a step at a time; proposals are written at the end.

    Between two steps the caller may take a new ticket. Running it again brings proposals up to date.
    Raises NotYours.
    """
    if office.pk not in {one.pk for one in offices_decided(actor, on=at.astimezone(SHANGHAI).date())}:
        raise NotYours(office.code)
    told = Proposed()
    files = list(
        File.objects.filter(office__path__startswith=office.path, state="active")
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    told.files = told.of = len(files)
    lines: list[Line] = []
    for some in pieces(files, READ_AT_ONCE):
        lines += lines_of(some)
        told.done += len(some)
        told.lines = len(lines)
        yield told
    training, weights = in_force()
    told.step, told.done, told.of = "comparing", 0, 0
    yield told
    best = linked(lines, weights) if lines else {}
    told.step, told.of = "writing", len(best)
    for some_pairs in pieces(list(best.items()), WRITTEN_AT_ONCE):
        found = explained(some_pairs, lines, weights)
        write(found, training, told, at=at)
        told.done += len(some_pairs)
        yield told


def pieces(rows: Sequence[Piece], most: int) -> Iterator[Sequence[Piece]]:
    return (rows[start : start + most] for start in range(0, len(rows), most))


Best = tuple[int, int, str]
"""Places of the two lines that look most alike, of the older file first; and the band."""


def linked(lines: Sequence[Line], weights: Weights) -> dict[tuple[UUID, UUID], Best]:
    """The pairs of files that look like one person, each with its best pair of lines."""
    rows = (line.row for line in lines)
    done = engine.link(engine.sliced(rows), weights, progress=lambda _step, _records: None)
    heaviest: dict[tuple[UUID, UUID], tuple[float, int, int]] = {}
    columns = [done.pairs[name].to_pylist() for name in ("match_weight", "unique_id_l", "unique_id_r")]
    for weight, one, other in zip(*columns, strict=True):
        if weight < OPEN or lines[one].file == lines[other].file:
            continue
        if lines[one].file > lines[other].file:
            one, other = other, one
        pair = lines[one].file, lines[other].file
        if pair not in heaviest or weight > heaviest[pair][0]:
            heaviest[pair] = weight, one, other
    people, sure = done.people.tolist(), labels(lines, done.sure.tolist())
    return {
        pair: (one, other, band(pair, sure, likely=people[one] == people[other]))
        for pair, (_weight, one, other) in heaviest.items()
    }


def labels(lines: Sequence[Line], sure: Sequence[int]) -> dict[UUID, set[int]]:
    """The clusters of each file's lines that need nobody's second look."""
    found: dict[UUID, set[int]] = defaultdict(set)
    for line, label in zip(lines, sure, strict=True):
        found[line.file].add(label)
    return found


def band(pair: tuple[UUID, UUID], sure: Mapping[UUID, set[int]], *, likely: bool) -> str:
    """`sure` where every line of both files is in one cluster of these; `likely`; else `open`."""
    one, other = pair
    if len(sure[one] | sure[other]) == 1:
        return "sure"
    return "likely" if likely else "open"


def explained(
    chosen: Sequence[tuple[tuple[UUID, UUID], Best]], lines: Sequence[Line], weights: Weights
) -> list[Found]:
    """The pairs with their evidence, compared once more from what the lines say."""
    left = [lines[one] for _pair, (one, _other, _band) in chosen]
    right = [lines[other] for _pair, (_one, other, _band) in chosen]
    compared = pairs(
        encode([line.row for line in left]), encode([line.row for line in right]), weights, records=len(lines)
    )
    return [
        Found(a.file, b.file, said[0], one_band, reasons(a, b, said))
        for a, b, said, (_pair, (_one, _other, one_band)) in zip(left, right, compared, chosen, strict=True)
    ]


def reasons(a: Line, b: Line, said: Any) -> list[Item]:
    """The evidence, whose last item names the two records."""
    items = evidence(a.row, b.row, said)
    items[-1]["left"], items[-1]["right"] = (str(line.record or "") for line in (a, b))
    return items


# --- one file ----------------------------------------------------------------------------------------


def propose_for(file_id: UUID, *, actor: Actor, at: datetime) -> Proposed:
    """Compare one file with all others as soon as it is made or has got a record; again changes nothing.

    Works under the ticket in force: a reaction's sees the files of every office.
    """
    told = Proposed(step="writing")
    if not File.objects.filter(pk=file_id, state="active").exists():
        return told
    lines = lines_of([file_id])[-MOST_LINES:]
    training, weights = in_force()
    records = estimated()
    best: dict[UUID, tuple[float, Line, Any]] = {}
    weighed: dict[UUID, list[float]] = defaultdict(list)
    for line in lines:
        for match in candidates(line.row, but=[file_id], records=records, weights=weights):
            weighed[match.file].append(match.weight)
            if match.file not in best or match.weight > best[match.file][0]:
                best[match.file] = match.weight, line, match
    found = []
    for other, (weight, line, match) in best.items():
        sure = weight >= SURE and len(weighed[other]) == len(lines) and min(weighed[other]) >= 0
        theirs = Line(other, match.record, match.row)
        said = (weight, match.levels, match.bits)
        a, b = (line, theirs) if line.file < other else (theirs, line)
        one_band = "sure" if sure else "likely" if weight >= 0 else "open"
        found.append(Found(a.file, b.file, weight, one_band, reasons(a, b, said)))
    write(found, training, told, at=at)
    return told


# --- writing -----------------------------------------------------------------------------------------


@transaction.atomic
def write(found: Sequence[Found], training: Training | None, told: Proposed, *, at: datetime) -> None:
    """Write proposals where nobody has decided; a rejected pair comes back only with records that are new."""
    ids = {file for one in found for file in (one.one, one.other)}
    files = {
        file.pk: file for file in File.objects.filter(pk__in=ids, state="active").select_related("office")
    }
    both = [one for one in found if one.one in files and one.other in files]
    known = {
        (row.one_id, row.other_id): row
        for row in Proposal.objects.filter(one__in=ids, other__in=ids).select_for_update(of=("self",))
    }
    shut = rejected(ids)
    made = []
    for one in both:
        office = decider(files[one.one].office, files[one.other].office)
        pair = one.one, one.other
        if office is None or pair in shut:
            continue
        before = known.get(pair)
        if before is None:
            made.append(new_proposal(one, office, training, at=at))
        elif bring_up(before, one, training):
            told.updated += 1
    Proposal.objects.bulk_create(made, ignore_conflicts=True)
    for row in made:
        told.new[row.band] += 1


def new_proposal(found: Found, office: int, training: Training | None, *, at: datetime) -> Proposal:
    return Proposal(
        office_id=office, one_id=found.one, other_id=found.other, weight=found.weight, band=found.band,
        evidence=list(found.evidence), training=training, made_at=at,
    )  # fmt: skip


def bring_up(row: Proposal, found: Found, training: Training | None) -> bool:
    """Let a proposal say what is known now; one that was rejected or overtaken waits again. Accepted ones stay."""
    if row.state == "accepted":
        return False
    fresh = (found.weight, found.band, list(found.evidence))
    if row.state in WAITING and (row.weight, row.band, row.evidence) == fresh:
        return False
    row.weight, row.band, row.evidence = fresh
    row.training = training
    if row.state not in WAITING:
        row.state, row.decided_at, row.decided_by, row.why = "open", None, None, ""
    row.save()
    return True


def rejected(files: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Pairs of these files that people said are two, in themselves or as files merged into them since.

    A record that came after the decision opens the question again.
    """
    heirs = heirs_of(files)
    rows = Proposal.objects.filter(Q(one__in=heirs) & Q(other__in=heirs), state="rejected")
    newest: dict[UUID, datetime] = {}
    for file, added_at in Record.objects.filter(file__in=files).values_list("file", "added_at"):
        newest[file] = max(newest.get(file, added_at), added_at)
    shut = set()
    for one, other, decided_at in rows.values_list("one", "other", "decided_at"):
        pair = sorted((heirs[one], heirs[other]))
        if decided_at and not any(file in newest and newest[file] > decided_at for file in pair):
            shut.add((pair[0], pair[1]))
    return shut


def heirs_of(files: Collection[UUID]) -> dict[UUID, UUID]:
    """These files and all that were merged into them, each with the one it is now."""
    heirs = {file: file for file in files}
    below = list(files)
    while below:
        rows = list(File.objects.filter(merged_into__in=below).values_list("pk", "merged_into"))
        heirs |= {absorbed: heirs[into] for absorbed, into in rows if into}
        below = [absorbed for absorbed, _into in rows]
    return heirs


def decider(one: Office, other: Office) -> int | None:
    """The office that decides on two files: their keeper, or the nearest above both; None where there is none."""
    if one.pk == other.pk:
        return one.pk
    a, b = (office.path.strip("/").split("/") for office in (one, other))
    common = [left for left, right in zip(a, b, strict=False) if left == right]
    return int(common[-1]) if common else None
