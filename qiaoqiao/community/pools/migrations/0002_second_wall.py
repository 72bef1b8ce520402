"""Row-level security on the pools: the office that keeps somebody, and the heads above it."""

from django.db import migrations

from qiaoqiao.access.wall import MINE, SYSTEM, facts_seen_with, guarded, open_wall

KEPT = f"({SYSTEM} OR keeper_id {MINE})"
CHILDREN = (
    "qualification", "nomination", "poolterm", "otherpost", "trainingrecord", "dutyshift", "engagement",
)


def of_a_member(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM pools_poolmember m WHERE m.id = {table}.member_id)"


WALLS = {
    "pools_poolmember": guarded("pools_poolmember", KEPT, remove=False),
    **{f"pools_{one}": guarded(f"pools_{one}", of_a_member(f"pools_{one}")) for one in CHILDREN},
}


class Migration(migrations.Migration):
    dependencies = [
        ("pools", "0001_pools"),
        ("access", "0002_second_wall"),
        ("ledger", "0002_append_only"),
    ]
    operations = [
        *(migrations.RunSQL(sql, open_wall(table)) for table, sql in WALLS.items()),
        migrations.RunSQL(*facts_seen_with("pools_poolmember")),
    ]
