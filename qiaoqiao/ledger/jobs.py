"""What the calendar triggers for the ledger: places every minute, a signature every hour, stuck jobs."""

from datetime import UTC, datetime

from procrastinate import JobContext
from procrastinate.contrib.django import app

from .keys import signing_key
from .sequencing import checkpoint, checkpoint_due, sequence

_BATCH = 10_000


@app.periodic(cron="* * * * *")
@app.task(name="ledger.keep", queueing_lock="ledger.keep")
def keep(timestamp: int) -> None:
    """Place what waits, and sign when a signature is due. `timestamp` is the minute, in Unix time."""
    at = datetime.fromtimestamp(timestamp, UTC)
    while sequence(_BATCH, at=at) == _BATCH:
        pass
    if checkpoint_due(at=at):
        checkpoint(at=at, key=signing_key())


@app.periodic(cron="*/5 * * * *")
@app.task(name="ledger.free_stalled_jobs", queueing_lock="ledger.free_stalled_jobs", pass_context=True)
async def free_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Queue again the jobs whose worker died, so that a reaction runs at least once."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
