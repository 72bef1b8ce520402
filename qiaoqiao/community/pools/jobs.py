"""What the calendar triggers in the pools: terms begin, are told of before they end, and are over."""

from datetime import UTC, datetime, timedelta

from procrastinate.contrib.django import app

from qiaoqiao.access.tickets import SYSTEM, acting
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
    with acting(SYSTEM, epoch=int(datetime.now(UTC).timestamp())):
        begun = PoolTerm.objects.filter(starts_on__lte=today, ended_on__isnull=True)
        for pk in list(
            PoolMember.objects.filter(state="appointed", terms__in=begun).values_list("pk", flat=True)
        ):
            take_up(pk, actor=SYSTEM, at=at)
        open_ones = PoolTerm.objects.filter(ended_on__isnull=True, member__state__in=["active", "suspended"])
        for pk in list(open_ones.filter(ends_on__lt=today).values_list("member", flat=True)):
            expire(pk, at=at)
        soon = open_ones.filter(ends_on__range=(today, today + FARTHEST))
        for pk in list(soon.values_list("member", flat=True)):
            warn(pk, at=at)
