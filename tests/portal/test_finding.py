"""Finding a service and what its page answers before anything is filled in."""

import gzip
from html import unescape
from typing import Any

import pytest
from django.test import Client

from qiaoqiao.catalogue.composing import life_events
from qiaoqiao.catalogue.loader import current, entry
from qiaoqiao.catalogue.topics import common
from qiaoqiao.portal.service import assumed, needed, steer
from tests.cast import Town

LANGUAGES = ["zh-CN", "zh-TW", "en", "es", "pt"]


def said(visitor: Client, address: str) -> str:
    answer = visitor.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_first_page_asks_one_question_and_leads_to_every_service(town: Town, visitor: Client) -> None:
    page, every = said(visitor, "/"), said(visitor, "/services/")
    assert "您想办什么事？" in page
    for service in common():
        assert f'href="/services/{service.id}/"' in page
    assert f"看全部 {len(current())} 个事项" in page
    for service in current():
        assert f'href="/services/{service.id}/"' in every
    for event in life_events():
        assert f'href="/events/{event}/"' in page
    assert 'href="/track/"' in page
    assert 'href="/offices/"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_says_in_everyday_words_what_the_common_services_are_for(
    town: Town, visitor: Client, language: str
) -> None:
    visitor.get("/", {"lang": {"zh-CN": "zh-hans", "zh-TW": "zh-hant"}.get(language, language)})
    page = said(visitor, "/")
    for service in common():
        everyday = service.everyday[{"zh-CN": "zh-Hans", "zh-TW": "zh-Hant"}.get(language, language)]  # type: ignore[index]
        assert any(f"<small>{phrase}" in page for phrase in everyday), service.id


def test_the_first_page_asks_the_database_nothing(
    town: Town, visitor: Client, django_assert_num_queries: object
) -> None:
    visitor.get("/")
    with django_assert_num_queries(2):  # type: ignore[operator]  # the ticket shown and taken back, nothing else
        visitor.get("/")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-CN", "我想回老家落户"),
        ("es", "quiero volver a vivir a mi pueblo"),
        ("en", "move back to my hometown"),
    ],
)
def test_ones_own_words_find_the_service_and_say_why(town: Town, language: str, words: str) -> None:
    page = said(Client(headers={"accept-language": language}), f"/find/?q={words}")
    assert 'href="/services/settlement/"' in page
    assert page.count(words) >= 2  # what was asked, and what it is like


def test_nothing_found_says_what_to_do_next(town: Town, visitor: Client) -> None:
    page = said(visitor, "/find/?q=zxqwv")
    assert "没有找到" in page
    assert 'href="/offices/"' in page
    assert 'href="/services/settlement/"' in page


def test_no_words_show_everything(town: Town, visitor: Client) -> None:
    assert visitor.get("/find/?q=  ")["Location"] == "/services/"


def test_what_was_asked_is_never_markup(town: Town, visitor: Client) -> None:
    assert b"<script>alert" not in visitor.get("/find/?q=<script>alert(1)</script>\x00").content


def test_services_can_be_browsed_by_who_asks(town: Town, visitor: Client) -> None:
    everybody, foreign = said(visitor, "/services/"), said(visitor, "/services/?for=foreign_chinese")
    assert "/services/settlement/" in everybody
    assert "/services/settlement/" not in foreign
    assert said(visitor, "/services/?for=nobody").count("qq-hit") == everybody.count("qq-hit")


def test_a_service_page_answers_in_the_promised_order(town: Town, visitor: Client) -> None:
    page = said(visitor, "/services/settlement/")
    order = [page.index(f'<h2>{words}') for words in
             ("我能办吗", "要带什么", "要多久，为什么",
              "会发生什么", "要花多少钱", "如果没办成")]  # fmt: skip
    assert order == sorted(order)
    assert page.count('method="post"') == 1  # one button


def test_the_questions_come_one_by_one_and_a_stop_says_why(town: Town, visitor: Client) -> None:
    about = entry("settlement")
    assert steer(about, {}, "zh-hans").question is about.questions[0]
    first = steer(about, {"nationality": "chinese"}, "zh-hans")
    assert first.question is about.questions[1]
    answers = {"nationality": "chinese", "residence": "study_or_official"}
    stopped = steer(about, answers, "zh-hans")
    assert (stopped.outcome, stopped.question) == ("stop", None)
    page = said(visitor, "/services/settlement/?nationality=chinese&residence=study_or_official")
    assert stopped.why in page
    assert "/apply/" not in page


