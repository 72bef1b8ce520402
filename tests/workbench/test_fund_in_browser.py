"""The fund's pages in a real browser: readable by everybody, on a phone and at the desk."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from qiaoqiao.services.relief.actions import giving_back, paying, rounds
from qiaoqiao.services.relief.models import Payment, Source
from tests.cast import Town
from tests.eyes import wrong
from tests.services.fund_town import FundTown
from tests.workbench.conftest import Opener

pytestmark = pytest.mark.browser


@pytest.fixture
def fund(served_town: Town) -> FundTown:
    """A fund with something at each step."""
    fund = FundTown(served_town, at=timezone.now() - timedelta(days=40))
    for name, said in {
        "maker": "黄美英",
        "checker": "谭慧敏",
        "payer": "陈惠仪",
        "head": "李国雄",
        "second": "伍健华",
    }.items():
        fund.people[name].name = said
        fund.people[name].save(update_fields=["name"])
    fund.give(3_000_000)
    fund.give(500_000, "study")
    paid = fund.approved(fund.draft(fund.file()))
    fund.called(paid)
    fund.paid(paid)
    with fund.by("maker") as actor:
        payment = Payment.objects.get(grant=paid)
        paying.acknowledge(payment.pk, how="visit", on=fund.day, actor=actor, at=fund.at)
        homes = [rounds.Household("陈玉莲", "old_age", "端芬镇侨兴里8号", amount_fen=100_000),
                 rounds.Household("黄锦洪", "illness", "海宴镇永安村12号", amount_fen=150_000)]  # fmt: skip
        round_ = rounds.plan(
            fund.fund.pk, rounds.Occasion("中秋慰问", "festival", fund.day), homes, actor=actor, at=fund.at
        )
    with fund.by("head") as actor:
        rounds.approve_round(round_.pk, actor=actor, at=fund.at)
    with fund.by("second") as actor:
        gift = Source.objects.get(restriction="study")
        asked = giving_back.ask(gift.pk, 20_000, reason="项目取消，捐赠人要求退还", actor=actor, at=fund.at)
        rich = [rounds.Household("伍广源", "disaster", "汶村镇南阳里3号", amount_fen=500_000)]
        occasion = rounds.Occasion("重病慰问", "illness", fund.day)
        fund.beyond = rounds.plan(fund.fund.pk, occasion, rich, actor=actor, at=fund.at).pk  # type: ignore[attr-defined]
        fund.back = asked.pk  # type: ignore[attr-defined]
    fund.round = round_.pk  # type: ignore[attr-defined]
    fund.grant = paid.pk  # type: ignore[attr-defined]
    waiting = fund.approved(fund.draft(fund.file(), 250_000))
    fund.called(waiting, "6222 0812 3456 1111")
    fund.sheet = fund.listed(waiting).pk  # type: ignore[attr-defined]
    fund.at += timedelta(days=2)
    fund.reviewed(fund.draft(fund.file(), 480_000, "study", form="study", restriction="study"))
    fund.file()
    return fund


def test_axe_finds_nothing_wrong_on_the_fund(open_page: Opener, fund: FundTown) -> None:
    base, head = "/staff/fund/", fund.people["head"]
    pages = {
        "overview": "", "grants": "grants/", "grant": f"grants/{fund.grant}/", "cases": "grants/new/",  # type: ignore[attr-defined]
        "review": f"grants/{fund.grant}/review/", "lists": "lists/", "list": f"lists/{fund.sheet}/",  # type: ignore[attr-defined]
        "payees": "payees/", "books": "of/care/books/", "sources": "of/care/sources/", "receive": "of/care/receive/goods/",
        "rounds": "rounds/", "round": f"rounds/{fund.round}/", "give": f"rounds/{fund.round}/give/",  # type: ignore[attr-defined]
        "settings": "settings/", "back": f"backs/{fund.back}/approve/", "beyond": f"rounds/{fund.beyond}/",  # type: ignore[attr-defined]
    }  # fmt: skip
    folder = os.environ.get("FUND_SHOTS")
    found = {}
    for name, path in pages.items():
        page = open_page(base + path, account=head)
        if folder:
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
        if faults := wrong(page):
            found[name] = faults
    public = open_page("/relief/notices/")
    if folder:
        public.screenshot(path=str(Path(folder) / "public.png"), full_page=True)
    if faults := wrong(public):
        found["public"] = faults
    for language in ("en", "es", "pt", "zh-hant"):
        page = open_page(base, account=head, language=language)
        if folder:
            page.screenshot(path=str(Path(folder) / f"overview-{language}.png"), full_page=True)
        if faults := wrong(page):
            found[language] = faults
    assert found == {}
