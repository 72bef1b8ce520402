"""What the calendar triggers: links that nobody answered run out."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.alliance.actions.referring import expire
from qiaoqiao.community.alliance.models import Referral
from qiaoqiao.community.alliance.rules import WAITING

BATCH = 500


@app.periodic(cron="*/15 * * * *")
@app.task(name="alliance.expire_links", queueing_lock="alliance.expire_links")
def expire_links(timestamp: int) -> None:
    """Let links run out. `timestamp` in Unix time."""
    with acting(SYSTEM, epoch=timestamp):
        expire_due(at=datetime.fromtimestamp(timestamp, UTC))


def expire_due(*, at: datetime) -> int:
    """Let every link run out that is due; return how many."""
    due = Referral.objects.filter(state__in=list(WAITING), until__lte=at).order_by("until")
    return sum(expire(pk, actor=SYSTEM, at=at) for pk in due.values_list("pk", flat=True)[:BATCH])
