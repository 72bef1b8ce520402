"""Reading pools: who an actor may see, their numbers, who fits a need and why somebody does not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import offices_read_by
from qiaoqiao.access.tickets import Actor
from qiaoqiao.community.pools.models import (
    DutyShift,
    Engagement,
    Nomination,
    OtherPost,
    PoolMember,
    PoolTerm,
    TrainingRecord,
)
from qiaoqiao.community.pools.rules import WARN_DAYS, PoolKind
from qiaoqiao.lib.paging import Page, cut_by_id

PAGE_ROWS = 25


def visible_members(actor: Actor, *, on: date) -> QuerySet[PoolMember]:
    """The members an actor may see: the first wall. PostgreSQL holds the second by itself."""
    if actor.kind == "system":
        return PoolMember.objects.all()
    if actor.account_id is None:
        return PoolMember.objects.none()
    return PoolMember.objects.filter(keeper__in=offices_read_by(actor.account_id, on=on))


def numbers_of(office: Office) -> dict[str, int]:
    """What the law left open for pools and the office has set."""
    return {str(name): int(number) for name, number in office.settings.get("pools", {}).items()}


def open_engagements() -> Coalesce:
    """How many matters somebody has at hand, as an annotation."""
    counted = (
        Engagement.objects.filter(member=OuterRef("pk"), until__isnull=True)
        .order_by()
        .values("member")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def term_ends() -> Subquery:
    """The last day of the present term, as an annotation."""
    return Subquery(
        PoolTerm.objects.filter(member=OuterRef("pk"), ended_on__isnull=True).values("ends_on")[:1]
    )


@dataclass(frozen=True)
class Filters:
    """Which members to list; what is empty does not matter. `region` takes in all places below it."""

    kind: str = ""
    state: str = ""
    language: str = ""
    specialty: str = ""
    region: str = ""
    organisation: str = ""
    free: bool = False
    recommended: bool = False

    def condition(self) -> Q:
        wanted = Q()
        if self.kind:
            wanted &= Q(kind=self.kind)
        if self.state:
            wanted &= Q(state=self.state)
        if self.language:
            wanted &= Q(languages__contains=[self.language])
        if self.specialty:
            wanted &= Q(specialties__contains=[self.specialty])
        if self.region:
            wanted &= Q(place__code__startswith=self.region)
        if self.organisation:
            wanted &= Q(organisation=self.organisation)
        if self.free:
            busy = Engagement.objects.filter(member=OuterRef("pk"), until__isnull=True)
            wanted &= Q(state="active") & ~Q(Exists(busy))
        if self.recommended:
            wanted &= Q(Exists(Nomination.objects.filter(member=OuterRef("pk"), by="federation")))
        return wanted


def listed(
    filters: Filters, actor: Actor, *, on: date, before: UUID | None = None, after: UUID | None = None
) -> Page[PoolMember, UUID]:
    """A page of the members the actor may see, by name, with their term's end and open matters."""
    rows = visible_members(actor, on=on).filter(filters.condition())
    rows = rows.annotate(at_hand=open_engagements(), term_ends=term_ends())
    rows = rows.select_related("keeper", "organisation", "place")
    return cut_by_id(rows, ("name", "id"), PAGE_ROWS, before=before, after=after)


@dataclass(frozen=True)
class Figures:
    """How many are in office by kind and by committee, and how many supervisors were recommended."""

    by_kind: dict[str, int]
    candidates: int
    committees: Sequence[tuple[UUID, dict[str, str], int]]
    supervisors_recommended: int
    arbitrators_recommended: int

    @property
    def advisers_in_committees(self) -> int:
        return sum(count for _pk, _names, count in self.committees)


