"""What the calendar triggers for access: letting go of what has run out."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

from django.conf import settings
from procrastinate.contrib.django import app

from qiaoqiao.access.models import Attempt

KEPT_FOR = timedelta(days=1)


@app.periodic(cron="17 3 * * *")
@app.task(name="access.let_go", queueing_lock="access.let_go")
def let_go(timestamp: int) -> None:
    """Delete sessions that ended and counters whose window has long closed. `timestamp` in Unix time."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    Attempt.objects.filter(until__lt=datetime.fromtimestamp(timestamp, UTC) - KEPT_FOR).delete()
