"""Reading joint meetings: who sees which, what became of their resolutions, which cases belong before them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Case as CaseWhen
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, SmallIntegerField, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, Substr

from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import CASE_ROLES, lineage_of, offices_read_by, posts_of
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.models import OPEN_STATES, Assignment, Case, Shield
from qiaoqiao.casework.queries import visible_cases
from qiaoqiao.casework.queues import search
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.models import Entry
from qiaoqiao.lib.paging import Page, cut
from qiaoqiao.services.joint.models import AgendaItem, Meeting, Resolution
from qiaoqiao.services.joint.rules import Followed, Reason, Signs, followed, reasons

PAGE_ROWS = 25
MOST_SUGGESTED = 40


def visible_meetings(actor: Actor, *, on: date) -> QuerySet[Meeting]:
    """The meetings an actor may see: the first wall. PostgreSQL holds the second by itself."""
    if actor.kind == "system":
        return Meeting.objects.all()
    if actor.account_id is None:
        return Meeting.objects.none()
    return Meeting.objects.filter(offices__overlap=offices_read_by(actor.account_id, on=on))


def visible_items(actor: Actor, *, on: date) -> QuerySet[AgendaItem]:
    """What visible meetings talk about, but for cases that complain of an office of the actor or one above it."""
    rows = AgendaItem.objects.filter(meeting__in=visible_meetings(actor, on=on))
    if actor.account_id is None:
        return rows
    lineage = lineage_of(actor.account_id, on=on)
    return rows.exclude(Exists(Shield.objects.filter(case=OuterRef("case"), office__in=lineage)))


def speaks_for(actor: Actor, *, on: date) -> frozenset[int]:
    """The offices for which somebody acts at a meeting: their own, not those below."""
    posts = posts_of(actor.account_id or 0, on=on).filter(role__in=CASE_ROLES)
    return frozenset(posts.values_list("office_id", flat=True))


Moment = tuple[datetime, UUID]
"""A meeting's place among those that are over."""
Day = tuple[date, UUID]
"""A resolution's place among those to be done."""


def coming(actor: Actor, *, at: datetime) -> list[Meeting]:
    """The meetings planned or under way, the next first."""
    rows = visible_meetings(actor, on=at.astimezone(SHANGHAI).date()).filter(state__in=["planned", "held"])
    return list(rows.select_related("office").order_by("starts_at", "id")[:PAGE_ROWS])


def past(
    actor: Actor, *, on: date, before: Moment | None = None, after: Moment | None = None
) -> Page[Meeting, Moment]:
    """A page of the meetings that are over, newest first."""
    rows = visible_meetings(actor, on=on).filter(state__in=["closed", "cancelled"]).select_related("office")
    order = ("-starts_at", "-id")
    return cut(rows, order, PAGE_ROWS, lambda one: (one.starts_at, one.pk), before=before, after=after)


# --- resolutions -------------------------------------------------------------------------------------------

ENDED = ("task.answered", "task.declined", "task.withdrawn")


def resolutions(actor: Actor, *, on: date) -> QuerySet[Resolution]:
    """The resolutions of visible meetings, each with how its task ended: `ended_kind` and `ended_at_ledger`.

    The ledger's kinds and times tell it, so that an office of the meeting follows a resolution about a case
    that it may not see. A case that was closed ends what was still open at it.
    """
    number = Substr(OuterRef("seat"), 5)  # `task:1` → `:1`
    ends = Q(kind="closed")
    for kind in ENDED:
        ends |= Q(kind=Concat(Value(kind), number))
    mine = Entry.objects.filter(ends, subject=OuterRef("item__case"), at__gte=OuterRef("made_at")).order_by(
        "seq"
    )
    rows = Resolution.objects.filter(item__in=visible_items(actor, on=on))
    return rows.select_related("meeting__office", "item", "office").annotate(
        ended_kind=Subquery(mine.values("kind")[:1]), ended_at_ledger=Subquery(mine.values("at")[:1])
    )


def became(resolution: Resolution, today: date) -> Followed:
    """What became of a resolution read by `resolutions`."""
    kind, at = getattr(resolution, "ended_kind", None), getattr(resolution, "ended_at_ledger", None)
    state = resolution.state
    if not resolution.seat or state == "withdrawn":
        at = resolution.ended_at
    elif kind:
        state = kind.partition(":")[0].removeprefix("task.") if kind != "closed" else "withdrawn"
    return followed(state, resolution.due_on, at.astimezone(SHANGHAI).date() if at else None, today)


