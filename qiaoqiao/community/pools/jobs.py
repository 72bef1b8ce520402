"""What the calendar triggers in the pools: terms begin, are told of before they end, and are over.

Who asked to be forgotten is, once out of office.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from procrastinate.contrib.django import app

from qiaoqiao.access.doors import by_system
from qiaoqiao.access.tickets import SYSTEM
from qiaoqiao.community.pools.actions.clearing import STILL, blank
from qiaoqiao.community.pools.actions.grounds import local_day
from qiaoqiao.community.pools.actions.terms import expire, take_up, warn
from qiaoqiao.community.pools.models import PoolMember, PoolTerm

FARTHEST = timedelta(days=730)
"""No office tells of a term's end earlier than this."""


@app.periodic(cron="23 4 * * *")
@app.task(name="pools.terms", queueing_lock="pools.terms")
def keep_terms(timestamp: int) -> None:
    """Each member in a transaction of its own; run again, it changes nothing. `timestamp` in Unix time."""
    at = datetime.fromtimestamp(timestamp, UTC)
    today = local_day(at)
    begun = PoolTerm.objects.filter(starts_on__lte=today, ended_on__isnull=True)
    open_ones = PoolTerm.objects.filter(ended_on__isnull=True, member__state__in=["active", "suspended"])
    for_each(PoolMember.objects.filter(state="appointed", terms__in=begun), "pk", _take_up, at=at)
    for_each(open_ones.filter(ends_on__lt=today), "member", expire, at=at)
    for_each(open_ones.filter(ends_on__range=(today, today + FARTHEST)), "member", warn, at=at)
    for_each(PoolMember.objects.filter(file__state="erased").exclude(state__in=STILL), "pk", blank, at=at)


def for_each(rows: QuerySet[Any], column: str, step: Callable[..., object], *, at: datetime) -> None:
    """Take one step for each member, found and done under a ticket of its own."""
    with by_system():
        found = list(rows.values_list(column, flat=True))
    for pk in found:
        with by_system():
            step(pk, at=at)


def _take_up(member_id: UUID, *, at: datetime) -> None:
    take_up(member_id, actor=SYSTEM, at=at)
