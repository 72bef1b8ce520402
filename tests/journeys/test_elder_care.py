"""A mother alone in Duanfen, her daughter in Caracas: assessed at home, arranged, agreed to."""

from typing import Any

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

MOTHER: dict[str, Any] = {
    "care": "home",
    "place": "440781",
    "address": "端芬镇侨兴路8号",
    "door": "邻居李婶 13800000000",
    "elder_name": "梅秀英",
    "elder_birth": "1941-02-03",
    "related": "child",
    "lives_with": "alone",
    "abilities": ["washing", "errands"],
}
PLAN = {"arranged_text": "每周三次上门助浴、送餐，端芬敬老院提供", "pays": "自付每月200元，其余政府补贴"}


def test_a_mother_is_visited_assessed_and_cared_for(wide: WideTown) -> None:
    client, bureau = browser_of_a_person(), wide.head("civil_affairs")
    assert steer(client, "elder_care", {"danger": "no_danger", "need": "care"}).to == "go"
    reference = file_online("elder_care", MOTHER, client=client, papers=["elder_identity", "elder_agrees"])
    township = wide.office("township", "township")
    make_move(bureau, reference, "ask_township", {"township_office": township})
    make_move(
        wide.head("township", "township"), reference, "township_reply", {"township_knows": "独居，门有锁"}
    )
    make_move(bureau, reference, "fix_visit", {"visit_on": "2027-01-06", "visit_at": "上午9点，两人"})
    assert "不收任何费用" in read_notice(reference, "visit_notice")
    make_move(bureau, reference, "assess", {"assessed_on": "2027-01-06", "level": "light"})
    make_move(bureau, reference, "offer", PLAN)
    take_step(reference, "other_wish", {"wish_text": "能不能每周四次"})
    make_move(bureau, reference, "offer", PLAN | {"arranged_text": "每周四次上门助浴、送餐，端芬敬老院提供"})
    take_step(reference, "confirm")
    shown, letter = read_as_person(reference), read_notice(reference, "arranged_notice")
    assert (state_of(reference), case_of(reference).outcome) == ("arranged", "arranged")
    assert english_in(shown) == set()
    assert "门有锁" not in shown
    for words in ("梅秀英", "每周四次", "自付每月200元", "洗澡、穿衣"):
        assert words in letter


def test_somebody_who_needs_a_doctor_first_is_told_so(wide: WideTown) -> None:
    reference = file_online("elder_care", MOTHER)
    ground = {
        "refusal": "needs_hospital",
        "reasons": "刚骨折，须先手术",
        "right_office": "台山市人民医院 0750-5500002",
    }
    make_move(wide.head("civil_affairs"), reference, "refuse", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "refused"
    for words in ("刚骨折", "请走健康服务", "台山市人民医院", "六十日"):
        assert words in letter


LED = [
    ({"danger": "danger_now"}, "stop", "请马上打120"),
    ({"danger": "no_danger", "need": "doctor"}, "health", "治病由医院安排"),
    ({"danger": "no_danger", "need": "money"}, "relief", "困难救助"),
    ({"danger": "no_danger", "need": "pension"}, "social_insurance", "人社部门"),
    ({"danger": "no_danger", "need": "support"}, "mediation", "先请调解"),
]


def test_the_questions_lead_to_the_right_place_and_say_why(wide: WideTown) -> None:
    for answers, to, why in LED:
        steered = steer(browser_of_a_person(), "elder_care", answers)
        assert (steered.to, why in steered.words) == (to, True), answers
