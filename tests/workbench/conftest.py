"""Staff at their desk: a town, somebody signed in, and a browser on a live server."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from qiaoqiao.access.models import Account
from qiaoqiao.ui.translations import compile_messages
from qiaoqiao.workbench.sessions import BEGAN, SEEN
from tests.cast import Town, now_epoch

CHROMIUM = "/usr/bin/chromium"
SignIn = Callable[[Account], Client]
Opener = Callable[..., Page]


@pytest.fixture(scope="session", autouse=True)
def words_compiled() -> None:
    compile_messages()


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; its event loop would make Django refuse the database to the tests' own thread."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    with sync_playwright() as play:
        executable = CHROMIUM if Path(CHROMIUM).exists() else None
        chromium = play.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def served_town(transactional_db: None) -> Town:
    """A town that the live server sees, since it is committed."""
    return Town()


@pytest.fixture
def open_page(browser: Browser, live_server: Any, served_town: Town) -> Iterator[Opener]:
    """Open an address of the live server as an account, or as nobody yet."""
    contexts = []

    def opened(
        path: str,
        width: int = 1280,
        *,
        account: Account | None = None,
        language: str = "zh-hans",
        **cookies: str,
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, timezone_id="Asia/Shanghai")
        contexts.append(context)
        context.set_default_timeout(15_000)
        wanted = {"language": language, "tz": "Asia/Shanghai"} | cookies
        if account is not None:
            wanted["session"] = client_of(account).cookies["session"].value
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in wanted.items()]
        )
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
