"""Figures of an office's cases. A figure is a filter: the same filter lists the cases behind it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import TruncMonth

from qiaoqiao.casework.models import Case as CaseRow

PAGE = 50


@dataclass(frozen=True)
class Filter:
    """Which cases are meant. Empty means any; dates are filing dates in Asia/Shanghai, both included.

    `overdue` asks for open cases whose date has passed `today`.
    """

    service: str = ""
    state: str = ""
    stage: str = ""
    channel: str = ""
    category: str = ""
    outcome: str = ""
    month: str = ""
    done: bool | None = None
    on_time: bool | None = None
    overdue: bool | None = None
    faults: bool | None = None
    not_solved: bool | None = None
    rated: int | None = None
    since: date | None = None
    until: date | None = None

    def only(self, **narrower: Any) -> "Filter":
        return replace(self, **narrower)

    def query(self) -> dict[str, str]:
        """The filter as an address carries it."""
        plain = {name: value for name, value in asdict(self).items() if value not in (None, "")}
        return {name: {True: "1", False: "0"}.get(value, str(value)) for name, value in plain.items()}


def filter_of(query: dict[str, str]) -> Filter:
    """Read a filter from an address; what is not understood is left out."""
    text = {name: query[name][:40] for name in TEXT if query.get(name)}
    flags = {name: query[name] == "1" for name in FLAGS if query.get(name) in {"0", "1"}}
    days = {name: day for name in ("since", "until") if (day := _day(query.get(name, ""))) is not None}
    rated = {"rated": int(query["rated"])} if query.get("rated", "") in {"1", "2", "3", "4", "5"} else {}
    return Filter(**text, **flags, **days, **rated)  # type: ignore[arg-type]


TEXT = ("service", "state", "stage", "channel", "category", "outcome", "month")
FLAGS = ("done", "on_time", "overdue", "faults", "not_solved")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def overdue(today: date) -> Q:
    """Open, and past the date by which an office must act."""
    return Q(due_on__lt=today) & ~Q(stage="done")


def cases(offices: Sequence[int], wanted: Filter, *, today: date) -> QuerySet[CaseRow]:
    """The cases behind a figure: those for which one of the offices is responsible."""
    equal = {name: getattr(wanted, name) for name in TEXT[:-1] if getattr(wanted, name)}
    found = CaseRow.objects.filter(office__in=offices, **equal)
    if wanted.since:
        found = found.filter(filed_on__gte=wanted.since)
    if wanted.until:
        found = found.filter(filed_on__lte=wanted.until)
    if month := _day(f"{wanted.month}-01"):
        found = found.filter(filed_on__year=month.year, filed_on__month=month.month)
    tests = {
        "done": Q(stage="done"),
        "on_time": Q(on_time=True),
        "overdue": overdue(today),
        "faults": Q(faults__gt=0),
        "not_solved": Q(not_solved_at__isnull=False),
    }
    for name, test in tests.items():
        asked = getattr(wanted, name)
        if asked is not None:
            found = found.filter(test if asked else ~test)
    if wanted.on_time is not None:
        found = found.filter(on_time__isnull=False)
    if wanted.rated is not None:
        found = found.filter(rating=wanted.rated)
    return found


@dataclass(frozen=True)
class Tally:
    """How many cases fit a filter."""

    number: int
    wanted: Filter


@dataclass(frozen=True)
class Overview:
    """The figures of a head's overview; every one carries the filter that lists its cases."""

    filed: Tally
    open: Tally
    done: Tally
    on_time: Tally
    late: Tally
    overdue: Tally
    faults: Tally
    not_solved: Tally
    by: dict[str, list[Tally]]
    months: list[tuple[Tally, Tally]]

    @property
    def on_time_share(self) -> float | None:
        """Of the cases closed, the share in which no office overran a limit."""
        closed = self.on_time.number + self.late.number
        return self.on_time.number / closed if closed else None


