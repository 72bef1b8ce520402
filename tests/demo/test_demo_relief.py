"""The demo's funds: what the article says comes out of the books, and something waits at every step."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from demo.loading import prepare
from demo.relief import fill_fund
from qiaoqiao.access.models import Account
from qiaoqiao.access.tickets import SYSTEM, acting, staff
from qiaoqiao.services.relief.models import Grant, PaymentList, Posting, Stop
from qiaoqiao.services.relief.queries import figures
from qiaoqiao.services.relief.reading import waiting_for
from tests.cast import now_epoch

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


@pytest.fixture
def filled(db: None) -> None:
    prepare(1954, NOW)
    fill_fund(1954, NOW)


def test_three_years_of_the_article_come_out_of_the_books(filled: None) -> None:
    connection.check_constraints()
    head = staff(Account.objects.get(username="jiangmen-federation").pk)
    with acting(head, epoch=now_epoch()):
        told = figures(head, on=NOW.date(), since=date(2023, 11, 26), until=NOW.date())
    assert (told.households, told.given_fen) == (2851, 436_790_000)
    with acting(SYSTEM, epoch=now_epoch()):
        assert sum(Posting.objects.values_list("amount_fen", flat=True)) == 0
        assert Stop.objects.filter(state="given", amount_fen__lt=30_000).count() == 0
        states = set(Grant.objects.values_list("state", flat=True))
        lists = set(PaymentList.objects.values_list("state", flat=True))
    assert states >= {
        "draft",
        "committee",
        "shown",
        "approving",
        "approved",
        "paid",
        "received",
        "closed",
        "refused",
        "refunded",
    }
    assert lists >= {"draft", "checked", "exported", "paid"}
    fill_fund(1954, NOW)
    waiting = {}
    for name in ("taishan-fund", "taishan-window", "taishan-head"):
        actor = staff(Account.objects.get(username=name).pk)
        with acting(actor, epoch=now_epoch()):
            waiting[name] = waiting_for(actor, on=NOW.date())
    assert waiting["taishan-window"].pay >= 1
    assert waiting["taishan-window"].call >= 1
    assert waiting["taishan-head"].approve >= 1
    assert waiting["taishan-head"].check >= 1
    assert waiting["taishan-fund"].pay == 0
