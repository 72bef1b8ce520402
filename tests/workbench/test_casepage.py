"""The case page: everything at one sight, for those who may see it, in few statements."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page

from qiaoqiao.access.tickets import acting
from qiaoqiao.casework.actions.papers import Brought, add
from qiaoqiao.casework.actions.seating import decline
from qiaoqiao.casework.actions.talking import not_solved, say
from qiaoqiao.casework.models import Case
from qiaoqiao.parties.rules import Applicant
from qiaoqiao.workbench.case_urls import urlpatterns
from tests.cast import Town, as_staff, file_case, make_account, now_epoch
from tests.eyes import flaws
from tests.workbench.conftest import SignIn
from tests.workbench.roads import CLAIM, days_ago, petition, settlement, step, the_person

MOST_STATEMENTS = 12
Opener = Callable[..., Page]


def along_the_road(town: Town) -> Case:
    """A case with papers, words, notices and the police asked."""
    case = settlement(ago=9)
    chen, rosa = as_staff(town.officer_chen), the_person(case)
    passport = Brought("passport", "护照", "", "护照.pdf", "application/pdf", 482_133, "a" * 64)
    with acting(rosa, epoch=now_epoch()):
        add(case.pk, [passport], actor=rosa, at=days_ago(9, 5))
        say(case.pk, "¿Puedo enviar la traducción más tarde?", language="es", actor=rosa, at=days_ago(8))
    with acting(chen, epoch=now_epoch()):
        say(case.pk, "内部：已与公安核过", language="zh-hans", actor=chen, at=days_ago(8, 5), internal=True)
    step(case, town.officer_chen, "accept", days_ago(7))
    step(case, town.officer_chen, "consult", days_ago(6), note="请在期限内答复")
    return case


def see(page: bytes) -> str:
    """The words of a page without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))


def test_the_page_shows_who_what_when_and_what_may_be_done(town: Town, signed_in: SignIn) -> None:
    case = along_the_road(town)
    page = signed_in(town.officer_chen).get(f"/staff/cases/{case.reference}/")
    words = see(page.content)
    assert page.status_code == 200
    for wanted in (
        "陈玉莲", "Rosa Chen", "委内瑞拉", "加拉加斯", "Español", "rosa@example.org", "中国护照 …5678",
        "端芬镇侨兴路8号", "存款", "有效的中国护照或旅行证", "纸质，未扫描", "《受理通知书》", "征求公安",
        "¿Puedo enviar la traducción más tarde?", "内部：已与公安核过", "网上提出申请", "这个日期是怎么得出的",
        "要等案件到", "由当事人自己办理。",
    ):  # fmt: skip
        assert wanted in words, wanted


def test_the_page_is_read_in_at_most_twelve_statements(town: Town, signed_in: SignIn) -> None:
    """Session, account, posts and tickets of the request included."""
    case = along_the_road(town)
    client = signed_in(town.officer_chen)
    client.get(f"/staff/cases/{case.reference}/")
    with CaptureQueriesContext(connection) as seen:
        client.get(f"/staff/cases/{case.reference}/")
    assert len(seen) <= MOST_STATEMENTS


