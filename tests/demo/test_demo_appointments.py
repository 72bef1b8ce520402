"""The demo's offices can be met in five ways, some hours are taken, and one day is full with people in line."""

from datetime import UTC, datetime

from demo.appointments import WAITING, load_appointments
from demo.offices import load_offices
from demo.places import load_places
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.appointments.models import Booking, Schedule, Slot
from qiaoqiao.community.appointments.queries import days_of
from qiaoqiao.community.appointments.rules import SlotKind
from tests.cast import now_epoch

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


def test_every_kind_can_be_booked_and_one_day_is_full_with_a_waiting_list(db: None) -> None:
    load_offices(load_places())
    booked = load_appointments(1954, NOW, epoch=now_epoch())
    assert booked > 40
    assert load_appointments(1954, NOW, epoch=now_epoch()) == 0
    assert set(Schedule.objects.values_list("kind", flat=True)) == {kind.value for kind in SlotKind}
    with acting(SYSTEM, epoch=now_epoch()):
        assert Booking.objects.count() == booked
    crowded = Schedule.objects.get(waiting=WAITING)
    days = days_of(crowded, NOW.date(), NOW.date().replace(month=12, day=30), at=NOW)
    assert [day for day in days if day.free == 0]
    assert not Slot.objects.filter(starts_at__lt=NOW).exists()
