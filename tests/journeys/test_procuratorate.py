"""A judgment from Taishan looked at by the procuratorate: the station passes on, the procuratorate decides and reports."""

import pytest

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
)

SUPERVISION = {
    "matter": "civil_supervision",
    "place": "440781",
    "subject": "台山市人民法院",
    "request": "请检察院监督祖屋判决",
    "account": "二审判决没有采信1958年的房契。",
    "judgments": "江门中院（2025）粤07民终1号，2025年9月1日",
    "retrial_result": "rejected",
    "decided_before": False,
    "wants_video": True,
    "anonymous": False,
}
ANSWERS = {"wish": "supervise", "retrial": "retried"}


def forwarded(wide: WideTown, facts: dict[str, object] | None = None) -> str:
    """A request that the station has passed to Taishan's procuratorate."""
    reference = file_online("procuratorate", SUPERVISION | (facts or {}), papers=["application"])
    here = wide.office("procuratorate")
    make_move(wide.head("federation"), reference, "forward", {"forward_to": here, "note": "已核对"})
    return reference


def test_the_procuratorate_replies_in_seven_days_three_months_and_then_every_month(wide: WideTown) -> None:
    assert steer(browser_of_a_person(), "procuratorate", ANSWERS).to == "go"
    reference = file_online("procuratorate", SUPERVISION, papers=["application", "identity_paper"])
    station, prosecutor = wide.head("federation"), wide.head("procuratorate")
    missing = {"missing": ["judgments_paper", "evidence"], "papers_by": "2027-03-01", "note": "请一次补齐"}
    make_move(station, reference, "ask_papers", missing)
    assert "本机关一次告知" in read_notice(reference, "one_time_notice")
    take_step(reference, "supplement", papers=["judgments_paper", "evidence"])
    make_move(station, reference, "forward", {"forward_to": wide.office("procuratorate"), "note": "已核对"})
    make_move(station, reference, "write_letter")
    assert due(reference, "process_reply") == calendar_days(7)
    assert due(reference, "result_reply") == months(3)
    assert not may_move(station, reference, "reply_result")
    make_move(prosecutor, reference, "receive")
    make_move(prosecutor, reference, "take_up", {"handler_contact": "第六检察部 0750-5512309"})
    make_move(prosecutor, reference, "report_progress", {"progress": "已调阅原审案卷"})
    assert due(reference, "monthly_report") == months(1)
    make_move(prosecutor, reference, "report_progress", {"progress": "正在听取对方意见"})
    assert due(reference, "monthly_report", round_=2) == months(1)
    make_move(
        prosecutor, reference, "reply_result", {"decision": "supported", "result": "已提出再审检察建议"}
    )
    shown = read_as_person(reference)
    assert (state_of(reference), case_of(reference).outcome) == ("replied", "replied")
    assert case_of(reference).office_id == wide.office("procuratorate").pk
    assert english_in(shown) == set()
    letter = read_notice(reference, "result_reply")
    assert "提出检察建议或者抗诉" in letter
    assert "已提出再审检察建议" in letter


def test_without_a_retrial_first_nobody_is_taken_and_the_court_is_named(wide: WideTown) -> None:
    told = steer(browser_of_a_person(), "procuratorate", {"wish": "supervise", "retrial": "not_yet"})
    assert told.to == "stop"
    assert "申请再审" in told.words
    reference = forwarded(wide, {"retrial_result": "not_asked"})
    ground = {
        "refusal": "retrial_first",
        "reasons": "没有向法院申请过再审",
        "right_office": "江门市中级人民法院",
    }
    make_move(wide.head("procuratorate"), reference, "receive")
    make_move(wide.head("procuratorate"), reference, "not_take", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "not_accepted"
    for words in ("没有向法院申请过再审", "江门市中级人民法院", "第220条", "12309"):
        assert words in letter


def test_nobody_waits_for_an_answer_to_an_anonymous_letter(wide: WideTown) -> None:
    reference = file_online("procuratorate", SUPERVISION | {"anonymous": True})
    make_move(wide.head("federation"), reference, "forward", {"forward_to": wide.office("procuratorate")})
    assert case_of(reference).due_on is None


@pytest.mark.parametrize(
    ("answers", "to", "why"),
    [
        ({"wish": "ask_only"}, "legal_advice", "更快"),
        ({"wish": "no_lawyer"}, "legal_aid", "法律援助中心决定"),
        ({"wish": "official"}, "petition", "12388"),
        ({"wish": "supervise", "retrial": "decided_already"}, "stop", "不能再次申请"),
    ],
)
def test_each_other_wish_is_led_where_it_belongs(
    wide: WideTown, answers: dict[str, str], to: str, why: str
) -> None:
    found = steer(browser_of_a_person(), "procuratorate", answers)
    assert found.to == to
    assert why in found.words


def test_a_petition_about_a_judgment_is_led_to_the_procuratorate(wide: WideTown) -> None:
    answers = {"aim": "say_something", "elsewhere": "watched_over"}
    found = steer(browser_of_a_person(), "petition", answers)
    assert (found.to, "由检察机关监督" in found.words) == ("procuratorate", True)
