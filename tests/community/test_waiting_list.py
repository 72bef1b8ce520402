"""The waiting list: first come, first served; a place is kept for one for a while, then for the next; none is lost."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from qiaoqiao.access.tickets import SYSTEM, acting, person
from qiaoqiao.community.appointments import jobs, reactions
from qiaoqiao.community.appointments.actions.booking import SlotGone, cancel
from qiaoqiao.community.appointments.actions.closing import cancel_slots
from qiaoqiao.community.appointments.actions.publishing import set_open
from qiaoqiao.community.appointments.actions.waiting import OfferGone, WaitingAlready, accept, leave
from qiaoqiao.community.appointments.models import Schedule, Slot, Waiting
from qiaoqiao.gateways import mail
from qiaoqiao.ledger.models import Entry
from tests.casework.test_holding_together import at_once
from tests.cast import Town, as_staff, now_epoch
from tests.community.slots import balanced, booking, offered, slots_of, somebody, stand_in_line, take_place

# Reactions read the present clock, so this town's days lie ahead of it.
NOW = datetime.now(UTC).replace(microsecond=0)
SOON = (NOW + timedelta(days=14)).date()
SOON -= timedelta(days=SOON.weekday())
HOUR = timedelta(hours=1)


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def full_day(town: Town, *, places: int = 1) -> tuple[Schedule, Slot, list[UUID]]:
    """A schedule whose one slot is full."""
    week = {day: ["09:00-09:30"] for day in ("mon", "tue", "wed", "thu", "fri")}
    schedule = offered(town.federation, first=SOON, days=5, at=NOW, hours=week, places=places)
    slot = slots_of(schedule)[0]
    return schedule, slot, [take_place(slot, somebody(n), at=NOW) for n in range(places)]


def line_up(schedule: Schedule, slot: Slot, number: int, *, at: datetime = NOW) -> UUID:
    day = slot.starts_at.date()
    return stand_in_line(
        schedule, somebody(100 + number), at=at + number * timedelta(minutes=1), first=day, last=day
    )


def drop(one: UUID) -> None:
    with acting(person(one), epoch=now_epoch()):
        cancel(one, actor=person(one), at=NOW)


def follow() -> None:
    """Let the worker do what follows the latest entries."""
    with acting(SYSTEM, epoch=now_epoch()):
        kinds = ["booking.cancelled", "waiting.left", "waiting.passed"]
        uids = list(Entry.objects.filter(kind__in=kinds).order_by("id").values_list("uid", flat=True))
    for uid in uids:
        reactions.next_in_line(str(uid))


def state(one: UUID) -> str:
    with acting(SYSTEM, epoch=now_epoch()):
        return Waiting.objects.get(pk=one).state


def test_a_place_given_back_is_kept_for_who_came_first_and_nobody_slips_in(town: Town) -> None:
    schedule, slot, (there,) = full_day(town)
    first, second = (line_up(schedule, slot, n) for n in range(2))
    drop(there)
    with pytest.raises(SlotGone, match="full"):
        take_place(slot, somebody(50), at=NOW)
    follow()
    assert (state(first), state(second)) == ("offered", "waiting")
    with pytest.raises(SlotGone, match="full"):
        take_place(slot, somebody(50), at=NOW)
    with acting(person(first), epoch=now_epoch()):
        made = accept(first, actor=person(first), at=NOW + HOUR)
    assert booking(made).name == "第100位"
    assert (state(first), Slot.objects.get(pk=slot.pk).held) == ("booked", 0)
    assert balanced(slot)
    assert Schedule.objects.get(pk=schedule.pk).waiting == 1


def test_an_offer_not_taken_in_time_goes_to_the_next_in_order_until_the_list_is_empty(town: Town) -> None:
    schedule, slot, (there,) = full_day(town)
    line = [line_up(schedule, slot, n) for n in range(4)]
    drop(there)
    follow()
    at = datetime.now(UTC)
    for place, _one in enumerate(line):
        assert [state(other) for other in line] == ["passed"] * place + ["offered"] + ["waiting"] * (
            3 - place
        )
        at += timedelta(hours=13)
        with acting(SYSTEM, epoch=now_epoch()):
            assert jobs.expire_offers(at) == 1
            jobs.offer_held(at)
    assert {state(one) for one in line} == {"passed"}
    after = Slot.objects.get(pk=slot.pk)
    assert (after.held, after.taken) == (0, 0)
    assert Schedule.objects.get(pk=schedule.pk).waiting == 0
    take_place(slot, somebody(50), at=NOW)


def test_an_offer_that_ran_out_is_not_taken_any_more(town: Town) -> None:
    schedule, slot, (there,) = full_day(town)
    one = line_up(schedule, slot, 0)
    drop(there)
    follow()
    with acting(person(one), epoch=now_epoch()), pytest.raises(OfferGone):
        accept(one, actor=person(one), at=datetime.now(UTC) + timedelta(hours=13))
    assert balanced(slot)


def test_declining_passes_the_place_on_at_once(town: Town) -> None:
    schedule, slot, (there,) = full_day(town)
    first, second = (line_up(schedule, slot, n) for n in range(2))
    drop(there)
    follow()
    with acting(person(first), epoch=now_epoch()):
        leave(first, actor=person(first), at=NOW)
    follow()
    assert (state(first), state(second)) == ("left", "offered")


def test_who_waits_for_other_days_is_passed_over(town: Town) -> None:
    schedule, slot, (there,) = full_day(town)
    later = slot.starts_at.date() + timedelta(days=1)
    other = stand_in_line(schedule, somebody(1), at=NOW, first=later, last=later)
    one = line_up(schedule, slot, 5)
    drop(there)
    follow()
    assert (state(other), state(one)) == ("waiting", "offered")


def test_when_nobody_waits_a_place_given_back_is_free_at_once(town: Town) -> None:
    _schedule, slot, (there,) = full_day(town)
    drop(there)
    take_place(slot, somebody(50), at=NOW)
    assert balanced(slot)


def test_places_of_a_day_the_office_cancels_are_offered_to_nobody(town: Town) -> None:
    schedule, slot, _there = full_day(town)
    one = line_up(schedule, slot, 0)
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        cancel_slots([slot.pk], reason="停电", actor=chen, at=NOW)
    follow()
    assert state(one) == "waiting"


def close(slot: Slot, town: Town, *, whole_day: bool) -> None:
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        if whole_day:
            cancel_slots([slot.pk], reason="停电", actor=chen, at=NOW)
        else:
            set_open(slot.pk, False, actor=chen, at=NOW)


@pytest.mark.parametrize("whole_day", [True, False])
def test_a_place_offered_in_an_hour_that_closes_is_offered_no_more_and_the_person_is_told(
    town: Town, whole_day: bool
) -> None:
    schedule, slot, (there,) = full_day(town)
    one = line_up(schedule, slot, 20 + whole_day)
    drop(there)
    follow()
    close(slot, town, whole_day=whole_day)
    with acting(person(one), epoch=now_epoch()), pytest.raises(OfferGone):
        accept(one, actor=person(one), at=NOW + HOUR)
    after = Slot.objects.get(pk=slot.pk)
    assert (after.state, after.taken, after.held) == ("closed", 0, 0)
    assert state(one) == "closed"
    assert Schedule.objects.get(pk=schedule.pk).waiting == 0
    with acting(SYSTEM, epoch=now_epoch()):
        entry = Entry.objects.get(subject=one, kind="waiting.closed")
    reactions.tell_waiting(str(entry.uid))
    (letter,) = mail.recent(10, f"n{120 + whole_day}@example.org")
    assert "/appointments/waiting/" in letter.body
    assert "Caracas" in letter.body


def test_a_held_place_in_a_closed_slot_is_taken_by_nobody(town: Town) -> None:
    schedule, slot, (there,) = full_day(town)
    one = line_up(schedule, slot, 0)
    drop(there)
    follow()
    Slot.objects.filter(pk=slot.pk).update(state="closed")
    with acting(person(one), epoch=now_epoch()), pytest.raises(OfferGone):
        accept(one, actor=person(one), at=NOW + HOUR)
    assert balanced(slot)


def test_the_same_person_stands_in_line_once(town: Town) -> None:
    schedule, slot, _there = full_day(town)
    line_up(schedule, slot, 0)
    with pytest.raises(WaitingAlready):
        line_up(schedule, slot, 0)
    assert Schedule.objects.get(pk=schedule.pk).waiting == 1


def test_many_reactions_at_once_offer_each_place_to_one(fresh_database: None) -> None:
    schedule, slot, there = full_day(Town(), places=3)
    line = [line_up(schedule, slot, n) for n in range(8)]
    for one in there:
        drop(one)
    at_once(*(follow for _ in range(6)))
    assert [state(one) for one in line] == ["offered"] * 3 + ["waiting"] * 5
    assert Slot.objects.get(pk=slot.pk).held == 3


def test_whoever_is_offered_a_place_is_written_how_long_it_is_kept_in_both_places(town: Town) -> None:
    schedule, slot, (there,) = full_day(town)
    one = line_up(schedule, slot, 0)
    drop(there)
    follow()
    with acting(SYSTEM, epoch=now_epoch()):
        entry = Entry.objects.get(subject=one, kind="waiting.offered")
    for _again in range(2):
        reactions.tell_waiting(str(entry.uid))
    letters = mail.recent(10, "n100@example.org")
    assert len(letters) == 1
    assert "/appointments/waiting/" in letters[0].body
    assert "Caracas" in letters[0].body
    assert "第100位" not in letters[0].body


def test_a_wait_whose_days_are_over_ends(town: Town) -> None:
    schedule, slot, _there = full_day(town)
    one = line_up(schedule, slot, 0)
    with acting(SYSTEM, epoch=now_epoch()):
        assert jobs.close_days(slot.starts_at + timedelta(hours=3)) == 0
        jobs.close_days(slot.starts_at + timedelta(days=1))
    assert state(one) == "over"
