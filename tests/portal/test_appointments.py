"""Making, moving and cancelling an appointment through the pages, without script and without an account."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client, RequestFactory

from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, acting, person
from qiaoqiao.community.appointments import reactions
from qiaoqiao.community.appointments.actions.booking import cancel
from qiaoqiao.community.appointments.actions.feeds import feed_of_office, revoke
from qiaoqiao.community.appointments.links import booking_path, feed_path, waiting_path
from qiaoqiao.community.appointments.models import Booking, Feed, Schedule, Slot, Waiting
from qiaoqiao.ledger.models import Entry
from qiaoqiao.portal.throttling import place_of
from tests.cast import PETITION, Town, as_staff, file_case, now_epoch
from tests.community.slots import offered, slots_of, somebody, stand_in_line, take_place

NOW = datetime.now(UTC).replace(microsecond=0)
SOON = (NOW + timedelta(days=14)).date()
SOON -= timedelta(days=SOON.weekday())
ROSA = {
    "name": "陈玉莲", "email": "rosa@example.org", "phone": "", "timezone": "America/Caracas", "language": "es",
    "about": "想问回国定居",
}  # fmt: skip


@pytest.fixture
def schedule(town: Town) -> Schedule:
    return offered(town.federation, first=SOON, at=NOW, places=1)


def address(slot: Slot) -> str:
    return f"/appointments/at/{slot.schedule_id}/{slot.pk}/"


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


def token_of(visitor: Client, where: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', said(visitor.get(where)))
    assert found
    return found[1]


def book_as_rosa(visitor: Client, slot: Slot, **changes: str) -> Any:
    given = ROSA | {"once": token_of(visitor, address(slot))} | changes
    return visitor.post(address(slot), given)


def bookings() -> list[Booking]:
    with acting(SYSTEM, epoch=now_epoch()):
        return list(Booking.objects.select_related("slot__schedule", "office").order_by("made_at", "id"))


def test_from_the_first_page_to_the_confirmation(schedule: Schedule, visitor: Client) -> None:
    visitor.cookies["tz"] = "America/Caracas"
    first = said(visitor.get("/appointments/"))
    assert "/appointments/?kind=counter" in first
    offices = said(visitor.get("/appointments/?kind=counter"))
    assert f"/appointments/at/{schedule.pk}/" in offices
    days = said(visitor.get(f"/appointments/at/{schedule.pk}/"))
    slot = slots_of(schedule)[0]
    assert address(slot) in days
    assert "加拉加斯" in days
    done = book_as_rosa(visitor, slot)
    assert done.status_code == 303
    page = said(visitor.get(done.headers["Location"]))
    assert "约好了" in page
    assert "北京时间" in page
    assert "加拉加斯" in page
    assert "侨都路1号" in page
    (made,) = bookings()
    assert made.reference in page
    assert (made.name, made.language, made.about) == ("陈玉莲", "es", "想问回国定居")
    assert "no-store" in visitor.get(done.headers["Location"]).headers["Cache-Control"]


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en", "es", "pt"])
def test_every_page_is_there_in_every_language(schedule: Schedule, language: str) -> None:
    visitor = Client(headers={"accept-language": language})
    slot = slots_of(schedule)[0]
    made = bookings_path(slot)
    for where in (
        "/appointments/", "/appointments/?kind=counter", f"/appointments/at/{schedule.pk}/", address(slots_of(schedule)[1]),
        made, f"{made}move/", f"{made}cancel/",
    ):  # fmt: skip
        answer = visitor.get(where)
        assert answer.status_code == 200, where
        chinese = re.findall(
            "[\u4e00-\u9fff]+", re.sub(r'lang="zh-Hans">[^<]*<|<option[^<]*', "", main_of(answer))
        )
        assert language.startswith("zh") or chinese == [], where


def main_of(answer: Any) -> str:
    """The page's own part, without the frame around it."""
    return said(answer).partition("<main")[2].partition("</main>")[0]


def bookings_path(slot: Slot) -> str:
    take_place(slot, somebody(1), at=NOW)
    return booking_path(bookings()[-1])


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    schedule: Schedule, visitor: Client
) -> None:
    slot = slots_of(schedule)[0]
    answer = book_as_rosa(visitor, slot, name="", email="nonsense")
    page = said(answer)
    assert answer.status_code == 422
    assert "请填写“姓名”" in page
    assert "电子邮件地址写得不完整" in page
    assert 'value="nonsense"' in page
    assert "想问回国定居" in page
    assert bookings() == []


