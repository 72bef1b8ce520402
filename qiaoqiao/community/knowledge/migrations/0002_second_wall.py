"""Row-level security: published answers are everybody's to read, drafts their office's; citations go with the case."""

from django.db import migrations

from qiaoqiao.access.wall import HELD, MINE, SYSTEM, facts_seen_with, guarded, open_wall

OURS = f"({SYSTEM} OR office_id {MINE})"
OF_OURS = f"({SYSTEM} OR EXISTS (SELECT 1 FROM knowledge_answer a WHERE a.id = answer_id AND a.office_id {MINE}))"
OF_SEEN = "EXISTS (SELECT 1 FROM knowledge_answer a WHERE a.id = answer_id)"


def read_by_all(table: str, seen: str, ours: str) -> str:
    """What everybody may read and only the office may change."""
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY seen ON {table} FOR SELECT USING ({seen});
    CREATE POLICY changed ON {table} FOR UPDATE USING ({ours}) WITH CHECK ({ours});
    CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({ours});
    CREATE POLICY removed ON {table} FOR DELETE USING ({ours});
    """


WALLS = {
    "knowledge_answer": read_by_all("knowledge_answer", f"{OURS} OR state IN ('published', 'outdated')", OURS),
    "knowledge_edition": read_by_all(
        "knowledge_edition", f"{OF_OURS} OR (state <> 'draft' AND {OF_SEEN})", OF_OURS
    ),
    "knowledge_citation": guarded(
        "knowledge_citation", f"({SYSTEM} OR office_id {MINE} OR case_id {HELD})", insert=OURS, remove=False
    ),
}


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0001_tables"),
        ("access", "0002_second_wall"),
        ("ledger", "__first__"),
    ]
    operations = [
        *(migrations.RunSQL(sql, open_wall(table)) for table, sql in WALLS.items()),
        *(migrations.RunSQL(*facts_seen_with(table)) for table in ("knowledge_answer", "knowledge_citation")),
    ]
