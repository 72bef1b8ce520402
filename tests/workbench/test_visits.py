"""The form at the door: on a phone, without a line, sent twice, by nobody who should not."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page, Route

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.models import Entry
from qiaoqiao.parties.models import File, Need, Visit
from tests.cast import Town, make_account, now_epoch
from tests.eyes import wrong
from tests.parties.town_files import agree, at_desk, file_of, home_of, phone
from tests.workbench.conftest import Opener, SignIn

JSON = {"headers": {"accept": "application/json"}}


def address(file: File, page: str = "visit") -> str:
    return f"/staff/people/{file.number}/{page}/"


def form(file: File, *others: File, **answers: Any) -> dict[str, Any]:
    """What the phone sends; `said=` and the like are about the first person."""
    now = datetime.now(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    call = {
        "once": "a" * 32,
        "kind": "routine",
        "visited_at": now,
        "companion": "李梅，社区干部",
        "review": "3",
    }
    people = [file.number, *(one.number for one in others)]
    own = {f"{file.number}-{name}": answer for name, answer in answers.items() if name not in call}
    return call | {"person": people} | {key: answers[key] for key in call if key in answers} | own


def visits(**wanted: Any) -> list[Visit]:
    with acting(SYSTEM, epoch=now_epoch()):
        return list(Visit.objects.filter(**wanted).order_by("id"))


def test_the_page_asks_about_the_open_needs_of_everybody_in_the_household(
    town: Town, signed_in: SignIn
) -> None:
    file = file_of(town, "黎金好", Need(kind="housing", note="屋顶漏水"), phone("13800000001"), born="1938")
    home_of(town, file, file_of(town, "黎大树", Need(kind="alone")))
    text = signed_in(town.officer_chen).get(address(file)).content.decode()
    for words in (
        "黎金好",
        "黎大树",
        "住房：屋顶漏水",
        "独居",
        "13800000001",
        "胜利社区5栋202",
        "1938 年生",
        "户号 037",
    ):
        assert words in text
    assert text.count('name="person"') == 2


def test_opening_the_form_is_recorded_once_for_everybody_on_it(town: Town, signed_in: SignIn) -> None:
    file, spouse = file_of(town), file_of(town, "黎大树")
    home_of(town, file, spouse)
    client = signed_in(town.officer_chen)
    for _time in range(2):
        client.get(address(file))
    with acting(SYSTEM, epoch=now_epoch()):
        opened = Entry.objects.filter(kind="file.opened:visit").values_list("subject", flat=True)
        assert sorted(opened) == sorted([file.pk, spouse.pk])


def test_sensitive_needs_stand_on_the_form_only_with_consent(town: Town, signed_in: SignIn) -> None:
    file = file_of(town, "黎金好", Need(kind="illness", note="中风"))
    client = signed_in(town.officer_chen)
    assert "中风" not in client.get(address(file)).content.decode()
    agree(town, file)
    assert "中风" in client.get(address(file)).content.decode()


def test_one_post_keeps_the_household_and_goes_back_to_the_file(town: Town, signed_in: SignIn) -> None:
    file, spouse = file_of(town), file_of(town, "黎大树")
    home_of(town, file, spouse)
    sent = form(
        file, spouse, met="on", said="平安\r\n想修屋顶", needs=["housing"], note="漏水", lives_here="yes"
    )
    sent[f"{spouse.number}-said"] = "也好"
    answer = signed_in(town.officer_chen).post(address(file), sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/staff/people/{file.number}/")
    assert [(one.file_id, one.said) for one in visits()] == [(file.pk, "平安\n想修屋顶"), (spouse.pk, "也好")]
    with at_desk(town.officer_chen):
        assert Need.objects.get(file=file).note == "漏水"
        file.refresh_from_db()
        today = datetime.now(SHANGHAI).date()
        assert file.checked_on == today
        assert file.review_on
        assert 88 <= (file.review_on - today).days <= 93


def test_somebody_of_whom_nothing_was_said_was_not_visited(town: Town, signed_in: SignIn) -> None:
    file, spouse = file_of(town), file_of(town, "黎大树")
    home_of(town, file, spouse)
    signed_in(town.officer_chen).post(address(file), form(file, spouse, met="on"))
    assert [one.file_id for one in visits()] == [file.pk]


def test_the_script_is_answered_with_the_key_that_it_sent_and_twice_the_same(
    town: Town, signed_in: SignIn
) -> None:
    file = file_of(town)
    client = signed_in(town.officer_chen)
    sent = form(file, met="on", said="平安")
    first, again = (client.post(address(file), sent, **JSON) for _time in range(2))
    assert first.json() == again.json()
    assert first.json()["kept"] == "a" * 32
    assert [str(one.pk) for one in visits()] == first.json()["visits"]


def test_what_was_changed_after_a_lost_answer_is_told_and_comes_back_whole(
    town: Town, signed_in: SignIn
) -> None:
    file = file_of(town)
    client = signed_in(town.officer_chen)
    client.post(address(file), form(file, met="on", said="平安"))
    answer = client.post(address(file), form(file, met="on", said="平安，还想修屋顶"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "已经存好" in text
    assert "平安，还想修屋顶" in text
    key = re.search(r'name="once" value="(\w+)"', text)
    assert key
    assert key[1] != "a" * 32
    client.post(address(file), form(file, met="on", said="平安，还想修屋顶", once=key[1]))
    assert len(visits()) == 2


def test_a_sensitive_need_without_consent_is_refused_and_nothing_typed_is_lost(
    town: Town, signed_in: SignIn
) -> None:
    file, spouse = file_of(town), file_of(town, "黎大树")
    home_of(town, file, spouse)
    sent = form(
        file,
        spouse,
        met="on",
        said="腰痛",
        needs=["illness", "housing"],
        note="坐骨神经",
        phone="139 0000 0002",
    )
    sent[f"{spouse.number}-found"] = "屋里很冷"
    client = signed_in(town.officer_chen)
    answer = client.post(address(file), sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    for words in ("单独同意", "腰痛", "坐骨神经", "139 0000 0002", "屋里很冷"):
        assert words in text
    assert re.search(r'value="illness" checked', text)
    assert visits() == []
    agree(town, file)
    assert client.post(address(file), sent).status_code == 302
    assert len(visits()) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"visited_at": ""}, "请填写“什么时候去的（北京时间）”"),
        ({"visited_at": "昨天下午"}, "年-月-日"),
        ({"visited_at": "2090-01-01T10:00"}, "走访时间在将来"),
        ({"visited_at": "2020-01-01T10:00", "review": "1"}, "已存好"),
        ({"kind": ""}, "请选择“为什么去”"),
        ({"said": "长" * 2001}, "最多 2000 个字"),
        ({"phone": "没有"}, "电话号码请写国家代码"),
        ({"companion": "李" * 61}, "最多 60 个字"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    town: Town, signed_in: SignIn, changes: dict[str, str], words: str
) -> None:
    file = file_of(town)
    answer = signed_in(town.officer_chen).post(
        address(file), form(file, **({"met": "on"} | changes)), follow=True
    )
    assert words in answer.content.decode()
    assert len(visits()) == (words == "已存好")


def test_nobody_met_and_nothing_said_is_no_visit(town: Town, signed_in: SignIn) -> None:
    file = file_of(town)
    answer = signed_in(town.officer_chen).post(address(file), form(file))
    assert answer.status_code == 422
    assert "还没有写任何一个人" in answer.content.decode()


def test_a_frozen_file_takes_no_visit_and_gives_back_what_was_typed(town: Town, signed_in: SignIn) -> None:
    file = file_of(town)
    with at_desk(town.officer_chen):
        File.objects.filter(pk=file.pk).update(state="frozen")
    answer = signed_in(town.officer_chen).post(address(file), form(file, met="on", said="平安"))
    assert answer.status_code == 409
    assert "平安" in answer.content.decode()
    assert visits() == []


def test_a_form_filled_in_before_a_merge_reaches_the_file_that_is_left(town: Town, signed_in: SignIn) -> None:
    file, heir = file_of(town), file_of(town, "黎金妤")
    with at_desk(town.officer_chen):
        File.objects.filter(pk=file.pk).update(state="merged", merged_into=heir)
    client = signed_in(town.officer_chen)
    assert client.get(address(file)).headers["Location"] == address(heir)
    client.post(address(file), form(file, met="on", said="平安"))
    assert [one.file_id for one in visits()] == [heir.pk]


def test_a_strangers_household_cannot_be_slipped_into_the_form(town: Town, signed_in: SignIn) -> None:
    file = file_of(town)
    theirs = file_of(town, "鑫淼垚", office=town.kaiping_federation)
    sent = form(file, theirs, met="on") | {f"{theirs.number}-said": "闯入"}
    answer = signed_in(town.officer_chen).post(address(file), sent, follow=True)
    assert "鑫淼垚" not in answer.content.decode()
    assert [one.file_id for one in visits()] == [file.pk]
    assert signed_in(town.officer_chen).get(address(theirs)).status_code == 404


def test_the_keeper_of_the_installation_calls_on_nobody(town: Town, signed_in: SignIn) -> None:
    file = file_of(town)
    keeper = make_account("keeper", (town.federation, "keeper"))
    assert signed_in(keeper).get(address(file)).status_code == 403


def test_confirming_a_file_takes_a_day_to_look_again(town: Town, signed_in: SignIn) -> None:
    file = file_of(town, "黎金好", phone("13800000001"))
    client = signed_in(town.officer_chen)
    assert "13800000001" in client.get(address(file, "check")).content.decode()
    assert client.post(address(file, "check"), {"review": "7"}).status_code == 422
    assert client.post(address(file, "check"), {"review": "6"}).status_code == 302
    with at_desk(town.officer_chen):
        file.refresh_from_db()
        assert file.review_on
        assert 180 <= (file.review_on - datetime.now(SHANGHAI).date()).days <= 185


def test_a_large_household_costs_no_more_queries_than_a_small_one(
    town: Town, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    files = [file_of(town, f"黎大{number}", Need(kind="work")) for number in range(9)]
    home_of(town, *files)
    client = signed_in(town.officer_chen)
    client.get(address(files[0]))
    with django_assert_max_num_queries(26):
        client.get(address(files[0]))


# In a browser, on a phone.


def fill_in(page: Page, file: File, said: str = "平安，屋顶漏水") -> None:
    page.fill(f"[name='{file.number}-said']", said)
    page.fill("[name=companion]", "李梅，社区干部")
    page.get_by_label("住房", exact=True).check()


def sent_forms(page: Page) -> list[dict[str, str]]:
    """What the page posts from now on, as it is posted."""
    seen: list[dict[str, str]] = []
    page.on(
        "request",
        lambda one: seen.append(dict(parse_qsl(one.post_data or ""))) if one.method == "POST" else None,
    )
    return seen


@pytest.mark.browser
def test_typed_without_a_line_it_is_kept_said_so_and_sent_once_when_the_line_is_back(
    open_page: Opener, served_town: Town
) -> None:
    file = file_of(served_town)
    page = open_page(address(file), 390, account=served_town.officer_chen)
    page.context.set_offline(True)
    fill_in(page, file)
    page.get_by_role("button", name="送出", exact=True).click()
    page.get_by_text("一个字也没有丢").wait_for()
    assert visits() == []
    sent = sent_forms(page)
    page.context.set_offline(False)
    page.wait_for_url(f"**/staff/people/{file.number}/")
    (visit,) = visits()
    assert visit.said == "平安，屋顶漏水"
    assert len(sent) == 1
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('visit:'))") == []


@pytest.mark.browser
def test_when_only_the_answer_is_lost_sending_again_makes_one_visit(
    open_page: Opener, served_town: Town
) -> None:
    file = file_of(served_town)
    page = open_page(address(file), 390, account=served_town.officer_chen)
    lost = []

    def swallow(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/visit/", swallow)
    fill_in(page, file)
    page.get_by_role("button", name="送出", exact=True).click()
    page.get_by_text("一个字也没有丢").wait_for()
    assert lost == [200]
    assert len(visits()) == 1
    page.get_by_role("button", name="送出", exact=True).click()
    page.wait_for_url(f"**/staff/people/{file.number}/")
    assert len(visits()) == 1


@pytest.mark.browser
def test_what_was_typed_is_there_after_a_reload_and_another_page_reminds_of_it(
    open_page: Opener, served_town: Town
) -> None:
    file = file_of(served_town)
    page = open_page(address(file), 390, account=served_town.officer_chen)
    key = page.input_value("[name=once]")
    fill_in(page, file)
    page.reload()
    assert page.input_value(f"[name='{file.number}-said']") == "平安，屋顶漏水"
    assert page.get_by_label("住房", exact=True).is_checked()
    assert page.input_value("[name=once]") == key
    assert "上次写的内容已经找回来了" in page.inner_text("form.qq-visit")
    page.goto(page.url.split("/staff/")[0] + "/staff/office/")
    page.get_by_role("link", name="打开并送出").click()
    page.wait_for_url(f"**{address(file)}")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="不要了，从手机上删掉").click()
    page.wait_for_function("!document.querySelector('form.qq-visit textarea').value")
    assert visits() == []


@pytest.mark.browser
def test_signing_out_asks_before_it_deletes_what_was_not_sent(open_page: Opener, served_town: Town) -> None:
    file = file_of(served_town)
    page = open_page(address(file), 1280, account=served_town.officer_chen)
    fill_in(page, file)
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator(".qq-top__account summary").click()
    page.get_by_role("button", name="退出登录").click()
    assert "没有送出的走访" in asked[0]
    assert page.url.endswith(address(file))
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/staff/sign-in/**")
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('visit:'))") == []


@pytest.mark.browser
def test_a_copy_is_forgotten_after_a_week_and_another_officer_never_sees_it(
    open_page: Opener, served_town: Town
) -> None:
    file = file_of(served_town)
    page = open_page(address(file), 390, account=served_town.officer_chen)
    old = int((datetime.now(UTC) - timedelta(days=8)).timestamp() * 1000)
    plant = "([name, at]) => localStorage.setItem(name, JSON.stringify({at, waiting: false, fields: [['companion', '谁']]}))"
    page.evaluate(plant, [f"visit:{served_town.officer_chen.pk}:{address(file)}", old])
    page.evaluate(plant, [f"visit:{served_town.head_liang.pk}:{address(file)}", old + 8 * 86_400_000])
    page.reload()
    assert page.input_value("[name=companion]") == ""
    names = page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('visit:'))")
    assert names == [f"visit:{served_town.head_liang.pk}:{address(file)}"]


@pytest.mark.browser
def test_an_expired_session_loses_nothing_either(open_page: Opener, served_town: Town) -> None:
    file = file_of(served_town)
    page = open_page(address(file), 390, account=served_town.officer_chen)
    fill_in(page, file)
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="送出", exact=True).click()
    page.get_by_text("登录已经过期").wait_for()
    assert visits() == []
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('visit:')).length") == 1


@pytest.mark.browser
def test_an_error_of_the_server_shows_its_page_with_everything_typed(
    open_page: Opener, served_town: Town
) -> None:
    file = file_of(served_town)
    page = open_page(address(file), 390, account=served_town.officer_chen)
    fill_in(page, file)
    page.fill("[name=visited_at]", "2090-01-01T10:00")
    page.get_by_role("button", name="送出", exact=True).click()
    page.get_by_role("alert").get_by_text("走访时间在将来").first.wait_for()
    assert page.input_value(f"[name='{file.number}-said']") == "平安，屋顶漏水"
    assert wrong(page) == []


@pytest.mark.browser
def test_axe_finds_nothing_wrong_at_the_door(open_page: Opener, served_town: Town) -> None:
    file = file_of(
        served_town, "黎金好", Need(kind="housing", note="屋顶漏水"), phone("13800000001"), born="1938"
    )
    home_of(served_town, file, file_of(served_town, "黎大树"))
    agree(served_town, file)
    for language in ("zh-hans", "en", "es"):
        for page in ("visit", "check"):
            opened = open_page(address(file, page), account=served_town.officer_chen, language=language)
            assert wrong(opened) == []