def overview(offices: Sequence[int], wanted: Filter, *, today: date) -> Overview:
    """Compute every figure in one pass over the cases."""
    groups = _groups(offices, wanted, today)
    return Overview(
        filed=_sum(groups, wanted),
        open=_sum(groups, wanted, done=False),
        done=_sum(groups, wanted, done=True),
        on_time=_sum(groups, wanted, on_time=True),
        late=_sum(groups, wanted, on_time=False),
        overdue=_sum(groups, wanted, overdue=True),
        faults=_sum(groups, wanted, faults=True),
        not_solved=_sum(groups, wanted, not_solved=True),
        by={
            "service": _spread(groups, wanted, "service"),
            "state": _spread(groups, wanted, "service", "state"),
            "channel": _spread(groups, wanted, "channel"),
            "category": _spread(groups, wanted, "service", "category"),
            "outcome": _spread(groups, wanted, "service", "outcome"),
        },
        months=_months(groups, wanted),
    )


def _groups(offices: Sequence[int], wanted: Filter, today: date) -> list[dict[str, Any]]:
    flags = {
        "g_done": Q(stage="done"),
        "g_overdue": overdue(today),
        "g_faults": Q(faults__gt=0),
        "g_not_solved": Q(not_solved_at__isnull=False),
    }
    marked = cases(offices, wanted, today=today).annotate(
        g_month=TruncMonth("filed_on"),
        **{
            name: Case(When(test, then=Value(True)), default=Value(False), output_field=BooleanField())
            for name, test in flags.items()
        },
    )
    keys = ["service", "state", "channel", "category", "outcome", "on_time", "g_month", *flags]
    rows = marked.order_by().values(*keys).annotate(number=Count("pk"))
    return [{key.removeprefix("g_"): value for key, value in row.items()} for row in rows]


def _sum(groups: list[dict[str, Any]], wanted: Filter, **fits: Any) -> Tally:
    number = sum(row["number"] for row in groups if all(row[key] == value for key, value in fits.items()))
    return Tally(number, wanted.only(**fits))


def _spread(groups: list[dict[str, Any]], wanted: Filter, *keys: str) -> list[Tally]:
    found = {tuple(row[key] for key in keys) for row in groups if all(row[key] for key in keys)}
    counts = [_sum(groups, wanted, **dict(zip(keys, values, strict=True))) for values in found]
    return sorted(counts, key=lambda count: (-count.number, *(getattr(count.wanted, key) for key in keys)))


def _months(groups: list[dict[str, Any]], wanted: Filter) -> list[tuple[Tally, Tally]]:
    met = sorted({row["month"] for row in groups})
    months = every_month(met[0], met[-1]) if met else []
    return [
        (
            Tally(
                sum(row["number"] for row in groups if row["month"] == month),
                wanted.only(month=f"{month:%Y-%m}"),
            ),
            Tally(
                sum(row["number"] for row in groups if row["month"] == month and row["on_time"] is False),
                wanted.only(month=f"{month:%Y-%m}", on_time=False),
            ),
        )
        for month in months
    ]


def longest_overdue(offices: Sequence[int], wanted: Filter, *, today: date, most: int) -> list[CaseRow]:
    """The open cases whose date passed longest ago."""
    late = cases(offices, wanted.only(overdue=True), today=today).select_related("person", "office")
    return list(late.order_by("due_on", "pk")[:most])


def every_month(first: date, last: date) -> list[date]:
    """The first days of all months from one to another; a month without cases is a figure too."""
    span = (last.year - first.year) * 12 + last.month - first.month
    return [
        date(first.year + (first.month - 1 + step) // 12, (first.month - 1 + step) % 12 + 1, 1)
        for step in range(span + 1)
    ]


def page(
    offices: Sequence[int], wanted: Filter, *, today: date, after: tuple[str, str] | None = None
) -> tuple[list[CaseRow], tuple[str, str] | None]:
    """One page of the cases behind a figure, newest first, and where the next page starts."""
    found = cases(offices, wanted, today=today).select_related("person", "office")
    if after:
        found = found.filter(Q(filed_at__lt=after[0]) | Q(filed_at=after[0], pk__lt=after[1]))
    rows = list(found.order_by("-filed_at", "-pk")[: PAGE + 1])
    if len(rows) <= PAGE:
        return rows, None
    last = rows[PAGE - 1]
    return rows[:PAGE], (last.filed_at.isoformat(), str(last.pk))
