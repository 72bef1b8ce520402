"""Reading plans and activities: what an officer sees, what is public, planned against done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import offices_read_by, posts_of
from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.activities.models import Activity, Plan, PlannedItem, Signup
from qiaoqiao.community.activities.rules import ActivityKind, Every, Planned, Quarter, against, days_of
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.lib.paging import Page, cut_by_id

PAGE_ROWS, NAMES_A_PAGE = 25, 200
ON_SHOW = ("scheduled", "postponed", "cancelled")


def visible_activities(actor: Actor, *, on: date) -> QuerySet[Activity]:
    """The activities whose keeping the actor may do: the first wall for what hangs on them."""
    if actor.kind == "system":
        return Activity.objects.all()
    if actor.account_id is None:
        return Activity.objects.none()
    return Activity.objects.filter(keeper__in=offices_read_by(actor.account_id, on=on))


def visible_plans(actor: Actor, *, on: date) -> QuerySet[Plan]:
    """The plans whose keeping the actor may do."""
    if actor.kind == "system":
        return Plan.objects.all()
    if actor.account_id is None:
        return Plan.objects.none()
    return Plan.objects.filter(keeper__in=offices_read_by(actor.account_id, on=on))


def kept_organisations(actor: Actor, *, on: date) -> QuerySet[Organisation]:
    """Organisations that the actor's offices keep and that are open."""
    there = Organisation.objects.filter(closed_on__isnull=True)
    if actor.kind == "system":
        return there
    return there.filter(keeper__in=offices_read_by(actor.account_id or 0, on=on))


def heads(actor: Actor, office: Office, *, on: date) -> bool:
    """Whether the actor is a head of the office, or of one above it."""
    if actor.kind == "system":
        return True
    posts = posts_of(actor.account_id or 0, on=on).filter(role="head")
    return any(office.path.startswith(post.office.path) for post in posts)


def numbers_of(office: Office) -> dict[str, int]:
    """How many of a kind the office has set for its organisations."""
    return {str(name): int(number) for name, number in office.settings.get("activities", {}).items()}


@dataclass(frozen=True)
class Filters:
    """Which activities to list; what is empty does not matter."""

    kind: str = ""
    state: str = ""
    organisation: str = ""
    year: int = 0
    quarter: int = 0

    def condition(self) -> Q:
        wanted = Q()
        for name in ("kind", "state", "organisation"):
            if value := getattr(self, name):
                wanted &= Q(**{name: value})
        if self.year:
            first = (self.quarter - 1) * 3 + 1 if self.quarter else 1
            last = first + 3 if self.quarter else 13
            wanted &= Q(starts_at__gte=beginning(self.year, first), starts_at__lt=beginning(self.year, last))
        return wanted


def beginning(year: int, month: int) -> datetime:
    """Midnight in Beijing on the first of a month; month 13 is the next January."""
    return datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=SHANGHAI)


def listed(
    filters: Filters, actor: Actor, *, on: date, before: UUID | None = None, after: UUID | None = None
) -> Page[Activity, UUID]:
    """A page of the activities that the actor keeps, the latest first."""
    rows = visible_activities(actor, on=on).filter(filters.condition())
    rows = rows.select_related("organisation")
    return cut_by_id(rows, ("-starts_at", "-id"), PAGE_ROWS, before=before, after=after)


def upcoming(*, now: datetime, place: str = "", most: int = 60) -> list[Activity]:
    """What the public may come to, the next first; `place` takes in all places below it."""
    rows = Activity.objects.filter(open=True, ends_at__gte=now, state__in=ON_SHOW)
    if place:
        rows = rows.filter(organisation__place__code__startswith=place)
    return list(rows.select_related("organisation__place").order_by("starts_at", "id")[:most])


@dataclass(frozen=True)
class Row:
    """One kind of a plan, by quarter."""

    kind: ActivityKind
    quarters: Sequence[Quarter]

    @property
    def planned(self) -> int:
        return sum(one.planned for one in self.quarters)

    @property
    def done(self) -> int:
        return sum(one.done for one in self.quarters)

    @property
    def missing(self) -> int:
        return sum(one.missing for one in self.quarters)


def planned_of(item: PlannedItem) -> Planned:
    return Planned(ActivityKind(item.kind), Every(item.every), item.month, item.day)


def against_plan(plan: Plan, *, today: date) -> list[Row]:
    """Planned against done: what the plan's lines make due, and what the organisation held in that year."""
    due: dict[str, list[date]] = {}
    for item in plan.items.all():
        due.setdefault(item.kind, []).extend(days_of(planned_of(item), plan.year, calendar=official()))
    held: dict[str, list[date]] = {}
    rows = Activity.objects.filter(
        Filters(state="held", organisation=str(plan.organisation_id), year=plan.year).condition()
    )
    for kind, at in rows.values_list("kind", "starts_at"):
        held.setdefault(kind, []).append(at.astimezone(SHANGHAI).date())
    kinds = [kind for kind in ActivityKind if kind in due or kind in held]
    return [Row(kind, against(due.get(kind, []), held.get(kind, []), today=today)) for kind in kinds]


def people_of(activity: Activity) -> dict[str, int]:
    """How many go, wait, came by sign-up, walked in."""
    counts = dict(
        Signup.objects.filter(activity=activity).order_by().values_list("state").annotate(n=Count("pk"))
    )
    return {
        "going": counts.get("going", 0),
        "waiting": counts.get("waiting", 0),
        "cancelled": counts.get("cancelled", 0),
        "came": activity.attendances.count(),
    }


def signed_up(
    activity: Activity, *, before: UUID | None = None, after: UUID | None = None
) -> Page[Signup, UUID]:
    """A page of those who go, then those who wait, each in the order they asked."""
    rows = Signup.objects.filter(activity=activity).exclude(state="cancelled")
    return cut_by_id(rows, ("state", "signed_at", "id"), NAMES_A_PAGE, before=before, after=after)
