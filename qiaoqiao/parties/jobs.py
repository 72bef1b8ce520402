"""What the calendar triggers in the registry of people: what is kept no longer is cleared."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.parties.actions.clearing import MOST, clear


@app.periodic(cron="17 3 * * *")
@app.task(name="parties.clear", queueing_lock="parties.clear")
def clear_what_is_over(timestamp: int) -> None:
    """End what `parties.retention` says is over. `timestamp` in Unix time."""
    more = True
    while more:
        now = datetime.now(UTC)
        with acting(SYSTEM, epoch=int(now.timestamp())):
            more = MOST in clear(at=datetime.fromtimestamp(timestamp, UTC)).values()
