"""Founding, changing and closing one organisation, and the posts in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.network.entered import Entered, changes, columns_of, entered_of
from qiaoqiao.community.network.models import Organisation, OrganisationPost
from qiaoqiao.community.network.queries import kept_by, offices_of
from qiaoqiao.community.network.rules import LONGEST_PATH, Loop
from qiaoqiao.ledger.actions import Happening, record, start


class NotYours(Exception):
    """The organisation, or the office that would keep it, is not the actor's to change."""


class CodeTaken(Exception):
    """Another organisation has this code."""


class NoSuchParent(Exception):
    """The code above is not known."""


TREE = 71_911
"""The advisory lock of whoever changes who lies below whom."""


def lock_tree() -> None:
    """Let one at a time change who lies below whom."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE])


def local_day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def held(code: str, *, actor: Actor, at: datetime) -> Organisation:
    """Lock an organisation the actor may change. Raises NotYours."""
    rows = kept_by(actor, on=local_day(at)).select_for_update(of=("self",))
    row = rows.select_related("parent", "keeper").filter(code=code).first()
    if row is None:
        raise NotYours(code)
    return row


@transaction.atomic
def found(given: Entered, *, keeper: Office, actor: Actor, at: datetime) -> Organisation:
    """Begin an organisation that an office keeps. Raises NotYours, CodeTaken, NoSuchParent, Loop."""
    if keeper.pk not in {one.pk for one in offices_of(actor, on=local_day(at))}:
        raise NotYours(keeper.code)
    lock_tree()
    if Organisation.objects.filter(code=given.code).exists():
        raise CodeTaken(given.code)
    row = Organisation(keeper=keeper, names={}, about={})
    columns_of(given, row)
    lay(row, parent_of(given))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same moment's other one was first
        raise CodeTaken(given.code) from None
    facts = {"code": row.code, "kind": row.kind}
    start(row.pk, Happening("organisation.founded", facts, actor.ledger_name, at, keeper.code))
    return row


@transaction.atomic
def change(code: str, given: Entered, *, actor: Actor, at: datetime) -> list[str]:
    """Write an organisation's data anew; return the columns that changed. Raises as `found` does."""
    row = held(code, actor=actor, at=at)
    changed = changes(entered_of(row), given)
    if not changed:
        return []
    if "code" in changed and Organisation.objects.filter(code=given.code).exists():
        raise CodeTaken(given.code)
    if "code" in changed or "parent" in changed:
        lock_tree()
    path = row.path
    columns_of(given, row)
    lay(row, parent_of(given))
    row.save()
    if row.path != path:
        move_below(path, row.path)
    record(row.pk, *told(changed, given, actor=actor, at=at, office=row.keeper.code))
    return changed


def told(
    changed: list[str], given: Entered, *, actor: Actor, at: datetime, office: str, upload: str = ""
) -> list[Happening]:
    """What a change is in the ledger: closing and opening again are told by name."""
    others = [name for name in changed if name != "closed_on"]
    more = {"upload": upload} if upload else {}
    said: list[Happening] = []
    if others:
        facts = {"changed": list(others), **more}
        said.append(Happening("organisation.changed", facts, actor.ledger_name, at, office))
    if "closed_on" in changed and given.closed_on:
        said.append(Happening("organisation.closed", more, actor.ledger_name, at, office))
    elif "closed_on" in changed:
        said.append(Happening("organisation.reopened", more, actor.ledger_name, at, office))
    return said


def close(code: str, *, on: date, actor: Actor, at: datetime) -> bool:
    """Close an organisation on a day; False when it was closed then already. Raises NotYours."""
    with transaction.atomic():
        given = entered_of(held(code, actor=actor, at=at))
        return bool(change(code, replace(given, closed_on=on.isoformat()), actor=actor, at=at))


def parent_of(given: Entered) -> Organisation | None:
    """The organisation above, whoever keeps it. Raises NoSuchParent."""
    if not given.parent:
        return None
    row = Organisation.objects.filter(code=given.parent).first()
    if row is None:
        raise NoSuchParent(given.parent)
    return row


def lay(row: Organisation, parent: Organisation | None) -> None:
    """Put a row below another. Raises Loop when that one lies below it itself, or the line gets too long."""
    if parent is not None and row.path and (parent.pk == row.pk or parent.path.startswith(row.path)):
        raise Loop(row.code, parent.code)
    row.parent = parent
    row.path = f"{parent.path if parent else '/'}{row.code}/"
    if len(row.path) > LONGEST_PATH:
        raise Loop(row.code)


def move_below(old: str, new: str) -> None:
    """Let all that lies below an organisation follow it. Raises Loop when a line gets too long."""
    rows = list(Organisation.objects.select_for_update().filter(path__startswith=old))
    for row in rows:
        row.path = new + row.path[len(old) :]
        if len(row.path) > LONGEST_PATH:
            raise Loop(row.code)
    Organisation.objects.bulk_update(rows, ["path"], batch_size=500)


@dataclass(frozen=True)
class Announced:
    """A post as it is announced."""

    title: str
    name: str
    phone: str
    since: date


@transaction.atomic
def begin_post(code: str, given: Announced, *, actor: Actor, at: datetime) -> OrganisationPost:
    """Announce who holds a post. Raises NotYours."""
    row = held(code, actor=actor, at=at)
    post = OrganisationPost.objects.create(
        organisation=row, title=given.title, name=given.name, phone=given.phone, since=given.since
    )
    record(
        row.pk, Happening("organisation.post_began", facts_of(post), actor.ledger_name, at, row.keeper.code)
    )
    return post


@transaction.atomic
def end_post(code: str, post_id: UUID, *, on: date, actor: Actor, at: datetime) -> bool:
    """End a post; False when it had ended. Raises NotYours and OrganisationPost.DoesNotExist."""
    row = held(code, actor=actor, at=at)
    post = OrganisationPost.objects.select_for_update().get(pk=post_id, organisation=row)
    if post.until is not None:
        return False
    post.until = max(on, post.since)
    post.save(update_fields=["until"])
    record(
        row.pk, Happening("organisation.post_ended", facts_of(post), actor.ledger_name, at, row.keeper.code)
    )
    return True


def facts_of(post: OrganisationPost) -> Mapping[str, str]:
    """The post by its id and title; who holds it stands in the row."""
    return {"post": str(post.pk), "title": post.title}
