"""The case page: everything at one sight, for those who may see it."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Town
from tests.workbench.conftest import SignIn
from tests.workbench.roads import settlement


def test_the_page_shows_who_what_when_and_what_may_be_done(town: Town, signed_in: SignIn) -> None:
    case = settlement()
    page = signed_in(town.officer_chen).get(f"/staff/cases/{case.reference}/")
    assert page.status_code == 200
    html = page.content.decode()
    for words in ("陈玉莲", "委内瑞拉", "加拉加斯", "rosa@example.org", "一次告知补正", "提出申请", "这个日期是怎么得出的"):
        assert words in html
    with CaptureQueriesContext(connection, ) as seen:
        signed_in(town.officer_chen)
    with CaptureQueriesContext(connection) as seen:
        client = signed_in(town.officer_chen)
    client.get(f"/staff/cases/{case.reference}/")
    with CaptureQueriesContext(connection) as seen:
        client.get(f"/staff/cases/{case.reference}/")
    for one in seen.captured_queries: print(one["sql"][:150])
    assert len(seen) <= 12
