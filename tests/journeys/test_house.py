"""A house in Taishan, its owner in Caracas: confirmed, expropriated with six months to sign; a homestead in the village."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.jobs import lapse_due
from qiaoqiao.catalogue.entry import holds
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.clock.rules import SHANGHAI
from tests.cast import now_epoch
from tests.catalogue.test_clocking import dates
from tests.journeys.days import calendar_days, months
from tests.journeys.roads import (
    WideTown,
    browser_of_a_person,
    case_of,
    due,
    english_in,
    file_online,
    make_move,
    may_move,
    read_as_person,
    read_notice,
    state_of,
    steer,
    take_step,
    terms_of,
)

OLD_HOUSE: dict[str, Any] = {
    "matter": "compensation",
    "house_type": "remittance",
    "place": "440781",
    "address": "端芬镇侨兴路8号",
    "owner": "陈玉莲",
    "owner_abroad": True,
    "lives_abroad": "VE",
    "owner_is": "overseas",
    "proxy": False,
    "notice_received": False,
}
LAST = calendar_days(134)
LAST_IN_WORDS = f"{LAST.year}年{LAST.month}月{LAST.day}日"
OFFER = {"terms": "每平方米6000元，或在圩镇置换一套", "uplift": "p8"}
HOMESTEAD = {
    key: OLD_HOUSE[key]
    for key in (
        "house_type",
        "place",
        "address",
        "owner",
        "owner_abroad",
        "lives_abroad",
        "owner_is",
        "proxy",
    )
} | {"matter": "homestead", "town": "440781105", "reason": "老屋已塌，回乡要有地方住"}


def passed_to_housing(wide: WideTown, facts: dict[str, Any]) -> str:
    """A house that the affairs office confirmed and the housing bureau took."""
    reference = file_online("house", facts, papers=["title", "owner_identity"])
    make_move(wide.head("overseas_affairs"), reference, "pass_levy", {"confirmation_number": "台侨房3号"})
    make_move(wide.head("housing"), reference, "levy_takes")
    return reference


def test_the_owner_abroad_has_six_months_asks_for_more_and_signs(wide: WideTown) -> None:
    assert steer(browser_of_a_person(), "house", {"province": "guangdong", "trouble": "notice"}).to == "go"
    housing, reference = wide.head("housing"), passed_to_housing(wide, OLD_HOUSE)
    assert case_of(reference).office_id == wide.office("housing").pk
    make_move(housing, reference, "give_notice", OFFER)
    letter = read_notice(reference, "levy_notice")
    for words in ("六个月内签补偿协议", "届满十五日前", "8%", "不得拆除房屋"):
        assert words in letter
    assert due(reference, "sign") == months(6)
    assert not may_move(housing, reference, "decide")
    take_step(reference, "ask_extension", {"extension_reason": "三月才能买到机票"})
    make_move(housing, reference, "grant_extension", {"new_last_day": LAST.isoformat()})
    assert LAST_IN_WORDS in read_notice(reference, "extension_notice")
    assert due(reference, "sign_by") == LAST
    assert "延长" not in read_as_person(reference)
    make_move(housing, reference, "sign", {"signed_on": "2026-11-20"})
    shown = read_as_person(reference)
    assert (state_of(reference), case_of(reference).outcome) == ("signed", "signed")
    assert english_in(shown) == set()


@pytest.mark.parametrize(
    ("served", "last"),
    [("2026-03-02", "2026-09-02"), ("2026-08-31", "2027-03-01"), ("2026-04-01", "2026-10-08")],
)
def test_six_months_end_on_the_same_day_of_the_month_or_its_last_and_roll(served: str, last: str) -> None:
    """31 August: February has no 31st, and the 28th is a Sunday. 1 October lies in the national holiday."""
    assert dates("house", "sign", "--from", served)["due_on"] == last


def test_a_notice_served_before_gives_its_own_last_day(wide: WideTown) -> None:
    served = OLD_HOUSE | {"notice_received": True, "notice_on": "2026-10-09"}
    housing, reference = wide.head("housing"), passed_to_housing(wide, served)
    assert not may_move(housing, reference, "give_notice")
    make_move(housing, reference, "note_notice", OFFER | {"sign_by": LAST.isoformat()})
    letter = read_notice(reference, "last_day_notice")
    assert "2026年10月9日" in letter
    assert LAST_IN_WORDS in letter
    assert due(reference, "sign_by") == LAST
    assert terms_of(reference) & {"sign"} == set()


@pytest.mark.parametrize(("after", "state"), [(0, "to_sign"), (1, "not_agreed")])
def test_compensation_is_decided_only_when_the_time_is_over(wide: WideTown, after: int, state: str) -> None:
    served = OLD_HOUSE | {"notice_received": True, "notice_on": "2026-10-09"}
    housing, reference = wide.head("housing"), passed_to_housing(wide, served)
    make_move(housing, reference, "note_notice", OFFER | {"sign_by": LAST.isoformat()})
    assert not may_move(housing, reference, "decide")
    with acting(SYSTEM, epoch=now_epoch()):
        lapse_due(at=datetime.combine(LAST + timedelta(days=after), time(10), SHANGHAI))
    assert state_of(reference) == state
    if state == "not_agreed":
        assert "仍可以和征收部门谈妥" in read_notice(reference, "time_over_notice")
        assert may_move(housing, reference, "sign")
        make_move(housing, reference, "decide", {"terms": "每平方米6000元", "why": "期限内没有谈成"})
        letter = read_notice(reference, "compensation_decision")
        assert (state_of(reference), "六十日" in letter) == ("decided", True)


def test_an_owner_at_home_has_the_day_that_the_notice_names_and_no_six_months(wide: WideTown) -> None:
    at_home = {key: value for key, value in OLD_HOUSE.items() if key != "lives_abroad"}
    at_home |= {"owner_abroad": False, "owner_is": "returnee"}
    reference = file_online("house", at_home, papers=["title", "owner_id_card"])
    make_move(wide.head("overseas_affairs"), reference, "pass_levy", {"confirmation_number": "台侨房4号"})
    housing = wide.head("housing")
    make_move(housing, reference, "levy_takes")
    assert not may_move(housing, reference, "give_notice")
    make_move(housing, reference, "give_notice_home", OFFER | {"last_day": LAST.isoformat()})
    letter = read_notice(reference, "home_notice")
    assert LAST_IN_WORDS in letter
    assert "六个月内签" not in letter
    assert (due(reference, "sign_by"), "sign" in terms_of(reference)) == (LAST, False)


def test_a_notice_whose_time_is_long_over_leads_to_the_decision(wide: WideTown) -> None:
    served = OLD_HOUSE | {"notice_received": True, "notice_on": "2026-01-09"}
    housing, reference = wide.head("housing"), passed_to_housing(wide, served)
    with pytest.raises(AssertionError, match="要填今天以后的一天"):  # a day gone by is no day to sign by
        make_move(housing, reference, "note_notice", OFFER | {"sign_by": "2026-07-09"})
    assert state_of(reference) == "levy_open"
    make_move(housing, reference, "note_over", {"ended_on": "2026-07-09", "why": "六个月已满，没有签约"})
    assert state_of(reference) == "not_agreed"
    make_move(housing, reference, "sign", {"signed_on": "2026-11-20"})
    assert state_of(reference) == "signed"


@pytest.mark.parametrize(
    ("owner_is", "wanted"),
    [("overseas", "owner_identity"), ("foreign", "owner_identity"), ("returnee", "owner_id_card")],
)
def test_only_who_lives_by_a_passport_is_asked_for_one(owner_is: str, wanted: str) -> None:
    facts: dict[str, object] = OLD_HOUSE | {"owner_is": owner_is}
    asked = {one.id for one in entry("house").materials if holds(one.when, facts)}
    assert asked & {"owner_identity", "owner_id_card"} == {wanted}


def test_a_homestead_needs_the_village_the_township_and_the_county(wide: WideTown) -> None:
    reference = file_online("house", HOMESTEAD, papers=["owner_identity", "homestead_request"])
    make_move(wide.head("overseas_affairs"), reference, "pass_town", {"note": "请村里表决"})
    township, land = wide.head("township", "township"), wide.head("natural_resources")
    make_move(township, reference, "town_takes")
    assert not may_move(land, reference, "approve_land")
    make_move(township, reference, "vote_passed", {"voted_on": "2027-01-10", "vote_result": "应到80，同意52"})
    make_move(land, reference, "land_takes")
    make_move(land, reference, "approve_land", {"land_text": "原址120平方米，台宅〔2027〕4号"})
    assert (state_of(reference), case_of(reference).outcome) == ("restored", "restored")
    assert "台宅〔2027〕4号" in read_notice(reference, "land_notice")


def test_a_village_that_says_no_is_a_refusal_with_remedies(wide: WideTown) -> None:
    reference = file_online("house", HOMESTEAD)
    make_move(wide.head("overseas_affairs"), reference, "pass_town")
    township = wide.head("township", "township")
    make_move(township, reference, "town_takes")
    ground = {
        "refusal": "village_said_no",
        "reasons": "80人中30人同意",
        "right_office": "台山市自然资源局 0750-5500001",
    }
    make_move(township, reference, "vote_failed", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "refused"
    for words in ("80人中30人同意", "可以和村里商量后再申请", "六十日", "台山市自然资源局"):
        assert words in letter


LED = [
    ({"province": "elsewhere"}, "enquiry", "只在广东有效"),
    ({"province": "guangdong", "trouble": "torn_down"}, "petition", "不得拆除"),
    ({"province": "guangdong", "trouble": "sell"}, "title_transfer", "自然资源局登记"),
    ({"province": "guangdong", "trouble": "confirm"}, "go", ""),
]


def test_the_questions_lead_to_the_right_place_and_say_why(wide: WideTown) -> None:
    for answers, to, why in LED:
        steered = steer(browser_of_a_person(), "house", answers)
        assert (steered.to, why in steered.words) == (to, True), answers
