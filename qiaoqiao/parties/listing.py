"""Lists of files: those of some offices by name, and those that words or an exact number find."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from qiaoqiao.access.models import Place
from qiaoqiao.access.tickets import Actor
from qiaoqiao.gateways import vault
from qiaoqiao.lib.paging import Page, beyond, page_of, place_of
from qiaoqiao.lib.words import as_tsquery
from qiaoqiao.parties.models import Consent, Document, File, Need
from qiaoqiao.parties.queries import OPEN_FILES, visible_files
from qiaoqiao.parties.rules import SENSITIVE_NEEDS

PAGE_ROWS = 25
SHORTEST_NUMBER = 6
AGES: dict[str, tuple[int, int | None]] = {
    "under_18": (0, 18),
    "18_59": (18, 60),
    "60_79": (60, 80),
    "over_80": (80, None),
}
"""Bands of age in full years: from, and below."""


@dataclass(frozen=True)
class Filters:
    """Which files to list; what is empty does not matter. `place` takes in all places below it."""

    standing: str = ""
    origin: str = ""
    place: str = ""
    age: str = ""
    need: str = ""
    overdue: bool = False
    frozen: bool = False


def of_offices(
    filters: Filters,
    offices: Sequence[int],
    actor: Actor,
    *,
    on: date,
    before: UUID | None = None,
    after: UUID | None = None,
) -> Page[File, UUID]:
    """A page of the files that these offices keep; each office's own index gives its first rows."""
    state = "frozen" if filters.frozen else "active"
    kept = visible_files(actor, on=on).filter(wanted(filters, on=on), state=state)
    return _page([kept.filter(office=office) for office in offices], before=before, after=after)


def found(
    text: str,
    filters: Filters,
    actor: Actor,
    *,
    on: date,
    before: UUID | None = None,
    after: UUID | None = None,
) -> Page[File, UUID]:
    """A page of the files the actor may see in which all these words stand, or whose paper has this number."""
    query = as_tsquery(text)
    if not query:
        return Page([], None, None)
    seen = visible_files(actor, on=on).filter(wanted(filters, on=on), state__in=OPEN_FILES)
    by_number = with_paper(text)
    rows = seen.filter(pk__in=by_number) if by_number else seen.filter(_said(query))
    return _page([rows], before=before, after=after)


def with_paper(number: str) -> list[UUID]:
    """The files one of whose papers has exactly this number, as far as the reader may see them."""
    if not may_be_number(number):
        return []
    rows = Document.objects.filter(blind=vault.blind("identity", number), file__state__in=OPEN_FILES)
    return list(rows.order_by().values_list("file_id", flat=True).distinct())


def may_be_number(text: str) -> bool:
    """Whether a text can be the number of somebody's paper: letters and digits, long enough."""
    tidy = vault.normalised(text)
    return len(tidy) >= SHORTEST_NUMBER and tidy.isascii() and any(char.isdigit() for char in tidy)


def alike(
    *, names: Sequence[str], number: str, actor: Actor, on: date, most: int = 10
) -> list[tuple[File, bool]]:
    """Files that may be the person about to be written down, and whether a paper's number is the same."""
    same = set(with_paper(number)) if number else set()
    seen = visible_files(actor, on=on).filter(state__in=OPEN_FILES).select_related("office", "place")
    rows = {file.pk: file for file in seen.filter(pk__in=same)}
    for query in filter(None, (as_tsquery(name) for name in names if name)):
        rows |= {file.pk: file for file in seen.filter(_said(query)).order_by("name", "id")[:most]}
    return sorted(((file, pk in same) for pk, file in rows.items()), key=lambda pair: not pair[1])[:most]


def wanted(filters: Filters, *, on: date) -> Q:
    """The filters as a condition on files."""
    condition = Q()
    if filters.standing:
        condition &= Q(standing=filters.standing)
    if filters.origin:
        condition &= Q(origin=filters.origin)
    if filters.place:
        condition &= Q(place__in=Place.objects.filter(pk__startswith=filters.place))
    if filters.age in AGES:
        condition &= _aged(*AGES[filters.age], on=on)
    if filters.need:
        condition &= _needing(filters.need, on=on)
    if filters.overdue:
        condition &= Q(review_on__lt=on)
    return condition


def _aged(least: int, below: int | None, *, on: date) -> Q:
    """Written dates compare as they stand: YYYY before YYYY-MM before YYYY-MM-DD."""
    condition = ~Q(born="") & Q(born__lte=_years_before(on, least))
    return condition & Q(born__gt=_years_before(on, below)) if below is not None else condition


def _years_before(on: date, years: int) -> str:
    return f"{on.year - years:04d}-{on.month:02d}-{on.day:02d}"


def _needing(kind: str, *, on: date) -> Q:
    """A sensitive need counts only where the person's consent to keep it is in force."""
    lasting = Q(until__isnull=True) | Q(until__gte=on)
    needs = Exists(Need.objects.filter(lasting, file=OuterRef("pk"), kind=kind))
    if kind not in SENSITIVE_NEEDS:
        return Q(needs)
    agreed = Consent.objects.filter(file=OuterRef("pk"), purpose="sensitive", withdrawn_at__isnull=True)
    return Q(needs) & Q(Exists(agreed))


def _said(query: str) -> RawSQL:
    condition = "parties_file.id IN (SELECT qq_people(%s::tsquery))"
    return RawSQL(condition, (query,), output_field=BooleanField())


def _page(each: Sequence[QuerySet[File]], *, before: UUID | None, after: UUID | None) -> Page[File, UUID]:
    """A page over several lists: the places of its rows first, then what a line says of them."""
    found = page_of(
        _ids(each, before=before, after=after), PAGE_ROWS, lambda one: one, before=before, after=after
    )
    rows = File.objects.filter(pk__in=found.rows).select_related("office", "place").defer("words")
    held = {file.pk: file for file in rows}
    return Page([held[one] for one in found.rows if one in held], found.before, found.after)


def _ids(each: Sequence[QuerySet[File]], *, before: UUID | None, after: UUID | None) -> list[UUID]:
    """The ids of the first rows on one side of a row, one more than a page."""
    order = ["-name", "-id"] if before else ["name", "id"]
    mark = place_of(File.objects.all(), order, before or after)
    lists = []
    for rows in each:
        on = rows.filter(beyond(order, mark)) if mark else rows
        lists.append(on.order_by(*order).values_list("name", "pk")[: PAGE_ROWS + 1])
    if not lists:
        return []
    first, *others = lists
    joined = first.union(*others, all=True).order_by(*order) if others else first
    return [pk for _name, pk in joined[: PAGE_ROWS + 1]]
