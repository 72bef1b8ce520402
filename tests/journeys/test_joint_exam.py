"""The joint examination: nationality first, then two windows, then dates that only the year's rules know."""

import pytest

from qiaoqiao.catalogue.loader import entry
from tests.journeys.roads import (
    WideTown,
    browser_of_a_person,
    case_of,
    english_in,
    file_online,
    make_move,
    may_move,
    read_as_person,
    read_notice,
    refused_page,
    state_of,
    steer,
    take_step,
)
from tests.portal.following import page, told

STUDENT = {
    "nationality_held": "CN",
    "exam_year": 2027,
    "place": "440781",
    "schooling_done": "graduating",
    "path": "two_years",
    "live_country": "VE",
    "own_months_2y": 18,
    "own_days": 4,
    "parent": "mother",
    "parent_months_2y": 20,
    "study_or_official": False,
}
RULES = {
    "register_from": "2027-03-01",
    "register_until": "2027-03-15",
    "confirm_from": "2027-03-11",
    "confirm_until": "2027-03-31",
    "stay_from": "2025-04-01",
    "stay_until": "2027-03-31",
    "how": "网上报名后到考试院现场确认",
}


def test_a_student_from_caracas_waits_for_the_rules_registers_and_is_admitted(wide: WideTown) -> None:
    answers = {"nationality": "chinese", "home": "settled_abroad", "stay": "path_a", "school": "finished"}
    assert steer(browser_of_a_person(), "joint_exam", answers).to == "go"
    reference = file_online("joint_exam", STUDENT, papers=["passport", "residence_proof"])
    affairs, exam_body = wide.head("overseas_affairs", "city"), wide.head("education", "city")
    assert case_of(reference).office_id == wide.office("overseas_affairs", "city").pk
    make_move(affairs, reference, "wait_rules", {"note": "2027年简章还没公布"})
    assert "当年的简章还没有公布" in read_as_person(reference)
    make_move(affairs, reference, "tell_ready", RULES)
    letter = read_notice(reference, "ready_notice")
    for words in (
        "2027年全国联招",
        "网上报名：2027年3月1日至2027年3月15日",
        "现场确认：2027年3月11日至2027年3月31日",
        "2025年4月1日至2027年3月31日",
        "虚假材料",
    ):
        assert words in letter
    assert not may_move(exam_body, reference, "confirm")
    take_step(reference, "register", {"registration_number": "HQ2027-0088"})
    make_move(exam_body, reference, "exam_takes")
    make_move(exam_body, reference, "confirm", {"exam_on": "2027-05-22", "exam_place": "广州考点"})
    assert "2027年5月22日" in read_notice(reference, "confirm_notice")
    make_move(exam_body, reference, "admit", {"university": "暨南大学"})
    shown = read_as_person(reference)
    assert (state_of(reference), case_of(reference).outcome) == ("admitted", "admitted")
    assert english_in(shown) == set()


def test_seventeen_months_are_refused_with_the_window_and_what_else_there_is(wide: WideTown) -> None:
    reference = file_online("joint_exam", STUDENT | {"own_months_2y": 17, "own_days": 29})
    ground = {
        "refusal": "stay_short",
        "reasons": "报名前两年内住了17个月29天",
        "right_office": "江门市教育局 0750-3500000",
    }
    make_move(wide.head("overseas_affairs", "city"), reference, "not_eligible", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "not_eligible"
    for words in ("17个月29天", "2024年4月1日至2026年3月31日", "普通高考", "江门市教育局"):
        assert words in letter


def test_the_form_asks_months_and_days_within_their_bounds_and_names_the_window(wide: WideTown) -> None:
    html = refused_page("joint_exam", "q-residence", STUDENT | {"own_months_2y": 25, "own_days": 30})
    words = told(html)
    assert "2027年的日期还没有公布" in words
    for name in ("own_months_2y", "own_days"):
        assert f'href="#id_{name}"' in html


@pytest.mark.parametrize(
    ("answers", "to", "why"),
    [
        ({"nationality": "foreign"}, "international_student", "外国国籍的考生（包括外籍华人）不能报全国联招"),
        ({"nationality": "unsure"}, "nationality", "不承认双重国籍"),
        ({"nationality": "hk_mo_tw"}, "stop", "港澳台证件"),
        ({"nationality": "chinese", "home": "in_china"}, "exam_preference", "三侨生照顾"),
        ({"nationality": "chinese", "home": "studying"}, "stop", "不算定居国外"),
        (
            {"nationality": "chinese", "home": "settled_abroad", "stay": "neither"},
            "stop",
            "2024年4月1日至2026年3月31日",
        ),
        (
            {"nationality": "chinese", "home": "settled_abroad", "stay": "path_b", "school": "university"},
            "stop",
            "高校在校生不得报名",
        ),
    ],
)
def test_each_wrong_track_is_told_why_and_sent_to_the_right_one(
    db: None, answers: dict[str, str], to: str, why: str
) -> None:
    steered = steer(browser_of_a_person(), "joint_exam", answers)
    assert steered.to == to
    assert why in steered.words


def test_who_comes_too_late_reads_both_windows_of_2026(wide: WideTown) -> None:
    reference = file_online("joint_exam", STUDENT)
    ground = {"refusal": "too_late", "reasons": "报名期已过", "right_office": "江门市教育局 0750-3500000"}
    make_move(wide.head("overseas_affairs", "city"), reference, "not_eligible", ground)
    letter = read_notice(reference, "refusal_notice")
    assert "2026年网上报名3月1日至15日，现场确认3月11日至31日" in letter


@pytest.mark.parametrize("service", ["joint_exam", "exam_preference"])
def test_no_paper_is_given_out_as_demanded_by_the_rules_themselves(service: str) -> None:
    """The law sheet calls the list of papers common practice."""
    assert {paper.law.source for paper in entry(service).materials} == {"exam_practice"}


def test_the_services_page_makes_up_no_date(db: None) -> None:
    html = page(browser_of_a_person(), "/services/joint_exam/")
    assert "2027年的日期未公布" in html
    assert english_in(html) == set()
