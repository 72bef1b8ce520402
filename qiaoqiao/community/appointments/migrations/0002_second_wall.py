"""Row-level security: bookings, the waiting list and feeds are read by the office, the holder, the person of the case."""

from django.db import migrations

from qiaoqiao.access.wall import ANYBODY, HELD, MINE, SYSTEM, facts_seen_with, guarded, open_wall

# An account's own feed names no person; it is found by the ticket's account.
OWN_ACCOUNT = "account_id = nullif((SELECT (qq_ticket())[2]), '')::bigint"
SEEN = f"({SYSTEM} OR office_id {MINE} OR id {HELD} OR case_id {HELD})"
# Public people book for themselves; a case is attached only by who proved it, an office's account only for itself.
ADDED = f"({ANYBODY} AND (case_id IS NULL OR {SYSTEM} OR office_id {MINE} OR case_id {HELD} OR id {HELD}))"
FEED = f"({SYSTEM} OR id {HELD} OR case_id {HELD} OR ({OWN_ACCOUNT}))"
FEED_ADDED = f"({SYSTEM} OR case_id {HELD} OR (office_id {MINE} AND {OWN_ACCOUNT}))"
WALLS = {
    "appointments_booking": guarded("appointments_booking", SEEN, insert=ADDED, remove=False),
    "appointments_waiting": guarded("appointments_waiting", SEEN, insert=ADDED, remove=False),
    "appointments_feed": guarded("appointments_feed", FEED, insert=FEED_ADDED, remove=False),
}


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0001_tables"),
        ("access", "0002_second_wall"),
        ("ledger", "__first__"),
    ]
    operations = [
        *(migrations.RunSQL(sql, open_wall(table)) for table, sql in WALLS.items()),
        *(migrations.RunSQL(*facts_seen_with(table)) for table in ("appointments_booking", "appointments_waiting")),
        migrations.RunSQL("CREATE SEQUENCE appointments_number", "DROP SEQUENCE appointments_number"),
    ]
