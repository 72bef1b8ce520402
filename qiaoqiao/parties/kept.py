"""The work list “kept current”: files to look at again, requests to answer, people nobody has called on.

Each list is cut at the last row seen. Only files of the reader's own offices are work; what an office may
merely see (`FileReach`) is somebody else's.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import offices_read_by
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.models import Fact
from qiaoqiao.lib.paging import Page, cut
from qiaoqiao.parties.models import Change, File, Need, Visit
from qiaoqiao.parties.rules import SENSITIVE_NEEDS

Tab = Literal["review", "changes", "unvisited"]
TABS: tuple[Tab, ...] = ("review", "changes", "unvisited")
PAGE_ROWS = 25
MOST_COUNTED = 1000
"""Counting stops here: 1000 means that many or more."""

REVIEW_SOON = timedelta(days=30)
OLD = 80
CARED_FOR = ("elderly", "alone")
"""Needs for which somebody looks in every year."""

Row = TypeVar("Row", File, Change)


class MarkUnreadable(ValueError):
    """The address does not name a place in the list."""


class Mark(NamedTuple):
    """A row's place in a list ordered by a day."""

    on: date
    id: UUID

    def __str__(self) -> str:
        return f"{self.on.isoformat()}_{self.id.hex}"


def read_mark(text: str) -> Mark:
    """Read a place in a list from an address. Raises MarkUnreadable."""
    try:
        on, row = text.split("_")
        return Mark(date.fromisoformat(on), UUID(row))
    except ValueError as why:
        raise MarkUnreadable(text) from why


def offices_kept_by(account_id: int, *, on: date) -> list[Office]:
    """The offices whose files an account keeps current, those above first."""
    return list(Office.objects.filter(pk__in=offices_read_by(account_id, on=on)).order_by("path"))


def to_review(offices: Sequence[int], *, on: date) -> QuerySet[File]:
    """Files whose review is past or comes within thirty days."""
    return File.objects.filter(office__in=offices, state="active", review_on__lte=on + REVIEW_SOON)


def unvisited(offices: Sequence[int], *, on: date) -> QuerySet[File]:
    """People of eighty and more, or living alone, on whom nobody has called this year.

    Where only the year or month of birth is known, the oldest day of it counts: rather a call too many.
    """
    new_year = datetime.combine(date(on.year, 1, 1), time.min, tzinfo=SHANGHAI)
    born_by = f"{on.year - OLD:04}-{on.month:02}-{on.day:02}"
    lasting = Q(until__isnull=True) | Q(until__gte=on)
    needs = Need.objects.filter(lasting, file=OuterRef("pk"), kind__in=CARED_FOR)
    visits = Visit.objects.filter(file=OuterRef("pk"), visited_at__gte=new_year)
    aged = Q(born__lte=born_by) & ~Q(born="")
    return File.objects.filter(
        Q(Exists(needs)) | aged, ~Exists(visits), office__in=offices, state="active", died_on__isnull=True,
        review_on__isnull=False,
    )  # fmt: skip


def open_changes(offices: Sequence[int]) -> QuerySet[Change]:
    """Requests that nobody has answered yet."""
    return Change.objects.filter(state="open", file__office__in=offices)


def page(
    tab: Tab, offices: Sequence[int], *, on: date, before: Mark | None = None, after: Mark | None = None
) -> Page[File, Mark] | Page[Change, Mark]:
    """One page of a list, what is due first at the top."""
    if tab == "changes":
        changes = open_changes(offices).select_related("file__office", "file__place")
        return _cut(changes, "due_on", before=before, after=after)
    files = to_review(offices, on=on) if tab == "review" else unvisited(offices, on=on)
    return _cut(files.select_related("office", "place"), "review_on", before=before, after=after)


def counts(offices: Sequence[int], *, on: date) -> dict[Tab, int]:
    """How many rows each list has, counted up to `MOST_COUNTED`."""
    lists: dict[Tab, QuerySet[Any]] = {
        "review": to_review(offices, on=on),
        "changes": open_changes(offices),
        "unvisited": unvisited(offices, on=on),
    }
    return {tab: rows.order_by()[:MOST_COUNTED].count() for tab, rows in lists.items()}


def change_of(file: File, change_id: UUID) -> Change:
    """One request about a file. Raises Change.DoesNotExist for another file's."""
    return Change.objects.select_related("file__office", "decided_by").get(pk=change_id, file=file)


def before_of(change: Change) -> dict[str, str]:
    """What the file's columns said before a correction was carried out; empty while it waits."""
    if change.state != "done":
        return {}
    told = Fact.objects.filter(subject=change.file_id, facts__change=str(change.pk), facts__has_key="before")
    return told.values_list("facts__before", flat=True).first() or {}


def shown_needs_of(files: Sequence[File], *, on: date) -> dict[UUID, list[Need]]:
    """The needs of several people that stand on a day; a list never shows the sensitive ones."""
    lasting = Q(until__isnull=True) | Q(until__gte=on)
    found: dict[UUID, list[Need]] = {file.pk: [] for file in files}
    rows = Need.objects.filter(lasting, file__in=list(found)).exclude(kind__in=SENSITIVE_NEEDS)
    for need in rows.order_by("added_at", "id"):
        found[need.file_id].append(need)
    return found


def _cut(rows: QuerySet[Row], day: str, *, before: Mark | None, after: Mark | None) -> Page[Row, Mark]:
    def mark(row: Row) -> Mark:
        return Mark(getattr(row, day), row.pk)

    return cut(rows, (day, "id"), PAGE_ROWS, mark, before=before, after=after)
