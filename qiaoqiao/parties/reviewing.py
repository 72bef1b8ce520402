"""Reading what waits for a reviewer: the list, one pair with its neighbours, and how often the model was right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, FloatField, Q, QuerySet
from django.db.models.functions import Cast, Floor

from qiaoqiao.access.models import Office, Place
from qiaoqiao.access.tickets import Actor
from qiaoqiao.lib.paging import Page, beyond, cut
from qiaoqiao.parties.importing.rolls import offices_decided
from qiaoqiao.parties.models import File, Merge, Proposal, Training

PAGE_ROWS = 25
MOST_COUNTED = 1000
"""Counting stops here: 1000 means that many or more."""
BANDS = ("sure", "likely", "open")
HEAVIEST = ("-weight", "id")
BIN = 2
"""Bits in one row of the measure."""


class MarkUnreadable(ValueError):
    """The address does not name a place in the list."""


class Mark(NamedTuple):
    """A pair's place in the list: its weight, to the last digit, and its id."""

    weight: float
    id: UUID

    def __str__(self) -> str:
        return f"{self.weight!r}_{self.id.hex}"


@dataclass(frozen=True)
class Measured:
    """How many pairs of one kind people said are one person, and how many are two."""

    same: int
    two: int

    @property
    def all(self) -> int:
        return self.same + self.two

    @property
    def percent(self) -> int:
        return round(100 * self.same / self.all) if self.all else 0


def read_mark(text: str) -> Mark:
    """Read a place in the list from an address. Raises MarkUnreadable."""
    try:
        weight, row = text.split("_")
        return Mark(float(weight), UUID(row))
    except ValueError as why:
        raise MarkUnreadable(text) from why


def offices_reviewed(actor: Actor, *, on: date) -> list[Office]:
    """The offices whose pairs an account decides, those above first."""
    return offices_decided(actor, on=on)


def places_below(offices: Sequence[Office]) -> list[Place]:
    """The communities in which the offices keep files."""
    kept = File.objects.filter(office__in=offices, state="active", place__isnull=False)
    return list(Place.objects.filter(pk__in=kept.order_by().values("place").distinct()).order_by("pk"))


def waiting(offices: Sequence[int], *, on: date, band: str = "", place: str = "") -> QuerySet[Proposal]:
    """Pairs that somebody is to judge on a day; those put off come back on theirs."""
    due = Q(state="open") | Q(state="later", later_on__lte=on)
    rows = Proposal.objects.filter(due, office__in=offices, state__in=["open", "later"])
    if band:
        rows = rows.filter(band=band)
    if place:
        rows = rows.filter(Q(one__place__code__startswith=place) | Q(other__place__code__startswith=place))
    return rows


def page(
    rows: QuerySet[Proposal], *, before: Mark | None = None, after: Mark | None = None
) -> Page[Proposal, Mark]:
    """One page of a list, the heaviest pairs at the top."""
    rows = rows.select_related("one__place", "other__place", "office").defer("one__words", "other__words")
    return cut(rows, HEAVIEST, PAGE_ROWS, mark_of, before=before, after=after)


def mark_of(pair: Proposal) -> Mark:
    return Mark(pair.weight, pair.pk)


def next_after(rows: QuerySet[Proposal], done: Proposal) -> Proposal | None:
    """The pair to look at after one: the next lighter one, else the heaviest that waits."""
    ordered = rows.exclude(pk=done.pk).order_by(*HEAVIEST).only("pk")
    return ordered.filter(beyond(HEAVIEST, mark_of(done))).first() or ordered.first()


def counts(offices: Sequence[int], *, on: date, place: str = "") -> dict[str, int]:
    """How many pairs wait in each band and in all, counted up to `MOST_COUNTED`."""
    found = {band: waiting(offices, on=on, band=band, place=place)[:MOST_COUNTED].count() for band in BANDS}
    return {"": sum(found.values()), **found}


def proposal_of(proposal_id: UUID, actor: Actor, *, on: date) -> Proposal:
    """A pair that the actor's offices decide. Raises Proposal.DoesNotExist."""
    offices = [one.pk for one in offices_decided(actor, on=on)]
    rows = Proposal.objects.filter(office__in=offices).select_related(
        "office", "decided_by", "one__office", "one__place", "one__household", "one__merged_into",
        "other__office", "other__place", "other__household", "other__merged_into",
    )  # fmt: skip
    return rows.get(pk=proposal_id)


def merges_of(file: File) -> list[Merge]:
    """The files that make up one, the last first."""
    rows = Merge.objects.filter(kept=file, undone_at__isnull=True).select_related("absorbed", "by")
    return list(rows.order_by("-at", "-id"))


def merge_of(file: File, merge_id: UUID) -> Merge:
    """Raises Merge.DoesNotExist for one of another file."""
    return Merge.objects.select_related("absorbed", "by", "proposal").get(pk=merge_id, kept=file)


def merge_for(proposal: Proposal) -> Merge | None:
    """The merge that came of a pair, when it still holds."""
    rows = Merge.objects.filter(proposal=proposal, undone_at__isnull=True)
    return rows.select_related("kept", "absorbed").first()


# --- the measure ---------------------------------------------------------------------------------------


def measured_by_band(offices: Sequence[int]) -> dict[str, Measured]:
    """What became of the pairs of each band."""
    rows: Any = _decided(offices).values("band").annotate(**_SPLIT)
    known = {row["band"]: Measured(row["same"], row["two"]) for row in rows}
    return {band: known.get(band, Measured(0, 0)) for band in BANDS}


def measured_by_weight(offices: Sequence[int]) -> Mapping[int, Measured]:
    """What became of the pairs of each weight, by the lower end of `BIN` bits, the heaviest first."""
    bins = _decided(offices).annotate(bin=Floor(Cast(F("weight") / BIN, FloatField())))
    rows: Any = bins.values("bin").annotate(**_SPLIT).order_by("-bin")
    return {int(row["bin"]) * BIN: Measured(row["same"], row["two"]) for row in rows}


_SPLIT = {
    "same": Count("pk", filter=Q(state="accepted")),
    "two": Count("pk", filter=Q(state="rejected")),
}


def _decided(offices: Sequence[int]) -> QuerySet[Proposal]:
    return Proposal.objects.filter(office__in=offices, state__in=["accepted", "rejected"]).order_by()


def trainings() -> list[Training]:
    """The sets of weights that were learned here, the newest first."""
    return list(Training.objects.order_by("-made_at", "-pk")[:10])
