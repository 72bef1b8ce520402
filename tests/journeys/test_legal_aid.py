"""A lawyer free of charge: seven calendar days to decide, three to assign, five for an objection; at once when it burns."""

from tests.journeys.days import calendar_days
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

WAGES = {
    "matter": "labour",
    "forum": "labour_arbitration",
    "place": "440781",
    "account": "餐馆欠我八个月工资。",
    "other_side": "新世纪餐馆",
    "urgent": False,
    "means_kind": "hardship",
    "means_statement": "一家四口，月收入三千元。",
    "pledge": True,
}
LAWYER = {"lawyer": "周律师 0750-5512348"}


def test_aid_is_granted_within_seven_calendar_days_and_a_lawyer_named_within_three(wide: WideTown) -> None:
    answers = {"wish": "lawyer", "means": "hardship", "hurry": "no_hurry"}
    assert steer(browser_of_a_person(), "legal_aid", answers).to == "go"
    reference = file_online("legal_aid", WAGES, papers=["identity_paper", "application"])
    centre = wide.head("legal_aid")
    assert case_of(reference).office_id == wide.office("legal_aid").pk
    assert due(reference, "decide") == calendar_days(7)
    missing = {"missing": ["means_paper", "case_papers"], "papers_by": "2027-03-01", "note": "请补"}
    make_move(centre, reference, "ask_papers", missing)
    assert due(reference, "decide") == calendar_days(7)  # no law says that it stands still
    assert "视为撤回" in read_notice(reference, "one_time_notice")
    take_step(reference, "supplement", papers=["means_paper", "case_papers"])
    make_move(centre, reference, "grant", {"note": "符合条件"})
    assert due(reference, "assign") == calendar_days(3)
    make_move(centre, reference, "assign", LAWYER)
    make_move(centre, reference, "complete", {"result": "仲裁裁决支付工资两万四千元"})
    shown = read_as_person(reference)
    assert (state_of(reference), case_of(reference).outcome) == ("completed", "completed")
    assert english_in(shown) == set()
    assert "不收费用" in read_notice(reference, "grant_decision")
    assert "仲裁裁决支付工资" in read_notice(reference, "completion")


def test_when_time_is_short_the_lawyer_comes_first(wide: WideTown) -> None:
    reference = file_online("legal_aid", WAGES | {"urgent": True, "limitation_date": "2026-12-30"})
    centre = wide.head("legal_aid")
    make_move(centre, reference, "grant_first", LAWYER | {"papers_by": "2027-01-15", "note": "先立案"})
    take_step(reference, "complete_papers", papers=["means_paper"])
    make_move(centre, reference, "confirm_grant", {"note": "已补"})
    assert state_of(reference) == "in_service"
    assert "先行为您提供法律援助" in read_notice(reference, "first_help")


def test_nobody_is_helped_first_without_hurry(wide: WideTown) -> None:
    assert not may_move(wide.head("legal_aid"), file_online("legal_aid", WAGES), "grant_first")


def refused(wide: WideTown) -> str:
    reference = file_online("legal_aid", WAGES)
    ground = {
        "refusal": "means_too_high",
        "reasons": "家庭月收入高于本省标准",
        "right_office": "台山市侨联法律顾问 0750-5500000",
    }
    make_move(wide.head("legal_aid"), reference, "refuse", ground)
    return reference


def test_a_refusal_says_how_to_object_and_the_justice_bureau_has_five_days(wide: WideTown) -> None:
    reference = refused(wide)
    letter = read_notice(reference, "refusal_notice")
    for words in ("家庭月收入高于本省标准", "台山市侨联法律顾问", "司法局5日内作出处理", "第34条"):
        assert words in letter
    take_step(reference, "object", {"objection_reasons": "收入算错了，只有三千元"})
    make_move(wide.head("legal_aid"), reference, "send_objection")
    assert due(reference, "objection") == calendar_days(5)
    make_move(wide.head("justice"), reference, "order_correction", {"reasons": "收入核算有误"})
    make_move(wide.head("legal_aid"), reference, "grant", {"note": "按司法局决定改正"})
    assert state_of(reference) == "granted"
    assert "责令法律援助中心改正" in read_notice(reference, "objection_granted")


def test_an_upheld_refusal_leaves_reconsideration_and_the_court(wide: WideTown) -> None:
    reference = refused(wide)
    take_step(reference, "object", {"objection_reasons": "不服"})
    make_move(wide.head("legal_aid"), reference, "send_objection")
    make_move(wide.head("justice"), reference, "uphold", {"reasons": "核算无误"})
    assert case_of(reference).outcome == "upheld"
    assert "行政复议" in read_notice(reference, "objection_upheld")


def test_who_can_pay_or_only_asks_is_led_to_the_advisers(wide: WideTown) -> None:
    assert steer(browser_of_a_person(), "legal_aid", {"wish": "ask_only"}).to == "legal_advice"
    found = steer(browser_of_a_person(), "legal_aid", {"wish": "lawyer", "means": "can_pay"})
    assert found.to == "legal_advice"
    assert "经济困难" in found.words
