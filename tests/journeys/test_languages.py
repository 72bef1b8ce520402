"""The public pages, walked from the first one along their own links, in each of the five languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from qiaoqiao.catalogue.loader import current
from qiaoqiao.ui.language import HTML_LANG
from tests.cast import Town

HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
LATIN = re.compile(r"[A-Za-zÀ-ÿ]{3,}")
KNOWN_IN_CHINESE = {
    *("Apostille", "Cookie", "WCAG", "UTC"),
    *("Argentina", "Buenos", "Aires", "Kolkata", "Yangon", "Chi", "Minh"),  # cities that CLDR files elsewhere
}
"""Latin words that a Chinese page may show."""
CAST = set("federation overseas affairs exit entry police education".split())
"""What the tests' own offices are called."""
SITE = "http://testserver"
NOT_PUBLIC = re.compile(r"^/(static|media|api|staff|cases|receipt|demo)/|/apply/")
"""What belongs to one person or to staff, and what is no page."""
WISHES = re.compile(r"[?&](lang|view|tz)=")
MOST_BYTES = 40 * 1024
MOST_OF_ONE_ADDRESS = 4
"""How many queries of one address are walked: the offices of every place are one page."""
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SPOKEN = {"alt", "title", "aria-label", "placeholder", "content", "aria-description", "label"}
FETCHES = {("script", "src"), ("link", "href"), ("img", "src"), ("form", "action"), ("iframe", "src")}


@dataclass
class Read:
    """What one page holds: its language, its links, and what should not be there."""

    lang: str = ""
    links: list[str] = field(default_factory=list)
    chinese: list[str] = field(default_factory=list)
    latin: set[str] = field(default_factory=set)
    inline: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    """Reads a page as somebody who knows which language each of its parts is marked with."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.read = Read()
        self.open: list[tuple[str, str]] = []

    @property
    def lang(self) -> str:
        return self.open[-1][1] if self.open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        lang = given.get("lang") or self.lang
        if tag == "html":
            self.read.lang = lang
        if tag == "a" and given.get("href"):
            self.read.links.append(given["href"])
        self._look_for_inline(tag, given)
        for name, value in given.items():
            if (tag, name) in FETCHES and urljoin(SITE, value)[: len(SITE)] != SITE:
                self.read.foreign.append(value)
            if name in SPOKEN and (name != "content" or given.get("name") == "description"):
                self._heard(value, lang)
        if tag not in VOID:
            self.open.append((tag, lang))

    def _look_for_inline(self, tag: str, given: dict[str, str]) -> None:
        runs = tag == "script" and "src" not in given and given.get("type") != "application/json"
        if runs or tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.read.inline.append(f"<{tag} {given}>")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1][0] != "script":
            self._heard(data, self.lang)

    def _heard(self, text: str, lang: str) -> None:
        if HAN.search(text) and not lang.startswith("zh"):
            self.read.chinese.append(f"{self.address}: {text.strip()}")
        if lang.startswith("zh"):
            self.read.latin.update(LATIN.findall(text))


def walk(client: Client) -> Iterator[tuple[str, bytes, str]]:
    """Every public page that links lead to: its address, its bytes, its type."""
    waiting, known, often = ["/"], {"/"}, dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, f"{address} answers {answer.status_code}"
        kind = answer["Content-Type"].partition(";")[0]
        body = answer.getvalue()
        yield address, body, kind
        if kind != "text/html":
            continue
        for link in reading(address, body).links:
            target = urldefrag(urljoin(SITE + address, link)).url
            inside = target.removeprefix(SITE) or "/"
            path = urlsplit(inside).path
            if not target.startswith(SITE) or NOT_PUBLIC.search(path) or WISHES.search(inside):
                continue
            if inside not in known and often.get(path, 0) < MOST_OF_ONE_ADDRESS:
                often[path] = often.get(path, 0) + 1
                known.add(inside)
                waiting.append(inside)


def reading(address: str, body: bytes) -> Read:
    reader = Reader(address)
    reader.feed(body.decode())
    return reader.read


@pytest.mark.django_db
@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_public_page_speaks_the_language_that_was_asked_for(language: str) -> None:
    Town()
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    walked, wrong, chinese = set(), [], []
    for address, body, kind in walk(client):
        walked.add(urlsplit(address).path)
        if kind != "text/html":
            continue
        page = reading(address, body)
        if page.lang != HTML_LANG[language]:
            wrong.append(f"{address}: its language is “{page.lang}”")
        if len(body) > MOST_BYTES:
            wrong.append(f"{address}: {len(body)} bytes")
        wrong += [f"{address}: {fault}" for fault in page.inline + page.foreign]
        chinese += page.chinese
        if language.startswith("zh"):
            wrong += [f"{address}: “{word}”" for word in page.latin - KNOWN_IN_CHINESE - CAST]
    assert walked >= {"/", "/services/", "/offices/", "/track/", "/about/", "/privacy/", "/accessibility/"}
    assert walked >= {f"/services/{service.id}/" for service in current()}
    assert wrong == []
    assert chinese == []


def test_the_reader_hears_chinese_that_is_not_marked() -> None:
    page = (
        '<html lang="en"><p>侨</p><img alt="桥"><b lang="zh-Hans">桥<i>梁</i></b><p style="x">fine</p></html>'
    )
    read = reading("/", page.encode())
    assert (read.lang, read.chinese, len(read.inline)) == ("en", ["/: 侨", "/: 桥"], 1)
