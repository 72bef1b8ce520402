"""A town whose offices can be met: schedules with published slots, and people who book them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting, staff
from qiaoqiao.community.appointments.actions.booking import Guest, book
from qiaoqiao.community.appointments.actions.feeds import feed_of_office
from qiaoqiao.community.appointments.actions.publishing import Plan, make_schedule, publish
from qiaoqiao.community.appointments.actions.waiting import join
from qiaoqiao.community.appointments.models import Booking, Schedule, Slot
from qiaoqiao.community.appointments.rules import SlotKind
from tests.cast import now_epoch

MONDAY = date(2026, 3, 9)
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WEEK = {day: ["09:00-10:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def plan(**changes: Any) -> Plan:
    usual: dict[str, Any] = {
        "kind": SlotKind.COUNTER,
        "titles": {"zh-Hans": "侨务窗口", "en": "Counter for overseas Chinese"},
        "hours": WEEK,
        "minutes": 30,
        "places": 2,
        "valid_from": date(2026, 1, 1),
        "lead_hours": 24,
        "cancel_hours": 4,
        "where": "一楼3号窗口",
    }
    return Plan(**(usual | changes))


def offered(
    office: Office, *, first: date = MONDAY, days: int = 5, at: datetime = AT, **changes: Any
) -> Schedule:
    """A schedule with its slots up."""
    with acting(SYSTEM, epoch=now_epoch()):
        schedule = make_schedule(plan(**changes), office=office, actor=SYSTEM, at=at)
        publish(schedule.pk, first, first + timedelta(days=days - 1), actor=SYSTEM, at=at)
    return schedule


def rosa(**changes: Any) -> Guest:
    usual = {
        "name": "陈玉莲",
        "email": "rosa@example.org",
        "language": "es",
        "timezone": "America/Caracas",
        "about": "想问回国定居",
    }
    return Guest(**(usual | changes))


def somebody(number: int, **changes: Any) -> Guest:
    return rosa(name=f"第{number}位", email=f"n{number}@example.org", **changes)


def take_place(slot: Slot, guest: Guest, *, at: datetime = AT) -> UUID:
    """Book as somebody on the web would."""
    with acting(PUBLIC.with_case(guest.id), epoch=now_epoch()):
        return book(slot.pk, guest, actor=PUBLIC, at=at)


def stand_in_line(
    schedule: Schedule, guest: Guest, *, at: datetime, first: date = MONDAY, last: date = MONDAY
) -> UUID:
    with acting(PUBLIC.with_case(guest.id), epoch=now_epoch()):
        return join(schedule.pk, guest, first, last, actor=PUBLIC, at=at)


def slots_of(schedule: Schedule) -> list[Slot]:
    return list(Slot.objects.filter(schedule=schedule).order_by("starts_at"))


def booking(booking_id: UUID) -> Booking:
    with acting(SYSTEM, epoch=now_epoch()):
        return Booking.objects.select_related("slot__schedule", "office").get(pk=booking_id)


def balanced(slot: Slot) -> bool:
    """Whether the slot's own count is what its bookings say."""
    with acting(SYSTEM, epoch=now_epoch()):
        live = Booking.objects.filter(slot=slot).exclude(state="cancelled").count()
    return Slot.objects.get(pk=slot.pk).taken == live


def known_arguments(office: Office, owner: Account, name: str) -> dict[str, object]:
    """An appointment of somebody, for every argument that the area's addresses want."""
    now = datetime.now(UTC)
    monday = (now + timedelta(days=14)).date()
    schedule = offered(office, first=monday - timedelta(days=monday.weekday()), at=now)
    slot = slots_of(schedule)[0]
    made = take_place(slot, rosa(name=name, about=name), at=now)
    stand_in_line(schedule, somebody(1), at=now, first=monday, last=monday)
    actor = staff(owner.pk)
    with acting(actor, epoch=now_epoch()):
        feed = feed_of_office(office, actor=actor, at=now)
    return {"schedule_id": schedule.pk, "slot_id": slot.pk, "booking_id": made, "feed_id": feed.pk}