def unfinished(
    actor: Actor, *, on: date, office: int | None = None, after: Day | None = None
) -> Page[Resolution, Day]:
    """What is still to be done over all meetings, due first: so what is overdue stands at the top."""
    open_ = Q(ended_kind__isnull=True) | Q(ended_kind__startswith="task.declined")
    rows = resolutions(actor, on=on).filter(Q(state="accepted") & (Q(seat="") | open_))
    if office is not None:
        rows = rows.filter(office=office)
    return cut(rows, ("due_on", "id"), PAGE_ROWS, lambda one: (one.due_on, one.pk), after=after)


# --- cases -----------------------------------------------------------------------------------------------


def cases_seen(cases: Collection[UUID | None], actor: Actor, *, on: date) -> dict[UUID, Case]:
    """Those of these cases that the actor may see by themselves: a meeting widens nobody's view."""
    wanted = [one for one in cases if one]
    seen = visible_cases(actor, on=on).filter(pk__in=wanted)
    seen = seen.select_related("person", "office", "mandate__agent")
    return {case.pk: case for case in seen.defer("words", "facts")}


def shut_out(cases: Collection[UUID | None], offices: Collection[int]) -> bool:
    """Whether one of the offices is complained of in one of the cases, or stands below one that is."""
    accused = Shield.objects.filter(case__in=[one for one in cases if one]).values_list("office", flat=True)
    shielded = {f"/{office}/" for office in accused}
    paths = Office.objects.filter(pk__in=offices).values_list("path", flat=True) if shielded else []
    return any(office in path for path in paths for office in shielded)


@dataclass(frozen=True)
class Suggested:
    """A case that belongs before the meeting, and why."""

    case: Case
    why: tuple[Reason, ...]
    offices: int


def suggestions(
    meeting: Meeting, actor: Actor, *, at: datetime, stuck_days: int, text: str = ""
) -> list[Suggested]:
    """Open cases that the actor sees and the agenda has not, those with the weightiest reasons first.

    With words to look for, the cases found by them, whether anything else speaks for them or not.
    """
    today = at.astimezone(SHANGHAI).date()
    tabled = meeting.items.filter(case__isnull=False).values("case")
    rows = visible_cases(actor, on=today).exclude(stage="done").exclude(pk__in=tabled)
    if text:
        rows = rows.filter(pk__in=[case.pk for case in search(text, actor, on=today).rows])
    since = at - timedelta(days=stuck_days + 1)
    sitting = Assignment.objects.filter(case=OuterRef("pk"), state__in=OPEN_STATES).order_by()
    counted = sitting.values("case").annotate(n=Count("office", distinct=True)).values("n")
    rows = rows.annotate(at_it=Coalesce(Subquery(counted), 0)).annotate(
        not_overdue=_not(Q(due_on__lt=today)), alone=_not(Q(at_it__gt=1)), lively=_not(Q(last_at__lte=since))
    )
    order = ["not_overdue", "alone", "lively", "-priority", "due_on", "id"]
    found = rows.order_by(*order).select_related("person", "office").defer("words", "facts")[:MOST_SUGGESTED]
    told = []
    for case in found:
        signs = Signs(case.due_on, case.at_it, (at - case.last_at).days, case.priority)
        why = reasons(signs, today=today, stuck_days=stuck_days)
        if why or text:
            told.append(Suggested(case, why, case.at_it))
    return told


def _not(condition: Q) -> CaseWhen:
    """0 where the condition holds, else 1: what speaks for a case comes first."""
    return CaseWhen(When(condition, then=0), default=1, output_field=SmallIntegerField())


def cases_meetings(case_id: UUID, actor: Actor, *, on: date) -> list[Meeting]:
    """The visible meetings on whose agenda a case stands."""
    found = visible_meetings(actor, on=on).filter(items__case=case_id).select_related("office")
    return list(found.order_by("-starts_at").distinct())


def open_for_tabling(actor: Actor, *, at: datetime) -> list[Meeting]:
    """The planned meetings to which the actor's own offices may bring a case, the next first."""
    on = at.astimezone(SHANGHAI).date()
    rows = visible_meetings(actor, on=on).filter(
        state="planned", offices__overlap=list(speaks_for(actor, on=on))
    )
    return list(rows.select_related("office").order_by("starts_at", "id")[:PAGE_ROWS])
