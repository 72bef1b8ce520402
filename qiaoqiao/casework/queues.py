"""The queue: what an officer's offices have before them, in the order in which the law says it is due.

Within one due date people abroad come first (the green channel), then whoever came first; what has no date
comes last. A page is cut at the last row seen; its ids come from an index before anything is joined to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from qiaoqiao.access.models import Office, Post
from qiaoqiao.access.queries import CASE_ROLES
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import Assignment, Case, SavedView, Shield, Term
from qiaoqiao.casework.queries import visible_cases
from qiaoqiao.catalogue.entry import Stage
from qiaoqiao.catalogue.loader import editions
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.lib.words import as_tsquery

Given = bool | int | str | date | UUID | list[int] | list[str]
Tab = Literal["mine", "office", "offered", "overdue", "soon", "joint", "waiting", "done"]
PAGE_ROWS = 25
MOST_COUNTED = 1000
"""Counting stops here: 1000 means that many or more."""

SOON_WORKING_DAYS = 3
DONE_SHOWN_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Desk:
    """Whose queue: the account, the offices it looks after now, and every office above these, on a day."""

    account_id: int
    offices: tuple[int, ...]
    lineage: tuple[int, ...]
    today: date


@dataclass(frozen=True)
class Filters:
    """What to show of a queue; empty means all. A state or a category belongs to a service."""

    service: str = ""
    state: str = ""
    category: str = ""
    channel: str = ""
    country: str = ""
    priority: bool = False
    filed_from: date | None = None
    filed_to: date | None = None


@dataclass(frozen=True)
class Mark:
    """A row's place in the order of the queue, as an address can carry it."""

    due_on: date | None
    priority: bool
    id: UUID

    def __str__(self) -> str:
        return f"{self.due_on.isoformat() if self.due_on else ''}_{int(self.priority)}_{self.id.hex}"


@dataclass(frozen=True)
class Moment:
    """A closed or found case's place in the order of time, newest first."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id.hex}"


@dataclass(frozen=True)
class Page:
    """Some rows of a queue, and from where the neighbouring pages go on."""

    rows: Sequence[Assignment]
    before: Mark | None
    after: Mark | None


@dataclass(frozen=True)
class CasePage:
    """Some cases in the order of time, and from where the neighbouring pages go on."""

    rows: Sequence[Case]
    before: Moment | None
    after: Moment | None


class MarkUnreadable(ValueError):
    """The address does not name a place in the queue."""


def read_mark(text: str) -> Mark:
    """Read a place in the queue from an address. Raises MarkUnreadable."""
    try:
        due_on, priority, row = text.split("_")
        return Mark(date.fromisoformat(due_on) if due_on else None, bool(int(priority)), UUID(row))
    except ValueError as why:
        raise MarkUnreadable(text) from why


def read_moment(text: str) -> Moment:
    """Read a place in the order of time from an address. Raises MarkUnreadable."""
    try:
        at, row = text.split("_")
        moment = Moment(datetime.fromisoformat(at), UUID(row))
    except ValueError as why:
        raise MarkUnreadable(text) from why
    if moment.at.tzinfo is None:
        raise MarkUnreadable(text)
    return moment


def soon_until(today: date) -> date:
    """The last day that is at most three working days away."""
    calendar, left, on = official(), SOON_WORKING_DAYS, today
    while True:
        following = on + timedelta(days=1)
        left -= calendar.day(following).working
        if left < 0:
            return on
        on = following


def waiting_states() -> dict[str, list[str]]:
    """By service, the states in which it is the person's turn."""
    found: dict[str, set[str]] = {}
    for (service, _edition), entry in editions().items():
        waiting = {name for name, state in entry.states.items() if state.stage == Stage.WAITING}
        found.setdefault(service, set()).update(waiting)
    return {service: sorted(states) for service, states in sorted(found.items()) if states}


# --- the queue ----------------------------------------------------------------------------------------

SEATS = "casework_assignment a"
FEW_OFFICES = 4
"""So many offices are written out one by one: the planner then knows how much each of them has."""

OPEN = "a.state IN ('offered', 'accepted')"
NOT_SHIELDED = (
    "a.case_id NOT IN (SELECT s.case_id FROM casework_shield s WHERE s.office_id = ANY (%s::bigint[]))"
)
FORWARD = "a.due_on, a.priority DESC, a.id"
BACKWARD = "a.due_on DESC, a.priority, a.id DESC"


@dataclass(frozen=True)
class Wanted:
    """Conditions in SQL, joined by AND, with their parameters in order."""

    sql: tuple[str, ...] = ()
    given: tuple[Given, ...] = ()

    def also(self, sql: str, *given: Given) -> "Wanted":
        return Wanted((*self.sql, sql), (*self.given, *given))

    @property
    def where(self) -> str:
        return " AND ".join(self.sql)


