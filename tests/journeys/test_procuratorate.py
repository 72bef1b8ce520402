"""A judgment from Taishan looked at by the procuratorate: the station passes on, the procuratorate decides and reports."""

from datetime import UTC, date, datetime

import pytest

from qiaoqiao.casework.rules import Event, runs
from qiaoqiao.catalogue.entry import holds
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.clock.calendar import official
from tests.catalogue.test_clocking import dates
from tests.journeys.days import calendar_days, months, today, working_days
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


def test_judicial_aid_is_paid_within_two_working_days_of_being_granted(wide: WideTown) -> None:
    left_out = {"judgments", "retrial_result", "decided_before"}
    asked = {key: value for key, value in SUPERVISION.items() if key not in left_out}
    reference = file_online("procuratorate", asked | {"matter": "judicial_aid", "request": "请求司法救助"})
    here, prosecutor = wide.office("procuratorate"), wide.head("procuratorate")
    make_move(wide.head("federation"), reference, "forward", {"forward_to": here})
    make_move(prosecutor, reference, "receive")
    make_move(prosecutor, reference, "take_up", {"handler_contact": "控告申诉部 0750-5512309"})
    assert due(reference, "aid_review") == working_days(10)
    make_move(prosecutor, reference, "aid_reviewed")
    make_move(prosecutor, reference, "grant_aid", {"granted": "三万元，汇到本人账户"})
    assert "三万元" in read_notice(reference, "aid_notice")
    assert due(reference, "aid_pay") == working_days(2)
    make_move(prosecutor, reference, "aid_paid", {"paid_on": today().isoformat()})
    assert (state_of(reference), case_of(reference).outcome) == ("replied", "replied")


def test_two_working_days_for_paying_skip_the_holiday() -> None:
    """Granted on Thursday 30 April 2026: 1 to 5 May is a holiday, so Wednesday 6 and Thursday 7 May."""
    assert dates("procuratorate", "aid_pay", "--from", "2026-04-30")["due_on"] == "2026-05-07"


def test_passing_on_is_due_again_when_a_procuratorate_gives_the_case_back() -> None:
    events = [
        Event(name, datetime(2026, 3, day, 2, 0, tzinfo=UTC))
        for name, day in (("filed", 2), ("move:forward", 4), ("move:return_case", 9))
    ]
    facts, amounts = {"anonymous": False}, {"forward_days": 10}
    found = runs(entry("procuratorate"), events, facts=facts, amounts=amounts, calendar=official())
    passing = [(run.due_on, run.state) for run in found if run.limit.id == "forwarding"]
    assert passing == [(date(2026, 3, 12), "met"), (date(2026, 3, 19), "running")]


@pytest.mark.parametrize(("anonymous", "asked"), [(False, True), (True, False)])
def test_an_anonymous_informer_is_asked_for_no_identity_paper(anonymous: bool, asked: bool) -> None:
    paper = next(one for one in entry("procuratorate").materials if one.id == "identity_paper")
    assert holds(paper.when, SUPERVISION | {"anonymous": anonymous}) is asked


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
    assert "七日内告知是否受理、补材料或者移送" in found.words
