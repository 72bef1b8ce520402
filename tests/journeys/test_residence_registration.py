"""The settlement permit in hand: registered within its six months, in person; an old permit is sent back to settle."""

from typing import Any

from qiaoqiao.catalogue.entry import holds
from qiaoqiao.catalogue.loader import entry
from tests.journeys.roads import (
    WideTown,
    browser_of_a_person,
    case_of,
    english_in,
    file_online,
    make_move,
    read_as_person,
    read_notice,
    state_of,
    steer,
    take_step,
)

HOME: dict[str, Any] = {
    "ground": "permit",
    "permit_number": "粤台侨定2026015",
    "permit_issued_on": "2026-10-20",
    "place": "440781",
    "address": "端芬镇侨兴路8号",
    "household": "family",
    "visit_from": "2027-01-11",
}
BOOK = {"registered_on": "2027-01-12", "collect": "当场领取"}


def test_a_permit_becomes_a_household_book(wide: WideTown) -> None:
    client, police = browser_of_a_person(), wide.head("household_police")
    led = steer(client, "residence_registration", {"nationality": "chinese", "basis": "permit_valid"})
    assert led.to == "go"
    reference = file_online("residence_registration", HOME, client=client, papers=["permit", "passport"])
    assert case_of(reference).office_id == wide.office("household_police").pk
    assert "自签发之日起六个月内有效" in read_notice(reference, "receipt")
    make_move(police, reference, "ask_papers", {"missing": ["householder_agrees"], "papers_by": "2027-01-05"})
    take_step(reference, "supplement", papers=["householder_agrees"])
    make_move(police, reference, "accept", {"visit_on": "2027-01-12", "visit_at": "上午10点，3号窗"})
    make_move(police, reference, "register", BOOK)
    shown, letter = read_as_person(reference), read_notice(reference, "registered_notice")
    assert (state_of(reference), case_of(reference).outcome) == ("registered", "registered")
    assert english_in(shown) == set()
    for words in ("2027年1月12日", "端芬镇侨兴路8号", "养老、医疗保险"):
        assert words in letter


def test_a_second_request_for_papers_is_the_offices_fault(wide: WideTown) -> None:
    police, reference = wide.head("household_police"), file_online("residence_registration", HOME)
    wanted = {"missing": ["permit"], "papers_by": "2027-01-05"}
    make_move(police, reference, "ask_papers", wanted)
    take_step(reference, "supplement", papers=["permit"])
    make_move(police, reference, "ask_again", wanted | {"missing": ["photo"]})
    assert case_of(reference).faults == 1
    assert "本机关的过失" in read_notice(reference, "second_request")


def test_a_permit_older_than_six_months_is_refused_and_sent_to_settle_anew(wide: WideTown) -> None:
    reference = file_online("residence_registration", HOME | {"permit_issued_on": "2026-03-01"})
    ground = {
        "refusal": "permit_expired",
        "reasons": "2026年3月1日签发，9月1日已过期",
        "right_office": "台山市侨务局 0750-5500000",
    }
    make_move(wide.head("household_police"), reference, "refuse", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "refused"
    for words in ("重新申请定居", "9月1日已过期", "台山市侨务局", "六十日"):
        assert words in letter


def test_who_has_just_become_chinese_is_not_asked_for_a_chinese_passport() -> None:
    (passport,) = [paper for paper in entry("residence_registration").materials if paper.id == "passport"]
    asked = {
        ground: holds(passport.when, {"ground": ground}) for ground in ("permit", "restore", "nationality")
    }
    assert asked == {"permit": True, "restore": True, "nationality": False}


def test_the_six_months_are_given_out_as_hainans_and_no_more() -> None:
    found = entry("residence_registration")
    (expired,) = [refusal for refusal in found.refusals if refusal.id == "permit_expired"]
    assert found.sources[expired.law.source].title == "海南省华侨回国定居办法"


LED = [
    ({"nationality": "foreign"}, "nationality", "不得再保留外国国籍"),
    ({"nationality": "chinese", "basis": "permit_expired"}, "settlement", "六个月"),
    ({"nationality": "chinese", "basis": "no_permit"}, "settlement", "先取得"),
    ({"nationality": "restored", "basis": "nationality_paper"}, "go", ""),
]


def test_the_questions_lead_to_the_right_place_and_say_why(wide: WideTown) -> None:
    for answers, to, why in LED:
        steered = steer(browser_of_a_person(), "residence_registration", answers)
        assert (steered.to, why in steered.words) == (to, True), answers
