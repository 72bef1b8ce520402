"""What the calendar triggers: answers that are due are flagged, those that are over are ended."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from qiaoqiao.access.doors import by_system
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
    with by_system():
        ids = list(due(on=at.astimezone(SHANGHAI).date()).values_list("pk", flat=True))
    done = 0
    for one in ids:
        with by_system():
            done += flag(one, actor=SYSTEM, at=at)
    return done
