"""The alliance in a real browser: the officer's pages, the person's, and the partner's, readable by everybody."""

import pytest
from playwright.sync_api import expect

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.models import Case
from tests.cast import Town, now_epoch
from tests.community.alliance_town import asked, make_case, make_partner, sent, token_of
from tests.eyes import wrong
from tests.workbench.conftest import Opener

pytestmark = pytest.mark.browser


def test_axe_finds_nothing_wrong_on_the_alliance(open_page: Opener, served_town: Town) -> None:
    town, chen, case = served_town, served_town.officer_chen, make_case()
    offer = make_partner(town)
    waiting, under_way = asked(town, offer, case), sent(town, offer)
    with acting(SYSTEM, epoch=now_epoch()):
        reference = Case.objects.get(pk=case.pk).reference
    for path in ("alliance/", "alliance/offers/new/", "alliance/referrals/", f"alliance/referrals/{waiting.pk}/",
                 f"cases/{reference}/partners/"):  # fmt: skip
        assert wrong(open_page(f"/staff/{path}", account=chen)) == [], path
    for path in ("alliance/", f"partner/{token_of(under_way)}/"):
        assert wrong(open_page(f"/{path}", language="pt")) == [], path
    page = open_page(f"/partner/{token_of(under_way)}/")
    page.get_by_role("button", name="不接受").click()
    expect(page.locator("body")).to_contain_text("请写明是谁答复的，并选一个回答。")
    assert wrong(page) == []
