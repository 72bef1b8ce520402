"""Who is an overseas Chinese, a returnee, a relative: the government's office says so, the federation does not."""

from datetime import date

import pytest

from qiaoqiao.access.actions import set_office_number
from qiaoqiao.catalogue.loader import entry
from tests.cast import AT, file_case
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

GRANDCHILD = {
    "standing": "relative",
    "nationality": "CN",
    "place": "440781",
    "hukou_address": "端芬镇侨兴路8号",
    "kin_name": "陈老伯",
    "relation": "grandparent",
    "kin_standing": "overseas_chinese",
    "kin_country": "VE",
    "tie_ended": False,
}
ABROAD = {
    "standing": "overseas_chinese",
    "nationality": "CN",
    "place": "440781",
    "hukou_address": "端芬镇侨兴路8号",
    "residence_country": "BR",
    "residence_right": "long_term",
    "stay_months_2y": 17,
    "study_or_official": False,
}


def test_a_grandchild_is_recognised_after_papers_and_a_word_from_the_federation(wide: WideTown) -> None:
    answers = {"purpose": "certificate", "person": "family", "abroad": "path_a"}
    assert steer(browser_of_a_person(), "identity", answers).to == "go"
    reference = file_online("identity", GRANDCHILD, papers=["id_household"])
    affairs, federation = wide.head("overseas_affairs"), wide.head("federation")
    assert case_of(reference).office_id == wide.office("overseas_affairs").pk
    missing = {"missing": ["kin_abroad", "kinship_proof"], "papers_by": "2027-02-01"}
    make_move(affairs, reference, "ask_papers", missing)
    take_step(reference, "supplement", papers=["kin_abroad", "kinship_proof"])
    make_move(affairs, reference, "consult", {"question": "陈老伯是否定居加拉加斯？"})
    make_move(federation, reference, "opinion", {"found": "村里都知道，1985年出国定居。"})
    assert not may_move(federation, reference, "recognise")
    make_move(
        affairs,
        reference,
        "recognise",
        {"certificate_number": "台侨认2026007", "grounds": "祖父定居委内瑞拉四十年"},
    )
    shown, letter = read_as_person(reference), read_notice(reference, "certificate")
    assert (state_of(reference), case_of(reference).outcome) == ("recognised", "recognised")
    assert english_in(shown) == set()
    assert "1985年出国" not in shown + letter
    for words in (
        "侨眷（华侨、归侨的眷属）",
        "台侨认2026007",
        "祖父定居委内瑞拉四十年",
        "台山市，端芬镇侨兴路8号",
    ):
        assert words in letter


def test_a_second_request_for_papers_is_the_offices_fault(wide: WideTown) -> None:
    reference = file_online("identity", GRANDCHILD)
    affairs = wide.head("overseas_affairs")
    make_move(affairs, reference, "ask_papers", {"missing": ["kinship_proof"], "papers_by": "2027-02-01"})
    take_step(reference, "supplement", papers=["kinship_proof"])
    make_move(affairs, reference, "ask_again", {"missing": ["kin_abroad"], "papers_by": "2027-03-01"})
    assert case_of(reference).faults == 1
    assert "这是本机关的过失" in read_notice(reference, "second_notice")


def test_seventeen_months_are_refused_with_the_rule_and_the_remedies(wide: WideTown) -> None:
    reference = file_online("identity", ABROAD)
    ground = {
        "refusal": "stay_too_short",
        "reasons": "两年内只住了十七个月",
        "right_office": "台山市侨务局 0750-5500000",
    }
    make_move(wide.head("overseas_affairs"), reference, "not_recognise", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "not_recognised"
    for words in ("两年内只住了十七个月", "不少于十八个月", "不少于三十个月", "六十日", "行政复议"):
        assert words in letter


def test_somebody_registered_elsewhere_is_handed_over_and_stays_ours_until_taken(wide: WideTown) -> None:
    reference = file_online("identity", GRANDCHILD)
    city = wide.office("overseas_affairs", "city")
    make_move(wide.head("overseas_affairs"), reference, "transfer", {"to_place": city, "note": "户口在江门"})
    assert case_of(reference).office_id == wide.office("overseas_affairs").pk
    assert "您不用重新申请" in read_as_person(reference)
    there = wide.head("overseas_affairs", "city")
    make_move(there, reference, "registered_takes")
    assert case_of(reference).office_id == city.pk
    found = {"certificate_number": "江侨认1", "grounds": "祖父是华侨"}
    make_move(there, reference, "registered_recognises", found)
    assert "江侨认1" in read_notice(reference, "certificate")


def test_no_date_is_made_up_and_an_offices_own_number_counts_exactly(wide: WideTown) -> None:
    office = wide.office("overseas_affairs")
    unset = file_case("identity", GRANDCHILD)
    assert (unset.due_on, terms_of(unset.reference)) == (None, set())
    set_office_number(office.code, service="identity", setting="answer_days", number=15)
    counted = file_case("identity", GRANDCHILD, at=AT)
    assert counted.filed_on == date(2026, 3, 2)
    assert due(counted.reference, "answer") == date(2026, 3, 17)


@pytest.mark.parametrize(
    ("answers", "to", "why"),
    [
        ({"purpose": "school"}, "schooling", "不用先办身份认定"),
        ({"purpose": "gaokao"}, "exam_preference", "地级以上市"),
        ({"purpose": "settle"}, "settlement", "已经包括"),
        ({"purpose": "nationality"}, "nationality", "不承认双重国籍"),
        ({"purpose": "certificate", "person": "foreign_as_overseas"}, "stop", "外籍华人不是华侨"),
        (
            {"purpose": "certificate", "person": "citizen_abroad", "abroad": "study_or_official"},
            "stop",
            "不算在国外定居",
        ),
        ({"purpose": "certificate", "person": "citizen_abroad", "abroad": "too_short"}, "stop", "三十个月"),
        ({"purpose": "certificate", "person": "citizen_abroad", "abroad": "path_b"}, "go", ""),
        ({"purpose": "certificate", "person": "family", "abroad": "other"}, "go", ""),
    ],
)
def test_the_questions_lead_to_the_right_place_and_say_why(
    db: None, answers: dict[str, str], to: str, why: str
) -> None:
    steered = steer(browser_of_a_person(), "identity", answers)
    assert steered.to == to
    assert why in steered.words


def test_the_in_law_who_counts_is_the_applicant_not_the_person_abroad() -> None:
    """The law names children and their spouses: a son-in-law asks, and the one abroad is his wife's parent."""
    (relation,) = [field for field in entry("identity").fields if field.id == "relation"]
    names = {option.id: option.label["zh-Hans"] for option in relation.options}
    assert (names["parent"], names["child"]) == ("父母，或者配偶的父母", "子女")


def test_only_the_notarised_support_is_asked_for_by_the_law_itself() -> None:
    verified = {"protection_law", "protection_measures", "identity_rules"}
    materials = entry("identity").materials
    assert [paper.id for paper in materials if paper.law.source in verified] == ["support_proof"]


def test_the_services_page_says_the_federation_does_not_decide(db: None) -> None:
    html = page(browser_of_a_person(), "/services/identity/")
    assert "侨联不是认定机关" in html
    assert english_in(html) == set()
