"""A question: answered, led to the service that fits, or handed to the office in charge; never a decision."""

from typing import Any

from qiaoqiao.catalogue.entry import Language
from qiaoqiao.catalogue.loader import entry
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

QUESTION: dict[str, Any] = {
    "topic": "family",
    "place": "440781",
    "lives_in": "VE",
    "request": "爷爷在台山的学校捐过一间教室，想知道现在还在不在",
}


def test_a_question_is_explained_and_answered(wide: WideTown) -> None:
    client, federation = browser_of_a_person(), wide.head("federation")
    assert steer(client, "enquiry", {"danger": "no_danger", "subject": "other"}).to == "go"
    reference = file_online("enquiry", QUESTION, client=client)
    assert case_of(reference).office_id == wide.office("federation").pk
    make_move(federation, reference, "ask_more", {"unclear": "是哪所学校，哪一年？"})
    take_step(reference, "explain", {"explanation": "端芬中学，一九五六年"})
    make_move(federation, reference, "answer", {"answer_text": "教室还在，现为校史室，可以约时间参观。"})
    shown, letter = read_as_person(reference), read_notice(reference, "reply")
    assert (state_of(reference), case_of(reference).outcome) == ("answered", "answered")
    assert english_in(shown) == set()
    for words in ("捐过一间教室", "现为校史室", "不是行政决定"):
        assert words in letter


def test_a_wish_that_is_a_service_is_led_there_by_name(wide: WideTown) -> None:
    reference = file_online("enquiry", QUESTION | {"request": "老屋要过户给儿子，人在委内瑞拉"})
    where = {"right_service": "title_transfer", "why_there": "先办公证委托书，再交自然资源局。"}
    make_move(wide.head("federation"), reference, "lead_to", where)
    letter = read_notice(reference, "led_notice")
    assert (state_of(reference), case_of(reference).outcome) == ("led", "led")
    assert "请办这一项：不动产过户" in letter
    assert "先办公证委托书" in letter


def test_another_offices_question_is_handed_over_returned_and_handed_to_the_right_one(wide: WideTown) -> None:
    reference, federation = file_online("enquiry", QUESTION), wide.head("federation")
    make_move(federation, reference, "hand_over", {"organ_office": wide.office("housing")})
    make_move(wide.head("housing"), reference, "organ_returns", {"why": "学校归教育局"})
    assert case_of(reference).office_id == wide.office("federation").pk
    make_move(federation, reference, "hand_over", {"organ_office": wide.office("education"), "note": "请答"})
    assert "您不用重写" in read_notice(reference, "handed_letter")
    education = wide.head("education")
    make_move(education, reference, "organ_takes")
    assert case_of(reference).office_id == wide.office("education").pk
    make_move(education, reference, "organ_answer", {"answer_text": "教室已登记为侨捐项目。"})
    assert "教室已登记为侨捐项目" in read_notice(reference, "reply")


def test_the_federation_does_not_tell_about_others(wide: WideTown) -> None:
    reference = file_online("enquiry", QUESTION | {"request": "我堂弟现在住哪里，身份证号多少"})
    ground = {
        "refusal": "others_privacy",
        "reasons": "涉及他人个人信息",
        "right_office": "台山市侨联可代转信件",
    }
    make_move(wide.head("federation"), reference, "refuse", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "refused"
    for words in ("不能告诉您", "由对方决定是否联系", "代转信件"):
        assert words in letter


MARKS: dict[Language, str] = {
    "zh-Hans": "在广东",
    "zh-Hant": "在廣東",
    "en": "in Guangdong",
    "es": "en Guangdong",
    "pt": "em Guangdong",
}
LED = [
    ({"danger": "danger_now"}, "stop", "12308"),
    ({"danger": "no_danger", "subject": "complaint"}, "petition", "法定的登记和答复期限"),
    ({"danger": "no_danger", "subject": "house"}, "house", "专门的事项"),
    ({"danger": "no_danger", "subject": "tax"}, "tax", "专门的事项"),
    ({"danger": "no_danger", "subject": "move_back"}, "settlement", "专门的事项"),
]


def test_who_needs_help_now_or_another_service_is_told_at_once(wide: WideTown) -> None:
    for answers, to, why in LED:
        steered = steer(browser_of_a_person(), "enquiry", answers)
        assert (steered.to, why in steered.words) == (to, True), answers


def test_a_house_in_liuzhou_is_not_sent_in_a_circle_but_to_a_question_that_can_be_filed(
    wide: WideTown,
) -> None:
    """The house's own service is Guangdong's; both pages that lead to it say so, and the last one takes the question."""
    for service in ("petition", "enquiry"):
        answers = [one for question in entry(service).questions for one in question.answers]
        to_house = [one for one in answers if one.then == "entry:house"]
        assert to_house
        for language, mark in MARKS.items():
            assert all(mark in one.label[language] for one in to_house)
    assert steer(browser_of_a_person(), "house", {"province": "elsewhere"}).to == "enquiry"
    assert steer(browser_of_a_person(), "enquiry", {"danger": "no_danger", "subject": "other"}).to == "go"
