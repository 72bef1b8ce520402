"""Row-level security on who signs up, minutes, photos and materials: the keeping office, and what is public."""

from django.db import migrations

from qiaoqiao.access.wall import ANYBODY, HELD, MINE, SYSTEM, facts_seen_with, guarded, open_wall


def kept(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM activities_activity a WHERE a.id = {table}.activity_id AND a.keeper_id {MINE})"


def inside(table: str) -> str:
    return f"({SYSTEM} OR {kept(table)})"


OWN = f"({SYSTEM} OR activities_signup.id {HELD} OR {kept('activities_signup')})"
CAME = f"({SYSTEM} OR activities_attendance.signup_id {HELD} OR {kept('activities_attendance')})"


def shown(table: str) -> str:
    """What is public is read by anybody and changed by the keeper alone."""
    return (
        guarded(table, inside(table))
        + f"CREATE POLICY shown ON {table} FOR SELECT USING ({table}.public AND {ANYBODY});"
    )


def hidden(table: str) -> str:
    return f"DROP POLICY IF EXISTS shown ON {table};" + open_wall(table)


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0001_activities"),
        ("access", "0002_second_wall"),
        ("ledger", "0002_append_only"),
    ]
    operations = [
        migrations.RunSQL(guarded("activities_minutes", inside("activities_minutes")), open_wall("activities_minutes")),
        migrations.RunSQL(guarded("activities_signup", OWN, insert=ANYBODY), open_wall("activities_signup")),
        migrations.RunSQL(guarded("activities_attendance", CAME), open_wall("activities_attendance")),
        *(migrations.RunSQL(shown(table), hidden(table)) for table in ("activities_photo", "activities_material")),
        migrations.RunSQL(*facts_seen_with("activities_signup")),
        migrations.RunSQL(*facts_seen_with("activities_activity")),
        migrations.RunSQL(*facts_seen_with("activities_plan")),
    ]
