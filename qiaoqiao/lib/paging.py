"""Long lists, a page at a time: a page goes on where its neighbour ended, so that no row is counted or passed over.

A list is ordered by columns that are never NULL, the last of them unique; an index over them gives each page
at once, however deep it lies. A row's values in these columns are its place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

Line = TypeVar("Line")
Mark = TypeVar("Mark")
Row = TypeVar("Row", bound=Model)

Place = tuple[object, ...]
"""Where a row stands in its order. The empty place lies before the first row one turns to."""


@dataclass(frozen=True)
class Page(Generic[Line, Mark]):
    """Some rows of a list, and from where the neighbouring pages go on: None where there is no neighbour."""

    rows: Sequence[Line]
    before: Mark | None
    after: Mark | None


def cut(
    rows: QuerySet[Row],
    order: Sequence[str],
    size: int,
    mark: Callable[[Row], Mark],
    *,
    before: Place | None = None,
    after: Place | None = None,
) -> Page[Row, Mark]:
    """Return the page that ends before a place, or begins after one, or the first; one query.

    `order` is written as for `order_by`; `mark` says what of a row the address of a neighbour carries.
    A place that no row can have is the empty one.
    """
    at, turned = (after, order) if before is None else (before, _backward(order))
    if at and not _written_wrong(at):
        rows = rows.filter(beyond(turned, at))
    return page_of(list(rows.order_by(*turned)[: size + 1]), size, mark, before=before, after=after)


def cut_by_id(
    rows: QuerySet[Row],
    order: Sequence[str],
    size: int,
    *,
    before: UUID | None = None,
    after: UUID | None = None,
) -> Page[Row, UUID]:
    """Return a page whose marks are ids, so that no address holds a name; a second query finds their place."""
    every = rows.model._default_manager.all()
    places = {"before": place_of(every, order, before), "after": place_of(every, order, after)}
    return cut(rows, order, size, attrgetter("pk"), **places)


def place_of(rows: QuerySet[Row], order: Sequence[str], pk: UUID | None) -> Place | None:
    """Return where a row stands, the empty place for one that is not there, None without an id."""
    if pk is None:
        return None
    return rows.filter(pk=pk).values_list(*map(_column, order)).first() or ()


def beyond(order: Sequence[str], place: Place) -> Q:
    """The condition for what follows a place; PostgreSQL compares whole rows, which an index answers.

    Where some columns rise and others fall there is no such comparison, and each column has its own.
    """
    columns = [_column(one) for one in order]
    falling = [one.startswith("-") for one in order]
    if len(set(falling)) == 1:
        compare = LessThan if falling[0] else GreaterThan
        return Q(compare(_row(*map(F, columns)), _row(*map(Value, place))))
    found, same = Q(), Q()
    for name, falls, value in zip(columns, falling, place, strict=True):
        found |= same & Q(**{f"{name}__{'lt' if falls else 'gt'}": value})
        same &= Q(**{name: value})
    return found


def page_of(
    found: list[Line], size: int, mark: Callable[[Line], Mark], *, before: object, after: object
) -> Page[Line, Mark]:
    """Make a page of what was found, one more than fits where there is more, in the order of turning."""
    more, shown = len(found) > size, found[:size]
    if before is not None:
        shown.reverse()
    first, last = (mark(shown[0]), mark(shown[-1])) if shown else (None, None)
    return Page(
        shown,
        first if (more if before is not None else after is not None) else None,
        last if before is not None or more else None,
    )


def _written_wrong(place: Place) -> bool:
    """Whether an address was made up: PostgreSQL has no text with a NUL in it, so no row stands there."""
    return any(isinstance(value, str) and "\x00" in value for value in place)


def _column(ordered: str) -> str:
    return ordered.removeprefix("-")


def _backward(order: Sequence[str]) -> list[str]:
    return [_column(one) if one.startswith("-") else f"-{one}" for one in order]


def _row(*values: F | Value) -> Func:
    return Func(*values, function="ROW", output_field=Field())
