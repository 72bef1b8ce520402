"""A visit to the hospital: an emergency is stopped at the first question, a visit is booked, missed, booked anew."""

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
    take_step,
)
from tests.portal.following import page

FATHER: dict[str, Any] = {
    "matter": "booking",
    "urgent_signs": False,
    "place": "440781",
    "department": "心血管内科",
    "from_day": "2027-02-20",
    "until_day": "2027-03-05",
    "speaks": "siyi",
    "patient_is": "adult",
    "patient_name": "陈老伯",
    "paper_kind": "id_card",
    "insurance": "china",
    "complaint": "上楼气短半年了",
}
SLOT = {"visit_on": "2027-02-22", "visit_at": "上午9点，门诊楼3楼", "bring": "空腹，带以前的心电图"}


def test_a_visit_is_booked_missed_booked_anew_and_followed_up(wide: WideTown) -> None:
    client, hospital = browser_of_a_person(), wide.head("hospital")
    calm = {"emergency": "no_emergency", "infection": "not_infectious", "aim": "visit"}
    assert steer(client, "health", calm).to == "go"
    reference = file_online("health", FATHER, client=client, papers=["identity", "patient_agrees"])
    assert case_of(reference).office_id == wide.office("hospital").pk
    assert "120" in read_notice(reference, "receipt")
    make_move(hospital, reference, "schedule", SLOT)
    make_move(hospital, reference, "not_come")
    take_step(reference, "move_date", {"other_days": "三月初都可以"})
    make_move(hospital, reference, "schedule", SLOT | {"visit_on": "2027-03-02"})
    make_move(hospital, reference, "seen")
    make_move(hospital, reference, "follow_up")
    shown, letter = read_as_person(reference), read_notice(reference, "appointment")
    assert (state_of(reference), case_of(reference).outcome) == ("attended", "attended")
    assert english_in(shown) == set()
    for words in ("2027年3月2日", "上午9点，门诊楼3楼", "居民身份证", "陈老伯"):
        assert words in letter


def test_an_emergency_is_told_to_call_120_before_anything_else(wide: WideTown) -> None:
    client = browser_of_a_person()
    html = page(client, "/services/health/")
    assert html.index("急危重症请先打120") < html.index('name="emergency"')
    assert 'name="infection"' not in html
    stopped = steer(client, "health", {"emergency": "emergency_now"})
    assert (stopped.to, "请马上拨打120" in stopped.words) == ("stop", True)


def test_what_got_past_the_question_is_sent_to_the_emergency_room(wide: WideTown) -> None:
    reference = file_online("health", FATHER | {"urgent_signs": True})
    ground = {"refusal": "emergency", "reasons": "胸痛一小时", "right_office": "120；台山市人民医院急诊科"}
    make_move(wide.head("hospital"), reference, "refuse", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "refused"
    for words in ("请马上拨打120", "胸痛一小时", "急诊科"):
        assert words in letter


def test_advice_online_is_no_diagnosis_and_a_booking_cannot_be_answered_by_advice(wide: WideTown) -> None:
    hospital = wide.head("hospital")
    asked = {key: FATHER[key] for key in FATHER if key not in ("department", "from_day", "until_day")}
    reference = file_online("health", asked | {"matter": "online_advice"})
    make_move(hospital, reference, "advise", {"advice_text": "建议到心血管内科当面检查"})
    letter = read_notice(reference, "advice")
    assert (state_of(reference), "不是诊断，也不是处方" in letter) == ("advised", True)
    assert not may_move(hospital, file_online("health", FATHER), "advise")


LED = [
    ({"infection": "infectious"}, "stop", "发热门诊"),
    ({"infection": "not_infectious", "aim": "first_online"}, "stop", "第一次看的病不能在网上诊断"),
    ({"infection": "not_infectious", "aim": "advice"}, "go", ""),
    ({"infection": "not_infectious", "aim": "money"}, "relief", "医药费有困难"),
    ({"infection": "not_infectious", "aim": "care"}, "elder_care", "民政部门"),
]


def test_the_questions_lead_to_the_right_place_and_say_why(wide: WideTown) -> None:
    for last, to, why in LED:
        steered = steer(browser_of_a_person(), "health", {"emergency": "no_emergency"} | last)
        assert (steered.to, why in steered.words) == (to, True), last
