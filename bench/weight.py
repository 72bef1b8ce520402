"""What the first look at a public page costs: its HTML, and everything it brings along, as sent."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from django.test import Client

PAGES = {"home": "/", "service": "/services/settlement/"}
FORM = "/services/settlement/apply/"
BROUGHT = re.compile(r'<(?:link|script|img|source)\b[^>]*?\b(?:href|src)="(/static/[^"]+)"')
FROM_STYLE = re.compile(r"url\([\"']?([^\"')]+)")


@dataclass(frozen=True)
class Weight:
    """Bytes of a page: its HTML unpacked, and all that a first visit loads, packed as it is sent."""

    name: str
    html: int
    total: int
    files: int


def weights() -> list[Weight]:
    browser = Client(headers={"Accept-Encoding": "gzip"})
    found = [weigh(browser, name, address) for name, address in PAGES.items()]
    begun = browser.post(FORM)
    return [*found, weigh(browser, "form", begun.headers["Location"])]


def weigh(browser: Client, name: str, address: str) -> Weight:
    """Fetch a page as a browser that asks for plain HTML first, then everything packed."""
    html = browser.get(address, headers={"Accept-Encoding": "identity"}).content
    packed = len(browser.get(address).content)
    wanted = list(dict.fromkeys(BROUGHT.findall(html.decode())))
    sizes: dict[str, int] = {}
    while wanted:
        path = wanted.pop()
        if path not in sizes:
            body = b"".join(browser.get(path))
            sizes[path] = len(body)
            if path.endswith(".css"):
                style = b"".join(browser.get(path, headers={"Accept-Encoding": "identity"}))
                wanted += [
                    urljoin(path, one) for one in FROM_STYLE.findall(style.decode()) if "data:" not in one
                ]
    return Weight(name, len(html), packed + sum(sizes.values()), len(sizes))
