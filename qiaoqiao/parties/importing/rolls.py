"""Reading sources and their imports: which of them somebody may see, and for which they may decide."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import offices_read_by, posts_of
from qiaoqiao.access.rules import Permission, PostRole, grants
from qiaoqiao.access.tickets import Actor
from qiaoqiao.parties.models import Batch, Source

BATCHES_SHOWN = 20


def sources_seen(actor: Actor, *, on: date) -> QuerySet[Source]:
    """The sources whose keeper or giver is one of the actor's offices."""
    known = Source.objects.select_related("office", "keeper")
    if actor.kind == "system":
        return known
    offices = offices_read_by(actor.account_id, on=on) if actor.account_id is not None else []
    return known.filter(Q(keeper__in=offices) | Q(office__in=offices))


def sources_listed(actor: Actor, *, on: date) -> QuerySet[Any]:
    """The same for a list: with the time of the last import; names first by rank, then by code."""
    last = Max("batches__made_at", filter=Q(batches__state="done"))
    return sources_seen(actor, on=on).annotate(last_at=last).order_by("rank", "code")


def source_seen(code: str, actor: Actor, *, on: date) -> Source:
    """Raises Source.DoesNotExist for one the actor may not see."""
    return sources_seen(actor, on=on).get(code=code)


def batch_seen(batch_id: UUID, actor: Actor, *, on: date) -> Batch:
    """Raises Batch.DoesNotExist for one the actor may not see."""
    seen = sources_seen(actor, on=on)
    chosen = Batch.objects.select_related("source__office", "source__keeper", "made_by")
    return chosen.get(pk=batch_id, source__in=seen)


def batches_of(source: Source, *, before: datetime | None = None) -> tuple[list[Batch], datetime | None]:
    """A source's imports, newest first, without what they hold; and where the next page begins."""
    rows = Batch.objects.filter(source=source).defer("held", "report").select_related("made_by")
    if before is not None:
        rows = rows.filter(made_at__lt=before)
    found = list(rows.order_by("-made_at")[: BATCHES_SHOWN + 1])
    more = len(found) > BATCHES_SHOWN
    return found[:BATCHES_SHOWN], found[BATCHES_SHOWN - 1].made_at if more else None


def offices_decided(actor: Actor, *, on: date) -> list[Office]:
    """The offices for which somebody may bring rolls in: handlers for their own, heads also for those below."""
    if actor.kind == "system":
        return list(Office.objects.order_by("path"))
    if actor.account_id is None:
        return []
    posts = [
        post for post in posts_of(actor.account_id, on=on) if grants({PostRole(post.role)}, Permission.LINK)
    ]
    wanted = Q(pk__in=[post.office_id for post in posts])
    for post in posts:
        if post.role == PostRole.HEAD:
            wanted |= Q(path__startswith=post.office.path)
    return list(Office.objects.filter(wanted).order_by("path")) if posts else []


def may_decide(source: Source, actor: Actor, *, on: date) -> bool:
    """Whether somebody may bring a source's rows in, and take them back: the keeper's people."""
    return actor.kind == "system" or source.keeper_id in {one.pk for one in offices_decided(actor, on=on)}


def may_deliver(source: Source, actor: Actor, *, on: date) -> bool:
    """Whether somebody may send the source's rows to be looked at: also the people of the office that gives it."""
    offices = {one.pk for one in offices_decided(actor, on=on)}
    return actor.kind == "system" or bool({source.keeper_id, source.office_id} & offices)