def figures(actor: Actor, *, on: date) -> Figures:
    """Counted from the rows; each number is a `Filters` that lists them."""
    seen = visible_members(actor, on=on).order_by()
    active = seen.filter(state="active")
    kinds = dict(active.values_list("kind").annotate(count=Count("pk")))
    committees = (
        active.filter(kind=PoolKind.ADVISER, organisation__isnull=False)
        .values_list("organisation", "organisation__names", "organisation__code")
        .annotate(count=Count("pk"))
        .order_by("organisation__code")
    )
    recommended = seen.filter(nominations__by="federation").values("pk", "kind").distinct()
    return Figures(
        by_kind={str(kind): kinds.get(str(kind), 0) for kind in PoolKind},
        candidates=seen.filter(state__in=["nominated", "reviewed", "public_notice"]).count(),
        committees=[(pk, names, count) for pk, names, _code, count in committees],
        supervisors_recommended=recommended.filter(kind=PoolKind.PEOPLE_SUPERVISOR).count(),
        arbitrators_recommended=recommended.filter(kind=PoolKind.ARBITRATOR).count(),
    )


def expiring(actor: Actor, *, on: date, within: int | None = None) -> QuerySet[PoolTerm]:
    """Terms of the actor's members that end soon or have ended, the nearest first. `within` in days."""
    days = within if within is not None else WARN_DAYS["warn_first_days"]
    members = visible_members(actor, on=on).filter(state__in=["active", "suspended"])
    return (
        PoolTerm.objects.filter(
            member__in=members, ended_on__isnull=True, ends_on__lte=on + timedelta(days=days)
        )
        .select_related("member__keeper", "member__organisation")
        .order_by("ends_on", "id")
    )


def rota(
    actor: Actor, *, first: date, last: date, on: date, organisation: UUID | None = None
) -> QuerySet[DutyShift]:
    """Shifts between two days of members the actor may see."""
    shifts = DutyShift.objects.filter(member__in=visible_members(actor, on=on), on__range=(first, last))
    if organisation:
        shifts = shifts.filter(organisation=organisation)
    return shifts.select_related("member", "organisation").order_by("on", "part", "member__name")


def trainings(actor: Actor, *, on: date, year: int) -> QuerySet[TrainingRecord]:
    """The trainings of a year, the newest first."""
    seen = visible_members(actor, on=on)
    found = TrainingRecord.objects.filter(member__in=seen, held_on__year=year)
    return found.select_related("member__organisation").order_by("-held_on", "title", "member__name", "id")


@dataclass(frozen=True)
class Fit:
    """Somebody who fits, or why not: `busy`, `suspended`, `term_over`, `language`, `specialty`, `conflict`."""

    member: PoolMember
    at_hand: int
    why_not: tuple[str, ...] = field(default=())


def who_fits(
    kind: PoolKind,
    actor: Actor,
    *,
    on: date,
    language: str = "",
    specialty: str = "",
    conflict_orgs: Collection[str] = (),
    most_at_hand: int | None = None,
) -> list[Fit]:
    """Everybody of a pool in office: who fits first, by fewest open matters; then the others, each with why not.

    `conflict_orgs` are names of bodies that are parties to the matter: whoever has a post there is left out.
    """
    seen = visible_members(actor, on=on).filter(kind=kind, state__in=["active", "suspended"])
    against = OtherPost.objects.filter(Q(until__isnull=True) | Q(until__gte=on), member=OuterRef("pk"))
    rows = seen.annotate(
        at_hand=open_engagements(),
        term_ends=term_ends(),
        conflicts=Exists(against.filter(at__in=[*conflict_orgs])),
    ).select_related("organisation", "keeper")
    found = []
    for member in rows:
        reasons = {
            "conflict": member.conflicts,
            "suspended": member.state == "suspended",
            "term_over": member.term_ends is not None and member.term_ends < on,
            "language": bool(language) and language not in member.languages,
            "specialty": bool(specialty) and specialty not in member.specialties,
            "busy": most_at_hand is not None and member.at_hand >= most_at_hand,
        }
        found.append(Fit(member, member.at_hand, tuple(why for why, true in reasons.items() if true)))
    return sorted(found, key=lambda fit: (bool(fit.why_not), fit.at_hand, fit.member.name))


def posts_now(member: PoolMember, *, on: date) -> list[str]:
    """The kinds of the other posts somebody holds on a day."""
    lasting = Q(until__isnull=True) | Q(until__gte=on)
    begun = Q(since__isnull=True) | Q(since__lte=on)
    return list(OtherPost.objects.filter(lasting, begun, member=member).values_list("kind", flat=True))


def last_term(member: PoolMember) -> PoolTerm | None:
    return PoolTerm.objects.filter(member=member).order_by("-starts_on").first()
