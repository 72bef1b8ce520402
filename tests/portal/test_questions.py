"""Questions and answers before the public: found in one's own words, with source and validity, and never as valid when over."""

from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.knowledge.actions.writing import publish, write
from qiaoqiao.community.knowledge.loading import load
from qiaoqiao.community.knowledge.models import Edition, Vote
from qiaoqiao.community.knowledge.rules import Content
from tests.cast import Town, now_epoch

NOW = datetime.now(UTC)


def said(answer: Any) -> str:
    assert answer.status_code == 200
    return unescape(answer.content.decode())


@pytest.fixture
def answers(town: Town) -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        load(at=NOW)


@pytest.mark.parametrize(
    ("language", "query", "finds"),
    [
        ("zh-CN", "能不能有两本护照", "中国承认双重国籍吗？"),
        ("zh-TW", "雙重國籍", "中國承認雙重國籍嗎？"),
        ("en", "two passports", "Does China recognise dual nationality?"),
        ("es", "dos pasaportes", "¿China reconoce la doble nacionalidad?"),
        ("pt", "dois passaportes", "A China reconhece a dupla nacionalidade?"),
    ],
)
def test_a_search_in_ones_own_language_leads_to_the_answer_with_its_source(
    answers: None, language: str, query: str, finds: str
) -> None:
    visitor = Client(headers={"accept-language": language})
    page = said(visitor.get("/questions/", {"q": query}))
    assert finds in page
    answer = said(visitor.get("/questions/dual-nationality/"))
    assert finds in answer
    assert "国籍法（1980）" in answer
    assert "/services/nationality/" in answer
    assert "/appointments/?service=nationality" in answer


def test_topics_and_services_list_their_questions(answers: None, visitor: Client) -> None:
    assert "/questions/?topic=petition" in said(visitor.get("/questions/"))
    assert "/questions/petition-sixty-days/" in said(visitor.get("/questions/?topic=petition"))
    page = said(visitor.get("/questions/?service=settlement"))
    assert "/questions/settlement-permit-six-months/" in page
    assert "/questions/petition-sixty-days/" not in page
    assert "/questions/?service=settlement" in said(visitor.get("/services/settlement/"))


def test_nothing_found_says_what_to_do(answers: None, visitor: Client) -> None:
    page = said(visitor.get("/questions/", {"q": "zzzzqqqq"}))
    assert "没有找到对得上的问题" in page
    assert "/appointments/" in page


@pytest.mark.parametrize(
    "where",
    [
        "/questions/?q=%00",
        "/questions/?topic=x'--",
        "/questions/?service=nothing",
        "/questions/?q=" + "a" * 3000,
    ],
)
def test_nonsense_in_the_address_breaks_nothing(answers: None, visitor: Client, where: str) -> None:
    said(visitor.get(where))
    assert visitor.get("/questions/no-such-question/").status_code == 404


def test_an_answer_that_is_over_is_never_shown_as_valid(town: Town, visitor: Client) -> None:
    today = NOW.date()
    content = Content(
        questions={"zh-Hans": "去年的报名什么时候截止？"},
        answers={"zh-Hans": "三月三十一日。"},
        sources=[{"title": "简章", "confidence": "high"}],
        valid_from=date(2025, 1, 1),
        valid_until=today - timedelta(days=1),
        topics=["university"],
    )
    with acting(SYSTEM, epoch=now_epoch()):
        answer = write(content, office=town.federation, actor=SYSTEM, at=NOW, key="last-year")
        assert visitor.get("/questions/last-year/").status_code == 404
        publish(answer.pk, actor=SYSTEM, at=NOW)
    assert "/questions/last-year/" not in said(visitor.get("/questions/?topic=university"))
    assert "/questions/last-year/" not in said(visitor.get("/questions/", {"q": "去年的报名什么时候截止"}))
    assert "这一条已经过期" in said(visitor.get("/questions/last-year/"))


def test_a_browser_votes_once_and_nobody_is_known(answers: None, visitor: Client) -> None:
    where = "/questions/dual-nationality/vote/"
    for helpful in ("yes", "no", "maybe"):
        assert visitor.post(where, {"helpful": helpful}).status_code == 303
    with acting(SYSTEM, epoch=now_epoch()):
        edition = Edition.objects.get(answer__key="dual-nationality")
        assert [(one.edition_id, one.helpful) for one in Vote.objects.all()] == [(edition.pk, True)]
    assert "谢谢，已记下" in said(visitor.get("/questions/dual-nationality/"))


def test_pages_take_few_queries_however_many_answers_there_are(
    answers: None, visitor: Client, django_assert_max_num_queries: Any
) -> None:
    for where, most in (
        ("/questions/?q=护照", 5),
        ("/questions/?topic=petition", 4),
        ("/questions/dual-nationality/", 4),
    ):
        with django_assert_max_num_queries(most):
            visitor.get(where)
