"""The public pages over the real application: a test client with a town, a browser on a live server."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from qiaoqiao.ui.translations import compile_messages
from tests.cast import Town

CHROMIUM = "/usr/bin/chromium"
Opener = Callable[..., Page]


@pytest.fixture(scope="session", autouse=True)
def words_compiled() -> None:
    compile_messages()


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def visitor() -> Client:
    """Somebody's browser, reading Chinese."""
    return Client(headers={"accept-language": "zh-CN"})


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
    """Open an address of the live server as a person with a language, a width and a time zone."""
    contexts = []

    def opened(
        path: str,
        width: int = 390,
        *,
        language: str = "zh-hans",
        zone: str = "America/Caracas",
        script: bool = True,
        **cookies: str,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844},
            java_script_enabled=script,
            timezone_id=zone,
            accept_downloads=True,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        wanted = {"language": language, "tz": zone} | cookies
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in wanted.items()]
        )
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