def wanted(tab: Tab, filters: Filters, desk: Desk) -> Wanted:
    """What a tab and filters ask of a seat at a case."""
    asked = Wanted().also(OPEN).also(NOT_SHIELDED, list(desk.lineage))
    match tab:
        case "mine":
            asked = asked.also("a.officer_id = %s", desk.account_id)
        case "offered":
            asked = asked.also("a.state = 'offered'")
        case "overdue":
            asked = asked.also("a.due_on < %s", desk.today)
        case "soon":
            asked = asked.also("a.due_on BETWEEN %s AND %s", desk.today, soon_until(desk.today))
        case "joint":
            asked = asked.also("a.role = 'co'")
        case "waiting":
            states = waiting_states()
            each = " OR ".join(["a.service = %s AND a.case_state = ANY (%s)"] * len(states))
            asked = asked.also(f"({each})", *(part for pair in states.items() for part in pair))
    return _filtered(asked, filters)


def _filtered(asked: Wanted, filters: Filters) -> Wanted:
    columns = {
        "a.service": filters.service,
        "a.case_state": filters.state,
        "a.category": filters.category,
        "a.channel": filters.channel,
        "a.country": filters.country,
    }
    for column, value in columns.items():
        if value:
            asked = asked.also(f"{column} = %s", value)
    if filters.priority:
        asked = asked.also("a.priority")
    if filters.filed_from:
        asked = asked.also("a.filed_on >= %s", filters.filed_from)
    if filters.filed_to:
        asked = asked.also("a.filed_on <= %s", filters.filed_to)
    return asked


def page(
    tab: Tab, filters: Filters, desk: Desk, *, before: Mark | None = None, after: Mark | None = None
) -> Page:
    """One page of the queue, with the case, person and office of each row."""
    asked = wanted(tab, filters, desk)
    marks: list[Mark] = []
    for part in _parts(tab, asked, before=before, after=after):
        if len(marks) <= PAGE_ROWS:
            marks += _marks(part, desk, backward=before is not None, most=PAGE_ROWS + 1 - len(marks))
    more, marks = len(marks) > PAGE_ROWS, marks[:PAGE_ROWS]
    if before is not None:
        marks.reverse()
        return Page(_rows(marks), marks[0] if more and marks else None, marks[-1] if marks else None)
    return Page(_rows(marks), marks[0] if after and marks else None, marks[-1] if more else None)


def _parts(tab: Tab, asked: Wanted, *, before: Mark | None, after: Mark | None) -> list[Wanted]:
    """The queue from a mark on, in one or two stretches: what has a date, and what has none."""
    dated = asked.also("a.due_on IS NOT NULL")
    undated = [] if tab in {"overdue", "soon"} else [asked.also("a.due_on IS NULL")]
    mark, sign = (before, "<") if before else (after, ">")
    if mark is None:
        return [dated, *undated]
    tie = f"(NOT a.priority, a.id) {sign} (%s, %s)"
    if mark.due_on is None:
        beyond = [one.also(tie, not mark.priority, mark.id) for one in undated]
        return [*beyond, dated] if before else beyond
    near = asked.also(f"a.due_on {sign}= %s", mark.due_on).also(
        f"(a.due_on {sign} %s OR {tie})", mark.due_on, not mark.priority, mark.id
    )
    return [near] if before else [near, *undated]


def _marks(asked: Wanted, desk: Desk, *, backward: bool, most: int) -> list[Mark]:
    """The places of the first rows that are wanted, from the mark's side."""
    order = BACKWARD if backward else FORWARD
    of_one = (
        f"SELECT a.due_on, a.priority, a.id FROM {SEATS}"
        f" WHERE a.office_id = {{office}} AND {asked.where} ORDER BY {order} LIMIT %s"
    )
    if len(desk.offices) <= FEW_OFFICES:
        each = " UNION ALL ".join(f"({of_one.format(office='%s')})" for _office in desk.offices)
        given: list[Given] = [part for office in desk.offices for part in (office, *asked.given, most)]
        source = f"({each}) a"
    else:
        given = [list(desk.offices), *asked.given, most]
        source = f"unnest(%s::bigint[]) o (id) CROSS JOIN LATERAL ({of_one.format(office='o.id')}) a"
    if not desk.offices:
        return []
    with connection.cursor() as cursor:
        ordered = f"ORDER BY {order} LIMIT %s"
        cursor.execute(f"SELECT a.due_on, a.priority, a.id FROM {source} {ordered}", [*given, most])
        return [Mark(*row) for row in cursor.fetchall()]


def _rows(marks: Sequence[Mark]) -> list[Assignment]:
    """The seats at these places, each with what a line of the queue says."""
    if not marks:
        return []
    running = Term.objects.filter(case=OuterRef("case"), limit=OuterRef("due_limit"), state="running")
    paused = Term.objects.filter(case=OuterRef("case"), binds=OuterRef("seat"), state="paused")
    rows = Assignment.objects.filter(pk__in=[mark.id for mark in marks])
    rows = rows.select_related("case__person", "office", "officer").defer("case__words", "case__facts")
    rows = rows.annotate(provisional=Subquery(running.values("provisional")[:1]), paused=Exists(paused))
    held = {row.pk: row for row in rows}
    return [held[mark.id] for mark in marks if mark.id in held]


