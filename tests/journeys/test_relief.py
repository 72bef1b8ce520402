"""A household in hardship is helped by the fund, refused with where to turn, or led to the government first."""

from datetime import date, timedelta

from django.utils import timezone

from qiaoqiao.access.actions import set_office_number
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
)

HOUSEHOLD = {
    "standing": "returnee",
    "place": "440781",
    "address": "端芬镇侨兴路8号",
    "members": 3,
    "income": 1800,
    "difficulty": "illness",
    "story": "老伴住院三个月",
    "emergency": False,
    "government_aid": "receiving",
    "wish": "cash",
}
GROUND = {
    "refusal": "no_hardship",
    "reasons": "药费已全部报销",
    "right_office": "端芬镇侨胞之家 0750-5500000",
}


def test_a_household_is_visited_reviewed_shown_and_helped(wide: WideTown) -> None:
    set_office_number("ts-federation", service="relief", setting="verify_days", number=10)
    client, today = browser_of_a_person(), timezone.localdate()
    assert steer(client, "relief", {"who": "returnee", "what": "relief"}).to == "go"
    reference = file_online("relief", HOUSEHOLD, client=client, papers=["identity"])
    head = wide.head("federation")
    assert due(reference, "verify") == today + timedelta(days=10)
    make_move(head, reference, "ask_papers", {"missing": ["difficulty_proof"], "papers_by": "2027-03-01"})
    take_step(reference, "supplement", papers=["difficulty_proof"])
    make_move(head, reference, "verified", {"found": "情况属实"})
    make_move(head, reference, "committee_agrees", {"notice_number": "2027-1", "shown_until": "2027-03-08"})
    make_move(head, reference, "notice_over", {"objections": "没有异议"})
    make_move(head, reference, "approve", {"amount": "人民币贰仟元整（¥2,000.00）"})
    assert "人民币贰仟元整" in read_notice(reference, "approval_notice")
    make_move(head, reference, "pay", {"paid_on": "2027-03-12", "way": "台山农商银行 ****7890"})
    take_step(reference, "confirm_receipt")
    make_move(head, reference, "follow_up", {"visited_on": "2027-06-01"})
    shown = read_as_person(reference)
    assert (state_of(reference), case_of(reference).outcome) == ("helped", "helped")
    assert "这次帮助办完了" in shown
    assert english_in(shown) == set()


def test_help_that_ends_otherwise_than_by_helping_is_told(wide: WideTown) -> None:
    head, told = wide.head("federation"), {"reasons": "子女已接回同住"}
    ended = {
        "cancel_help": ("cancellation_notice", "cancelled"),
        "money_came_back": ("refund_notice", "given_back"),
    }
    for move, (notice, state) in ended.items():
        reference = file_online("relief", HOUSEHOLD, papers=["identity"])
        make_move(head, reference, "start_visit", {"visit_on": "2027-03-03", "visitors": "黄志雄、李梅"})
        make_move(head, reference, "verified", {"found": "情况属实"})
        make_move(
            head, reference, "committee_agrees", {"notice_number": "2027-1", "shown_until": "2027-03-08"}
        )
        make_move(head, reference, "notice_over", {"objections": "没有异议"})
        make_move(head, reference, "approve", {"amount": "人民币贰仟元整（¥2,000.00）"})
        if move == "money_came_back":
            make_move(head, reference, "pay", {"paid_on": "2027-03-12", "way": "台山农商银行 ****7890"})
        make_move(head, reference, move, told)
        assert "子女已接回同住" in read_notice(reference, notice)
        assert state_of(reference) == state
        assert english_in(read_as_person(reference)) == set()


def test_a_household_without_hardship_is_told_why_and_where_to_turn(wide: WideTown) -> None:
    reference = file_online("relief", HOUSEHOLD)
    head = wide.head("federation")
    assert "临时救助" in read_notice(reference, "receipt")
    visit = {"visit_on": date(2027, 3, 3).isoformat(), "visitors": "黄志雄、李梅"}
    make_move(head, reference, "start_visit", visit)
    letter = read_notice(reference, "visit_notice")
    for words in ("黄志雄、李梅", "2027年3月3日", "银行密码"):
        assert words in letter
    make_move(head, reference, "refuse", GROUND)
    letter = read_notice(reference, "refusal_notice")
    for words in ("药费已全部报销", "端芬镇侨胞之家", "不是行政决定", "第七十六条"):
        assert words in letter
    assert state_of(reference) == "refused"


def test_who_may_get_the_governments_help_is_led_there_and_comes_back_if_not(wide: WideTown) -> None:
    emergency = {"emergency": True, "emergency_place": "440783"}
    reference = file_online("relief", HOUSEHOLD | emergency)
    head, civil = wide.head("federation"), wide.head("civil_affairs")
    led = {"government_office": wide.office("civil_affairs"), "reasons": "急难，先走临时救助"}
    make_move(head, reference, "lead_to_government", led)
    letter = read_notice(reference, "referral_notice")
    for words in ("台山市民政局", "开平市", "每月收入约1800元"):
        assert words in letter
    make_move(civil, reference, "government_declines", {"reasons": "收入超过标准"})
    assert state_of(reference) == "verifying"
    make_move(head, reference, "lead_to_government", led)
    make_move(civil, reference, "government_takes", {"answer": "发放临时救助金"})
    assert (state_of(reference), case_of(reference).outcome) == ("led", "led_to_government")
    assert not may_move(head, reference, "refuse")


def test_a_foreign_citizen_and_an_appeal_are_steered_elsewhere(wide: WideTown) -> None:
    client = browser_of_a_person()
    assert steer(client, "relief", {"who": "nobody"}).to == "stop"
    appeal = steer(client, "relief", {"who": "returnee", "what": "appeal"})
    assert appeal.to == "stop"
    assert "第七十六条" in appeal.words
    emergency = steer(client, "relief", {"who": "returnee", "what": "emergency"})
    assert emergency.to == "go"
