"""Answers: one writes, another publishes, all editions stay; what is due is flagged once; a case keeps what it was told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from qiaoqiao.access.tickets import PUBLIC, SYSTEM, acting, person
from qiaoqiao.casework.models import Message
from qiaoqiao.community.knowledge import jobs, reactions
from qiaoqiao.community.knowledge.actions.citing import cite, vote
from qiaoqiao.community.knowledge.actions.writing import (
    NothingToPublish,
    NotYours,
    change,
    confirm,
    content_of,
    publish,
    retire,
    write,
)
from qiaoqiao.community.knowledge.models import Answer, Citation, Edition
from qiaoqiao.community.knowledge.queries import listed, public_answer, search, votes_of
from qiaoqiao.community.knowledge.rules import Content, ContentRefused, holds_on, in_language, telling
from qiaoqiao.community.knowledge.sentences import SAID
from qiaoqiao.gateways import mail
from qiaoqiao.ledger.models import Entry
from tests.cast import PETITION, Town, as_staff, file_case, now_epoch

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
SOURCE = {"title": "国籍法（1980）", "article": "9", "confidence": "verified"}


def content(**changes: object) -> Content:
    usual: dict[str, object] = {
        "questions": {"zh-Hans": "办证要不要预约？", "en": "Must I book?"},
        "answers": {"zh-Hans": "可以预约，也可以直接来。", "en": "You may book or just come."},
        "sources": [SOURCE],
        "valid_from": date(2026, 1, 1),
        "topics": ["time"],
    }
    return Content(**(usual | changes))  # type: ignore[arg-type]


@pytest.fixture
def town(db: None) -> Town:
    return Town()


def written(town: Town, **changes: object) -> Answer:
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        return write(content(**changes), office=town.federation, actor=chen, at=AT)


def published(town: Town, **changes: object) -> Answer:
    answer = written(town, **changes)
    liang = as_staff(town.head_liang)
    with acting(liang, epoch=now_epoch()):
        return publish(answer.pk, actor=liang, at=AT)


def public_sees(key: str, on: date = TODAY) -> bool:
    with acting(PUBLIC, epoch=now_epoch()):
        try:
            return public_answer(key, PUBLIC, on=on).valid
        except Answer.DoesNotExist:
            return False


def test_a_handler_writes_and_a_head_publishes(town: Town) -> None:
    answer = written(town)
    assert not public_sees(answer.key)
    chen, liang = as_staff(town.officer_chen), as_staff(town.head_liang)
    with acting(chen, epoch=now_epoch()), pytest.raises(NotYours):
        publish(answer.pk, actor=chen, at=AT)
    with acting(liang, epoch=now_epoch()):
        publish(answer.pk, actor=liang, at=AT)
        with pytest.raises(NothingToPublish):
            publish(answer.pk, actor=liang, at=AT)
    assert public_sees(answer.key)


def test_a_head_does_not_publish_their_own_text_and_postgresql_refuses_it_too(town: Town) -> None:
    liang = as_staff(town.head_liang)
    with acting(liang, epoch=now_epoch()):
        own = write(content(), office=town.federation, actor=liang, at=AT)
        with pytest.raises(NotYours, match="own_text"):
            publish(own.pk, actor=liang, at=AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.filter(answer=own).update(published_by=town.head_liang)


def test_a_new_edition_leaves_the_old_before_the_public_until_it_is_published(town: Town) -> None:
    answer = published(town)
    chen, liang = as_staff(town.officer_chen), as_staff(town.head_liang)
    with acting(chen, epoch=now_epoch()):
        for text in ("要预约。", "周末要预约。"):
            change(answer.pk, content(answers={"zh-Hans": text}), actor=chen, at=AT)
    with acting(PUBLIC, epoch=now_epoch()):
        assert public_answer(answer.key, PUBLIC, on=TODAY).edition.number == 1
        assert Edition.objects.count() == 1
    with acting(liang, epoch=now_epoch()):
        publish(answer.pk, actor=liang, at=AT)
        assert [(one.number, one.state) for one in Edition.objects.order_by("number")] == [
            (1, "past"),
            (2, "published"),
        ]
    with acting(PUBLIC, epoch=now_epoch()):
        assert public_answer(answer.key, PUBLIC, on=TODAY).edition.answers["zh-Hans"] == "周末要预约。"
        assert [one.answer.key for one in search("周末", PUBLIC, on=TODAY)] == [answer.key]


def test_topics_and_services_of_a_draft_reach_the_public_only_when_somebody_else_publishes_it(
    town: Town,
) -> None:
    answer = published(town, services=["settlement"])
    chen, liang = as_staff(town.officer_chen), as_staff(town.head_liang)

    def before_the_public() -> tuple[list[str], list[str], bool]:
        with acting(PUBLIC, epoch=now_epoch()):
            row = public_answer(answer.key, PUBLIC, on=TODAY).answer
            return row.topics, row.services, bool(listed(PUBLIC, on=TODAY, topic="law"))

    was = before_the_public()
    assert was == (["time"], ["settlement"], False)
    with acting(chen, epoch=now_epoch()):
        draft = change(answer.pk, content(topics=["law"], services=["petition"]), actor=chen, at=AT)
        assert content_of(draft).topics == ["law"]
    assert before_the_public() == was
    with acting(liang, epoch=now_epoch()):
        publish(answer.pk, actor=liang, at=AT)
    assert before_the_public() == (["law"], ["petition"], True)


def test_another_office_neither_sees_a_draft_nor_changes_what_is_public(town: Town) -> None:
    draft, public = written(town), published(town)
    he = as_staff(town.stranger_he)
    with acting(he, epoch=now_epoch()):
        assert list(Answer.objects.values_list("pk", flat=True)) == [public.pk]
        assert Answer.objects.filter(pk=public.pk).update(key="ours-now") == 0
        for answer in (draft, public):
            with pytest.raises(Answer.DoesNotExist):
                retire(answer.pk, reason="", actor=he, at=AT)


def test_a_retired_answer_is_found_no_more_and_its_edition_stays(town: Town) -> None:
    answer = published(town)
    liang = as_staff(town.head_liang)
    with acting(liang, epoch=now_epoch()):
        retire(answer.pk, reason="不再办", actor=liang, at=AT)
        assert Edition.objects.filter(answer=answer).count() == 1
    assert not public_sees(answer.key)
    with acting(PUBLIC, epoch=now_epoch()):
        assert search("办证要不要预约", PUBLIC, on=TODAY) == []


@pytest.mark.parametrize(
    ("days", "flagged", "state"),
    [(179, 0, "published"), (180, 1, "published"), (365, 1, "outdated")],
)
def test_what_is_due_is_flagged_and_what_is_over_is_ended(
    town: Town, days: int, flagged: int, state: str
) -> None:
    answer = published(town, valid_until=date(2027, 1, 1))
    with acting(SYSTEM, epoch=now_epoch()):
        assert jobs.flag_due(AT + timedelta(days=days)) == flagged
        assert jobs.flag_due(AT + timedelta(days=days)) == 0
        assert Answer.objects.get(pk=answer.pk).state == state
    assert public_sees(answer.key, TODAY + timedelta(days=days)) is (state == "published")


def test_the_owner_is_written_to_once(town: Town) -> None:
    town.officer_chen.email = "chen@example.org"
    town.officer_chen.save()
    answer = published(town)
    before = len(mail.recent(50, "chen@example.org"))
    with acting(SYSTEM, epoch=now_epoch()):
        jobs.flag_due(AT + timedelta(days=200))
        uid = str(Entry.objects.get(subject=answer.pk, kind="answer.due").uid)
    for _again in range(2):
        reactions.tell_owner(uid)
    assert len(mail.recent(50, "chen@example.org")) == before + 1
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        after = confirm(answer.pk, actor=chen, at=AT + timedelta(days=201))
    assert (after.flagged_at, after.review_on) == (None, TODAY + timedelta(days=381))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"questions": {"en": "Only English?"}}, "question_zh-Hans"),
        ({"answers": {"zh-Hans": "长" * 3001}}, "answer_zh-Hans"),
        ({"sources": []}, "sources"),
        ({"sources": [{"title": "x", "confidence": "sure"}]}, "sources"),
        ({"topics": ["magic"]}, "topics"),
        ({"services": ["no_such_entry"]}, "services"),
        ({"valid_until": date(2025, 1, 1)}, "valid_until"),
    ],
)
def test_an_answer_without_source_or_chinese_is_not_kept(
    town: Town, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(ContentRefused) as refused:
        written(town, **wrong)
    assert field in refused.value.faults


def test_a_case_is_answered_with_an_edition_and_keeps_which(town: Town) -> None:
    answer, case = published(town), file_case("petition", PETITION)
    chen = as_staff(town.officer_chen)
    with acting(chen, epoch=now_epoch()):
        edition = Edition.objects.select_related("answer").get(answer=answer)
        cite(case.pk, edition, "可以预约。依据：国籍法", language="zh-hans", actor=chen, at=AT)
    with acting(person(case.pk), epoch=now_epoch()):
        (kept,) = Citation.objects.select_related("message", "edition")
        assert kept.edition.number == 1
        assert Message.objects.get(pk=kept.message_id).body.startswith("可以预约")
    with acting(as_staff(town.stranger_he), epoch=now_epoch()):
        assert Citation.objects.count() == 0


def test_votes_are_counted_by_edition_and_nobody_is_known(town: Town) -> None:
    answer = published(town)
    with acting(PUBLIC, epoch=now_epoch()):
        edition = Edition.objects.get(answer=answer)
        for helpful in (True, True, False):
            vote(edition, helpful, on=TODAY)
        assert votes_of([edition.pk]) == {edition.pk: (2, 1)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("陈玉莲问定居", ["陈玉莲"]),
        ("ROSA chen 来电", ["Rosa Chen"]),
        ("编号 QQ26-7K3M-9PA 的事", ["QQ26-7K3M-9PA"]),
        ("写到 a.b@example.org 就行", ["a.b@example.org"]),
        ("电话 +58 412 555 0123", ["+58 412 555 0123"]),
        ("身份证 44078119700101123X", ["44078119700101123X"]),
        ("2026 年 3 月 1 日起 15 天内，收费 200 元", []),
    ],
)
def test_what_may_tell_whose_case_it_was_is_pointed_out(text: str, found: list[str]) -> None:
    assert telling(text, ["陈玉莲", "Rosa Chen"]) == found


def test_a_reader_gets_the_nearest_language_and_is_told_which() -> None:
    texts = {"zh-Hans": "是", "en": "yes"}
    assert in_language(texts, "en") == ("yes", "en")
    assert in_language(texts, "es") == ("yes", "en")
    assert in_language(texts, "zh-hant") == ("是", "zh-Hans")
    assert in_language({"zh-Hans": "是"}, "pt") == ("是", "zh-Hans")
    assert holds_on(date(2026, 1, 1), date(2026, 1, 31), date(2026, 1, 31))
    assert not holds_on(date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1))


def test_every_kind_of_entry_has_its_sentence(town: Town) -> None:
    published(town)
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"answer.written", "answer.published"} <= kinds <= SAID.keys()