def test_sending_twice_books_once_and_shows_the_same_page(schedule: Schedule, visitor: Client) -> None:
    slot = slots_of(schedule)[0]
    token = token_of(visitor, address(slot))
    answers = [visitor.post(address(slot), ROSA | {"once": token}) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len(bookings()) == 1


def test_who_sends_no_cookie_is_counted_by_the_address_and_by_the_contact(town: Town, settings: Any) -> None:
    settings.BROWSERS_AT_ONE_ADDRESS = 2
    schedule = offered(town.federation, first=SOON, at=NOW, places=200, days=5)

    def tried(number: int, place: str, **changes: str) -> int:
        fresh = Client(headers={"accept-language": "zh-CN"}, REMOTE_ADDR=place)
        slot = slots_of(schedule)[number % 10]
        return int(book_as_rosa(fresh, slot, **changes).status_code)

    known = [tried(number, "198.51.100.7", email=f"n{number}@example.org") for number in range(25)]
    assert known == [303] * 24 + [422]
    addressed = [tried(number, f"203.0.113.{number}") for number in range(11)]
    assert addressed[:10] == [303] * 10
    assert addressed[10] == 422


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [("198.51.100.7", "198.51.100.7"), ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"), ("", ""), ("x", "x")],
)
def test_of_a_long_address_only_the_line_counts(rf: RequestFactory, address: str, counted_as: str) -> None:
    assert place_of(rf.get("/", REMOTE_ADDR=address)) == counted_as


def test_a_form_that_names_a_booking_nobody_gave_it_opens_nothing(
    schedule: Schedule, visitor: Client
) -> None:
    slot, other = slots_of(schedule)[:2]
    take_place(other, somebody(1), at=NOW)
    (theirs,) = bookings()
    answer = visitor.post(address(slot), ROSA | {"once": str(theirs.pk)})
    assert answer.status_code == 422
    assert len(bookings()) == 1


def test_a_time_that_has_gone_meanwhile_offers_others_and_keeps_what_was_typed(
    schedule: Schedule, visitor: Client
) -> None:
    slot, other = slots_of(schedule)[:2]
    token = token_of(visitor, address(slot))
    take_place(slot, somebody(1), at=NOW)
    answer = visitor.post(address(slot), ROSA | {"once": token})
    page = said(answer)
    assert answer.status_code == 409
    assert "刚刚没有了" in page
    assert "陈玉莲" in page
    assert str(other.pk) in page
    done = visitor.post(address(slot), ROSA | {"once": token, "slot": str(other.pk)})
    assert done.status_code == 303
    assert [one.slot_id for one in bookings()] == [slot.pk, other.pk]


def test_the_same_person_again_is_told_so(schedule: Schedule, town: Town, visitor: Client) -> None:
    wide = slots_of(offered(town.federation, first=SOON, at=NOW, places=5))[0]
    book_as_rosa(visitor, wide)
    answer = book_as_rosa(Client(headers={"accept-language": "zh-CN"}), wide)
    assert answer.status_code == 422
    assert "已经约过了" in said(answer)


def test_moving_and_cancelling_by_the_link(schedule: Schedule, visitor: Client) -> None:
    old, new = slots_of(schedule)[:2]
    mine = book_as_rosa(visitor, old).headers["Location"].partition("?")[0]
    other_browser = Client(headers={"accept-language": "zh-CN"})
    assert "改到这里" in said(other_browser.get(f"{mine}move/"))
    moved = other_browser.post(f"{mine}move/", {"slot": str(new.pk)})
    assert "已改期" in said(other_browser.get(moved.headers["Location"]))
    assert bookings()[0].slot_id == new.pk
    gone = other_browser.post(f"{mine}cancel/")
    assert "已取消" in said(other_browser.get(gone.headers["Location"]))
    assert bookings()[0].state == "cancelled"
    assert Slot.objects.filter(schedule=schedule, taken__gt=0).count() == 0


def test_too_near_to_change_says_to_ring_up(schedule: Schedule, visitor: Client) -> None:
    slot = slots_of(schedule)[0]
    mine = book_as_rosa(visitor, slot).headers["Location"].partition("?")[0]
    soon = datetime.now(UTC) + timedelta(hours=1)
    with acting(SYSTEM, epoch=now_epoch()):
        Booking.objects.update(starts_at=soon, ends_at=soon + timedelta(minutes=30))
    assert "请打电话给单位" in said(visitor.get(mine))
    for step in ("cancel", "move"):
        assert visitor.post(f"{mine}{step}/", {"slot": str(slots_of(schedule)[1].pk)}).status_code == 409
    assert bookings()[0].state == "booked"


def unfolded(answer: Any) -> list[str]:
    assert answer["Content-Type"].startswith("text/calendar")
    return str(answer.content.decode()).replace("\r\n ", "").split("\r\n")


def test_the_calendar_file_keeps_its_name_counts_moves_and_takes_itself_out_again(
    schedule: Schedule, visitor: Client
) -> None:
    old, new = slots_of(schedule)[:2]
    mine = book_as_rosa(visitor, old).headers["Location"].partition("?")[0]
    first = unfolded(visitor.get(f"{mine}calendar.ics"))
    visitor.post(f"{mine}move/", {"slot": str(new.pk)})
    second = unfolded(visitor.get(f"{mine}calendar.ics"))
    visitor.post(f"{mine}cancel/")
    third = unfolded(visitor.get(f"{mine}calendar.ics"))
    uids = {line for read in (first, second, third) for line in read if line.startswith("UID:")}
    assert len(uids) == 1
    assert [line for read in (first, second, third) for line in read if line.startswith("SEQUENCE")] == [
        "SEQUENCE:0", "SEQUENCE:1", "SEQUENCE:2",
    ]  # fmt: skip
    assert f"DTSTART:{new.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}" in second
    assert "METHOD:CANCEL" in third


def test_an_offices_feed_tells_hours_and_references_and_nobodys_name(
    schedule: Schedule, town: Town, visitor: Client
) -> None:
    book_as_rosa(visitor, slots_of(schedule)[0])
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        feed = feed_of_office(town.federation, actor=chen, at=NOW)
        assert feed_of_office(town.federation, actor=chen, at=NOW).pk == feed.pk
    text = "\n".join(unfolded(visitor.get(feed_path(feed))))
    assert bookings()[0].reference in text
    for secret in ("陈玉莲", "rosa", "定居", "Caracas"):
        assert secret not in text
    with acting(chen, epoch=now_epoch()):
        revoke(feed.pk, actor=chen, at=NOW)
    assert visitor.get(feed_path(feed)).status_code == 404


@pytest.mark.parametrize("gone", ["account switched off", "post ended"])
def test_an_offices_feed_ends_with_the_officers_account_or_post(
    schedule: Schedule, town: Town, visitor: Client, gone: str
) -> None:
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        feed = feed_of_office(town.federation, actor=chen, at=NOW)
    assert visitor.get(feed_path(feed)).status_code == 200
    if gone == "post ended":
        town.officer_chen.posts.update(until=NOW.date() - timedelta(days=2))
    else:
        Account.objects.filter(pk=town.officer_chen.pk).update(is_active=False)
    assert visitor.get(feed_path(feed)).status_code == 404


def test_a_cases_feed_opens_no_booking_and_its_person_can_end_it_and_take_a_new_one(
    schedule: Schedule, visitor: Client
) -> None:
    case = file_case("petition", PETITION)
    session = visitor.session
    session["proved_cases"] = {str(case.pk): now_epoch() + 3600}
    session.save()
    book_as_rosa(visitor, slots_of(schedule)[0], case=case.reference)
    (made,) = bookings()
    page = f"/cases/{case.reference}/appointments/"
    feeds = []
    for _time in range(2):
        visitor.post(f"{page}feed/")
        with acting(SYSTEM, epoch=now_epoch()):
            feeds.append(Feed.objects.get(revoked_at=None))
        text = "\n".join(unfolded(Client().get(feed_path(feeds[-1]))))
        assert made.reference in text
        assert "/appointments/mine/" not in text
        assert page in text
        assert "停用这个地址" in said(visitor.get(page))
        assert visitor.post(f"{page}feed/", {"stop": "1"}).status_code == 303
        assert Client().get(feed_path(feeds[-1])).status_code == 404
        assert "停用这个地址" not in said(visitor.get(page))
        assert visitor.post(f"{page}feed/", {"stop": "1"}).status_code == 303
    assert feeds[0].pk != feeds[1].pk


def test_a_full_day_leads_to_the_list_and_an_offer_to_a_booking(schedule: Schedule, visitor: Client) -> None:
    slots = slots_of(schedule)[:2]
    first = [take_place(slot, somebody(n), at=NOW) for n, slot in enumerate(slots)]
    day = f"/appointments/at/{schedule.pk}/?day={SOON.isoformat()}"
    assert "这一天约满了" in said(visitor.get(day))
    where = f"/appointments/at/{schedule.pk}/waiting/?day={SOON.isoformat()}"
    given = ROSA | {"once": token_of(visitor, where), "day": SOON.isoformat()}
    joined = visitor.post(where, given)
    assert "您在候补名单里了" in said(visitor.get(joined.headers["Location"]))
    give_back(first[0])
    with acting(SYSTEM, epoch=now_epoch()):
        one = Waiting.objects.get()
    page = said(visitor.get(waiting_path(one)))
    assert "有一个空位给您留着" in page
    taken = visitor.post(f"{waiting_path(one)}accept/")
    assert "约好了" in said(visitor.get(taken.headers["Location"]))
    assert visitor.post(f"{waiting_path(one)}accept/").status_code == 409


def give_back(one: UUID) -> None:
    with acting(person(one), epoch=now_epoch()):
        cancel(one, actor=person(one), at=NOW)
    with acting(SYSTEM, epoch=now_epoch()):
        uid = Entry.objects.get(subject=one, kind="booking.cancelled").uid
    reactions.next_in_line(str(uid))


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-02-30", "nonsense", "%00", ""])
def test_a_day_that_cannot_be_is_not_found_and_breaks_nothing(
    schedule: Schedule, visitor: Client, day: str
) -> None:
    assert visitor.get(f"/appointments/at/{schedule.pk}/waiting/?day={day}").status_code == 404
    assert visitor.get(f"/appointments/at/{schedule.pk}/?day={day}").status_code == 200


def test_one_who_waits_may_leave(schedule: Schedule, visitor: Client) -> None:
    stand_in_line(schedule, somebody(7), at=NOW, first=SOON, last=SOON)
    with acting(SYSTEM, epoch=now_epoch()):
        one = Waiting.objects.get()
    assert "已退出候补" in said(visitor.get(visitor.post(f"{waiting_path(one)}leave/").headers["Location"]))
    assert Schedule.objects.get(pk=schedule.pk).waiting == 0


def test_from_ones_own_case_the_form_knows_who_one_is_and_the_booking_belongs_to_the_case(
    schedule: Schedule, visitor: Client
) -> None:
    case = file_case("petition", PETITION)
    session = visitor.session
    session["proved_cases"] = {str(case.pk): now_epoch() + 3600}
    session.save()
    assert f"/cases/{case.reference}/appointments/" in said(visitor.get(f"/cases/{case.reference}/"))
    page = said(visitor.get(f"/cases/{case.reference}/appointments/"))
    assert f"case={case.reference}" in page
    slot = slots_of(schedule)[0]
    form = said(visitor.get(f"{address(slot)}?service=petition&case={case.reference}"))
    assert 'value="rosa@example.org"' in form
    given = ROSA | {"once": token_of(visitor, address(slot)), "service": "petition", "case": case.reference}
    assert visitor.post(address(slot), given).status_code == 303
    (made,) = bookings()
    assert (made.case_id, made.service) == (case.pk, "petition")
    visitor.post(f"/cases/{case.reference}/appointments/feed/")
    with acting(SYSTEM, epoch=now_epoch()):
        feed = Feed.objects.get()
    text = "\n".join(unfolded(Client().get(feed_path(feed))))
    assert made.reference in text


def test_a_case_that_was_not_proved_is_not_attached(schedule: Schedule, visitor: Client) -> None:
    case = file_case("petition", PETITION)
    slot = slots_of(schedule)[0]
    form = said(visitor.get(f"{address(slot)}?case={case.reference}"))
    assert "rosa@example.org" not in form
    book_as_rosa(visitor, slot, case=case.reference)
    assert bookings()[0].case_id is None


def test_hospital_slots_say_first_whom_to_call_in_an_emergency(town: Town, visitor: Client) -> None:
    schedule = offered(town.federation, first=SOON, at=NOW, kind="hospital")
    for where in (
        "/appointments/?kind=hospital",
        f"/appointments/at/{schedule.pk}/",
        address(slots_of(schedule)[0]),
    ):
        page = said(visitor.get(where))
        assert page.index("急危重症请拨打 120") < page.index("</main>")


@pytest.mark.parametrize("many", [1, 12])
def test_the_pages_take_the_same_queries_for_few_slots_and_for_many(
    town: Town, visitor: Client, many: int, django_assert_max_num_queries: Any
) -> None:
    schedules = [offered(town.federation, first=SOON, at=NOW, days=min(5, many)) for _ in range(many)]
    for where, most in (("/appointments/?kind=counter", 5), (f"/appointments/at/{schedules[0].pk}/", 6)):
        with django_assert_max_num_queries(most):
            assert visitor.get(where).status_code == 200
