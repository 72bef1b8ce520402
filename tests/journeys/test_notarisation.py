"""Which remote notarisation fits; a foreign citizen is sent to apostille; the fifteen working days stand still for papers."""

import pytest

from qiaoqiao.catalogue.entry import holds
from qiaoqiao.catalogue.loader import entry
from tests.catalogue.test_clocking import dates
from tests.journeys.days import months, working_days
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

SALE = {
    "matter": "poa_house",
    "mode": "overseas_video",
    "place": "440781",
    "use_in": "china",
    "purpose": "不动产登记中心，卖祖屋",
    "trustee": "陈国强，出售端芬镇房屋并收款，至2027年12月31日，不得转委托",
    "property_place": "端芬镇侨兴路8号，无共有人",
    "citizenship": "mainland",
    "country": "VE",
    "stay": "long_permit",
    "consulate": "驻委内瑞拉大使馆",
    "presence_alone": True,
}
ACCEPTED = {"notary_name": "伍公证员", "appointment": "1月8日上午9时（当地1月7日21时）", "fee": "300元"}


def test_the_notary_issues_within_fifteen_working_days_that_stand_still_for_papers(wide: WideTown) -> None:
    answers = {"who_where": "citizen_abroad", "used_where": "in_china", "presence": "consulate"}
    assert steer(browser_of_a_person(), "notarisation", answers).to == "go"
    reference = file_online("notarisation", SALE, papers=["identity_paper", "draft"])
    make_move(wide.head("federation"), reference, "forward", {"note": "适合海外远程视频公证"})
    make_move(wide.head("federation"), reference, "write_letter")
    notary = wide.head("notary")
    assert not may_move(notary, reference, "issue")
    make_move(notary, reference, "notary_accepts", ACCEPTED)
    assert due(reference, "issue") == working_days(15)
    assert due(reference, "finish") == months(6)
    missing = {"missing": ["marital_paper"], "papers_by": "2027-03-01", "note": "请补结婚证"}
    make_move(notary, reference, "notary_asks", missing)
    assert due(reference, "issue") is None
    take_step(reference, "give_papers", papers=["marital_paper"])
    assert due(reference, "issue") == working_days(15)  # all on one day: nothing was lost
    make_move(notary, reference, "begin_check")
    assert due(reference, "issue") is None
    make_move(notary, reference, "end_check")
    issued = {"certificate": "（2026）粤江台山1号", "handover": "受托人到公证处领取"}
    make_move(notary, reference, "issue", issued)
    shown = read_as_person(reference)
    assert (state_of(reference), case_of(reference).outcome) == ("issued", "issued")
    assert case_of(reference).office_id == wide.office("notary").pk
    assert english_in(shown) == set()
    assert "（2026）粤江台山1号" in read_notice(reference, "issue_notice")


def test_a_clear_power_of_attorney_is_issued_within_five_working_days(wide: WideTown) -> None:
    reference = file_online("notarisation", SALE, papers=["identity_paper", "draft"])
    make_move(wide.head("federation"), reference, "forward")
    notary = wide.head("notary")
    make_move(notary, reference, "notary_accepts_fast", ACCEPTED)
    assert due(reference, "issue_fast") == working_days(5)
    assert due(reference, "finish") == months(6)
    assert "issue" not in terms_of(reference)
    make_move(notary, reference, "begin_check")
    assert due(reference, "issue_fast") is None
    marital = {key: SALE[key] for key in SALE if key not in {"trustee", "property_place"}}
    other = file_online("notarisation", marital | {"matter": "marital"})
    make_move(wide.head("federation"), other, "forward")
    assert may_move(notary, other, "notary_accepts")
    assert not may_move(notary, other, "notary_accepts_fast")


@pytest.mark.parametrize(
    ("limit", "accepted", "last"),
    [
        ("issue_fast", "2026-02-12", "2026-02-26"),  # 13, 14 (made up), rest to 23, then 24, 25, 26
        ("finish", "2026-08-31", "2027-03-01"),  # no 31 February; the 28th is a Sunday
        ("finish", "2026-03-31", "2026-09-30"),
    ],
)
def test_the_notarys_other_limits(limit: str, accepted: str, last: str) -> None:
    assert dates("notarisation", limit, "--from", accepted)["due_on"] == last


@pytest.mark.parametrize(("citizenship", "asked"), [("mainland", True), ("foreign", False)])
def test_only_mainland_residents_have_a_household_book(citizenship: str, asked: bool) -> None:
    book = next(one for one in entry("notarisation").materials if one.id == "household_book")
    assert holds(book.when, SALE | {"citizenship": citizenship}) is asked


def test_who_needs_an_interpreter_is_told_of_other_ways_than_going_to_the_consulate(wide: WideTown) -> None:
    reference = file_online("notarisation", SALE | {"presence_alone": False})
    ground = {"refusal": "needs_helper", "reasons": "须家人翻译", "right_office": "驻委内瑞拉大使馆"}
    make_move(wide.head("federation"), reference, "refuse", ground)
    letter = read_notice(reference, "refusal_notice")
    assert "要求本人直接和公证员交流" in letter
    assert "不是在家视频" not in letter


def test_a_foreign_citizen_is_refused_and_sent_to_apostille(wide: WideTown) -> None:
    told = steer(browser_of_a_person(), "notarisation", {"who_where": "foreigner_abroad"})
    assert told.to == "stop"
    assert "附加证明书（Apostille）" in told.words
    reference = file_online("notarisation", SALE | {"citizenship": "foreign"})
    ground = {
        "refusal": "foreign_citizen",
        "reasons": "持委内瑞拉护照",
        "right_office": "住在国公证人和主管附加证明书的机关",
    }
    make_move(wide.head("federation"), reference, "refuse", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "refused"
    for words in ("持委内瑞拉护照", "外籍华人不能用", "附加证明书（Apostille）", "双认证"):
        assert words in letter


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"who_where": "hk_tw_abroad"}, "只给大陆居民办"),
        ({"who_where": "citizen_abroad", "used_where": "abroad_from_abroad"}, "拟在国外使用"),
        (
            {"who_where": "citizen_abroad", "used_where": "in_china", "presence": "from_home"},
            "不是在家视频",
        ),
        ({"who_where": "citizen_abroad", "used_where": "in_china", "presence": "too_short"}, "180日"),
    ],
)
def test_who_cannot_use_the_video_is_told_why(wide: WideTown, answers: dict[str, str], why: str) -> None:
    found = steer(browser_of_a_person(), "notarisation", answers)
    assert (found.to, why in found.words) == ("stop", True)
