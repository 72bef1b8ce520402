"""Saying who keeps house together."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from qiaoqiao.access.tickets import Actor
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ledger.actions import Happening
from qiaoqiao.lib.statements import insert
from qiaoqiao.parties.actions.files import add_facts
from qiaoqiao.parties.actions.grounds import hold, settle
from qiaoqiao.parties.models import File, Household, Member


@transaction.atomic
def join_household(
    file_id: UUID,
    *,
    beside: UUID | None,
    relation: str,
    actor: Actor,
    at: datetime,
    register: str = "",
    since: date | None = None,
    proof: str = "",
    office: str = "",
) -> File:
    """Let the person keep house with somebody (`beside`, a file), or begin a household of their own.

    Whoever belonged to another household leaves it that day. `register` is the number in the office's register.
    Raises FileClosed.
    """
    today = at.astimezone(SHANGHAI).date()
    both = {file_id, beside} if beside else {file_id}
    files = {one: hold(one) for one in sorted(both)}
    file = files[file_id]
    home = _home_of(files[beside], actor=actor, at=at, office=office) if beside else None
    if home is None:
        home = Household(office=file.office, number=register, place=file.place)
        insert(home)
    present = Member.objects.filter(file=file, until__isnull=True)
    if present.filter(household=home).exists():
        return file
    ended = list(present)
    for one in ended:
        one.until = max(today, one.since or today)
        one.save(update_fields=["until"])
    left = [
        Happening("file.ended", {"kind": "member", "row": str(one.pk)}, actor.ledger_name, at, office)
        for one in ended
    ]
    settle(file, *left, at=at)
    member = Member(household=home, relation=relation, since=since, proof=proof)
    return add_facts(file_id, member, actor=actor, at=at, office=office)


def _home_of(file: File, *, actor: Actor, at: datetime, office: str) -> Household:
    """The household of a person, begun with them as its first member where there is none yet."""
    if file.household is not None:
        return file.household
    home = Household(office=file.office, place=file.place)
    insert(home)
    add_facts(file.pk, Member(household=home, relation=""), actor=actor, at=at, office=office)
    return home
