"""The public pages over the real application: a test client with a town, a browser on a live server."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.cast import Town

Opener = Callable[..., Page]


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def visitor() -> Client:
    """Somebody's browser, reading Chinese."""
    return Client(headers={"accept-language": "zh-CN"})


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