def test_whoever_is_wrong_here_is_told_why_and_led_to_what_is_right(town: Town, visitor: Client) -> None:
    turned = steer(entry("settlement"), {"nationality": "foreign"}, "zh-hans")
    assert turned.outcome == "other"
    assert turned.other is not None
    assert turned.other.id == "nationality"
    page = said(visitor, "/services/settlement/?nationality=foreign")
    assert "外籍华人不是华侨" in page
    assert 'href="/services/nationality/"' in page


def test_all_questions_answered_well_say_go(town: Town, visitor: Client) -> None:
    page = said(visitor, "/services/settlement/?nationality=chinese&residence=permanent&purpose=for_good")
    assert "您可以办这件事" in page


def test_an_answer_that_is_none_of_the_choices_is_asked_again(town: Town, visitor: Client) -> None:
    assert "您现在持有哪国国籍" in said(visitor, "/services/settlement/?nationality=%3Cmartian%3E")


def test_the_papers_follow_the_choices(town: Town) -> None:
    about = entry("settlement")
    every = {one.id: one.only for one in needed(about, {}, "zh-hans")}
    assert every["passport"] == ""
    assert every["marriage_proof"] == "定居情形：非原籍地，夫妻投靠"
    joining = assumed(about, {"if_settle_kind": "spouse", "if_applied_by": "self"})
    mine = {one.id: one.only for one in needed(about, joining, "zh-hans")}
    assert mine["marriage_proof"] == ""
    assert "birth_proof" not in mine
    assert "mandate" not in mine


def test_a_date_comes_with_its_article_and_its_reasoning(town: Town, visitor: Client) -> None:
    page = said(visitor, "/services/settlement/")
    assert "5 个工作日" in page
    assert "《中华人民共和国行政许可法》" in page
    reasons = said(visitor, "/services/settlement/dates/correction/")
    assert "一天一天地数" in reasons
    assert reasons.count("起算的当天") >= 1


def test_the_reasoning_is_told_in_the_readers_own_time_too(town: Town, visitor: Client) -> None:
    visitor.cookies["tz"] = "America/Caracas"
    page = said(visitor, "/services/settlement/dates/correction/")
    assert "23:59</time>前，北京时间" in page
    assert "加拉加斯" in page
    assert "11:59</time>前" in page


def test_a_limit_the_law_does_not_number_is_said_plainly(town: Town, visitor: Client) -> None:
    assert "法律没有规定天数，由办理单位确定" in said(visitor, "/services/settlement/")


def test_a_limit_that_does_not_begin_at_filing_has_no_page(town: Town, visitor: Client) -> None:
    assert visitor.get("/services/settlement/dates/deliver/").status_code == 404
    assert visitor.get("/services/settlement/dates/nothing/").status_code == 404


def test_without_any_office_the_page_still_stands(db: None, visitor: Client) -> None:
    assert "要多久" in said(visitor, "/services/settlement/")


def test_the_picture_has_its_table(town: Town, visitor: Client) -> None:
    page = said(visitor, "/services/settlement/picture/")
    assert page.count("<tr class") == len(entry("settlement").moves)
    drawing = visitor.get("/services/settlement/picture.svg")
    assert drawing["Content-Type"] == "image/svg+xml"
    assert drawing.content.startswith(b"<svg")


def test_windows_are_listed_by_place(town: Town, visitor: Client) -> None:
    page = said(visitor, "/offices/?place=440781")
    assert "台山市ts-federation" in page
    assert "jm-federation" not in page
    assert "江门市jm-federation" in said(visitor, "/offices/")
    assert visitor.get("/offices/?place=nowhere").status_code == 200


def test_a_list_of_windows_takes_few_queries(
    town: Town, visitor: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        visitor.get("/offices/?place=440781")


def test_the_privacy_page_says_how_long_it_is_known_who_came(db: None, settings: Any) -> None:
    settings.GUESTS_KEPT_DAYS = 33
    assert "结束 33 天以后清除" in said(Client(headers={"accept-language": "zh-CN"}), "/privacy/")


@pytest.mark.parametrize("page", ["/about/", "/privacy/", "/accessibility/"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plain_pages_speak_every_language(db: None, page: str, language: str) -> None:
    shown = said(Client(headers={"accept-language": language}), page)
    assert shown.count("<p") > 4
    if not language.startswith("zh"):
        assert "您" not in shown.split('id="main"')[1]


@pytest.mark.parametrize(
    "path", ["/", "/services/", "/services/settlement/", "/find/?q=落户", "/offices/", "/privacy/"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_html_stays_under_forty_kilobytes(town: Town, path: str, language: str) -> None:
    answer = Client(headers={"accept-language": language}).get(path)
    assert len(gzip.compress(answer.content)) <= 40_000
    assert len(answer.content) <= 40_960
