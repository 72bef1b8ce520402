"""Nobody attaches their booking to somebody's case: whoever holds its id must have proved the case or waited for it.

The place one takes from the waiting list belongs to the case that one waited with, though the link proves no case.
"""

from django.db import migrations

from qiaoqiao.access.wall import ANYBODY, HELD, MINE, SYSTEM

OWN = f"case_id IS NULL OR {SYSTEM} OR office_id {MINE} OR case_id {HELD}"
WAITED = f"""EXISTS (
    SELECT 1 FROM appointments_waiting waited
    WHERE waited.id {HELD} AND waited.case_id = appointments_booking.case_id)"""
BEFORE = f"({ANYBODY} AND ({OWN} OR id {HELD}))"


def added(table: str, condition: str) -> str:
    return f"ALTER POLICY added ON {table} WITH CHECK ({condition})"


class Migration(migrations.Migration):
    dependencies = [("appointments", "0003_offers_end")]
    operations = [
        migrations.RunSQL(
            added("appointments_booking", f"({ANYBODY} AND ({OWN} OR {WAITED}))"),
            added("appointments_booking", BEFORE),
        ),
        migrations.RunSQL(
            added("appointments_waiting", f"({ANYBODY} AND ({OWN}))"), added("appointments_waiting", BEFORE)
        ),
    ]
