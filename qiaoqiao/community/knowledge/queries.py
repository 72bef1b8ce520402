"""Reading answers: what is public, what an office keeps, what is due, what a case was answered with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from qiaoqiao.access.queries import offices_read_by
from qiaoqiao.access.tickets import Actor
from qiaoqiao.community.knowledge.indexing import find
from qiaoqiao.community.knowledge.models import Answer, Citation, Edition, Vote
from qiaoqiao.community.knowledge.rules import holds_on
from qiaoqiao.lib.paging import cut

MOST_SHOWN = 20


@dataclass(frozen=True)
class Shown:
    """An answer with the edition that is read; `valid` when it may be given as true today."""

    answer: Answer
    edition: Edition
    valid: bool


def visible_answers(actor: Actor, *, on: date) -> QuerySet[Answer]:
    """Published ones are everybody's; the others their office's."""
    seen = Answer.objects.select_related("office", "owner")
    if actor.kind == "system":
        return seen
    public = Q(state__in=["published", "outdated"])
    if actor.account_id is None:
        return seen.filter(public)
    return seen.filter(public | Q(office__in=offices_read_by(actor.account_id, on=on)))


def kept_answers(actor: Actor, *, on: date) -> QuerySet[Answer]:
    """Those that the officer's offices keep."""
    seen = Answer.objects.select_related("office", "owner")
    if actor.kind == "system":
        return seen
    return seen.filter(office__in=offices_read_by(actor.account_id or 0, on=on))


def shown(answers: Sequence[Answer], *, on: date) -> list[Shown]:
    """Answers with their published editions, in the given order, in one query."""
    editions = {one.answer_id: one for one in Edition.objects.filter(answer__in=answers, state="published")}
    return [
        Shown(answer, edition, is_valid(answer, edition, on))
        for answer in answers
        if (edition := editions.get(answer.pk)) is not None
    ]


def is_valid(answer: Answer, edition: Edition, on: date) -> bool:
    return answer.state == "published" and holds_on(edition.valid_from, edition.valid_until, on)


def public_answer(key: str, actor: Actor, *, on: date) -> Shown:
    """The public page of a question. Raises Answer.DoesNotExist, also for drafts and retired ones."""
    answer = visible_answers(actor, on=on).filter(state__in=["published", "outdated"]).get(key=key)
    found = shown([answer], on=on)
    if not found:
        raise Answer.DoesNotExist
    return found[0]


def listed(actor: Actor, *, on: date, topic: str = "", service: str = "") -> list[Shown]:
    """All that is valid, or those of one topic or service, by address."""
    found = visible_answers(actor, on=on).filter(state="published")
    if topic:
        found = found.filter(topics__contains=[topic])
    if service:
        found = found.filter(services__contains=[service])
    return [one for one in shown(list(found.order_by("key")[:500]), on=on) if one.valid]


def search(query: str, actor: Actor, *, on: date) -> list[Shown]:
    """Valid answers for somebody's own words, best first."""
    hits = find(query)[: MOST_SHOWN * 2]
    known = {
        one.pk: one for one in visible_answers(actor, on=on).filter(pk__in=[hit.answer_id for hit in hits])
    }
    ordered = [known[hit.answer_id] for hit in hits if hit.answer_id in known]
    return [one for one in shown(ordered, on=on) if one.valid][:MOST_SHOWN]


def votes_of(editions: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many said that it helped, and that it did not, by edition."""
    counted = Vote.objects.filter(edition__in=editions).values("edition")
    rows = counted.annotate(yes=Count("pk", filter=Q(helpful=True)), no=Count("pk", filter=Q(helpful=False)))
    return {row["edition"]: (row["yes"], row["no"]) for row in rows}


def due(*, on: date) -> QuerySet[Answer]:
    """Published answers whose review date has come or whose validity is over, not yet flagged."""
    over = Q(editions__state="published", editions__valid_until__lt=on)
    late = Q(review_on__lte=on, flagged_at__isnull=True)
    return Answer.objects.filter(state="published").filter(over | late).distinct()


def citations_of(case_id: UUID) -> list[Citation]:
    """What a case was answered with, newest first."""
    return list(
        Citation.objects.filter(case=case_id).select_related("edition__answer", "office").order_by("-at")
    )


Mark = tuple[date, str]
PAGE = 50


def answer_page(
    actor: Actor, *, on: date, state: str = "", owner: int | None = None, after: Mark | None = None
) -> tuple[list[Answer], Mark | None]:
    """One page of an office's answers, those due first, and the mark at which the next begins."""
    found = kept_answers(actor, on=on).annotate(turn=Coalesce("review_on", Value(date.min)))
    if state:
        found = found.filter(state=state)
    if owner:
        found = found.filter(owner=owner)
    page = cut(found, ("turn", "key"), PAGE, lambda one: (one.review_on or date.min, one.key), after=after)
    return list(page.rows), page.after
