"""A question from Caracas answered by an adviser without ties to the other side, or led to the right procedure."""

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

QUESTION = {
    "matter": "contract",
    "place": "440781",
    "question": "合伙人不还钱怎么办",
    "account": "2023年借给合伙人二十万元，没有写借条。",
    "other_side": "李大伟",
    "lives_in": "VE",
    "foreign_law_involved": False,
}
ADVISER = {"adviser": "周律师（侨都律师事务所）", "conflict_check": "none_found"}


def test_an_adviser_without_ties_answers_after_stepping_aside_of_the_first(wide: WideTown) -> None:
    assert steer(browser_of_a_person(), "legal_advice", {"wish": "advice", "hurry": "calm"}).to == "go"
    reference, federation = file_online("legal_advice", QUESTION), wide.head("federation")
    make_move(federation, reference, "assign", ADVISER | {"adviser": "吴律师"})
    make_move(federation, reference, "step_aside", {"conflict": "吴律师曾代理李大伟"})
    make_move(federation, reference, "assign", ADVISER)
    missing = {"missing": ["documents"], "papers_by": "2027-03-01", "note": "请补转账记录"}
    make_move(federation, reference, "ask_papers", missing)
    take_step(reference, "supplement", papers=["documents"])
    make_move(federation, reference, "consult")
    make_move(wide.head("legal_service"), reference, "opinion", {"centre_opinion": "转账记录可以证明借款"})
    make_move(federation, reference, "answer", {"advice": "可以凭转账记录起诉，诉讼时效三年。"})
    shown, letter = read_as_person(reference), read_notice(reference, "advice")
    assert (state_of(reference), case_of(reference).outcome) == ("answered", "answered")
    assert english_in(shown) == set()
    assert "曾代理李大伟" not in shown + letter
    assert "可以凭转账记录起诉" in letter
    assert "没有委托、亲属或者其他利害关系" in read_notice(reference, "assignment")


def test_a_question_for_somebody_else_is_converted_with_the_way_to_go(wide: WideTown) -> None:
    reference, federation = file_online("legal_advice", QUESTION), wide.head("federation")
    make_move(federation, reference, "assign", ADVISER)
    way = {"road": "legal_aid", "how": "请向台山市法律援助中心申请，带身份证件。"}
    make_move(federation, reference, "convert", way)
    letter = read_notice(reference, "conversion")
    assert case_of(reference).outcome == "converted"
    for words in ("申请法律援助", "台山市法律援助中心"):
        assert words in letter


def test_the_side_that_comes_second_is_refused_and_told_where_else(wide: WideTown) -> None:
    reference = file_online("legal_advice", QUESTION)
    ground = {
        "refusal": "both_sides",
        "reasons": "李大伟上周已来咨询同一件事",
        "right_office": "台山市公共法律服务中心 12348",
    }
    make_move(wide.head("federation"), reference, "refuse", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "refused"
    for words in ("不能两边都帮", "台山市公共法律服务中心", "起诉、上诉、仲裁、复议都有期限"):
        assert words in letter


@pytest.mark.parametrize(
    ("wish", "to"),
    [
        ("free_lawyer", "legal_aid"),
        ("talk", "mediation"),
        ("notary", "notarisation"),
        ("foreign_rule", "foreign_law"),
        ("judged", "procuratorate"),
    ],
)
def test_each_other_wish_is_led_where_it_belongs(wide: WideTown, wish: str, to: str) -> None:
    assert steer(browser_of_a_person(), "legal_advice", {"wish": wish}).to == to
