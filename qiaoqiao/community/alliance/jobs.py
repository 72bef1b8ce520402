"""What the calendar triggers: links run out that brought no answer or no outcome."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from qiaoqiao.access.doors import each_by_system
from qiaoqiao.access.tickets import SYSTEM
from qiaoqiao.community.alliance.actions.referring import expire
from qiaoqiao.community.alliance.models import Referral
from qiaoqiao.community.alliance.rules import RUNNING

BATCH = 500


@app.periodic(cron="*/15 * * * *")
@app.task(name="alliance.expire_links", queueing_lock="alliance.expire_links")
def expire_links(timestamp: int) -> None:
    """Let links run out, by the present moment: `timestamp` is when the job was due, in Unix time."""
    expire_due(at=datetime.now(UTC))


def expire_due(*, at: datetime) -> int:
    """Let every link run out that is due; return how many."""
    due = Referral.objects.filter(state__in=list(RUNNING), until__lte=at).order_by("until")
    return each_by_system(
        due.values_list("pk", flat=True)[:BATCH], lambda pk: expire(pk, actor=SYSTEM, at=at)
    )
