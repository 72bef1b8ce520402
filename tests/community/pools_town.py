"""Pools for the tests: the offices that appoint, a committee, and somebody fit for each pool."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM, Actor, acting
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.community.pools.actions.keeping import add_post, add_shift, engage
from qiaoqiao.community.pools.actions.nominating import (
    Appointment,
    Proposed,
    appoint,
    nominate,
    publish,
    review,
)
from qiaoqiao.community.pools.models import PoolMember
from qiaoqiao.community.pools.rules import POOLS, PoolKind
from tests.cast import AT, TODAY, Town, make_office, now_epoch

FIT: dict[PoolKind, dict[str, Any]] = {
    PoolKind.PEOPLE_SUPERVISOR: {"born": "1980-05-01", "education": "bachelor"},
    PoolKind.PEOPLE_MEDIATOR: {"born": "1990"},
    PoolKind.INVITED_MEDIATOR: {},
    PoolKind.ARBITRATOR: {"ground": "lawyer", "ground_years": 9},
    PoolKind.ADVISER: {},
    PoolKind.INTERPRETER: {"languages": ["spanish", "toisan"]},
}
CALLED = {"announced_on": date(2026, 1, 5), "announced_until": date(2026, 2, 10)}


def make_committee(town: Town, code: str = "GW-01") -> Organisation:
    return Organisation.objects.create(
        code=code,
        keeper=town.federation,
        kind="adviser_committee",
        names={"zh-Hans": f"台山市侨联法律顾问委员会{code}"},
        path=f"/{code}/",
        place=town.taishan,
    )


def appointing(town: Town, kind: PoolKind) -> Office:
    """An office that may appoint to the pool."""
    first = sorted(POOLS[kind].appointed_by - {"federation", "overseas_affairs"})
    if not first:
        return town.federation
    known = Office.objects.filter(kind=first[0]).first()
    return known or make_office(f"ts-{first[0]}", first[0], town.taishan, level="county")


def named(
    town: Town, kind: PoolKind, *, at: datetime = AT, name: str = "谭伟明", **changes: Any
) -> PoolMember:
    """Somebody put forward."""
    with acting(SYSTEM, epoch=now_epoch()):
        proposed = Proposed(kind, name, **(FIT[kind] | changes))
        return nominate(proposed, keeper=town.federation, actor=SYSTEM, at=at)


def in_office(
    town: Town,
    kind: PoolKind,
    *,
    starts_on: date = TODAY,
    at: datetime = AT,
    actor: Actor = SYSTEM,
    **changes: Any,
) -> PoolMember:
    """Somebody appointed on a day."""
    member = named(town, kind, at=at, **changes)
    with acting(actor, epoch=now_epoch()):
        review(member.pk, actor=actor, at=at)
        if POOLS[kind].published:
            before = starts_on - timedelta(days=10)
            publish(member.pk, from_on=before, until_on=before + timedelta(days=7), actor=actor, at=at)
        called = CALLED if POOLS[kind].announced else {}
        appoint(
            member.pk, Appointment(appointing(town, kind), starts_on, "令 1", **called), actor=actor, at=at
        )
        member.refresh_from_db()
    return member


def at_noon(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 4, 0, tzinfo=UTC)


def canary_pool(town: Town, name: str, latin_name: str) -> dict[str, object]:
    """A member of that name with all that addresses may want, for the test of every route."""
    committee = make_committee(town, "GW-CANARY")
    at = datetime.now(UTC)
    called = {"name": name, "latin_name": latin_name, "organisation": committee}
    member = in_office(town, PoolKind.ADVISER, starts_on=at.date() - timedelta(days=1), at=at, **called)
    given: dict[str, Any] = {"actor": SYSTEM, "at": at}
    with acting(SYSTEM, epoch=now_epoch()):
        shift = add_shift(member.pk, on=at.date(), part="morning", organisation=committee, **given)
        work = engage(member.pk, role="adviser", case=None, matter=name, since=at.date(), **given)
        post = add_post(member.pk, kind="company", where=name, since=None, **given)
    return {
        "member_id": member.pk,
        "shift_id": shift.pk,
        "engagement_id": work.pk,
        "other_post_id": post.pk,
    }
