"""A child from Caracas goes to school in Taishan: through every door, and the one that is closed."""

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

CHILD = {
    "child_name": "陈小明",
    "child_birth": "2018-05-06",
    "child_nationality": "CN",
    "parents_status": "both",
    "parents_country": "VE",
    "parents_residence": "permanent",
    "guardian": "grandparents",
    "guardian_name": "陈老伯",
    "stage": "primary_transfer",
    "grade": 3,
    "last_school": "加拉加斯第一小学",
    "place": "440781",
    "basis": "guardian_hukou",
    "address": "端芬镇侨兴路8号",
    "term_start": "2027-09-01",
}


def test_a_child_is_certified_and_finds_a_school(wide: WideTown) -> None:
    client = browser_of_a_person()
    assert (
        steer(client, "schooling", {"child_citizen": "chinese", "parents": "settled", "school": "public"}).to
        == "go"
    )
    reference = file_online("schooling", CHILD, client=client, papers=["child_id", "parents_identity"])
    affairs, education = wide.head("overseas_affairs"), wide.head("education")
    make_move(
        affairs,
        reference,
        "ask_papers",
        {"missing": ["kinship_proof"], "papers_by": "2027-03-01", "note": "请补"},
    )
    take_step(reference, "supplement", {"note": "补好了"}, papers=["kinship_proof"])
    make_move(affairs, reference, "certify", {"certificate_number": "台侨学2026001"})
    make_move(education, reference, "edu_takes")
    make_move(
        education, reference, "offer_place", {"school_name": "端芬中心小学", "register_by": "2027-08-28"}
    )
    take_step(reference, "take_place")
    make_move(education, reference, "confirm_enrolled", {"enrolled_on": "2027-09-01"})
    shown = read_as_person(reference)
    assert (state_of(reference), case_of(reference).outcome) == ("enrolled", "enrolled")
    assert case_of(reference).office_id == wide.office("education").pk
    assert "孩子已经入学" in shown
    assert english_in(shown) == set()
    assert "端芬中心小学" in read_notice(reference, "place_notice")


def test_a_foreign_child_is_told_where_to_turn(wide: WideTown) -> None:
    steered = steer(browser_of_a_person(), "schooling", {"child_citizen": "foreign"})
    assert steered.to == "stop"
    assert "第三十四条" in steered.words
    reference = file_online("schooling", CHILD | {"child_nationality": "VE"})
    ground = {
        "refusal": "foreign_child",
        "reasons": "孩子持委内瑞拉护照",
        "right_office": "台山市教育局 0750-5500000",
    }
    make_move(wide.head("overseas_affairs"), reference, "not_certify", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "not_certified"
    for words in ("孩子持委内瑞拉护照", "台山市教育局", "六十日"):
        assert words in letter
