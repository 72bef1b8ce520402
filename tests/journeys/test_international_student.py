"""A foreign citizen and a university in China: four years of the nationality, two of the last four abroad."""

import pytest

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
    state_of,
    steer,
    take_step,
)
from tests.portal.following import page

STUDENT = {
    "origin": "emigrated",
    "nationality_held": "BR",
    "nationality_since": "2021-06-01",
    "passport_issued": "2021-07-01",
    "place": "440781",
    "entry_year": 2027,
    "months_1": 9,
    "months_2": 10,
    "months_3": 4,
    "months_4": 0,
    "odd_days": 0,
}


def test_a_student_from_brazil_is_verified_applies_and_is_admitted(wide: WideTown) -> None:
    answers = {"nationality": "foreign", "origin": "emigrated", "four_years": "four", "two_years": "two"}
    assert steer(browser_of_a_person(), "international_student", answers).to == "go"
    reference = file_online("international_student", STUDENT, papers=["foreign_passport", "stamps"])
    affairs, police = wide.head("overseas_affairs", "city"), wide.head("exit_entry_police", "city")
    make_move(affairs, reference, "verify", {"doubt": "2024年的入境章看不清"})
    make_move(police, reference, "verified", {"finding": "agrees", "note": "与出入境记录相符"})
    assert not may_move(police, reference, "tell_ready")
    make_move(affairs, reference, "tell_ready", {"how": "看学校国际招生简章，自己网上申请"})
    letter = read_notice(reference, "ready_notice")
    for words in ("巴西", "9、10、4、0个月", "2027年入学", "不是录取决定"):
        assert words in letter
    take_step(reference, "got_in", {"university": "华侨大学"})
    shown = read_as_person(reference)
    assert (state_of(reference), case_of(reference).outcome) == ("admitted", "admitted")
    assert english_in(shown) == set()


def test_one_year_of_four_is_refused_with_the_window_of_this_track(wide: WideTown) -> None:
    reference = file_online("international_student", STUDENT | {"months_2": 8, "odd_days": 29})
    ground = {
        "refusal": "under_two_years",
        "reasons": "只有一年满九个月",
        "right_office": "江门市侨务局 0750-3500001",
    }
    make_move(wide.head("overseas_affairs", "city"), reference, "not_eligible", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "not_eligible"
    for words in ("4月30日的最近四年", "满九个月按一年计", "只有一年满九个月", "全国联招的不一样"):
        assert words in letter


def test_false_papers_are_disputed_with_the_university_that_examined_them(wide: WideTown) -> None:
    reference = file_online("international_student", STUDENT)
    ground = {"refusal": "false_papers", "reasons": "签章与记录不符", "right_office": "华侨大学招生处"}
    make_move(wide.head("overseas_affairs", "city"), reference, "not_eligible", ground)
    assert "可以向该高校书面说明" in read_notice(reference, "refusal_notice")


@pytest.mark.parametrize(
    ("answers", "to", "why"),
    [
        ({"nationality": "chinese_abroad"}, "joint_exam", "全国联招"),
        ({"nationality": "chinese_at_home"}, "exam_preference", "三侨生照顾"),
        ({"nationality": "unsure"}, "nationality", "不承认双重国籍"),
        ({"nationality": "foreign", "origin": "parents_not_settled"}, "nationality", "国籍法第五条"),
        ({"nationality": "foreign", "origin": "born", "four_years": "less"}, "stop", "满四年"),
        (
            {"nationality": "foreign", "origin": "born", "four_years": "four", "two_years": "less"},
            "stop",
            "不能互相套用",
        ),
    ],
)
def test_each_wrong_track_is_told_why_and_sent_to_the_right_one(
    db: None, answers: dict[str, str], to: str, why: str
) -> None:
    steered = steer(browser_of_a_person(), "international_student", answers)
    assert steered.to == to
    assert why in steered.words


def test_the_services_page_is_chinese_all_through(db: None) -> None:
    assert english_in(page(browser_of_a_person(), "/services/international_student/")) == set()
