"""The plan of a year: drafted, approved, laid out into activities."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.activities.actions.grounds import hold_plan, local_day, tell
from qiaoqiao.community.activities.models import Activity, Plan, PlannedItem
from qiaoqiao.community.activities.queries import heads, kept_organisations, numbers_of, planned_of
from qiaoqiao.community.activities.rules import ActivityKind, Planned, days_of, too_few

BEGINS, LASTS = time(9, 30), timedelta(hours=2)


class NotKept(Exception):
    """The actor's offices do not keep this organisation."""


class PlanThere(Exception):
    """The organisation has a plan for this year."""


class PlanClosed(Exception):
    """The plan is approved: its lines stand."""


class HeadsOnly(Exception):
    """A plan is approved by a head of its office, or of one above."""


class TooFew(Exception):
    """The plan holds fewer of some kinds than the organisation set itself: {kind: (planned, least)}."""

    def __init__(self, kinds: Mapping[ActivityKind, tuple[int, int]]) -> None:
        self.kinds = kinds
        super().__init__(", ".join(f"{kind} {had}/{least}" for kind, (had, least) in kinds.items()))


@transaction.atomic
def draft_plan(organisation_id: UUID, year: int, *, actor: Actor, at: datetime) -> Plan:
    """Begin a plan. Raises NotKept, PlanThere."""
    organisation = kept_organisations(actor, on=local_day(at)).filter(pk=organisation_id).first()
    if organisation is None:
        raise NotKept
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                organisation=organisation, keeper_id=organisation.keeper_id, year=year, made_at=at
            )
    except IntegrityError:
        raise PlanThere from None
    tell(plan.pk, "plan.drafted", {"year": year}, office=organisation.keeper.code, actor=actor, at=at)
    return plan


@transaction.atomic
def add_item(
    plan_id: UUID, planned: Planned, *, name: str, place: str, actor: Actor, at: datetime
) -> PlannedItem:
    """Add a line. Raises PlanClosed."""
    plan = _open(plan_id, actor, at)
    item = PlannedItem.objects.create(
        plan=plan,
        kind=planned.kind,
        every=planned.every,
        month=planned.month,
        day=planned.day,
        names={"zh-Hans": name},
        place=place,
    )
    facts: dict[str, object] = {"kind": str(planned.kind), "every": str(planned.every), "row": str(item.pk)}
    tell(plan.pk, "plan.line_added", facts, office=plan.keeper.code, actor=actor, at=at)
    return item


@transaction.atomic
def remove_item(plan_id: UUID, item_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take a line out; again changes nothing. Raises PlanClosed."""
    plan = _open(plan_id, actor, at)
    item = PlannedItem.objects.filter(plan=plan, pk=item_id).first()
    if item:
        item.delete()
        tell(plan.pk, "plan.line_removed", {"kind": item.kind}, office=plan.keeper.code, actor=actor, at=at)


def _open(plan_id: UUID, actor: Actor, at: datetime) -> Plan:
    plan = hold_plan(plan_id, actor, at)
    if plan.state != "drafted":
        raise PlanClosed
    return plan


@transaction.atomic
def approve_plan(plan_id: UUID, *, actor: Actor, at: datetime) -> Plan:
    """Approve a plan that holds enough, and lay its activities out. Raises PlanClosed, HeadsOnly, TooFew."""
    plan = _open(plan_id, actor, at)
    if not heads(actor, plan.keeper, on=local_day(at)):
        raise HeadsOnly
    missing = too_few([planned_of(item) for item in plan.items.all()], numbers_of(plan.keeper))
    if missing:
        raise TooFew(missing)
    plan.state, plan.approved_on = "approved", local_day(at)
    plan.save(update_fields=["state", "approved_on"])
    made = lay_out(plan, at=at)
    tell(plan.pk, "plan.approved", {"activities": made}, office=plan.keeper.code, actor=actor, at=at)
    return plan


def lay_out(plan: Plan, *, at: datetime) -> int:
    """Make the plan's activities from today on, each once; returns how many are new."""
    rows = []
    for item in plan.items.all():
        for number, on in enumerate(days_of(planned_of(item), plan.year, calendar=official()), 1):
            starts = datetime.combine(on, BEGINS, tzinfo=SHANGHAI)
            if on >= local_day(at):
                rows.append(_activity(plan, item, number, starts, at))
    before = Activity.objects.filter(item__plan=plan).count()
    Activity.objects.bulk_create(rows, ignore_conflicts=True)
    return Activity.objects.filter(item__plan=plan).count() - before


def _activity(plan: Plan, item: PlannedItem, number: int, starts: datetime, at: datetime) -> Activity:
    return Activity(
        item=item, number=number, organisation_id=plan.organisation_id, keeper_id=plan.keeper_id, kind=item.kind,
        names=item.names, place=item.place, starts_at=starts, ends_at=starts + LASTS, made_at=at,
    )  # fmt: skip
