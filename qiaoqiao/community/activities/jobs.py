"""What the calendar triggers for activities: who came is forgotten after a while."""

from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from qiaoqiao.access.doors import by_system
from qiaoqiao.community.activities.actions.clearing import clear_past


@app.periodic(cron="43 3 * * *")
@app.task(name="activities.clear", queueing_lock="activities.clear")
def clear_guests(timestamp: int) -> None:
    """Forget who came, days after it was over. `timestamp` in Unix time."""
    at = datetime.fromtimestamp(timestamp, UTC)
    more = True
    while more:
        with by_system():
            more = clear_past(settings.GUESTS_KEPT_DAYS, at=at) > 0
