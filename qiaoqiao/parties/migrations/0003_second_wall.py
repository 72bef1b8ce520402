"""Row-level security on the registry of people: files and what hangs on them, sources, proposals."""

from django.db import migrations

ANYBODY = "(SELECT qq_kind()) IS NOT NULL"
SYSTEM = "(SELECT qq_kind()) = 'system'"
MINE = "= ANY ((SELECT qq_offices())::bigint[])"
FILE_SEEN = f"""(
    {SYSTEM}
    OR {{file}}.office_id {MINE}
    OR {{file}}.id = ANY ((SELECT qq_cases())::uuid[])
    OR EXISTS (SELECT 1 FROM parties_filereach reach
               WHERE reach.file_id = {{file}}.id AND reach.office_id {MINE}
                 AND (reach.until IS NULL OR reach.until >= (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date)
               OFFSET 0)
)"""
FILE_ADDED = f"({SYSTEM} OR office_id {MINE})"
OF_A_FILE = "EXISTS (SELECT 1 FROM parties_file f WHERE f.id = {table}.file_id)"
CHILDREN = (
    "name", "document", "citizenship", "standing", "address", "contact", "member", "kin", "need", "visit",
    "consent", "change",
)
KEEPS_SOURCE = f"""EXISTS (SELECT 1 FROM parties_source s
    WHERE s.id = {{table}}.source_id AND (s.keeper_id {MINE} OR s.office_id {MINE}))"""


def guarded(table: str, seen: str, *, insert: str | None = None, remove: bool = True) -> str:
    """Statements that put a table behind the wall; what may be seen may be changed."""
    lines = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY seen ON {table} FOR SELECT USING ({seen})",
        f"CREATE POLICY changed ON {table} FOR UPDATE USING ({seen}) WITH CHECK ({seen})",
        f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({insert or seen})",
    ]
    if remove:
        lines.append(f"CREATE POLICY removed ON {table} FOR DELETE USING ({seen})")
    return ";\n".join(lines) + ";\n"


def open_wall(table: str) -> str:
    names = ["seen", "changed", "removed", "added"]
    dropped = "".join(f"DROP POLICY IF EXISTS {name} ON {table};" for name in names)
    return f"{dropped} ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"


WALLS = {
    # A file is never deleted, only emptied: its number stays taken.
    "parties_file": guarded("parties_file", FILE_SEEN.format(file="parties_file"), insert=FILE_ADDED, remove=False),
    **{
        f"parties_{name}": guarded(f"parties_{name}", f"{SYSTEM} OR " + OF_A_FILE.format(table=f"parties_{name}"))
        for name in CHILDREN
    },
    "parties_household": guarded(
        "parties_household",
        f"{SYSTEM} OR parties_household.office_id {MINE}"
        " OR EXISTS (SELECT 1 FROM parties_member m WHERE m.household_id = parties_household.id)",
        insert=FILE_ADDED,
    ),
    "parties_batch": guarded(
        "parties_batch", f"{SYSTEM} OR " + KEEPS_SOURCE.format(table="parties_batch"), remove=False
    ),
    "parties_record": guarded(
        "parties_record",
        f"{SYSTEM} OR " + KEEPS_SOURCE.format(table="parties_record")
        + " OR (parties_record.file_id IS NOT NULL AND " + OF_A_FILE.format(table="parties_record") + ")",
    ),
    "parties_proposal": guarded("parties_proposal", f"{SYSTEM} OR parties_proposal.office_id {MINE}"),
    "parties_merge": guarded(
        "parties_merge", f"{SYSTEM} OR EXISTS (SELECT 1 FROM parties_file f WHERE f.id = parties_merge.kept_id)",
        remove=False,
    ),
}

# Reach carries ids only; nobody widens a reach they do not have.
REACH = f"""
ALTER TABLE parties_filereach ENABLE ROW LEVEL SECURITY;
ALTER TABLE parties_filereach FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON parties_filereach FOR SELECT USING (true);
CREATE POLICY added ON parties_filereach FOR INSERT WITH CHECK (
    {SYSTEM} OR EXISTS (SELECT 1 FROM parties_file f WHERE f.id = parties_filereach.file_id));
CREATE POLICY removed ON parties_filereach FOR DELETE USING (
    {SYSTEM} OR EXISTS (SELECT 1 FROM parties_file f WHERE f.id = parties_filereach.file_id));
"""

# What was recorded about a file is read with the file, and goes with it.
FACTS = f"""
CREATE POLICY seen_with_file ON ledger_fact FOR SELECT USING (
    EXISTS (SELECT 1 FROM parties_file f WHERE f.id = ledger_fact.subject));
CREATE POLICY removed_with_file ON ledger_fact FOR DELETE USING (
    EXISTS (SELECT 1 FROM parties_file f WHERE f.id = ledger_fact.subject));
"""

# Matching words is not leakproof, so behind the wall its index would lie idle: this function uses it,
# keeps to the rule of who sees which file, and gives ids only.
FOUND = f"""
CREATE FUNCTION qq_people(wanted tsquery) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT f.id FROM parties_file f
    WHERE f.words @@ wanted AND f.state IN ('active', 'frozen') AND {FILE_SEEN.format(file="f")}
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0002_person_files"),
        ("access", "0002_second_wall"),
        ("ledger", "__first__"),
    ]
    operations = [
        *(migrations.RunSQL(sql, open_wall(table)) for table, sql in WALLS.items()),
        migrations.RunSQL(REACH, open_wall("parties_filereach")),
        migrations.RunSQL(
            FACTS, "DROP POLICY seen_with_file ON ledger_fact; DROP POLICY removed_with_file ON ledger_fact;"
        ),
        migrations.RunSQL(FOUND, "DROP FUNCTION qq_people(tsquery)"),
        migrations.RunSQL("CREATE SEQUENCE parties_file_number", "DROP SEQUENCE parties_file_number"),
    ]
