"""Nationality is no office's of ours to give: shown the way, passed to the police, followed to the end."""

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

RESTORING = {
    "matter": "restore",
    "nationality_now": "VE",
    "former_chinese": "acquired_abroad",
    "reason": "close_relative",
    "living": "in_china",
    "residence_permit": "permit",
    "place": "440781",
    "minor": False,
}
CHILD = {
    "matter": "determine",
    "nationality_now": "VE",
    "former_chinese": "never",
    "birth_country": "VE",
    "parents_at_birth": "chinese_settled",
    "foreign_at_birth": True,
    "living": "in_china",
    "place": "440781",
    "minor": True,
    "guardian_name": "陈志强",
}


def test_nationality_is_restored_and_the_foreign_passport_handed_in(wide: WideTown) -> None:
    steered = steer(browser_of_a_person(), "nationality", {"wish": "restore", "bar": "not_barred"})
    assert steered.to == "go"
    reference = file_online("nationality", RESTORING, papers=["foreign_passport"])
    federation, police = wide.head("federation"), wide.head("exit_entry_police")
    missing = {"missing": ["former_proof", "application", "application_letter"], "papers_by": "2027-02-01"}
    make_move(federation, reference, "ask_papers", missing)
    take_step(reference, "supplement", papers=["former_proof", "application", "application_letter"])
    assert not may_move(federation, reference, "show_consulate")
    make_move(federation, reference, "refer", {"first_view": "曾有中国国籍，母亲在台山"})
    assert case_of(reference).office_id == wide.office("federation").pk
    assert "初步看法（不是决定）：曾有中国国籍，母亲在台山" in read_notice(reference, "referral_notice")
    make_move(police, reference, "police_takes")
    make_move(police, reference, "accept")
    assert "没有规定审批期限" in read_notice(reference, "acceptance_notice")
    make_move(police, reference, "send_up")
    certificate = {"certificate_number": "复字2027001", "collect": "到台山市公安局出入境窗口领取"}
    make_move(police, reference, "grant", certificate)
    letter = read_notice(reference, "grant_notice")
    for words in ("复字2027001", "不得再保留外国国籍", "交出外国护照"):
        assert words in letter
    assert not may_move(police, reference, "grant_exit")
    make_move(police, reference, "passport_given", {"handed_in_on": "2027-05-06"})
    shown = read_as_person(reference)
    assert (state_of(reference), case_of(reference).outcome) == ("completed", "granted")
    assert english_in(shown) == set()


def test_a_child_with_a_foreign_nationality_from_birth_is_not_chinese(wide: WideTown) -> None:
    reference = file_online("nationality", CHILD)
    police = wide.head("exit_entry_police")
    make_move(wide.head("federation"), reference, "refer", {"first_view": "出生即有外国国籍，请认定"})
    make_move(police, reference, "police_takes")
    assert not may_move(police, reference, "accept")
    found = {"finding": "not_chinese", "basis": "国籍法第五条：出生时即具有外国国籍"}
    make_move(police, reference, "determine", found)
    letter = read_notice(reference, "determination_notice")
    assert state_of(reference) == "determined"
    assert "不具有中国国籍" in letter
    assert "国籍法第五条" in letter


def test_somebody_abroad_is_shown_to_the_consulate_and_tells_how_it_went(wide: WideTown) -> None:
    abroad = {name: said for name, said in RESTORING.items() if name != "residence_permit"}
    reference = file_online("nationality", abroad | {"living": "abroad"})
    federation = wide.head("federation")
    assert not may_move(federation, reference, "refer")
    shown = {"consulate": "中国驻委内瑞拉使馆领事部", "advice": "带外国护照、旧中国护照和照片"}
    make_move(federation, reference, "show_consulate", shown)
    assert "第十五条" in read_notice(reference, "consulate_notice")
    take_step(reference, "tell_result", {"result": "granted", "note": "已拿到证书"})
    assert state_of(reference) == "reported"


def test_who_has_lost_it_already_need_not_renounce(wide: WideTown) -> None:
    facts = {
        "matter": "renounce",
        "nationality_now": "VE",
        "reason": "settled",
        "public_post": False,
        "living": "in_china",
        "place": "440781",
        "minor": False,
    }
    reference = file_online("nationality", facts)
    ground = {
        "refusal": "automatic_loss",
        "reasons": "2001年定居后自愿入籍",
        "right_office": "台山市公安局出入境管理 0750-5500001",
    }
    make_move(wide.head("federation"), reference, "turn_away", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "not_accepted"
    for words in ("自动丧失中国国籍", "不用申请退出", "台山市公安局出入境管理"):
        assert words in letter


@pytest.mark.parametrize(
    ("answers", "to", "why"),
    [
        ({"wish": "both"}, "stop", "不承认中国公民具有双重国籍"),
        ({"wish": "lost_already"}, "stop", "自动丧失"),
        ({"wish": "settle"}, "settlement", "仍是中国国籍的是华侨"),
        ({"wish": "renounce", "bar": "barred"}, "stop", "第十二条"),
        ({"wish": "naturalise", "bar": "not_barred"}, "go", ""),
    ],
)
def test_the_questions_lead_to_the_right_place_and_say_why(
    db: None, answers: dict[str, str], to: str, why: str
) -> None:
    steered = steer(browser_of_a_person(), "nationality", answers)
    assert steered.to == to
    assert why in steered.words


def test_the_services_page_says_who_receives_it_and_that_no_law_sets_a_limit(db: None) -> None:
    html = page(browser_of_a_person(), "/services/nationality/")
    assert "受理的是公安机关或者中国使领馆" in html
    assert "法律没有规定" in html
    assert english_in(html) == set()
