"""What the calendar triggers in the fund: who asked to be forgotten is, once their help is over."""

from procrastinate.contrib.django import app

from qiaoqiao.access.doors import by_system
from qiaoqiao.services.relief.actions.clearing import forget_finished


@app.periodic(cron="47 3 * * *")
@app.task(name="relief.forget", queueing_lock="relief.forget")
def forget_people(timestamp: int) -> None:
    """Forget what was under way when the file was erased. `timestamp` in Unix time, of no matter here."""
    more = True
    while more:
        with by_system():
            more = forget_finished() > 0
