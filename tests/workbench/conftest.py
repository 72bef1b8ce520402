"""Staff at their desk: a town, somebody signed in, and a browser on a live server."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from qiaoqiao.access.models import Account
from qiaoqiao.workbench.sessions import BEGAN, SEEN
from tests.cast import Town, now_epoch

SignIn = Callable[[Account], Client]
Opener = Callable[..., Page]


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def client_of(account: Account) -> Client:
    """A client in which this account has signed in just now, reading Chinese."""
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(account)
    session = client.session
    session[BEGAN] = session[SEEN] = now_epoch()
    session.save()
    return client


@pytest.fixture
def signed_in() -> SignIn:
    return client_of


@pytest.fixture
def open_page(browser: Browser, live_server: Any, served_town: Town) -> Iterator[Opener]:
    """Open an address of the live server as an account, or as nobody yet.

    The same account in the same window works on in the same browser, which has styles and scripts already.
    """
    contexts: dict[object, BrowserContext] = {}

    def browser_of(width: int, account: Account | None, cookies: dict[str, str]) -> BrowserContext:
        key = (width, account and account.pk, *sorted(cookies.items()))
        if account is not None and key in contexts:
            return contexts[key]
        context = browser.new_context(viewport={"width": width, "height": 900}, timezone_id="Asia/Shanghai")
        contexts[key if account is not None else context] = context
        context.set_default_timeout(15_000)
        wanted = dict(cookies)
        if account is not None:
            wanted["session"] = client_of(account).cookies["session"].value
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in wanted.items()]
        )
        return context

    def opened(
        path: str,
        width: int = 1280,
        *,
        account: Account | None = None,
        language: str = "zh-hans",
        **cookies: str,
    ) -> Page:
        context = browser_of(width, account, {"language": language, "tz": "Asia/Shanghai"} | cookies)
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts.values():
        context.close()
