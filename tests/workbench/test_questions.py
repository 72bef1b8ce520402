"""Answers at the desk: written and published by two, kept right, cited in a case, made of a case without its people."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.casework.actions.talking import say
from qiaoqiao.casework.models import Case, Message
from qiaoqiao.community.knowledge.actions.writing import publish
from qiaoqiao.community.knowledge.models import Answer, Citation, Edition
from tests.cast import AT, PETITION, Town, as_staff, file_case, now_epoch
from tests.community.answers import drafted
from tests.workbench.conftest import SignIn

GIVEN = {
    "question_zh-Hans": "办证要不要预约？", "answer_zh-Hans": "可以预约，也可以直接来。", "source_1": "国籍法（1980）",
    "article_1": "9",
    "confidence_1": "verified", "topics": ["time"], "services": ["petition"], "valid_from_year": 2026, "valid_from_month": 1,
    "valid_from_day": 1, "phrases": "要排队吗\n要约吗",
}  # fmt: skip


def said(answer: Any) -> str:
    return unescape(answer.content.decode())


@pytest.fixture
def chen(town: Town, signed_in: SignIn) -> Client:
    return signed_in(town.officer_chen)


@pytest.fixture
def liang(town: Town, signed_in: SignIn) -> Client:
    return signed_in(town.head_liang)


def only() -> Answer:
    with acting(SYSTEM, epoch=now_epoch()):
        return Answer.objects.get()


def published(town: Town) -> Answer:
    answer = drafted(town.federation, "信访要几天？")
    with acting(SYSTEM, epoch=now_epoch()):
        return publish(answer.pk, actor=SYSTEM, at=AT)


def test_from_the_draft_to_the_public_by_two_people(town: Town, chen: Client, liang: Client) -> None:
    given = GIVEN | {"office": town.federation.pk, "once": "a" * 32}
    for _click in range(2):
        assert chen.post("/staff/questions/new/", given).status_code == 302
    answer = only()
    where = f"/staff/questions/{answer.pk}/"
    assert "公布草稿" not in said(chen.get(where))
    chen.post(f"{where}publish/")
    assert only().state == "draft"
    assert "公布草稿" in said(liang.get(where))
    liang.post(f"{where}publish/")
    assert only().state == "published"
    assert "可以预约" in said(Client(headers={"accept-language": "zh-CN"}).get(f"/questions/{answer.key}/"))
    changed = GIVEN | {"answer_zh-Hans": "要预约。"}
    assert "可以预约" in said(chen.get(f"{where}change/"))
    assert chen.post(f"{where}change/", changed).status_code == 302
    page = said(chen.get(where))
    assert "第 2 版" in page
    assert "公布了新版本" in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"question_zh-Hans": ""}, "请填写"),
        ({"source_1": ""}, "请填写"),
        (
            {"valid_until_year": 2025, "valid_until_month": 1, "valid_until_day": 1},
            "结束的日子不能早于开始的日子",
        ),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    town: Town, chen: Client, wrong: dict[str, object], words: str
) -> None:
    answer = chen.post("/staff/questions/new/", GIVEN | {"office": town.federation.pk} | wrong)
    assert answer.status_code == 422
    assert words in said(answer)
    assert "可以预约，也可以直接来。" in said(answer)


def test_the_list_shows_what_is_mine_and_due_and_nothing_of_others(
    town: Town, chen: Client, signed_in: SignIn
) -> None:
    answer = published(town)
    with acting(SYSTEM, epoch=now_epoch()):
        Answer.objects.update(review_on=AT.date())
    page = said(chen.get("/staff/questions/"))
    assert "信访要几天？" in page
    assert "该核对了" in page
    assert "信访要几天？" not in said(chen.get("/staff/questions/?mine=yes"))
    chen.post(f"/staff/questions/{answer.pk}/take/")
    assert "信访要几天？" in said(chen.get("/staff/questions/?mine=yes&state=published&after=x"))
    chen.post(f"/staff/questions/{answer.pk}/confirm/")
    assert "该核对了" not in said(chen.get("/staff/questions/"))
    he = signed_in(town.stranger_he)
    assert "信访要几天？" not in said(he.get("/staff/questions/"))
    assert he.post(f"/staff/questions/{answer.pk}/retire/").status_code == 404
    assert chen.post(f"/staff/questions/{answer.pk}/nothing/").status_code == 404


def test_sixty_answers_stand_on_two_pages_each_once(town: Town, chen: Client) -> None:
    for number in range(55):
        drafted(town.federation, f"第{number}问", key=f"q-{number:03d}")
    first = said(chen.get("/staff/questions/"))
    following = first.split('href="?after=')[1].split('"')[0]
    second = said(chen.get(f"/staff/questions/?after={following}"))
    seen = [part.split("<")[0] for page in (first, second) for part in page.split('/">第')[1:]]
    assert len(seen) == len(set(seen)) == 55


@pytest.fixture
def case(town: Town) -> Case:
    return file_case("petition", PETITION)


def test_an_officer_answers_a_case_by_citing_in_the_persons_language(
    town: Town, chen: Client, case: Case
) -> None:
    answer = published(town)
    where = f"/staff/cases/{case.reference}/answers/"
    assert where in said(chen.get(f"/staff/cases/{case.reference}/"))
    assert "信访要几天？" in said(chen.get(where))
    assert "信访要几天？" in said(chen.get(where, {"q": "信访几天"}))
    form = said(chen.get(f"{where}{answer.pk}/"))
    assert "国籍法（1980）" in form
    assert f"/questions/{answer.key}/" in form
    for _click in range(2):
        sent = chen.post(f"{where}{answer.pk}/", {"body": "十五天内书面告知。", "once": "b" * 32})
        assert sent.status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        (kept,) = Citation.objects.select_related("message", "edition")
        assert kept.message is not None
        assert (kept.message.body, kept.edition.number) == ("十五天内书面告知。", 1)
    assert "这个案件引用过" in said(chen.get(where))
    assert chen.post(f"{where}{answer.pk}/", {"body": " "}).status_code == 422


def test_a_draft_is_not_cited_and_a_stranger_cites_nothing(
    town: Town, chen: Client, case: Case, signed_in: SignIn
) -> None:
    draft = drafted(town.federation, "还没公布")
    where = f"/staff/cases/{case.reference}/answers/"
    assert chen.get(f"{where}{draft.pk}/").status_code == 404
    assert signed_in(town.stranger_he).get(where).status_code == 404


def test_a_good_answer_becomes_one_for_all_only_without_the_people_in_it(
    town: Town, chen: Client, case: Case
) -> None:
    actor = as_staff(town.officer_chen)
    with acting(actor, epoch=now_epoch()):
        body = f"陈玉莲您好，编号 {case.reference} 的事，十五天内书面告知。电话 0750-1234567。"
        message = say(case.pk, body, language="zh-hans", actor=actor, at=AT)
    where = f"/staff/cases/{case.reference}/answers/from/{message.pk}/"
    page = said(chen.get(where))
    assert "可能认出当事人的内容" in page
    for telling in ("陈玉莲", case.reference, "0750-1234567"):
        assert f"<li>{telling}</li>" in page
    given = GIVEN | {"office": town.federation.pk, "answer_zh-Hans": body}
    refused = chen.post(where, given)
    assert refused.status_code == 422
    assert "请改掉再保存" in said(refused)
    assert chen.post(where, given | {"answer_zh-Hans": "十五天内书面告知。"}).status_code == 302
    with acting(SYSTEM, epoch=now_epoch()):
        assert Edition.objects.get().answers == {"zh-Hans": "十五天内书面告知。"}
    with acting(SYSTEM, epoch=now_epoch()):
        persons = Message.objects.create(
            case_id=case.pk, sender="person", body="我的话", language="es", sent_at=AT, office=None
        )
    assert chen.get(f"/staff/cases/{case.reference}/answers/from/{persons.pk}/").status_code == 404


@pytest.mark.parametrize("many", [1, 20])
def test_the_list_takes_the_same_queries_for_one_answer_and_for_many(
    town: Town, chen: Client, many: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(many):
        drafted(town.federation, f"第{number}问", key=f"q-{number:03d}")
    with django_assert_max_num_queries(16):
        assert chen.get("/staff/questions/").status_code == 200
