"""Reading slots, bookings and the waiting list: what an actor may see, day by day and page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import F, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from qiaoqiao.access.queries import offices_read_by
from qiaoqiao.access.tickets import Actor
from qiaoqiao.community.appointments.models import Booking, Feed, Schedule, Slot, Waiting
from qiaoqiao.community.appointments.rules import BEIJING
from qiaoqiao.lib.paging import cut

PAGE = 50


@dataclass(frozen=True)
class OpenDay:
    """A day with open slots, and how many places are left in all of them."""

    on: date
    free: int


def visible_bookings(actor: Actor, *, on: date) -> QuerySet[Booking]:
    """The bookings an actor may see: the office's, one's own by its link, those of a case one proved."""
    seen = Booking.objects.select_related("slot__schedule", "office", "case")
    if actor.kind == "system":
        return seen
    if actor.account_id is None:
        return seen.filter(Q(pk__in=actor.cases) | Q(case__in=actor.cases))
    return seen.filter(office__in=offices_read_by(actor.account_id, on=on))


def visible_waiting(actor: Actor, *, on: date) -> QuerySet[Waiting]:
    """The same for the waiting list."""
    seen = Waiting.objects.select_related("schedule", "slot", "office", "case")
    if actor.kind == "system":
        return seen
    if actor.account_id is None:
        return seen.filter(Q(pk__in=actor.cases) | Q(case__in=actor.cases))
    return seen.filter(office__in=offices_read_by(actor.account_id, on=on))


def visible_feeds(actor: Actor, *, on: date) -> QuerySet[Feed]:
    """One's own feeds: an officer's, or whoever holds the link or proved the case."""
    live = Feed.objects.filter(revoked_at__isnull=True).select_related("office", "case")
    if actor.kind == "system":
        return live
    if actor.account_id is None:
        return live.filter(Q(pk__in=actor.cases) | Q(case__in=actor.cases))
    return live.filter(account=actor.account_id)


def served_feed(actor: Actor, feed_id: UUID, *, on: date) -> Feed | None:
    """The feed of a link while it may be read: an officer's, as long as they may sign in and read that office."""
    feed = visible_feeds(actor, on=on).select_related("account").filter(pk=feed_id).first()
    if feed is None or feed.account is None:
        return feed
    still = feed.account.is_active and feed.office_id in offices_read_by(feed.account.pk, on=on)
    return feed if still else None


def kept_schedules(actor: Actor, *, on: date) -> QuerySet[Schedule]:
    """The schedules of the officer's offices."""
    offices = offices_read_by(actor.account_id or 0, on=on)
    return (
        Schedule.objects.filter(office__in=offices).select_related("office").order_by("office", "kind", "id")
    )


def open_schedules(*, on: date) -> QuerySet[Schedule]:
    """What can be booked at all: schedules not yet ended, with their offices."""
    running = Schedule.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
    return running.select_related("office__place").order_by("office__place", "office", "id")


def with_next_free(schedules: Sequence[Schedule], *, at: datetime) -> dict[UUID, datetime]:
    """When each of them has its next free place, those that have one, in one query."""
    free = bookable(Slot.objects.filter(schedule__in=schedules), at=at)
    return dict(free.values("schedule").annotate(first=Min("starts_at")).values_list("schedule", "first"))


def bookable(slots: QuerySet[Slot], *, at: datetime) -> QuerySet[Slot]:
    """Those with a place left; whether there is time enough before is the schedule's lead."""
    return slots.filter(state="open", starts_at__gt=at, capacity__gt=F("taken") + F("held"))


def day_bounds(on: date) -> tuple[datetime, datetime]:
    """A day in Beijing, as two instants."""
    begins = datetime.combine(on, time.min, BEIJING)
    return begins, datetime.combine(on + timedelta(days=1), time.min, BEIJING)


def days_of(schedule: Schedule, first: date, last: date, *, at: datetime) -> list[OpenDay]:
    """The days that have open slots, in order, each with how many places are free in time."""
    begins, ends = day_bounds(first)[0], day_bounds(last)[1]
    lead = at + timedelta(hours=schedule.lead_hours)
    slots = Slot.objects.filter(
        schedule=schedule, state="open", starts_at__gte=max(begins, lead), starts_at__lt=ends
    )
    by_day = slots.annotate(day=TruncDate("starts_at", tzinfo=BEIJING)).values("day")
    counted = by_day.annotate(places=Sum("capacity"), gone=Sum("taken") + Sum("held")).order_by("day")
    return [OpenDay(day, places - gone) for day, places, gone in counted.values_list("day", "places", "gone")]


def slots_on(schedule: Schedule, on: date) -> list[Slot]:
    """The open slots of a day, full ones too."""
    begins, ends = day_bounds(on)
    return list(
        Slot.objects.filter(
            schedule=schedule, state="open", starts_at__gte=begins, starts_at__lt=ends
        ).order_by("starts_at")
    )


def slots_between(offices: Sequence[int], first: date, last: date) -> QuerySet[Slot]:
    """All slots of some offices over some days, closed ones too."""
    begins, ends = day_bounds(first)[0], day_bounds(last)[1]
    found = Slot.objects.filter(office__in=offices, starts_at__gte=begins, starts_at__lt=ends)
    return found.select_related("schedule", "office").order_by("starts_at", "schedule_id")


def bookings_on(actor: Actor, on: date) -> list[Booking]:
    """The bookings of one day, for the day sheet; cancelled ones left out."""
    begins, ends = day_bounds(on)
    seen = visible_bookings(actor, on=on).filter(starts_at__gte=begins, starts_at__lt=ends)
    return list(seen.exclude(state="cancelled").order_by("starts_at", "slot_id", "id"))


def booking_page(
    actor: Actor, *, on: date, state: str = "", text: str = "", after: tuple[datetime, UUID] | None = None
) -> tuple[list[Booking], tuple[datetime, UUID] | None]:
    """One page of the bookings, latest times first, and the mark at which the next page begins."""
    seen = visible_bookings(actor, on=on)
    if state:
        seen = seen.filter(state=state)
    if text:
        seen = seen.filter(Q(reference__iexact=text) | Q(name__icontains=text))
    page = cut(seen, ("-starts_at", "-id"), PAGE, lambda one: (one.starts_at, one.pk), after=after)
    return list(page.rows), page.after


def waiting_page(
    actor: Actor, *, on: date, after: tuple[datetime, UUID] | None = None
) -> tuple[list[Waiting], tuple[datetime, UUID] | None]:
    """One page of those who wait or are offered a place, first come first."""
    seen = visible_waiting(actor, on=on).filter(state__in=["waiting", "offered"])
    page = cut(seen, ("made_at", "id"), PAGE, lambda one: (one.made_at, one.pk), after=after)
    return list(page.rows), page.after
