"""An office says when it can be met: its week, the slots published from it, hours closed again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.calendar import Calendar, official
from qiaoqiao.community.appointments.actions.waiting import withdraw
from qiaoqiao.community.appointments.models import Schedule, Slot
from qiaoqiao.community.appointments.queries import kept_schedules
from qiaoqiao.community.appointments.rules import (
    BEIJING,
    MOST_DAYS,
    WEEKDAYS,
    SlotKind,
    Week,
    WeekWrong,
    check_spans,
    times_of,
)
from qiaoqiao.ledger.actions import Happening, record, start
from qiaoqiao.ledger.rules import JSON


@dataclass(frozen=True)
class Plan:
    """What a schedule says, as the office gives it."""

    kind: SlotKind
    titles: Mapping[str, str]
    hours: Mapping[str, Sequence[str]]
    minutes: int
    places: int
    valid_from: date
    valid_until: date | None = None
    services: Sequence[str] = ()
    languages: Sequence[str] = ()
    make_up: str = ""
    where: str = ""
    lead_hours: int = 24
    cancel_hours: int = 4
    offer_hours: int = 12

    @property
    def columns(self) -> dict[str, object]:
        """As the table has it: lists and objects that JSON can say."""
        kept = {day: list(spans) for day, spans in self.hours.items() if spans}
        said = asdict(self) | {"hours": kept, "titles": dict(self.titles)}
        return said | {"services": list(self.services), "languages": list(self.languages)}


class PlanRefused(Exception):
    """A schedule that cannot be kept: `hours`, `minutes`, `places` or `valid_until` is wrong."""


def check_plan(plan: Plan) -> None:
    """Raises PlanRefused."""
    if not any(plan.hours.values()) or not set(plan.hours) <= set(WEEKDAYS):
        raise PlanRefused("hours")
    try:
        for spans in plan.hours.values():
            check_spans(spans)
    except WeekWrong as wrong:
        raise PlanRefused("hours") from wrong
    if not 5 <= plan.minutes <= 480:
        raise PlanRefused("minutes")
    if not 1 <= plan.places <= 200:
        raise PlanRefused("places")
    if plan.valid_until and plan.valid_until < plan.valid_from:
        raise PlanRefused("valid_until")


@transaction.atomic
def make_schedule(plan: Plan, *, office: Office, actor: Actor, at: datetime) -> Schedule:
    """Begin a schedule; nothing can be booked until slots are published. Raises PlanRefused."""
    check_plan(plan)
    schedule = Schedule(office=office, **plan.columns)
    schedule.save(force_insert=True)
    facts: dict[str, JSON] = {"kind": plan.kind, "minutes": plan.minutes, "places": plan.places}
    start(schedule.pk, Happening("appointment.schedule_made", facts, actor.ledger_name, at, office.code))
    return schedule


@transaction.atomic
def change_schedule(schedule_id: UUID, plan: Plan, *, actor: Actor, at: datetime) -> Schedule:
    """Change what holds from the next publishing on; slots that are out stay. Raises PlanRefused."""
    check_plan(plan)
    schedule = _hold(schedule_id, actor, at)
    for name, value in plan.columns.items():
        setattr(schedule, name, value)
    schedule.save(update_fields=list(plan.columns))
    facts: dict[str, JSON] = {"kind": plan.kind, "minutes": plan.minutes, "places": plan.places}
    _record(schedule, "appointment.schedule_changed", facts, actor, at)
    return schedule


@transaction.atomic
def publish(
    schedule_id: UUID,
    first: date,
    last: date,
    *,
    actor: Actor,
    at: datetime,
    calendar: Calendar | None = None,
) -> int:
    """Put the slots of some days up; those that are up already stay as they are. Return how many are new.

    Days gone by, holidays, days outside the schedule's validity and more than 92 days ahead give none.
    """
    schedule = _hold(schedule_id, actor, at)
    today = at.astimezone(BEIJING).date()
    first = max(first, schedule.valid_from, today)
    last = min(last, schedule.valid_until or last, today + timedelta(days=MOST_DAYS))
    week = Week(schedule.hours, schedule.minutes, schedule.make_up)
    times = times_of(week, first, last, calendar or official())
    there = set(
        Slot.objects.filter(schedule=schedule, starts_at__in=[begins for begins, _ in times]).values_list(
            "starts_at", flat=True
        )
    )
    fresh = [_slot(schedule, *span) for span in times if span[0] not in there and span[0] > at]
    Slot.objects.bulk_create(fresh)
    if fresh:
        facts: dict[str, JSON] = {"from": first.isoformat(), "until": last.isoformat(), "slots": len(fresh)}
        _record(schedule, "appointment.published", facts, actor, at)
    return len(fresh)


def _slot(schedule: Schedule, begins: datetime, ends: datetime) -> Slot:
    return Slot(
        schedule=schedule,
        office_id=schedule.office_id,
        kind=schedule.kind,
        starts_at=begins,
        ends_at=ends,
        capacity=schedule.places,
    )


@transaction.atomic
def set_open(slot_id: UUID, is_open: bool, *, actor: Actor, at: datetime) -> Slot:
    """Close one slot for new bookings, or open it again; who booked it keeps it, who was offered a place is told."""
    mine = Slot.objects.select_related("schedule__office").select_for_update(of=("self",), no_key=True)
    slot = mine.get(pk=slot_id)
    _hold(slot.schedule_id, actor, at)
    wanted = "open" if is_open else "closed"
    if slot.state != wanted:
        slot.state = wanted
        slot.save(update_fields=["state"])
        if not is_open:
            withdraw([slot], actor=actor, at=at)
        kind = "appointment.opened" if is_open else "appointment.closed"
        _record(slot.schedule, kind, {"slot": str(slot.pk), "at": slot.starts_at.isoformat()}, actor, at)
    return slot


def _hold(schedule_id: UUID, actor: Actor, at: datetime) -> Schedule:
    """A schedule of one's own office under lock. Raises Schedule.DoesNotExist for another's."""
    mine = (
        Schedule.objects.all()
        if actor.kind == "system"
        else kept_schedules(actor, on=at.astimezone(BEIJING).date())
    )
    return mine.select_related("office").select_for_update(of=("self",), no_key=True).get(pk=schedule_id)


def _record(schedule: Schedule, kind: str, facts: Mapping[str, JSON], actor: Actor, at: datetime) -> None:
    record(schedule.pk, Happening(kind, facts, actor.ledger_name, at, schedule.office.code))
