"""Counting tries in a window of time, in one atomic statement, so that two at once are two."""

from datetime import datetime, timedelta

from django.db import connection

COUNT = """
INSERT INTO access_attempt AS held (key, count, until) VALUES (%(key)s, 1, %(until)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN held.until <= %(at)s THEN 1 ELSE held.count + 1 END,
    until = CASE WHEN held.until <= %(at)s THEN excluded.until ELSE held.until END
RETURNING count
"""


def allowed(key: str, *, most: int, within: timedelta, at: datetime) -> bool:
    """Count one try and say whether it is still among the `most` allowed in the window."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key[:120], "at": at, "until": at + within})
        return bool(cursor.fetchone()[0] <= most)
