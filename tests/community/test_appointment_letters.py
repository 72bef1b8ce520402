"""Letters about bookings: once each, in the person's language, with both times and a link, and nothing of the matter."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiaoqiao.access import doors
from qiaoqiao.access.doors import by_system
from qiaoqiao.access.links import read_link
from qiaoqiao.access.tickets import SYSTEM, acting, person
from qiaoqiao.community.appointments import jobs, reactions
from qiaoqiao.community.appointments.actions.booking import cancel, move
from qiaoqiao.community.appointments.models import Slot
from qiaoqiao.community.appointments.rules import reminder_due, reminder_spans
from qiaoqiao.gateways import mail, sms
from qiaoqiao.gateways.outbox import Letter
from qiaoqiao.ledger.models import Entry
from tests.cast import Town, now_epoch
from tests.community.slots import booking, offered, rosa, slots_of, somebody, take_place

NOW = datetime.now(UTC).replace(microsecond=0)
SOON = (NOW + timedelta(days=14)).date()
SOON -= timedelta(days=SOON.weekday())


@pytest.fixture
def slots(db: None) -> list[Slot]:
    return slots_of(offered(Town().federation, first=SOON, at=NOW))


def written(one: UUID, kind: str, address: str) -> list[Letter]:
    """Let the worker send what follows the latest entry of a kind, twice, as if it had died between."""
    before = {letter.provider_id for letter in mail.recent(500, address)}
    with acting(SYSTEM, epoch=now_epoch()):
        uid = str(Entry.objects.filter(subject=one, kind=kind).latest("seq").uid)
    reactions.tell_guest(uid)
    reactions.tell_guest(uid)
    return [letter for letter in mail.recent(500, address) if letter.provider_id not in before]


def test_whoever_books_gets_both_times_and_a_link_in_their_language(slots: list[Slot]) -> None:
    one = take_place(slots[0], rosa(), at=NOW)
    (letter,) = written(one, "booking.made", "rosa@example.org")
    assert booking(one).reference in letter.subject
    assert "Caracas" in letter.body
    assert "09:00" in letter.body
    token = letter.body.split("/appointments/mine/")[1].split("/")[0]
    assert read_link("booking", token, epoch=now_epoch()) == one
    assert "cita" in letter.subject.lower()
    for secret in ("陈玉莲", "定居", "retorno", "台山"):
        assert secret not in letter.subject + letter.body


def test_moving_and_cancelling_are_written_about(slots: list[Slot]) -> None:
    one = take_place(slots[0], rosa(), at=NOW)
    with acting(person(one), epoch=now_epoch()):
        move(one, slots[1].pk, actor=person(one), at=NOW)
    (moved,) = written(one, "booking.moved", "rosa@example.org")
    assert "09:30" in moved.body
    with acting(person(one), epoch=now_epoch()):
        cancel(one, actor=person(one), at=NOW)
    assert len(written(one, "booking.cancelled", "rosa@example.org")) == 1
    assert written(one, "booking.made", "rosa@example.org") == []


def test_who_gave_a_number_only_gets_a_text_message(slots: list[Slot]) -> None:
    one = take_place(slots[0], rosa(email="", phone="+58 412 5550123"), at=NOW)
    written(one, "booking.made", "nobody@example.org")
    assert len(sms.recent(10, "+584125550123")) == 1


def test_reminders_are_recorded_once_each_however_often_the_job_runs(slots: list[Slot]) -> None:
    one = take_place(slots[0], rosa(), at=NOW)
    starts = slots[0].starts_at
    with acting(SYSTEM, epoch=now_epoch()):
        done = [
            jobs.remind_due(starts - timedelta(hours=hours)) for hours in (30, 24, 23, 23, 3, 2, 1.9, 0.1)
        ]
        after = jobs.remind_due(starts + timedelta(minutes=1))
    assert done == [0, 1, 0, 0, 0, 1, 0, 0]
    assert after == 0
    assert booking(one).reminded == [24, 2]
    assert len(written(one, "booking.reminded", "rosa@example.org")) == 1


def test_everybody_is_reminded_batch_by_batch_each_under_a_ticket_of_their_own(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    tickets = []

    def counted() -> AbstractContextManager[None]:
        tickets.append(1)
        return by_system()

    monkeypatch.setattr(doors, "by_system", counted)
    slot = slots_of(offered(Town().federation, first=SOON, at=NOW, places=5))[0]
    there = [take_place(slot, somebody(n), at=NOW) for n in range(5)]
    at = slot.starts_at - timedelta(hours=24)
    assert [jobs.remind_due(at) for _time in range(4)] == [2, 2, 1, 0]
    assert len(tickets) >= 5
    jobs.keep_time(timestamp=int((slot.starts_at - timedelta(hours=2)).timestamp()))
    assert [booking(one).reminded for one in there] == [[24, 2]] * 5


@given(
    hours=st.lists(st.integers(1, 72), min_size=1, max_size=3, unique=True),
    before=st.integers(-2, 80 * 60),
    changed=st.integers(0, 80 * 60),
    sent=st.lists(st.integers(1, 72), max_size=2),
)
def test_what_the_job_looks_for_is_what_the_rule_says(
    hours: list[int], before: int, changed: int, sent: list[int]
) -> None:
    starts = NOW + timedelta(days=9)
    at, made = starts - timedelta(minutes=before), starts - timedelta(minutes=changed)
    by_rule = reminder_due(starts, made, at, hours=hours, sent=sent)
    found = [
        hour
        for hour, later in reminder_spans(hours)
        if at + timedelta(hours=later) < starts <= at + timedelta(hours=hour)
        and made < starts - timedelta(hours=hour)
        and hour not in sent
    ]
    assert found == ([] if by_rule is None else [by_rule])


def test_nobody_is_reminded_of_what_they_cancelled(slots: list[Slot]) -> None:
    one = take_place(slots[0], rosa(), at=NOW)
    with acting(person(one), epoch=now_epoch()):
        cancel(one, actor=person(one), at=NOW)
    with acting(SYSTEM, epoch=now_epoch()):
        assert jobs.remind_due(slots[0].starts_at - timedelta(hours=2)) == 0


def test_a_booking_nobody_marked_is_closed_the_day_after(slots: list[Slot]) -> None:
    one = take_place(slots[0], rosa(), at=NOW)
    with acting(SYSTEM, epoch=now_epoch()):
        assert jobs.close_days(slots[0].starts_at + timedelta(hours=8)) == 0
        assert jobs.close_days(slots[0].starts_at + timedelta(days=1)) == 1
        assert jobs.close_days(slots[0].starts_at + timedelta(days=1)) == 0
    assert booking(one).state == "lapsed"


def test_the_job_as_the_worker_calls_it_does_all_of_it(slots: list[Slot]) -> None:
    one = take_place(slots[0], rosa(), at=NOW)
    jobs.keep_time(timestamp=int((slots[0].starts_at - timedelta(hours=24)).timestamp()))
    assert booking(one).reminded == [24]
