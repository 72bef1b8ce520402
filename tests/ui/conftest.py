"""A browser that reads the gallery straight from the house, with no socket and no database between."""

from collections.abc import Callable, Iterator
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

from qiaoqiao.ui.translations import compile_messages

ADDRESS = "http://localhost"
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session", autouse=True)
def words_compiled() -> None:
    compile_messages()


@pytest.fixture(autouse=True)
def gallery_urls(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.ROOT_URLCONF = "tests.ui.urls"
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"


@pytest.fixture
def reader() -> Client:
    return Client(raise_request_exception=False)


def answer(route: Route) -> None:
    """Serve one request of the browser from the house itself."""
    asked = urlsplit(route.request.url)
    if asked.path.startswith("/static/"):
        file = finders.find(asked.path.removeprefix("/static/"))
        if not file:
            route.fulfill(status=404)
            return
        kind = "text/javascript" if file.endswith("js") else guess_type(file)[0]
        route.fulfill(body=Path(file).read_bytes(), content_type=kind or "application/octet-stream")
        return
    headers = {name: value for name, value in route.request.all_headers().items() if not name.startswith(":")}
    client = Client(raise_request_exception=False)
    path = f"{asked.path}?{asked.query}" if asked.query else asked.path
    if route.request.method == "POST":
        kind = headers.get("content-type", "application/x-www-form-urlencoded")
        said = client.post(path, route.request.post_data or "", content_type=kind, headers=headers)
    else:
        said = client.get(path, headers=headers)
    known = dict(said.headers)
    if said.cookies:
        known["Set-Cookie"] = "\n".join(morsel.OutputString() for morsel in said.cookies.values())
    route.fulfill(status=said.status_code, headers=known, body=said.content)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        executable = CHROMIUM if Path(CHROMIUM).exists() else None
        chromium = play.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()


Opener = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opener]:
    """Open an address at a width, with cookies and script as asked."""
    contexts = []

    def opened(path: str, width: int = 1280, *, script: bool = True, zone: str = "Asia/Shanghai", **cookies: str) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, timezone_id=zone, locale="zh-CN",
            bypass_csp=False,
        )  # fmt: skip
        contexts.append(context)
        context.add_cookies([{"name": name, "value": value, "url": ADDRESS} for name, value in cookies.items()])
        context.route("**/*", answer)
        page = context.new_page()
        page.goto(ADDRESS + path)
        return page

    yield opened
    for context in contexts:
        context.close()
