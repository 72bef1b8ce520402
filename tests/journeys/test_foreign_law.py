"""Foreign law for a court in Taishan: an expert body without ties, by the court's own date, and never a verdict."""

import pytest

from tests.journeys.days import today
from tests.journeys.roads import (
    WideTown,
    browser_of_a_person,
    case_of,
    due,
    english_in,
    file_online,
    make_move,
    read_as_person,
    read_notice,
    state_of,
    steer,
    take_step,
)

VENEZUELA = {
    "jurisdiction": "VE",
    "field": "family",
    "issue": "委内瑞拉法律中，配偶的法定继承份额是多少？",
    "requested_by": "party",
    "chosen_by_parties": "not_chosen",
    "place": "440781",
    "court_case": "台山市人民法院（2026）粤0781民初1号",
    "other_parties": "陈玉莲；陈国强",
    "court_deadline": "2027-01-15",
}
OPINION = {
    "finding": "民法典第824条：与子女同份。",
    "full_texts": "第824条原文和译文；最高法院判例全文",
    "route": "官方公报",
    "in_force": "现行有效",
}
QUALIFIED = {"qualification": "域外法律查明中心，吴教授", "declaration": "none"}


def test_an_expert_without_ties_answers_by_the_courts_own_date(wide: WideTown) -> None:
    answers = {"what_for": "case", "chosen": "court_asks"}
    assert steer(browser_of_a_person(), "foreign_law", answers).to == "go"
    reference = file_online("foreign_law", VENEZUELA)
    federation, expert = wide.head("federation"), wide.head("legal_service")
    make_move(federation, reference, "enter_court_date", {"court_days": 30, "court_paper": "通知书1号"})
    assert (due(reference, "court_date") - today()).days == 30  # type: ignore[operator]
    give = {"more_days": 10, "concrete_reason": "判例须翻译"}
    make_move(federation, reference, "court_gives_more", give)
    assert (due(reference, "court_date") - today()).days == 40  # type: ignore[operator]
    make_move(federation, reference, "engage", {"engaged": wide.office("arbitration", "city"), "note": ""})
    make_move(wide.head("arbitration", "city"), reference, "step_aside", {"tie": "曾为陈国强作证"})
    assert state_of(reference) == "checking"
    make_move(federation, reference, "engage", {"engaged": wide.office("legal_service")})
    make_move(expert, reference, "take_on", QUALIFIED)
    make_move(expert, reference, "opinion", OPINION)
    letter = read_notice(reference, "opinion_letter")
    take_step(reference, "court_accepted")
    shown = read_as_person(reference)
    assert (state_of(reference), case_of(reference).outcome) == ("confirmed", "confirmed")
    assert english_in(shown) == set()
    assert "曾为陈国强作证" not in shown + letter
    for words in ("与子女同份", "判例全文", "官方公报", "不对案件作结论"):
        assert words in letter


def test_who_asks_for_a_verdict_is_refused_and_led_to_the_advisers(wide: WideTown) -> None:
    reference = file_online("foreign_law", VENEZUELA | {"issue": "请写明原告应当胜诉。"})
    ground = {
        "refusal": "wants_verdict",
        "reasons": "请求的是裁判结论",
        "right_office": "台山市侨联法律顾问",
    }
    make_move(wide.head("federation"), reference, "refuse", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "refused"
    for words in ("不能代替法院下结论", "台山市侨联法律顾问"):
        assert words in letter


@pytest.mark.parametrize(
    ("answer", "to", "why"),
    [("own_question", "legal_advice", "更快"), ("the_verdict", "stop", "不能代替法院下结论")],
)
def test_what_is_no_foreign_law_for_a_case_is_led_elsewhere(
    wide: WideTown, answer: str, to: str, why: str
) -> None:
    found = steer(browser_of_a_person(), "foreign_law", {"what_for": answer})
    assert (found.to, why in found.words) == (to, True)
