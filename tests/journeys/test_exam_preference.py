"""The preference in the ordinary examination: three kinds of students, one window, and points nobody promises."""

import pytest

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
from tests.portal.following import page

CHILD_IN_CHINA = {
    "standing": "child_in_china",
    "nationality_held": "CN",
    "exam_year": 2028,
    "place": "440781",
    "school": "台山一中，报名号0781-233",
    "parent_name": "陈玉莲",
    "parent_country": "VE",
    "parent_path": "two_years",
    "parent_study": False,
}


def test_the_child_of_a_mother_in_caracas_comes_on_file(wide: WideTown) -> None:
    answers = {"nationality": "chinese", "who": "child_in_china", "window": "open"}
    assert steer(browser_of_a_person(), "exam_preference", answers).to == "go"
    reference = file_online("exam_preference", CHILD_IN_CHINA, papers=["household"])
    city = wide.head("overseas_affairs", "city")
    assert case_of(reference).office_id == wide.office("overseas_affairs", "city").pk
    make_move(city, reference, "ask_papers", {"missing": ["parent_travel"], "papers_by": "2027-10-20"})
    take_step(reference, "supplement", papers=["parent_travel"])
    make_move(city, reference, "pass", {"grounds": "母亲2001年定居委内瑞拉"})
    letter = read_notice(reference, "pass_notice")
    for words in ("2028年高考", "华侨在国内的子女", "台山一中", "本机关不作承诺"):
        assert words in letter
    make_move(city, reference, "send_up", {"sent_on": "2027-11-20"})
    make_move(city, reference, "enter_file", {"entered_on": "2028-03-05"})
    shown = read_as_person(reference)
    assert (state_of(reference), case_of(reference).outcome) == ("on_file", "on_file")
    assert "2028年3月5日" in read_notice(reference, "file_notice")
    assert english_in(shown) == set()


def test_somebody_too_late_is_told_the_next_window(wide: WideTown) -> None:
    reference = file_online("exam_preference", CHILD_IN_CHINA | {"exam_year": 2027})
    ground = {
        "refusal": "too_late",
        "reasons": "2026年11月26日才提出",
        "right_office": "江门市侨务局 0750-3500001",
    }
    make_move(wide.head("overseas_affairs", "city"), reference, "refuse", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "refused"
    for words in ("8月15日至11月10日", "下一次申请时间", "六十日", "2026年11月26日才提出"):
        assert words in letter


@pytest.mark.parametrize(
    ("answers", "to", "why"),
    [
        ({"nationality": "foreign"}, "international_student", "不享受三侨生照顾"),
        ({"nationality": "unsure"}, "nationality", "不承认双重国籍"),
        ({"nationality": "chinese", "who": "settled_abroad"}, "joint_exam", "全国联招"),
        ({"nationality": "chinese", "who": "grandchild"}, "stop", "孙辈"),
        ({"nationality": "chinese", "who": "hk_macao"}, "stop", "港澳居民的子女不算"),
        ({"nationality": "chinese", "who": "official"}, "stop", "留学或者因公"),
        ({"nationality": "chinese", "who": "returned", "window": "over"}, "stop", "8月15日至11月10日"),
        ({"nationality": "chinese", "who": "child_of_returned", "window": "elsewhere"}, "go", ""),
    ],
)
def test_each_wrong_track_is_told_why_and_sent_to_the_right_one(
    db: None, answers: dict[str, str], to: str, why: str
) -> None:
    steered = steer(browser_of_a_person(), "exam_preference", answers)
    assert steered.to == to
    assert why in steered.words


def test_the_services_page_names_no_number_of_points(db: None) -> None:
    html = page(browser_of_a_person(), "/services/exam_preference/")
    assert "加分分值" in html
    assert english_in(html) == set()
