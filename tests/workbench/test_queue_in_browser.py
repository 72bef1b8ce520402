"""The queue and the sign-in pages in a real browser: readable by everybody, and by keyboard alone."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from qiaoqiao.access.models import Account
from tests.cast import Town
from tests.eyes import wrong
from tests.workbench.conftest import Opener
from tests.workbench.desk_town import fill

pytestmark = pytest.mark.browser


def test_axe_finds_nothing_wrong_on_the_queue(open_page: Opener, served_town: Town) -> None:
    fill(served_town, today=datetime.now(UTC), rounds=2)
    chen, head = served_town.officer_chen, served_town.city_head
    for account, path in (
        (chen, "office/"),
        (chen, "offered/"),
        (chen, "done/"),
        (chen, "search/?q=陈"),
        (chen, "services/"),
        (head, "office/?office=below&country=BR"),
    ):
        assert wrong(open_page(f"/staff/{path}", account=account)) == []
    for language in ("en", "es", "pt", "zh-hant"):
        assert wrong(open_page("/staff/office/", account=chen, language=language)) == []
    assert wrong(open_page("/staff/office/?office=below", account=head, view="large")) == []


def test_axe_finds_nothing_wrong_while_signing_in(
    open_page: Opener, served_town: Town, settings: Any
) -> None:
    chen = served_town.officer_chen
    chen.set_password("hong he nan jiang 7")
    chen.save(update_fields=["password"])
    page = open_page("/staff/sign-in/")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("body")).to_contain_text("有几处需要改一下")
    assert wrong(page) == []
    page.fill("[name=username]", "chen")
    page.fill("[name=password]", "hong he nan jiang 7")
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/enrol/")
    assert wrong(page) == []
    settings.DEMO = True
    Account.objects.update(demo=True)
    assert wrong(open_page("/staff/sign-in/")) == []


def test_a_clerk_works_the_queue_by_keyboard(open_page: Opener, served_town: Town) -> None:
    fill(served_town, today=datetime.now(UTC), rounds=2)
    page = open_page("/staff/office/", account=served_town.officer_chen)
    first = page.locator("tbody th a").nth(0).inner_text()
    second = page.locator("tbody th a").nth(1).inner_text()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == second
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/staff/cases/{first}/")
    page.keyboard.press("/")
    page.keyboard.type(second)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/staff/cases/{second}/")
    page.keyboard.press("n")
    page.wait_for_url("**/staff/intake/")
