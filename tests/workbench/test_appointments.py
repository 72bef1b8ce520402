"""Appointments at the office's desk: who comes when, what an officer does with it, and nothing of other offices."""

from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.appointments.models import Booking, Feed, Schedule, Slot
from qiaoqiao.ledger.models import Entry
from tests.cast import Town, now_epoch
from tests.community.slots import booking, offered, rosa, slots_of, somebody, stand_in_line, take_place
from tests.workbench.conftest import SignIn

NOW = datetime.now(UTC).replace(microsecond=0)
SOON = (NOW + timedelta(days=14)).date()
SOON -= timedelta(days=SOON.weekday())
AREA = "/staff/appointments/"


@pytest.fixture
def schedule(town: Town) -> Schedule:
    return offered(town.federation, first=SOON, at=NOW)


@pytest.fixture
def chen(town: Town, signed_in: SignIn) -> Client:
    return signed_in(town.officer_chen)


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_the_day_sheet_says_who_comes_when_here_and_what_hour_that_is_for_them(
    schedule: Schedule, chen: Client
) -> None:
    take_place(slots_of(schedule)[0], rosa(), at=NOW)
    page = said(chen.get(f"{AREA}?day={SOON.isoformat()}"))
    assert "陈玉莲" in page
    assert "09:00–09:30" in page
    assert "加拉加斯" in page
    assert "想问回国定居" in page
    assert "余 1 个" in page


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "nonsense", "%00", ""])
def test_a_day_that_cannot_be_is_today(schedule: Schedule, chen: Client, day: str) -> None:
    one = take_place(slots_of(schedule)[0], rosa(), at=NOW)
    for where in ("", "week/", f"{one}/move/", "close-day/"):
        assert chen.get(f"{AREA}{where}?day={day}").status_code == 200, where


def test_the_week_counts_taken_and_all_places(schedule: Schedule, chen: Client) -> None:
    take_place(slots_of(schedule)[0], rosa(), at=NOW)
    page = said(chen.get(f"{AREA}week/?day={SOON.isoformat()}"))
    assert "1 / 4" in page
    assert "不接待" in page


def test_another_office_sees_neither_day_nor_list(schedule: Schedule, town: Town, signed_in: SignIn) -> None:
    one = take_place(slots_of(schedule)[0], rosa(), at=NOW)
    he = signed_in(town.stranger_he)
    for where in (
        f"?day={SOON.isoformat()}",
        f"week/?day={SOON.isoformat()}",
        "list/",
        "waiting/",
        "schedules/",
    ):
        page = said(he.get(AREA + where))
        assert "陈玉莲" not in page
        assert "侨务窗口" not in page
    assert he.get(f"{AREA}{one}/").status_code == 404


def test_an_officer_writes_a_week_and_puts_its_times_up(town: Town, chen: Client) -> None:
    given = {
        "office": town.federation.pk, "kind": "video", "title": "视频咨询", "title_en": "Video", "mon": "9:00-12:00，14:30-17:00",
        "minutes": 30, "places": 1, "lead_hours": 24, "cancel_hours": 4, "offer_hours": 12, "languages": ["toisan"],
        "valid_from_year": 2026, "valid_from_month": 1, "valid_from_day": 1, "once": "f" * 32,
    }  # fmt: skip
    for _click in range(2):
        assert chen.post(f"{AREA}schedules/new/", given).status_code == 302
    schedule = Schedule.objects.get()
    assert schedule.hours == {"mon": ["09:00-12:00", "14:30-17:00"]}
    chen.post(f"{AREA}schedules/{schedule.pk}/publish/", {"weeks": 4})
    assert Slot.objects.filter(schedule=schedule).count() >= 3 * 11
    page = said(chen.get(f"{AREA}schedules/{schedule.pk}/"))
    assert "09:00-12:00，14:30-17:00" in page
    changed = given | {"places": 2}
    assert chen.post(f"{AREA}schedules/{schedule.pk}/", changed).status_code == 302
    assert Schedule.objects.get().places == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"mon": "morgens"}, "请写成 09:00-12:00 这样"),
        ({"mon": "09:00-11:00 10:00-12:00"}, "请写成 09:00-12:00 这样"),
        ({"mon": ""}, "请至少写一天的时间"),
        ({"minutes": 0}, "每次多少分钟"),
    ],
)
def test_a_week_that_cannot_be_read_keeps_what_was_typed(
    town: Town, chen: Client, wrong: dict[str, object], words: str
) -> None:
    given = {
        "office": town.federation.pk, "kind": "video", "title": "视频咨询", "mon": "9:00-12:00", "minutes": 30, "places": 1,
        "lead_hours": 24, "cancel_hours": 4, "offer_hours": 12, "valid_from_year": 2026, "valid_from_month": 1,
        "valid_from_day": 1,
    } | wrong  # fmt: skip
    answer = chen.post(f"{AREA}schedules/new/", given)
    assert answer.status_code == 422
    assert words in said(answer)
    assert "视频咨询" in said(answer)
    assert Schedule.objects.count() == 0


def test_an_officer_books_for_somebody_at_the_counter_who_has_no_mail(
    schedule: Schedule, chen: Client
) -> None:
    slot = slots_of(schedule)[0]
    where = f"{AREA}slots/{slot.pk}/book/"
    once = said(chen.get(where)).split('name="once" value="')[1].split('"')[0]
    given = {"name": "黎金好", "country": "BR", "language": "pt", "once": once}
    done = [chen.post(where, given) for _click in range(2)]
    assert {answer.status_code for answer in done} == {302}
    with acting(SYSTEM, epoch=now_epoch()):
        (made,) = Booking.objects.all()
    assert (made.name, made.timezone) == ("黎金好", "America/Sao_Paulo")
    assert Slot.objects.get(pk=slot.pk).taken == 1
    assert chen.post(where, {"name": "", "country": "BR", "language": "pt"}).status_code == 422


