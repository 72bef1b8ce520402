"""Taxes: a refund within the law's thirty days, the ten of an excess the bureau finds itself, the four posts."""

from typing import Any

import pytest

from tests.catalogue.test_clocking import dates
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
    terms_of,
)
from tests.portal.following import page

REFUND: dict[str, Any] = {
    "topic": "refund",
    "work": "handle",
    "place": "440781",
    "tax_year": 2025,
    "paid_on": "2026-06-12",
    "question": "卖祖屋时重复缴了个人所得税",
    "nationality": "CN",
}
LAST_DAY_TO_PAY_BACK = [
    ("2026-03-02", "2026-04-01"),
    ("2026-11-26", "2026-12-28"),
    ("2026-01-16", "2026-02-24"),
]
"""A plain month of days; a Saturday that rolls to Monday; a last day in the Spring Festival."""


def test_tax_paid_twice_comes_back_within_thirty_days(wide: WideTown) -> None:
    client, bureau = browser_of_a_person(), wide.head("tax")
    assert steer(client, "tax", {"about": "ask_or_apply", "refund_age": "within_three"}).to == "go"
    reference = file_online("tax", REFUND, client=client, papers=["application", "identity"])
    assert due(reference, "refund_decision") == calendar_days(30)
    make_move(bureau, reference, "assign", {"post": "law"})
    make_move(bureau, reference, "ask_papers", {"missing": ["payment_proof"], "papers_by": "2027-01-15"})
    take_step(reference, "supplement", papers=["payment_proof"])
    make_move(bureau, reference, "escalate", {"hard_point": "两个税务机关各收一次"})
    make_move(bureau, reference, "accept")
    make_move(bureau, reference, "refund", {"refund_amount": "12,345.67"})
    shown, letter = read_as_person(reference), read_notice(reference, "refund_decision")
    assert (state_of(reference), case_of(reference).faults) == ("handled", 0)
    assert english_in(shown) == set()
    assert "两个税务机关" not in shown
    assert "12,345.67" in letter
    assert "2026年6月12日" in letter


@pytest.mark.parametrize(("received", "last"), LAST_DAY_TO_PAY_BACK)
def test_the_thirty_days_are_calendar_days_and_roll_over_rest_days(received: str, last: str) -> None:
    assert dates("tax", "refund_decision", "--from", received)["due_on"] == last


def test_an_excess_the_bureau_finds_itself_is_paid_back_in_ten_days(wide: WideTown) -> None:
    assert dates("tax", "refund_found", "--from", "2026-03-02")["due_on"] == "2026-03-12"
    bureau, reference = wide.head("tax"), file_online("tax", REFUND)
    make_move(bureau, reference, "find_excess")
    assert due(reference, "refund_found") == calendar_days(10)


def test_a_bureau_that_finds_the_excess_itself_wins_no_days_over_the_application(wide: WideTown) -> None:
    bureau, reference = wide.head("tax"), file_online("tax", REFUND)
    make_move(bureau, reference, "find_excess")
    assert due(reference, "refund_decision") == calendar_days(30)
    assert terms_of(reference) == {"refund_decision", "refund_found"}


def test_a_treaty_claim_without_a_certificate_can_end(wide: WideTown) -> None:
    changed = {"topic": "treaty", "resident_days": 20, "treaty_country": "BR"}
    facts = {key: REFUND[key] for key in REFUND if key != "paid_on"} | changed
    bureau, reference = wide.head("tax"), file_online("tax", facts)
    make_move(bureau, reference, "accept")
    make_move(bureau, reference, "finish", {"result_text": "已按协定享受待遇"})
    assert state_of(reference) == "handled"
    assert "已按协定享受待遇" in read_notice(reference, "result_notice")


def test_the_page_says_when_the_annual_settlement_is(wide: WideTown) -> None:
    assert "年度汇算和境外所得申报都在次年3月1日至6月30日" in page(browser_of_a_person(), "/services/tax/")


def test_the_days_for_a_certificate_are_the_offices_own_since_nobody_knows_the_rule(wide: WideTown) -> None:
    changed = {"topic": "treaty", "resident_days": 200, "treaty_country": "BR"}
    facts = {key: REFUND[key] for key in REFUND if key != "paid_on"} | changed
    bureau, reference = wide.head("tax"), file_online("tax", facts)
    make_move(bureau, reference, "accept")
    assert not may_move(bureau, reference, "refund")
    make_move(bureau, reference, "certify", {"certificate_number": "台税居2026001"})
    assert "台税居2026001" in read_notice(reference, "certificate_notice")
    assert "巴西" in read_notice(reference, "certificate_notice")


def test_a_refund_after_three_years_is_refused_with_the_article(wide: WideTown) -> None:
    reference = file_online("tax", REFUND | {"paid_on": "2021-05-01"})
    ground = {
        "refusal": "refund_late",
        "reasons": "2021年5月结算，已过三年",
        "right_office": "台山市税务局纳税服务 12366",
    }
    make_move(wide.head("tax"), reference, "refuse", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "refused"
    for words in ("自结算缴纳之日起三年内", "税收征收管理法", "51", "已过三年", "六十日"):
        assert words in letter


LED = [
    ({"about": "foreign_law"}, "foreign_law", "外国税法"),
    ({"about": "title"}, "title_transfer", "自然资源局"),
    ({"about": "dispute"}, "stop", "减免、不予退税有争议的，须先申请行政复议"),
    ({"about": "hide"}, "stop", "违法"),
    ({"about": "ask_or_apply", "refund_age": "over_three"}, "stop", "三年"),
    ({"about": "ask_or_apply", "refund_age": "office_found"}, "go", ""),
]


def test_the_questions_lead_to_the_right_place_and_say_why(wide: WideTown) -> None:
    for answers, to, why in LED:
        steered = steer(browser_of_a_person(), "tax", answers)
        assert (steered.to, why in steered.words) == (to, True), answers


def test_whoever_gives_up_registration_is_told_to_clear_tax_first(wide: WideTown) -> None:
    assert "注销前先清税" in page(browser_of_a_person(), "/services/tax/")
