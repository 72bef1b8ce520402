"""Row-level security: a meeting and all of it is read by the offices it names; the case keeps its own wall."""

from django.db import migrations

from qiaoqiao.access.wall import SYSTEM, facts_seen_with, guarded, open_wall

NAMED = "offices && (SELECT qq_offices())::bigint[]"
CONVENING = "office_id = ANY ((SELECT qq_offices())::bigint[])"
OF_MEETING = f"({SYSTEM} OR EXISTS (SELECT 1 FROM joint_meeting m WHERE m.id = meeting_id))"
WALLS = {
    "joint_meeting": guarded(
        "joint_meeting", f"({SYSTEM} OR {NAMED})", insert=f"({SYSTEM} OR {CONVENING})", remove=False
    ),
    **{
        table: guarded(table, OF_MEETING)
        for table in ("joint_attendee", "joint_agendaitem", "joint_minutes", "joint_resolution")
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("joint", "0001_tables"),
        ("casework", "0003_tasks"),
        ("access", "0002_second_wall"),
        ("ledger", "__first__"),
    ]
    operations = [
        *(migrations.RunSQL(sql, open_wall(table)) for table, sql in WALLS.items()),
        migrations.RunSQL(*facts_seen_with("joint_meeting")),
    ]
