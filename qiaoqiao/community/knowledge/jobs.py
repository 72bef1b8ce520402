"""What the calendar triggers: answers that are due are flagged, those that are over are ended."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from qiaoqiao.access.doors import each_by_system
from qiaoqiao.access.tickets import SYSTEM
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.community.knowledge.actions.writing import flag
from qiaoqiao.community.knowledge.queries import due


@app.periodic(cron="23 1 * * *")
@app.task(name="knowledge.look_through", queueing_lock="knowledge.look_through")
def look_through(timestamp: int) -> None:
    """Flag what is due. `timestamp` in Unix time."""
    flag_due(datetime.fromtimestamp(timestamp, UTC))


def flag_due(at: datetime) -> int:
    """Flag or end every answer that is due; return how many."""
    ids = due(on=at.astimezone(SHANGHAI).date()).values_list("pk", flat=True)
    return each_by_system(ids, lambda one: flag(one, actor=SYSTEM, at=at))