def test_an_officer_moves_cancels_and_says_who_came(schedule: Schedule, chen: Client) -> None:
    old, new = slots_of(schedule)[:2]
    one, other = take_place(old, rosa(), at=NOW), take_place(old, somebody(2), at=NOW)
    assert str(new.pk) in said(chen.get(f"{AREA}{one}/move/?day={SOON.isoformat()}"))
    assert chen.post(f"{AREA}{one}/move/", {"slot": str(new.pk)}).status_code == 302
    assert chen.post(f"{AREA}{other}/cancel/", {"reason": ""}).status_code == 422
    assert chen.post(f"{AREA}{other}/cancel/", {"reason": "本人来电"}).status_code == 302
    assert (booking(one).slot_id, booking(other).state) == (new.pk, "cancelled")
    with acting(SYSTEM, epoch=now_epoch()):
        Booking.objects.filter(pk=one).update(starts_at=NOW - timedelta(minutes=5), ends_at=NOW)
    assert chen.post(f"{AREA}{one}/mark/", {"state": "no_show"}).status_code == 302
    page = said(chen.get(f"{AREA}{one}/"))
    assert "登记为没有来" in page
    assert "chen" in page


def test_a_whole_day_is_cancelled_with_a_reason_and_all_are_told(schedule: Schedule, chen: Client) -> None:
    people = [take_place(slot, somebody(n), at=NOW) for n, slot in enumerate(slots_of(schedule)[:2])]
    where = f"{AREA}close-day/"
    given = {"day": SOON.isoformat(), "schedule": [str(schedule.pk)]}
    assert "2 个预约" in said(chen.get(f"{where}?day={SOON.isoformat()}"))
    assert chen.post(where, given).status_code == 422
    assert chen.post(where, given | {"reason": "停电"}).status_code == 302
    assert {booking(one).state for one in people} == {"cancelled"}
    assert Entry.objects.filter(kind="booking.cancelled").count() == 2


def test_closing_and_opening_one_hour(schedule: Schedule, chen: Client) -> None:
    slot = slots_of(schedule)[0]
    for state in ("closed", "open"):
        chen.post(f"{AREA}slots/{slot.pk}/", {"state": state})
        assert Slot.objects.get(pk=slot.pk).state == state


def test_the_list_finds_by_name_reference_and_state_and_turns_pages(schedule: Schedule, chen: Client) -> None:
    one = booking(take_place(slots_of(schedule)[0], rosa(), at=NOW))
    take_place(slots_of(schedule)[1], somebody(2), at=NOW)
    assert "第2位" not in said(chen.get(f"{AREA}list/?q=陈玉莲"))
    assert "陈玉莲" in said(chen.get(f"{AREA}list/?q={one.reference.lower()}"))
    assert "陈玉莲" not in said(chen.get(f"{AREA}list/?state=cancelled"))
    assert chen.get(f"{AREA}list/?after=nonsense&q=%00").status_code == 200


def test_every_booking_stands_on_exactly_one_page(town: Town, chen: Client) -> None:
    slot = slots_of(offered(town.federation, first=SOON, at=NOW, places=120))[0]
    for number in range(55):
        take_place(slot, somebody(number), at=NOW)
    seen: list[str] = []
    where: str | None = f"{AREA}list/"
    for _page in range(3):
        if where is None:
            break
        page = said(chen.get(where))
        seen += [part.split("<")[0] for part in page.split('class="qq-who">')[1:]]
        following = [
            part.split('"')[0] for part in page.split('href="?')[1:] if "after=" in part.split('"')[0]
        ]
        where = f"{AREA}list/?{following[-1]}" if following else None
    assert len(seen) == len(set(seen)) == 55


def test_the_waiting_list_is_in_order(schedule: Schedule, chen: Client) -> None:
    for number in range(3):
        stand_in_line(schedule, somebody(number), at=NOW + timedelta(minutes=number), first=SOON, last=SOON)
    page = said(chen.get(f"{AREA}waiting/"))
    assert page.index("第0位") < page.index("第1位") < page.index("第2位")


def test_an_officer_begins_and_ends_a_calendar_of_an_office(town: Town, chen: Client) -> None:
    chen.post(f"{AREA}calendar/", {"office": town.federation.pk})
    with acting(SYSTEM, epoch=now_epoch()):
        feed = Feed.objects.get()
    page = said(chen.get(f"{AREA}calendar/"))
    address = page.split("<code")[1].split(">")[1].split("<")[0]
    path = "/appointments/" + address.split("/appointments/")[1]
    assert Client().get(path).status_code == 200
    chen.post(f"{AREA}calendar/{feed.pk}/revoke/")
    assert Client().get(path).status_code == 404
    assert chen.post(f"{AREA}calendar/", {"office": town.kaiping_federation.pk}).status_code == 404


@pytest.mark.parametrize("many", [1, 20])
def test_the_day_sheet_takes_the_same_queries_for_one_booking_and_for_many(
    town: Town, chen: Client, many: int, django_assert_max_num_queries: Any
) -> None:
    schedule = offered(town.federation, first=SOON, at=NOW, places=20)
    made: list[UUID] = [take_place(slots_of(schedule)[0], somebody(number), at=NOW) for number in range(many)]
    for where, most in (
        (f"?day={SOON.isoformat()}", 16), (f"week/?day={SOON.isoformat()}", 15), ("list/", 15), ("schedules/", 15),
        (f"{made[0]}/", 16),
    ):  # fmt: skip
        with django_assert_max_num_queries(most):
            assert chen.get(AREA + where).status_code == 200
