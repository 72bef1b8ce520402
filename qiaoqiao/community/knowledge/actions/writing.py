"""Writing, publishing, confirming and retiring answers: one writes, another publishes, every edition stays."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.queries import posts_of
from qiaoqiao.access.tickets import Actor
from qiaoqiao.catalogue.loader import current
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.knowledge.indexing import index_of
from qiaoqiao.community.knowledge.models import Answer, Edition, Finding
from qiaoqiao.community.knowledge.queries import kept_answers
from qiaoqiao.community.knowledge.rules import KEY, Content, ContentRefused, check, next_review
from qiaoqiao.ledger.actions import Happening, record, start
from qiaoqiao.ledger.rules import JSON
from qiaoqiao.lib.ids import row_id


class NotYours(Exception):
    """Only a head of the office publishes, and nobody their own text: `not_head`, `own_text`."""


class NothingToPublish(Exception):
    """There is no draft."""


@transaction.atomic
def write(
    content: Content,
    *,
    office: Office,
    actor: Actor,
    at: datetime,
    key: str = "",
    owner: int | None = None,
    facts: Mapping[str, JSON] | None = None,
) -> Answer:
    """Begin an answer as a draft; its writer looks after it. Raises ContentRefused."""
    check(content, {one.id for one in current()})
    answer_id = row_id()
    answer = Answer(
        id=answer_id,
        key=key or f"q-{answer_id.hex[-10:]}",
        office=office,
        owner_id=owner or actor.account_id,
        topics=list(content.topics),
        services=list(content.services),
    )
    if not KEY.fullmatch(answer.key):
        raise ContentRefused({"key": "malformed"})
    answer.save(force_insert=True)
    _edition(answer, 1, content, actor, at).save(force_insert=True)
    start(answer.pk, Happening("answer.written", dict(facts or {}), actor.ledger_name, at, office.code))
    return answer


@transaction.atomic
def change(answer_id: UUID, content: Content, *, actor: Actor, at: datetime) -> Edition:
    """Write the next edition, or change the draft of it; what is published stays until the next is.

    Raises ContentRefused, Answer.DoesNotExist.
    """
    check(content, {one.id for one in current()})
    answer = hold(answer_id, actor, at)
    last = Edition.objects.filter(answer=answer).aggregate(last=Max("number"))["last"] or 0
    draft = Edition.objects.filter(answer=answer, state="draft").first()
    edition = _edition(answer, draft.number if draft else last + 1, content, actor, at)
    if draft:
        edition.pk = draft.pk
    edition.save(force_insert=draft is None, force_update=draft is not None)
    _record(answer, "answer.changed", {"edition": edition.number}, actor, at)
    return edition


def _edition(answer: Answer, number: int, content: Content, actor: Actor, at: datetime) -> Edition:
    return Edition(
        answer=answer, number=number, written_by_id=actor.account_id, written_at=at, **content.columns
    )


@transaction.atomic
def publish(answer_id: UUID, *, actor: Actor, at: datetime) -> Answer:
    """Put the draft before the public: a head of the office does, and not who wrote it.

    Raises NotYours, NothingToPublish.
    """
    answer = hold(answer_id, actor, at)
    draft = Edition.objects.filter(answer=answer, state="draft").first()
    if draft is None:
        raise NothingToPublish
    _check_publisher(answer, draft, actor, at)
    Edition.objects.filter(answer=answer, state="published").update(state="past")
    draft.state, draft.published_by_id, draft.published_at = "published", actor.account_id, at
    draft.save(update_fields=["state", "published_by", "published_at"])
    today = at.astimezone(SHANGHAI).date()
    answer.state, answer.edition, answer.flagged_at = "published", draft.number, None
    answer.checked_on, answer.review_on = today, next_review(today)
    answer.topics, answer.services = draft.topics, draft.services
    answer.save(
        update_fields=[
            "state", "edition", "flagged_at", "checked_on", "review_on", "topics", "services",
        ]
    )  # fmt: skip
    put_in_index(answer, draft)
    _record(answer, "answer.published", {"edition": draft.number}, actor, at)
    return answer


def _check_publisher(answer: Answer, draft: Edition, actor: Actor, at: datetime) -> None:
    if actor.account_id is None:
        return
    if draft.written_by_id == actor.account_id:
        raise NotYours("own_text")
    posts = posts_of(actor.account_id, on=at.astimezone(SHANGHAI).date()).filter(role="head")
    if not any(answer.office.path.startswith(post.office.path) for post in posts):
        raise NotYours("not_head")


def put_in_index(answer: Answer, edition: Edition) -> None:
    """Let an answer be found by its present words and those of its services."""
    entries = {one.id: one for one in current()}
    phrases: dict[str, list[str]] = {}
    for service in answer.services:
        for language, said in entries[service].everyday.items() if service in entries else ():
            phrases.setdefault(language, []).extend(said)
    words, texts = index_of(edition, phrases)
    Finding.objects.update_or_create(answer=answer, defaults={"words": words, "texts": texts})


@transaction.atomic
def confirm(answer_id: UUID, *, actor: Actor, at: datetime) -> Answer:
    """Say that a published answer is still right; the next review is due half a year on."""
    answer = hold(answer_id, actor, at)
    today = at.astimezone(SHANGHAI).date()
    answer.checked_on, answer.review_on, answer.flagged_at = today, next_review(today), None
    answer.save(update_fields=["checked_on", "review_on", "flagged_at"])
    _record(answer, "answer.confirmed", {}, actor, at)
    return answer


@transaction.atomic
def retire(answer_id: UUID, *, reason: str, actor: Actor, at: datetime) -> Answer:
    """Take an answer away from the public; its editions and citations stay."""
    answer = hold(answer_id, actor, at)
    if answer.state == "draft":
        Edition.objects.filter(answer=answer, state="draft").update(state="past")
        answer.edition = 1
    answer.state = "retired"
    answer.save(update_fields=["state", "edition"])
    Finding.objects.filter(answer=answer).delete()
    _record(answer, "answer.retired", {"reason": reason[:300]}, actor, at)
    return answer


@transaction.atomic
def hand_to(answer_id: UUID, owner: Account, *, actor: Actor, at: datetime) -> Answer:
    """Let a colleague look after an answer."""
    answer = hold(answer_id, actor, at)
    answer.owner, answer.flagged_at = owner, None
    answer.save(update_fields=["owner", "flagged_at"])
    _record(answer, "answer.handed", {"owner": owner.ledger_name}, actor, at)
    return answer


@transaction.atomic
def flag(answer_id: UUID, *, actor: Actor, at: datetime) -> bool:
    """Flag an answer whose review is due, or end one whose validity is over; its owner is told once.

    Return whether there was anything to do.
    """
    answer = hold(answer_id, actor, at)
    today = at.astimezone(SHANGHAI).date()
    edition = Edition.objects.filter(answer=answer, state="published").first()
    if answer.state != "published" or edition is None:
        return False
    over = edition.valid_until is not None and edition.valid_until < today
    if not over and (answer.flagged_at or answer.review_on is None or answer.review_on > today):
        return False
    told = answer.flagged_at is not None
    answer.flagged_at = answer.flagged_at or at
    if over:
        answer.state = "outdated"
        Finding.objects.filter(answer=answer).delete()
    answer.save(update_fields=["flagged_at", "state"])
    _record(answer, "answer.outdated" if over else "answer.due", {"told": told}, actor, at)
    return True


def hold(answer_id: UUID, actor: Actor, at: datetime) -> Answer:
    """An answer of one's own office under lock. Raises Answer.DoesNotExist for another's."""
    mine = kept_answers(actor, on=at.astimezone(SHANGHAI).date())
    mine.select_related(None).select_for_update(no_key=True).get(pk=answer_id)
    return mine.get(pk=answer_id)


def content_of(edition: Edition) -> Content:
    """An edition as content, to be written anew."""
    return Content(
        questions=edition.questions,
        answers=edition.answers,
        sources=edition.sources,
        valid_from=edition.valid_from,
        valid_until=edition.valid_until,
        phrases=edition.phrases,
        topics=edition.topics,
        services=edition.services,
    )


def same(one: Content, other: Content) -> bool:
    return one.columns == other.columns


def _record(answer: Answer, kind: str, facts: dict[str, JSON], actor: Actor, at: datetime) -> None:
    record(answer.pk, Happening(kind, facts, actor.ledger_name, at, answer.office.code))
