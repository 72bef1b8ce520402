"""Booking a place: never more than there are, never twice by one person, moved or cancelled whole or not at all."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting, person
from qiaoqiao.community.appointments.actions.booking import (
    BookedAlready,
    BookingRefused,
    NotChangeable,
    SlotGone,
    book,
    cancel,
    mark,
    move,
)
from qiaoqiao.community.appointments.actions.closing import cancel_slots
from qiaoqiao.community.appointments.actions.publishing import change_schedule, publish, set_open
from qiaoqiao.community.appointments.actions.waiting import accept, join, pass_on
from qiaoqiao.community.appointments.models import Booking, Schedule, Slot
from qiaoqiao.community.appointments.sentences import SAID
from qiaoqiao.ledger.models import Entry
from qiaoqiao.lib.statements import fetch
from tests.casework.test_holding_together import at_once
from tests.cast import PETITION, Town, as_staff, file_case, now_epoch
from tests.community.slots import (
    AT,
    MONDAY,
    balanced,
    booking,
    offered,
    plan,
    rosa,
    slots_of,
    somebody,
    take_place,
)


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.mark.parametrize("capacity", [1, 7])
def test_of_fifty_who_book_at_once_exactly_as_many_succeed_as_there_are_places(
    fresh_database: None, capacity: int
) -> None:
    slot = slots_of(offered(Town().federation, places=capacity))[0]
    results = at_once(*(lambda n=n: take_place(slot, somebody(n)) for n in range(50)))  # type: ignore[misc]
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 50 - capacity
    assert {(type(why), str(why)) for why in refused} == {(SlotGone, "full")}
    with acting(SYSTEM, epoch=now_epoch()):
        made = list(Booking.objects.filter(slot=slot).values_list("pk", flat=True))
        assert sorted(map(str, made)) == sorted(str(one) for one in results if not isinstance(one, Exception))
        assert Entry.objects.filter(kind="booking.made").count() == capacity
    assert Slot.objects.get(pk=slot.pk).taken == capacity


def test_a_double_click_books_once_even_the_last_place(fresh_database: None) -> None:
    slot = slots_of(offered(Town().federation, places=1))[0]
    guest = rosa()
    results = at_once(*(lambda: take_place(slot, guest) for _ in range(5)))
    assert set(results) == {guest.id}
    assert Slot.objects.get(pk=slot.pk).taken == 1


def test_fifty_who_book_move_and_cancel_at_once_leave_the_counts_true(fresh_database: None) -> None:
    first, second, *_rest = slots_of(offered(Town().federation, places=5))
    there = [take_place(first, somebody(n)) for n in range(5)]
    there += [take_place(second, somebody(n)) for n in range(5, 10)]

    def as_holder(one: object, work: object) -> object:
        with acting(person(one), epoch=now_epoch()):  # type: ignore[arg-type]
            return work(one)  # type: ignore[operator]

    def swap(one: object) -> object:
        to = second if one in there[:5] else first
        return move(one, to.pk, actor=person(one), at=AT)  # type: ignore[arg-type]

    def drop(one: object) -> object:
        return cancel(one, actor=person(one), at=AT)  # type: ignore[arg-type]

    works = [lambda one=one: as_holder(one, swap) for one in there]
    works += [lambda one=one: as_holder(one, drop) for one in there[::3]]
    works += [lambda n=n: take_place(first, somebody(n)) for n in range(20, 50)]
    results = at_once(*works)
    assert not [
        one for one in results if isinstance(one, Exception) and not isinstance(one, SlotGone | NotChangeable)
    ]
    assert balanced(first)
    assert balanced(second)


def test_who_cancels_moves_and_accepts_while_the_office_closes_the_hour_never_meets_a_deadlock(
    fresh_database: None,
) -> None:
    town = Town()
    first, second, *_rest = slots_of(offered(town.federation, places=40))
    there = [take_place(first, somebody(n)) for n in range(12)]
    chen = as_staff(town.officer_chen)

    def close() -> object:
        with acting(chen, epoch=now_epoch()):
            return cancel_slots([first.pk, second.pk], reason="停电", actor=chen, at=AT)

    def drop(one: UUID) -> object:
        with acting(person(one), epoch=now_epoch()):
            return cancel(one, actor=person(one), at=AT)

    def shift(one: UUID) -> object:
        with acting(person(one), epoch=now_epoch()):
            return move(one, second.pk, actor=person(one), at=AT)

    works: list[Callable[[], object]] = [lambda one=one: drop(one) for one in there[:6]]  # type: ignore[misc]
    works += [lambda one=one: shift(one) for one in there[6:]]  # type: ignore[misc]
    results = at_once(*works, close, close)
    assert not [
        one for one in results if isinstance(one, Exception) and not isinstance(one, SlotGone | NotChangeable)
    ]
    assert {booking(one).state for one in there} == {"cancelled"}
    assert balanced(first)
    assert balanced(second)


def test_cancelling_waits_for_the_slot_before_it_takes_the_booking(fresh_database: None) -> None:
    """The order of the locks itself, without luck: who holds the slot can still lock its bookings."""
    slot = slots_of(offered(Town().federation))[0]
    one = take_place(slot, rosa())
    slot_held, may_end = threading.Event(), threading.Event()

    def drop() -> object:
        assert slot_held.wait(5)
        with acting(person(one), epoch=now_epoch()):
            may_end.set()
            return cancel(one, actor=person(one), at=AT)

    def hold_slot_then_booking() -> object:
        with acting(SYSTEM, epoch=now_epoch()), transaction.atomic():
            Slot.objects.select_for_update(no_key=True).get(pk=slot.pk)
            slot_held.set()
            assert may_end.wait(5)
            wait_until_somebody_waits_for_a_lock()
            return Booking.objects.select_for_update(nowait=True).get(pk=one).state

    cancelled, state = at_once(drop, hold_slot_then_booking)
    assert state == "booked", state
    assert not isinstance(cancelled, Exception), cancelled
    assert booking(one).state == "cancelled"


def wait_until_somebody_waits_for_a_lock() -> None:
    for _try in range(250):
        if fetch("SELECT 1 FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"):
            return
        threading.Event().wait(0.02)
    raise AssertionError("nobody waited")


def test_the_same_person_is_not_booked_twice_in_one_slot(town: Town) -> None:
    slot = slots_of(offered(town.federation))[0]
    take_place(slot, rosa())
    with pytest.raises(BookedAlready):
        take_place(slot, rosa(email="ROSA@example.org"))
    assert balanced(slot)


def test_postgresql_itself_refuses_more_than_there_are_places(town: Town) -> None:
    slot = slots_of(offered(town.federation, places=1))[0]
    for change in ({"taken": 2}, {"taken": 1, "held": 1}, {"taken": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Slot.objects.filter(pk=slot.pk).update(**change)


@pytest.mark.parametrize(("hours_before", "fits"), [(24, True), (23.99, False), (0, False), (-1, False)])
def test_who_books_leaves_the_office_its_lead(town: Town, hours_before: float, fits: bool) -> None:
    slot = slots_of(offered(town.federation, lead_hours=24))[0]
    at = slot.starts_at - timedelta(hours=hours_before)
    if fits:
        take_place(slot, rosa(), at=at)
    else:
        with pytest.raises(SlotGone, match="too_late"):
            take_place(slot, rosa(), at=at)
    assert balanced(slot)


def test_a_closed_slot_takes_nobody_and_keeps_who_is_there(town: Town) -> None:
    slot = slots_of(offered(town.federation))[0]
    one = take_place(slot, rosa())
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        set_open(slot.pk, False, actor=chen, at=AT)
    with pytest.raises(SlotGone, match="closed"):
        take_place(slot, somebody(2))
    assert booking(one).state == "booked"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "长" * 101}, "name"),
        ({"email": "", "phone": ""}, "email"),
        ({"email": "no"}, "email"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"about": "a" * 301}, "about"),
        ({"language": "fr"}, "language"),
    ],
)
def test_what_is_given_wrong_is_said_by_field_and_takes_no_place(
    town: Town, given: dict[str, str], field: str
) -> None:
    slot = slots_of(offered(town.federation))[0]
    with pytest.raises(BookingRefused) as refused:
        take_place(slot, rosa(**given))
    assert field in refused.value.faults
    assert Slot.objects.get(pk=slot.pk).taken == 0


def test_moving_takes_the_new_place_and_frees_the_old_and_counts_the_move(town: Town) -> None:
    old, new, *_rest = slots_of(offered(town.federation, places=1))
    one = take_place(old, rosa())
    with acting(person(one), epoch=now_epoch()):
        move(one, new.pk, actor=person(one), at=AT)
    moved = booking(one)
    assert (moved.slot_id, moved.starts_at, moved.sequence) == (new.pk, new.starts_at, 1)
    assert [Slot.objects.get(pk=slot.pk).taken for slot in (old, new)] == [0, 1]


def test_moving_to_a_full_slot_leaves_everything_as_it_was(town: Town) -> None:
    old, new, *_rest = slots_of(offered(town.federation, places=1))
    one = take_place(old, rosa())
    take_place(new, somebody(2))
    with acting(person(one), epoch=now_epoch()), pytest.raises(SlotGone, match="full"):
        move(one, new.pk, actor=person(one), at=AT)
    assert booking(one).slot_id == old.pk
    assert balanced(old)
    assert balanced(new)


def test_nobody_moves_to_another_office_or_another_kind_of_slot(town: Town) -> None:
    one = take_place(slots_of(offered(town.federation))[0], rosa())
    others = [offered(town.kaiping_federation), offered(town.federation, kind="phone")]
    for schedule in others:
        with acting(person(one), epoch=now_epoch()), pytest.raises(SlotGone, match="other_office"):
            move(one, slots_of(schedule)[0].pk, actor=person(one), at=AT)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({"lead_hours": 24 * 30}, "too_late"),
        ({"services": ["settlement"]}, "other_service"),
        ({"valid_until": AT.date() - timedelta(days=1)}, "ended"),
    ],
)
def test_who_moves_alone_keeps_to_the_rules_of_the_schedule_moved_to_and_the_office_need_not(
    town: Town, rule: dict[str, object], why: str
) -> None:
    one = take_place(slots_of(offered(town.federation))[0], rosa(service="petition"))
    schedule = offered(town.federation, services=["petition", "settlement"])
    slot = slots_of(schedule)[3]
    Schedule.objects.filter(pk=schedule.pk).update(**rule)
    with acting(person(one), epoch=now_epoch()), pytest.raises(SlotGone, match=why):
        move(one, slot.pk, actor=person(one), at=AT)
    assert balanced(slot)
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        assert move(one, slot.pk, actor=chen, at=AT).slot_id == slot.pk


def test_who_moves_alone_is_not_held_to_the_lead_of_the_schedule_left(town: Town) -> None:
    strict = offered(town.federation, lead_hours=24 * 30, places=1)
    chen = as_staff(town.officer_chen)
    guest = rosa(service="petition")
    with acting(chen, epoch=now_epoch()):
        one = book(slots_of(strict)[0].pk, guest, actor=chen, at=AT)
    slot = slots_of(offered(town.federation, services=["petition"]))[1]
    with acting(person(one), epoch=now_epoch()):
        assert move(one, slot.pk, actor=person(one), at=AT).slot_id == slot.pk


@pytest.mark.parametrize(("hours_before", "alone"), [(4, True), (3.99, False)])
def test_who_is_late_to_cancel_must_ring_up_and_the_office_may_still(
    town: Town, hours_before: float, alone: bool
) -> None:
    slot = slots_of(offered(town.federation, cancel_hours=4))[0]
    one = take_place(slot, rosa())
    at = slot.starts_at - timedelta(hours=hours_before)
    actor = person(one)
    if not alone:
        with acting(actor, epoch=now_epoch()), pytest.raises(NotChangeable, match="too_late"):
            cancel(one, actor=actor, at=at)
        actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        assert cancel(one, actor=actor, at=at).state == "cancelled"
        assert cancel(one, actor=actor, at=at).sequence == 1
    assert Slot.objects.get(pk=slot.pk).taken == 0


def test_who_cancelled_may_book_the_same_slot_again(town: Town) -> None:
    slot = slots_of(offered(town.federation))[0]
    one = take_place(slot, rosa())
    with acting(person(one), epoch=now_epoch()):
        cancel(one, actor=person(one), at=AT)
    take_place(slot, rosa())
    assert balanced(slot)


def test_a_day_that_is_cancelled_closes_its_slots_and_every_booking(town: Town) -> None:
    slots = slots_of(offered(town.federation))
    today, other = slots[:2], slots[2]
    gone = [take_place(slot, somebody(n)) for n, slot in enumerate(today)]
    kept = take_place(other, somebody(9))
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        assert cancel_slots([slot.pk for slot in today], reason="停电", actor=chen, at=AT) == 2
    assert {booking(one).state for one in gone} == {"cancelled"}
    assert booking(kept).state == "booked"
    assert {(slot.state, slot.taken) for slot in Slot.objects.filter(pk__in=[one.pk for one in today])} == {
        ("closed", 0)
    }


def test_whether_somebody_came_is_written_on_the_day_and_not_before(town: Town) -> None:
    slot = slots_of(offered(town.federation))[0]
    one = take_place(slot, rosa())
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        with pytest.raises(NotChangeable):
            mark(one, "attended", actor=chen, at=slot.starts_at - timedelta(days=1))
        mark(one, "no_show", actor=chen, at=slot.ends_at)
        assert mark(one, "attended", actor=chen, at=slot.ends_at).state == "attended"


# --- publishing ---------------------------------------------------------------------------------------


def test_publishing_twice_makes_each_slot_once_and_keeps_what_is_booked(town: Town) -> None:
    schedule = offered(town.federation)
    take_place(slots_of(schedule)[0], rosa())
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        change_schedule(schedule.pk, plan(places=1), actor=chen, at=AT)
        assert publish(schedule.pk, MONDAY, MONDAY + timedelta(days=7), actor=chen, at=AT) == 2
    assert [slot.capacity for slot in slots_of(schedule)] == [2] * 10 + [1] * 2


def test_another_offices_officer_changes_nothing(town: Town) -> None:
    schedule = offered(town.federation)
    he = as_staff(town.stranger_he)
    with acting(he, epoch=now_epoch()):
        for change in (
            lambda: publish(schedule.pk, MONDAY, MONDAY, actor=he, at=AT),
            lambda: change_schedule(schedule.pk, plan(), actor=he, at=AT),
            lambda: set_open(slots_of(schedule)[0].pk, False, actor=he, at=AT),
        ):
            with pytest.raises(Schedule.DoesNotExist):
                change()


# --- the walls ----------------------------------------------------------------------------------------


def test_a_booking_is_seen_by_its_office_and_its_holder_and_by_no_one_else(town: Town) -> None:
    one = take_place(slots_of(offered(town.federation))[0], rosa())
    for actor, seen in (
        (as_staff(town.officer_chen), 1),
        (as_staff(town.city_head), 1),
        (person(one), 1),
        (as_staff(town.stranger_he), 0),
        (as_staff(town.police_wu), 0),
        (PUBLIC, 0),
        (person(rosa().id), 0),
    ):
        with acting(actor, epoch=now_epoch()):
            assert Booking.objects.count() == seen, actor
    assert Booking.objects.count() == 0


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("holds_the_id", [False, True])
def test_a_stranger_cannot_attach_a_booking_or_a_wait_to_somebodys_case(
    town: Town, holds_the_id: bool, waits: bool
) -> None:
    case = file_case("petition", PETITION)
    schedule = offered(town.federation)
    guest = rosa(case_id=case.pk)

    def attach() -> UUID:
        if waits:
            return join(schedule.pk, guest, MONDAY, MONDAY, actor=PUBLIC, at=AT)
        return book(slots_of(schedule)[0].pk, guest, actor=PUBLIC, at=AT)

    with (
        acting(person(guest.id) if holds_the_id else PUBLIC, epoch=now_epoch()),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        attach()


def test_a_place_from_the_waiting_list_belongs_to_the_case_one_waited_with_and_to_no_other(
    town: Town,
) -> None:
    case, other = file_case("petition", PETITION), file_case("petition", PETITION)
    schedule = offered(town.federation, places=1)
    slot, there = slots_of(schedule)[0], rosa()
    take_place(slot, there)
    guest = somebody(1, case_id=case.pk)
    with acting(person(guest.id, case.pk), epoch=now_epoch()):
        join(schedule.pk, guest, MONDAY, MONDAY, actor=PUBLIC, at=AT)
    with acting(person(there.id), epoch=now_epoch()):
        cancel(there.id, actor=person(there.id), at=AT)
    with acting(SYSTEM, epoch=now_epoch()):
        assert pass_on(slot.pk, actor=SYSTEM, at=AT) == 1
    new = rosa().id
    holder = person(guest.id, new)
    with acting(holder, epoch=now_epoch()):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            book(slots_of(schedule)[1].pk, somebody(1, case_id=other.pk), actor=PUBLIC, at=AT)
        accept(guest.id, actor=holder, at=AT, booking_id=new)
    assert booking(new).case_id == case.pk


def test_every_kind_of_entry_has_its_sentence(town: Town) -> None:
    slot = slots_of(offered(town.federation))[0]
    one = take_place(slot, rosa())
    with acting(person(one), epoch=now_epoch()):
        cancel(one, actor=person(one), at=AT)
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"booking.made", "booking.cancelled", "appointment.published"} <= kinds
    assert kinds <= SAID.keys()


def test_a_reference_is_one_that_people_can_read_out(town: Town) -> None:
    one = booking(take_place(slots_of(offered(town.federation))[0], rosa()))
    assert one.reference.startswith("QB26-")
    assert len(one.reference) == 13
    assert one.made_at == AT
    assert one.starts_at == datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
    assert one.starts_at.date() == date(2026, 3, 9)
