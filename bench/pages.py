"""Staff pages at several sizes of the office: time in the server, time over the wire, statements."""

import http.client
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psycopg
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.served import HOST, Served
from qiaoqiao.access.models import Account

WARM, TIMES = 3, 40


class PageBroken(Exception):
    """A page did not answer as it should."""


@dataclass(frozen=True)
class Times:
    """Milliseconds of a page: half of the answers and 95 of 100 came within these; and its statements."""

    name: str
    cases: int
    p50: float
    p95: float
    wire_p50: float
    wire_p95: float
    statements: int


def measure(url: str, served: Served, *, cases: int) -> list[Times]:
    """Measure every page as the demo's handler sees it."""
    account, office = busiest(url)
    browser = signed_in(account)
    return [
        times(name, addresses, browser, served, cases=cases) for name, addresses in pages(url, office).items()
    ]


def busiest(url: str) -> tuple[str, int]:
    """The demo's account whose office has the most open seats at cases, and that office."""
    with psycopg.connect(url) as owner:
        found = owner.execute(
            "SELECT username, office_id FROM casework_assignment a JOIN access_post USING (office_id)"
            " JOIN access_account ON access_account.id = account_id AND demo"
            " WHERE a.state IN ('offered', 'accepted') AND access_post.role <> 'keeper'"
            " GROUP BY 1, 2 ORDER BY count(*) DESC, 1 LIMIT 1"
        ).fetchone()
    if found is None:
        raise PageBroken("none of the demo's offices has an open case")
    return str(found[0]), int(found[1])


def signed_in(username: str) -> Client:
    """A browser after the demo's one-click sign-in."""
    browser = Client(headers={"Accept-Encoding": "gzip", "Host": HOST})
    account = Account.objects.get(username=username)
    browser.post("/staff/sign-in/demo/", {"account": account.pk})
    if SESSION_KEY not in browser.session:
        raise PageBroken("the demo's sign-in did not work")
    return browser


def pages(url: str, office: int) -> dict[str, list[str]]:
    """Addresses of each page: the queue's tabs, filtered by the fullest state, and cases here and there."""
    with psycopg.connect(url) as owner:
        fullest = owner.execute(
            "SELECT service, case_state FROM casework_assignment"
            " WHERE office_id = %s AND state IN ('offered', 'accepted')"
            " GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1",
            [office],
        ).fetchone()
        cases = owner.execute(
            "SELECT reference FROM casework_case c JOIN casework_assignment a ON a.case_id = c.id"
            " WHERE a.office_id = %s"
            " AND NOT EXISTS (SELECT FROM casework_shield s WHERE s.case_id = a.case_id)"
            " GROUP BY c.id ORDER BY md5(c.id::text) LIMIT %s",
            [office, TIMES],
        ).fetchall()
    return {
        "queue, mine": ["/staff/"],
        "queue, whole office": ["/staff/office/"],
        "queue, one state": [f"/staff/office/?state={'.'.join(fullest or ())}"],
        "queue, overdue": ["/staff/overdue/"],
        "case": [f"/staff/cases/{reference}/" for (reference,) in cases],
        "network, list": ["/staff/network/"],
        "network, coverage": ["/staff/network/coverage/"],
    }


def times(name: str, addresses: Sequence[str], browser: Client, served: Served, *, cases: int) -> Times:
    """Measure one page at its addresses in turn, in this process and over the wire."""
    cookie = "; ".join(f"{key}={morsel.value}" for key, morsel in browser.cookies.items())

    def inside(address: str) -> None:
        answer = browser.get(address)
        if answer.status_code != 200:
            raise PageBroken(f"{address}: {answer.status_code}")

    wire = http.client.HTTPConnection(HOST, served.port, timeout=60)

    def outside(address: str) -> None:
        wire.request("GET", address, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
        answer = wire.getresponse()
        answer.read()
        if answer.status != 200:
            raise PageBroken(f"{address}: {answer.status}")

    timed = [_timed(visit, addresses) for visit in (inside, outside)]
    wire.close()
    with CaptureQueriesContext(connection) as asked:
        inside(addresses[0])
    return Times(name, cases, *timed[0], *timed[1], len(asked))


def _timed(visit: Callable[[str], None], addresses: Sequence[str]) -> tuple[float, float]:
    took = []
    for number in range(-WARM, TIMES):
        began = time.perf_counter()
        visit(addresses[number % len(addresses)])
        if number >= 0:
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]