def test_reference_in_small_letters_finds_the_case(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    assert signed_in(town.officer_chen).get(f"/staff/cases/{case.reference.lower()}/").status_code == 200


@pytest.mark.parametrize("reference", ["QQ26-AAAA-AAA", "x", "𠮷" * 40, "0"])
def test_a_reference_that_is_none_is_not_found(town: Town, signed_in: SignIn, reference: str) -> None:
    assert signed_in(town.officer_chen).get(f"/staff/cases/{reference}/").status_code == 404


ROUTES = [
    "", "moves/accept/", "moves/one_time_notice/", "dates/correction/1/", "messages/", "look/", "seats/lead/accept/",
    "seats/lead/decline/", "seats/lead/hand/", "papers/{paper}/", "papers/{paper}/verdict/",
    "papers/{paper}/ways/{paper}/",
]  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_finds_nothing(town: Town, signed_in: SignIn, route: str, method: str) -> None:
    case = settlement()
    path = f"/staff/cases/{case.reference}/{route.format(paper=case.pk)}"
    answer = getattr(signed_in(town.stranger_he), method)(path)
    assert answer.status_code in {404, 405}
    assert "陈玉莲" not in answer.content.decode()


@pytest.mark.parametrize("route", ROUTES)
def test_somebody_not_signed_in_is_asked_to(town: Town, client: object, route: str) -> None:
    case = settlement()
    answer = client.get(f"/staff/cases/{case.reference}/{route.format(paper=case.pk)}")  # type: ignore[attr-defined]
    assert answer.status_code == 302
    assert "/staff/sign-in/" in answer["Location"]


def test_every_address_here_declares_its_permission() -> None:
    assert all(hasattr(one.callback, "permission") for one in urlpatterns)


def test_the_accused_office_never_sees_the_case(town: Town, signed_in: SignIn) -> None:
    case = petition(purpose="accusation", accused_office=town.housing.code)
    assert signed_in(town.housing_lin).get(f"/staff/cases/{case.reference}/").status_code == 404


def test_a_head_above_who_has_no_seat_sees_no_contacts(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    head = make_account("above", (town.city_overseas_affairs, "head"))
    words = see(signed_in(head).get(f"/staff/cases/{case.reference}/").content)
    assert "rosa@example.org" not in words
    assert "ro•••org" in words
    assert "现在没有要您办的" in words


def test_who_filed_for_whom_is_said_with_the_mandate(town: Town, signed_in: SignIn) -> None:
    from_helper = petition_by_helper()
    words = see(signed_in(town.officer_chen).get(f"/staff/cases/{from_helper.reference}/").content)
    assert "代办人 陈小妹（亲属，本人在电话里同意）" in words
    assert "由他人代为提出" in words


def petition_by_helper() -> Case:
    helper = Applicant(name="陈小妹", country="CN", phone="+8613800000000")
    return file_case(
        "petition", CLAIM, at=days_ago(3), helper=helper, relation="relative", evidence="本人在电话里同意"
    )


def test_what_the_person_agreed_to_stands_on_the_bar(town: Town, signed_in: SignIn) -> None:
    case = file_case("petition", CLAIM, at=days_ago(3), consent={"sensitive": True})
    words = see(signed_in(town.officer_chen).get(f"/staff/cases/{case.reference}/").content)
    assert "个人信息处理 已同意，含敏感信息" in words


def test_a_declined_seat_shows_its_reason_and_who_decides_next(town: Town, signed_in: SignIn) -> None:
    case = along_the_road(town)
    wu = as_staff(town.police_wu)
    with acting(wu, epoch=now_epoch()):
        decline(case.pk, "police", reason="户籍不在本辖区", actor=wu, at=days_ago(5))
    page = signed_in(town.officer_chen).get(f"/staff/cases/{case.reference}/").content
    assert "理由：户籍不在本辖区" in see(page)
    assert "没有接收" in see(page)
    assert "/moves/consult_again/" in page.decode()


def test_an_offered_seat_asks_its_office_to_decide(town: Town, signed_in: SignIn) -> None:
    case = along_the_road(town)
    words = see(signed_in(town.police_wu).get(f"/staff/cases/{case.reference}/").content)
    assert "决定是否接收" in words


def test_a_done_case_that_is_not_solved_asks_for_a_second_look(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    step(case, the_person(case), "withdraw", days_ago(2))
    rosa = the_person(case)
    with acting(rosa, epoch=now_epoch()):
        not_solved(case.pk, reason="想再问一次", actor=rosa, at=days_ago(1))
    words = see(signed_in(town.officer_chen).get(f"/staff/cases/{case.reference}/").content)
    assert "答复重新查看" in words
    assert "反映问题没有解决" in words


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_wrong(open_page: Opener, served_town: Town, width: int, language: str) -> None:
    case = along_the_road(served_town)
    page = open_page(
        f"/staff/cases/{case.reference}/", width, account=served_town.officer_chen, language=language
    )
    assert flaws(page) == []


@pytest.mark.browser
def test_the_moves_come_early_on_a_phone_and_last_on_a_desk(open_page: Opener, served_town: Town) -> None:
    case = along_the_road(served_town)
    path = f"/staff/cases/{case.reference}/"
    top = "e => e.getBoundingClientRect().top + scrollY"
    phone = open_page(path, 390, account=served_town.officer_chen)
    assert phone.eval_on_selector("#moves-title", top) < phone.eval_on_selector("#asked-title", top)
    left = "e => e.getBoundingClientRect().left"
    desk = open_page(path, 1280, account=served_town.officer_chen)
    edges = [desk.eval_on_selector(f"#{one}-title", left) for one in ("asked", "messages", "moves")]
    assert edges == sorted(edges)
    assert len(set(edges)) == 3
