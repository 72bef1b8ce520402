"""A trade dispute passed to the arbitration commission, which decides alone; what cannot be arbitrated goes elsewhere."""

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

TRADE = {
    "matter": "trade",
    "foreign_element": True,
    "place": "440781",
    "other_side": "江门某五金厂",
    "claim": "请求支付货款八万元。",
    "agreement_type": "clause",
    "institution": "江门仲裁委员会",
    "online_consent": "fine",
}


def forwarded(wide: WideTown) -> str:
    reference = file_online("arbitration", TRADE, papers=["agreement_paper", "application"])
    make_move(wide.head("federation"), reference, "forward", {"note": "协议齐全"})
    return reference


def test_an_award_is_made_and_may_be_set_aside_within_three_months_of_receipt(wide: WideTown) -> None:
    assert steer(browser_of_a_person(), "arbitration", {"kind": "property", "agreement": "agreed"}).to == "go"
    reference, commission = forwarded(wide), wide.head("arbitration", "city")
    assert due(reference, "accept") == calendar_days(5)
    assert not may_move(wide.head("federation"), reference, "award")
    make_move(commission, reference, "accept", {"case_number": "江仲字〔2026〕1号"})
    make_move(commission, reference, "serve_papers")
    make_move(commission, reference, "form_tribunal", {"tribunal": "独任仲裁员周某，1月8日在线开庭"})
    decided = {"award_number": "江仲裁〔2027〕1号", "award_result": "支付货款八万元"}
    make_move(commission, reference, "award", decided)
    letter = read_notice(reference, "award_notice")
    assert due(reference, "correction") == calendar_days(30)
    assert due(reference, "set_aside") == months(3)
    assert english_in(read_as_person(reference)) == set()
    take_step(reference, "accept_award")
    assert (state_of(reference), case_of(reference).outcome) == ("final", "awarded")
    assert case_of(reference).office_id == wide.office("arbitration", "city").pk
    for words in ("江仲裁〔2027〕1号", "3个月内可以向中级人民法院申请撤销"):
        assert words in letter


def test_without_an_agreement_the_commission_refuses_in_writing(wide: WideTown) -> None:
    reference = forwarded(wide)
    ground = {
        "refusal": "no_agreement",
        "reasons": "合同没有仲裁条款",
        "right_office": "台山市人民法院立案庭",
    }
    make_move(wide.head("arbitration", "city"), reference, "not_accept", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "not_accepted"
    for words in ("合同没有仲裁条款", "没有仲裁协议不能仲裁", "台山市人民法院"):
        assert words in letter


@pytest.mark.parametrize(
    ("answers", "to", "why"),
    [
        ({"kind": "family"}, "mediation", "第3条"),
        ({"kind": "labour"}, "stop", "劳动人事争议仲裁委员会"),
        ({"kind": "farmland"}, "stop", "农村土地承包仲裁委员会"),
        ({"kind": "office"}, "stop", "行政复议"),
        ({"kind": "property", "agreement": "none"}, "mediation", "没有仲裁协议不能仲裁"),
    ],
)
def test_what_cannot_be_arbitrated_is_told_why_and_where(
    wide: WideTown, answers: dict[str, str], to: str, why: str
) -> None:
    found = steer(browser_of_a_person(), "arbitration", answers)
    assert found.to == to
    assert why in found.words