def counts(asked: Mapping[str, tuple[Tab, Filters, Desk]]) -> dict[str, int]:
    """How many rows each of these queues has, counted up to `MOST_COUNTED`, in one statement."""
    columns, given = list[str](), list[Given]()
    for tab, filters, desk in asked.values():
        one = wanted(tab, filters, desk)
        columns.append(
            f"(SELECT count(*) FROM (SELECT 1 FROM {SEATS}"
            f" WHERE a.office_id = ANY (%s::bigint[]) AND {one.where} LIMIT %s) some_of_them)"
        )
        given += [list(desk.offices), *one.given, MOST_COUNTED]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", given)
        return dict(zip(asked, cursor.fetchone(), strict=True))


# --- cases that are over, and cases that are looked for ---------------------------------------------------


def closed(
    filters: Filters, desk: Desk, *, before: Moment | None = None, after: Moment | None = None
) -> CasePage:
    """The cases that these offices closed within the last ninety days, newest first."""
    shielded = Shield.objects.filter(case=OuterRef("pk"), office__in=desk.lineage)
    since = datetime.combine(desk.today - DONE_SHOWN_FOR, time.min, SHANGHAI)
    rows = Case.objects.filter(~Exists(shielded), stage="done", closed_at__gte=since, **_on_case(filters))
    few = len(desk.offices) <= FEW_OFFICES
    each = [
        rows.filter(office__in=some) for some in ([[one] for one in desk.offices] if few else [desk.offices])
    ]
    return _cases(each, "closed_at", before=before, after=after)


def _on_case(filters: Filters) -> dict[str, Any]:
    names = {"filed_from": "filed_on__gte", "filed_to": "filed_on__lte"}
    return {names.get(name, name): value for name, value in vars(filters).items() if value}


def search(
    text: str, actor: Actor, *, on: date, before: Moment | None = None, after: Moment | None = None
) -> CasePage:
    """The cases the actor may see in which all these words stand, newest first; none for no words."""
    query = as_tsquery(text)
    if not query:
        return CasePage([], None, None)
    rows = visible_cases(actor, on=on).filter(
        _sql("casework_case.id IN (SELECT qq_found(%s::tsquery))", query)
    )
    return _cases([rows], "filed_at", before=before, after=after)


def _sql(condition: str, *given: object) -> RawSQL:
    return RawSQL(condition, given, output_field=BooleanField())


def _cases(
    each: Sequence[QuerySet[Case]], by: str, *, before: Moment | None, after: Moment | None
) -> CasePage:
    """A page over one or several lists of cases: their places first, then what a line says of them."""
    moments = _moments(each, by, before=before, after=after)
    more, moments = len(moments) > PAGE_ROWS, moments[:PAGE_ROWS]
    if before:
        moments.reverse()
    rows = Case.objects.filter(pk__in=[moment.id for moment in moments])
    held = {case.pk: case for case in rows.select_related("person", "office").defer("words", "facts")}
    first, last = (moments[0], moments[-1]) if moments else (None, None)
    return CasePage(
        [held[moment.id] for moment in moments if moment.id in held],
        first if (more if before else after is not None) else None,
        last if (before is not None or more) else None,
    )


def _moments(
    each: Sequence[QuerySet[Case]], by: str, *, before: Moment | None, after: Moment | None
) -> list[Moment]:
    """The places of the first cases on one side of a place."""
    mark, order = before or after, ([by, "id"] if before else [f"-{by}", "-id"])
    if mark:
        beyond = f"(casework_case.{by}, casework_case.id) {'>' if before else '<'} (%s, %s)"
        each = [rows.filter(_sql(beyond, mark.at, mark.id)) for rows in each]
    parts = [rows.order_by(*order).values_list(by, "id")[: PAGE_ROWS + 1] for rows in each]
    if not parts:
        return []
    found = parts[0].union(*parts[1:], all=True).order_by(*order) if len(parts) > 1 else parts[0]
    return [Moment(at, pk) for at, pk in found[: PAGE_ROWS + 1]]


# --- whose queue --------------------------------------------------------------------------------------------


def desk_of(account_id: int, posts: Sequence[Post], *, today: date) -> Desk:
    """An account's own desk: the offices of the posts it holds that handle cases."""
    own = dict.fromkeys(post.office_id for post in posts if post.role in CASE_ROLES)
    above = {int(part) for post in posts for part in post.office.path.strip("/").split("/") if part}
    return Desk(account_id, tuple(own), tuple(sorted(above)), today)


def offices_below(posts: Sequence[Post]) -> list[Office]:
    """The offices that a head also reads, with its own, from the top down; none for anybody else."""
    heads = [post.office for post in posts if post.role == "head"]
    if not heads:
        return []
    branches = reduce(or_, (Q(path__startswith=office.path) for office in heads))
    return list(Office.objects.filter(branches).only("names", "path").order_by("path"))


def views_of(account_id: int) -> list[SavedView]:
    """An account's saved views, by name."""
    return list(SavedView.objects.filter(account=account_id).order_by("name"))
