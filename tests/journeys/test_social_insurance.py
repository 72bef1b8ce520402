"""Insurance after coming home: the passport counts as an identity card, a foreign one does not."""

from typing import Any

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
)

MEDICAL: dict[str, Any] = {
    "matter": "medical",
    "place": "440781",
    "works": "resident",
    "birth": "1961-04-05",
    "insured_before": "1990年至1997年，台山糖厂",
    "document_kind": "cn_passport",
    "by_proxy": False,
}
DONE = {"since_on": "2027-01-01", "how_to_pay": "每年在村里或者手机上缴，社保卡到镇上领"}


def test_medical_insurance_is_settled_with_the_agency_asked_along(wide: WideTown) -> None:
    client, lead = browser_of_a_person(), wide.head("human_resources")
    assert steer(client, "social_insurance", {"paper": "cn_passport", "aim": "insure"}).to == "go"
    reference = file_online(
        "social_insurance", MEDICAL, client=client, papers=["identity", "residence_abroad"]
    )
    make_move(lead, reference, "accept")
    make_move(lead, reference, "ask_medical", {"note": "请查旧档"})
    make_move(wide.head("health"), reference, "medical_done", {"medical_result": "旧档已找到"})
    make_move(lead, reference, "finish", DONE)
    shown, letter = read_as_person(reference), read_notice(reference, "done_notice")
    assert (state_of(reference), case_of(reference).outcome) == ("insured", "insured")
    assert case_of(reference).office_id == wide.office("human_resources").pk
    assert english_in(shown) == set()
    for words in ("2027年1月1日", "台山糖厂", "社保卡到镇上领"):
        assert words in letter


def test_a_pension_needs_no_medical_agency(wide: WideTown) -> None:
    lead = wide.head("human_resources")
    facts = MEDICAL | {"matter": "pension_resume", "last_place": "台山"}
    reference = file_online("social_insurance", facts)
    make_move(lead, reference, "accept")
    assert not may_move(lead, reference, "ask_medical")


def test_an_employee_is_told_that_the_employer_does_it(wide: WideTown) -> None:
    reference = file_online("social_insurance", MEDICAL | {"works": "employed"})
    ground = {
        "refusal": "employer_does_it",
        "reasons": "已在台山某公司入职",
        "right_office": "台山市人力资源和社会保障局 12333",
    }
    make_move(wide.head("human_resources"), reference, "refuse", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "refused"
    for words in ("由单位在入职地为您参保", "已在台山某公司入职", "六十日"):
        assert words in letter


LED = [
    ({"paper": "foreign_passport"}, "stop", "只限定居国外的中国公民"),
    ({"paper": "id_card", "aim": "not_registered"}, "residence_registration", "请先登记户口"),
    ({"paper": "id_card", "aim": "poor"}, "relief", "先申请救助"),
    ({"paper": "id_card", "aim": "labour"}, "legal_advice", "劳动仲裁"),
]


def test_the_questions_lead_to_the_right_place_and_say_why(wide: WideTown) -> None:
    for answers, to, why in LED:
        steered = steer(browser_of_a_person(), "social_insurance", answers)
        assert (steered.to, why in steered.words) == (to, True), answers
