"""Questions and answers in a real browser: readable by everybody, on a phone and on a desk."""

from datetime import UTC, datetime

import pytest

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions.talking import say
from qiaoqiao.community.knowledge.loading import load
from qiaoqiao.community.knowledge.models import Answer
from tests.cast import AT, PETITION, Town, as_staff, file_case, now_epoch
from tests.community.answers import drafted
from tests.eyes import wrong
from tests.workbench.conftest import Opener


@pytest.mark.browser
@pytest.mark.parametrize("language", ["es", "zh-hans"])
def test_axe_finds_nothing_wrong_on_questions(open_page: Opener, served_town: Town, language: str) -> None:
    chen, case = served_town.officer_chen, file_case("petition", PETITION)
    draft = drafted(served_town.federation, "办证要不要预约？")
    with acting(SYSTEM, epoch=now_epoch()):
        load(at=datetime.now(UTC), office=served_town.federation)
        one = Answer.objects.get(key="petition-sixty-days")
    actor = as_staff(chen)
    with acting(actor, epoch=now_epoch()):
        message = say(case.pk, "陈玉莲您好，十五天内书面告知。", language="zh-hans", actor=actor, at=AT)
    for path in ("", "?q=pasaporte", "?topic=petition", "?q=zzzz", "petition-sixty-days/"):
        assert wrong(open_page(f"/questions/{path}", language=language)) == [], path
    cited = f"/staff/cases/{case.reference}/answers/"
    for path in ("/staff/questions/", f"/staff/questions/{draft.pk}/", "/staff/questions/new/", cited, f"{cited}{one.pk}/",
                 f"{cited}from/{message.pk}/"):  # fmt: skip
        assert wrong(open_page(path, account=chen, language=language)) == [], path
