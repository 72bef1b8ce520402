"""The network's pages in a real browser: readable by everybody, on a phone and on a desk."""

import pytest

from qiaoqiao.access.tickets import acting
from qiaoqiao.community.network.actions.uploads import look
from tests.cast import AT, Town, as_staff, now_epoch
from tests.community.network_town import book, home, row, settled
from tests.eyes import wrong
from tests.workbench.conftest import Opener

pytestmark = pytest.mark.browser


def test_axe_finds_nothing_wrong_on_the_network(open_page: Opener, served_town: Town) -> None:
    town, chen = served_town, served_town.officer_chen
    settled(
        town,
        home("F", kind="federation", place="440781"),
        home("H", parent="F"),
        home("BR", place="", country="BR"),
    )
    actor = as_staff(chen)
    with acting(actor, epoch=now_epoch()):
        bad = look(town.federation, "a.xlsx", book([row(kind="?"), row(code="B")]), actor=actor, at=AT)
    for path in ("", "organisations/H/", "organisations/H/change/", "organisations/H/close/", "tree/?open=F", "import/",
                 f"import/{bad.pk}/", "coverage/", "coverage/?place=440781105"):  # fmt: skip
        assert wrong(open_page(f"/staff/network/{path}", account=chen)) == [], path
    for language in ("es", "zh-hant"):
        assert wrong(open_page("/staff/network/coverage/", account=chen, language=language)) == []
    for query in ("", "?place=440781105", "?country=BR", "?country=PT&language=thai"):
        assert wrong(open_page(f"/near/{query}")) == [], query
