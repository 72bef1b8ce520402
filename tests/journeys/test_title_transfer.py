"""The old house sold from Caracas: an attorney, the tax, the register; no transfer while the family quarrels."""

from typing import Any

from qiaoqiao.catalogue.loader import entry
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

SALE: dict[str, Any] = {
    "deal": "sale",
    "place": "440781",
    "address": "台城街道西门路12号",
    "title_number": "粤房地证字第C123号",
    "owner": "陈玉莲",
    "other_party": "黄志明",
    "tax_paid": False,
    "nationality": "VE",
    "acts": "attorney",
    "attorney_name": "陈国强",
}
BOOK = {"new_title": "粤（2027）台山市不动产权第00088号", "collect": "登记大厅5号窗"}


def test_a_house_is_sold_from_abroad_with_the_tax_cleared_on_the_way(wide: WideTown) -> None:
    client, register, bureau = browser_of_a_person(), wide.head("natural_resources"), wide.head("tax")
    assert steer(client, "title_transfer", {"trouble": "clear", "power": "have_power"}).to == "go"
    papers = ["title", "identity", "power_of_attorney", "contract"]
    reference = file_online("title_transfer", SALE, client=client, papers=papers)
    assert "手签原件" in read_notice(reference, "receipt")
    make_move(register, reference, "accept")
    assert not may_move(register, reference, "register")
    make_move(register, reference, "ask_tax")
    make_move(bureau, reference, "name_tax", {"tax_due": "个人所得税三千元，在税务局窗口缴"})
    assert "个人所得税三千元" in read_notice(reference, "tax_notice")
    make_move(bureau, reference, "clear_tax", {"tax_paper": "完税证明44号"})
    make_move(register, reference, "register_taxed", BOOK)
    shown, letter = read_as_person(reference), read_notice(reference, "title_notice")
    assert (state_of(reference), case_of(reference).outcome) == ("registered", "registered")
    assert english_in(shown) == set()
    assert "第00088号" in letter
    assert "西门路12号" in letter


def test_tax_paid_already_goes_straight_to_the_register(wide: WideTown) -> None:
    register = wide.head("natural_resources")
    reference = file_online("title_transfer", SALE | {"tax_paid": True}, papers=["tax_receipt"])
    make_move(register, reference, "accept")
    assert not may_move(register, reference, "ask_tax")
    make_move(register, reference, "register", BOOK)
    assert state_of(reference) == "registered"


def test_a_quarrel_is_refused_and_no_judicial_confirmation_is_promised(wide: WideTown) -> None:
    reference = file_online("title_transfer", SALE)
    ground = {
        "refusal": "dispute",
        "reasons": "二叔书面提出异议",
        "right_office": "台山市涉侨纠纷调解工作室",
    }
    make_move(wide.head("natural_resources"), reference, "refuse", ground)
    letter = read_notice(reference, "refusal_notice")
    assert state_of(reference) == "refused"
    for words in ("二叔书面提出异议", "不能申请司法确认", "由法院判决", "六十日"):
        assert words in letter


def test_no_paper_of_a_transfer_can_be_promised_for_later() -> None:
    """The register would be changed on a power of attorney nobody has seen."""
    found = entry("title_transfer")
    assert [paper.id for paper in found.materials if paper.promise] == []
    (contract,) = [paper for paper in found.materials if paper.id == "contract"]
    assert (contract.form["zh-Hans"], contract.law.source) == ("原件", "no_limit")


LED = [
    ({"trouble": "quarrel"}, "mediation", "不能申请司法确认"),
    ({"trouble": "expropriated"}, "house", "六个月"),
    ({"trouble": "taken"}, "petition", "历史遗留"),
    ({"trouble": "clear", "power": "need_power"}, "notarisation", "连续停留满180日或者有长期居留"),
    ({"trouble": "clear", "power": "come"}, "go", ""),
]


def test_the_questions_lead_to_the_right_place_and_say_why(wide: WideTown) -> None:
    for answers, to, why in LED:
        steered = steer(browser_of_a_person(), "title_transfer", answers)
        assert (steered.to, why in steered.words) == (to, True), answers
