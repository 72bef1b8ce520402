"""Asking the other side within three working days, then the studio; nobody is promised a confirmation the law excludes."""

import pytest

from qiaoqiao.catalogue.loader import entry
from tests.journeys.days import working_days
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
)

LEASE = {
    "matter": "lease",
    "place": "440781",
    "account": "租客三年没有交租。",
    "other_side": "李大伟",
    "other_contact": "0750-5512345",
    "other_country": "CN",
    "mode": "video",
    "device": True,
}
CONFIRMED = "申请司法确认"


def agreed(wide: WideTown, matter: str) -> str:
    reference = file_online("mediation", LEASE | {"matter": matter})
    federation = wide.head("federation")
    make_move(federation, reference, "take_up", {"note": "明天打电话"})
    assert due(reference, "contact_other") == working_days(3)
    make_move(federation, reference, "other_agrees", {"told_how": "电话，当场答应"})
    return reference


def test_both_agree_and_the_studio_takes_it_over(wide: WideTown) -> None:
    answers = {"where": "nowhere", "with": "people", "status": "money"}
    assert steer(browser_of_a_person(), "mediation", answers).to == "go"
    reference = agreed(wide, "lease")
    make_move(wide.head("federation"), reference, "refer_studio", {"note": "双方都能视频"})
    assert due(reference, "studio_confirm") == working_days(3)
    make_move(wide.head("federation"), reference, "write_letter")
    make_move(wide.head("mediation"), reference, "studio_takes", {"studio_contact": "吴调解员，周三来电"})
    shown = read_as_person(reference)
    assert (state_of(reference), case_of(reference).outcome) == ("with_studio", "with_studio")
    assert case_of(reference).office_id == wide.office("mediation").pk
    assert english_in(shown) == set()
    assert "电话，当场答应" not in shown
    assert f"30日内共同向法院{CONFIRMED}" in read_notice(reference, "referral_notice")


@pytest.mark.parametrize(
    ("matter", "move", "letter", "instead"),
    [
        ("divorce", "refer_divorce", "divorce_referral", "由法院立案后出调解书"),
        ("ownership", "refer_ownership", "ownership_referral", "由法院判决"),
    ],
)
def test_what_cannot_be_confirmed_by_a_court_is_never_offered_it(
    wide: WideTown, matter: str, move: str, letter: str, instead: str
) -> None:
    reference, federation = agreed(wide, matter), wide.head("federation")
    assert not may_move(federation, reference, "refer_studio")
    make_move(federation, reference, move, {"note": "先商量财物"})
    told = read_notice(reference, letter)
    assert instead in told
    assert f"不能{CONFIRMED}" in told
    assert CONFIRMED not in told.replace(f"不能{CONFIRMED}", "")


def test_every_matter_has_one_road_to_the_studio_and_only_one() -> None:
    about = entry("mediation")
    matters = next(field for field in about.fields if field.id == "matter").options
    roads = [move.when["matter"] for move in about.moves if move.offers == "studio"]
    taken = [one for road in roads for one in ([road] if isinstance(road, str) else road)]
    assert sorted(taken) == sorted(option.id for option in matters)


def test_a_refusal_of_the_other_side_ends_it_with_the_other_ways(wide: WideTown) -> None:
    reference = file_online("mediation", LEASE)
    make_move(wide.head("federation"), reference, "take_up")
    ways = {"other_ways": "可以向台山市人民法院起诉，诉讼时效三年。"}
    make_move(wide.head("federation"), reference, "other_declines", ways)
    assert case_of(reference).outcome == "other_refused"
    assert "可以向台山市人民法院起诉" in read_notice(reference, "no_mediation")


@pytest.mark.parametrize(
    ("answers", "to", "why"),
    [
        ({"where": "in_court"}, "stop", "承办法官"),
        ({"where": "judged"}, "legal_advice", "不能靠调解改判"),
        ({"where": "nowhere", "with": "office"}, "petition", "行政复议"),
        ({"where": "nowhere", "with": "danger"}, "stop", "110"),
    ],
)
def test_what_cannot_be_mediated_here_is_led_elsewhere(
    wide: WideTown, answers: dict[str, str], to: str, why: str
) -> None:
    found = steer(browser_of_a_person(), "mediation", answers)
    assert found.to == to
    assert why in found.words


def test_who_asks_about_a_divorce_reads_first_what_an_agreement_cannot_do(wide: WideTown) -> None:
    answers = {"where": "nowhere", "with": "people", "status": "divorce"}
    found = steer(browser_of_a_person(), "mediation", answers)
    assert found.to == "go"
    assert f"不能{CONFIRMED}" in found.words
