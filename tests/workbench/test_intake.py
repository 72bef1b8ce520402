"""The window: taken down once, in two minutes, routed to whom it belongs, with receipt and one-time notice."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case, Paper
from tests.cast import Town, make_account, make_place, now_epoch
from tests.eyes import flaws
from tests.workbench.conftest import SignIn
from tests.workbench.roads import JOINING_A_SPOUSE
from tests.workbench.test_desk_papers import PIXEL

Opener = Callable[..., Page]
MOST_KEYSTROKES = 60
WALK_IN = {
    "service": "petition", "channel": "counter", "name": "禤𠮷堃", "country": "CN", "language": "zh-hans",
    "purpose": "claim", "topic": "hardship", "place": "440781", "request": "请帮忙申请低保", "facts": "丈夫去世，没有收入。",
    "in_other_procedure": "no", "petitioned_before": "no", "anonymous": "no", "joint": "no", "urgent": "no",
}  # fmt: skip


def take_in(client: Client, token: str = "1" * 32, **changes: Any) -> HttpResponse:
    return client.post("/staff/intake/", {"once": token, **WALK_IN, **changes})


def only_case() -> Case:
    with acting(SYSTEM, epoch=now_epoch()):
        return Case.objects.select_related("person", "mandate__agent", "office").get()


def how_many() -> int:
    with acting(SYSTEM, epoch=now_epoch()):
        return Case.objects.count()


def test_a_walk_in_becomes_a_case_with_its_receipt(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    answer = take_in(client)
    case = only_case()
    assert answer["Location"] == f"/staff/intake/{case.reference}/done/"
    assert (case.channel, case.person.name, case.office) == ("counter", "禤𠮷堃", town.federation)
    page = client.get(answer["Location"]).content.decode()
    for words in (case.reference, "打印回执", "负责单位", "下一件"):
        assert words in page
    receipt = re.search(r'href="(/staff/intake/[^"]+/papers/[^"]+)"', page)
    assert receipt
    printed = client.get(receipt.group(1))
    assert b"".join(printed.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


def test_pressing_twice_files_once(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    first, second = take_in(client), take_in(client)
    assert first["Location"] == second["Location"]
    assert how_many() == 1


def test_the_same_page_with_other_words_is_asked_about(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    take_in(client)
    again = take_in(client, name="另一位")
    assert again.status_code == 422
    assert "这一页已经登记过一件" in again.content.decode()
    assert how_many() == 1


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(town: Town, signed_in: SignIn) -> None:
    page = take_in(signed_in(town.officer_chen), name="", topic="", phone="不是号码", request="还在这里𠮷👵")
    html = page.content.decode()
    assert page.status_code == 422
    for words in ("请填写“姓名”", "请选择“涉及哪方面”", "还在这里𠮷👵", "不是号码"):
        assert words in html
    assert how_many() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"request": "字" * 50_000},
        {"purpose": "kidnap"},
        {"place": "999999"},
        {"place": "𠮷"},
        {"channel": "web"},
        {"channel": "pigeon"},
        {"country": "ZZZ"},
        {"language": "xx"},
        {"identity_kind": "spell", "identity_number": "1"},
        {"urgent": "maybe"},
        {"name": "\x00"},
    ],
)
def test_wrong_values_are_refused_in_words(town: Town, signed_in: SignIn, changes: dict[str, str]) -> None:
    page = take_in(signed_in(town.officer_chen), **changes)
    assert page.status_code == 422
    assert "govuk-error" in page.content.decode()
    assert how_many() == 0


@pytest.mark.parametrize("service", ["nothing", "𠮷", "x" * 500])
def test_a_service_that_is_none_is_not_found(town: Town, signed_in: SignIn, service: str) -> None:
    assert signed_in(town.officer_chen).get("/staff/intake/", {"service": service}).status_code == 404


def test_a_question_that_only_now_applies_is_asked_before_it_is_called_missing(
    town: Town, signed_in: SignIn
) -> None:
    sent = {
        key: value for key, value in WALK_IN.items() if key not in {"in_other_procedure", "petitioned_before"}
    }
    client = signed_in(town.officer_chen)
    page = client.post(
        "/staff/intake/",
        {**sent, "once": "2" * 32, "_shown": "purpose topic place request facts anonymous joint urgent"},
    )
    html = page.content.decode()
    assert page.status_code == 422
    assert "还有几个问题要问" in html
    assert "govuk-form-group--error" not in html


def test_the_last_service_and_channel_are_remembered(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    take_in(client, channel="phone")
    page = client.get("/staff/intake/").content.decode()
    assert re.search(r'value="phone" checked', page)
    assert 'name="service" value="petition"' in page
    assert '<option value="440781" selected' in page


def test_somebody_elses_errand_is_taken_with_who_helps(town: Town, signed_in: SignIn) -> None:
    helped = {
        "helper_name": "陈小妹",
        "helper_phone": "13800000000",
        "relation": "relative",
        "evidence": "本人在电话里同意",
    }
    assert take_in(signed_in(town.officer_chen), **helped).status_code == 302
    assert only_case().mandate.agent.name == "陈小妹"  # type: ignore[union-attr]


def test_a_helper_without_relation_is_asked_for_it(town: Town, signed_in: SignIn) -> None:
    page = take_in(signed_in(town.officer_chen), helper_name="陈小妹")
    assert page.status_code == 422
    assert "请选择“与本人的关系”" in page.content.decode()


def test_papers_handed_over_are_noted_and_scans_kept(town: Town, signed_in: SignIn) -> None:
    scan = SimpleUploadedFile("来信.png", PIXEL, "image/png")
    assert (
        take_in(
            signed_in(town.officer_chen), handed=["identity", "evidence", "nothing"], scans=scan
        ).status_code
        == 302
    )
    with acting(SYSTEM, epoch=now_epoch()):
        kept = list(Paper.objects.filter(direction="in").order_by("kind").values_list("kind", "file_name"))
    assert kept == [("evidence", ""), ("identity", ""), ("other", "来信.png")]


def test_a_scan_that_is_a_programme_is_refused_and_nothing_is_filed(town: Town, signed_in: SignIn) -> None:
    scan = SimpleUploadedFile("来信.pdf", b"MZ\x90\x00" * 100, "application/pdf")
    page = take_in(signed_in(town.officer_chen), scans=scan)
    assert page.status_code == 422
    assert "来信.pdf" in page.content.decode()
    assert how_many() == 0


def test_what_another_office_must_answer_goes_there_and_the_clerk_is_told(
    town: Town, signed_in: SignIn
) -> None:
    clerk = make_account("ke", (town.kaiping_federation, "clerk"))
    client = signed_in(clerk)
    answer = take_in(client)
    page = client.get(answer["Location"]).content.decode()
    assert "这件事归另一个单位办" in page
    assert "打印回执" in page
    assert client.get(f"/staff/cases/{only_case().reference}/").status_code == 404


def test_a_place_that_nobody_serves_is_said(town: Town, signed_in: SignIn) -> None:
    lone = make_place("450200", "柳州市", "city")
    make_place("450205", "柳北区", "county", lone)
    page = take_in(signed_in(town.officer_chen), place="450205")
    assert page.status_code == 422
    assert "没有能办这件事的单位" in page.content.decode()


def test_the_one_time_notice_comes_with_what_is_missing_ticked(town: Town, signed_in: SignIn) -> None:
    client = signed_in(town.officer_chen)
    sent = {
        key: "yes" if value is True else "no" if value is False else value
        for key, value in JOINING_A_SPOUSE.items()
    }
    for name in ("resident_since", "left_on"):
        parts = str(sent.pop(name)).split("-")
        sent |= {f"{name}_{part}": value for part, value in zip(("year", "month", "day"), parts, strict=True)}
    who = {
        "name": "陈玉莲",
        "identity_kind": "passport",
        "identity_number": "E1",
        "handed": ["passport", "photo"],
    }
    answer = take_in(client, **{**sent, **who, "service": "settlement"})
    page = client.get(answer["Location"]).content.decode()
    link = re.search(r'href="(/staff/cases/[^"]+/moves/one_time_notice/\?[^"]+)"', page)
    assert link
    form = client.get(link.group(1).replace("&amp;", "&")).content.decode()
    assert re.search(r'value="residence_proof" checked', form)
    assert not re.search(r'value="passport" checked', form)


@pytest.mark.parametrize("path", ["done/", "papers/01a202ba-29ab-7f81-9b36-a06a8533e60a/"])
def test_what_somebody_else_took_in_is_not_found(town: Town, signed_in: SignIn, path: str) -> None:
    take_in(signed_in(town.officer_chen))
    answer = signed_in(town.stranger_he).get(f"/staff/intake/{only_case().reference}/{path}")
    assert answer.status_code == 404


def test_a_foreign_country_gives_its_time_zone(town: Town, signed_in: SignIn) -> None:
    take_in(signed_in(town.officer_chen), country="VE", language="es")
    assert only_case().person.timezone == "America/Caracas"


class Keys:
    """A keyboard that counts what is pressed besides typed words."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str, times: int = 1) -> None:
        for _time in range(times):
            self.page.keyboard.press(key)
            self.pressed += 1

    def to(self, name: str) -> None:
        """Go on with Tab to the field of this name."""
        for _time in range(30):
            if self.page.evaluate("document.activeElement.name") == name:
                return
            self.press("Tab")
        raise AssertionError(f"Tab never came to {name}")

    def write(self, name: str, words: str) -> None:
        self.to(name)
        self.page.keyboard.type(words)

    def choose(self, name: str, downs: int) -> None:
        """Choose in a list or among radio buttons: Space for the first, arrows for those after."""
        self.to(name)
        if downs == 0:
            self.press("Space")
        self.press("ArrowDown", downs)


@pytest.mark.browser
def test_a_petition_by_phone_takes_few_keystrokes(open_page: Opener, served_town: Town) -> None:
    page = open_page("/staff/", account=served_town.officer_chen)
    keys = Keys(page)
    keys.press("n")
    page.wait_for_url("**/staff/intake/")
    keys.press("Shift+Tab")
    keys.press("ArrowRight")
    keys.write("name", "禤喆堃")
    keys.write("phone", "13800000000")
    keys.choose("purpose", 0)
    keys.choose("topic", 5)
    keys.write("request", "请帮忙申请低保")
    keys.write("facts", "丈夫去世，没有收入。")
    for name in ("in_other_procedure", "petitioned_before", "joint", "urgent"):
        keys.choose(name, 1)
    keys.press("Enter")
    page.wait_for_url("**/done/")
    assert only_case().channel == "phone"
    assert keys.pressed <= MOST_KEYSTROKES, keys.pressed


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("service", ["petition", "settlement", "schooling"])
def test_axe_finds_nothing_wrong_at_the_window(
    open_page: Opener, served_town: Town, service: str, width: int
) -> None:
    page = open_page(f"/staff/intake/?service={service}", width, account=served_town.officer_chen)
    assert flaws(page) == []
