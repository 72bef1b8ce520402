"""The second wall: the key by which the database checks tickets, and the policies that migrations set up."""

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper


def install_ticket_key(owner: BaseDatabaseWrapper) -> None:
    """Give the database the key of this installation; run as the tables' owner after migrating."""
    with owner.cursor() as cursor:
        cursor.execute(
            "INSERT INTO vault_ticket_key (key) VALUES (%s)"
            " ON CONFLICT (only_one) DO UPDATE SET key = excluded.key",
            [settings.TICKET_KEY.encode()],
        )


SYSTEM = "(SELECT qq_kind()) = 'system'"
MINE = "= ANY ((SELECT qq_offices())::bigint[])"
HELD = "= ANY ((SELECT qq_cases())::uuid[])"
ANYBODY = "(SELECT qq_kind()) IS NOT NULL"
"""Conditions for policies: the system; an office of the asker; a thing they proved or hold a link to; anyone here."""


def guarded(table: str, seen: str, *, insert: str | None = None, remove: bool = True) -> str:
    """Return the statements that put a table behind the wall; what may be seen may be changed.

    `seen` and `insert` are SQL conditions over the table's columns. For migrations, with `open_wall` as reverse.
    """
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
    """Return the statements that take a table out of the wall again."""
    names = ["seen", "changed", "removed", "added"]
    dropped = "".join(f"DROP POLICY IF EXISTS {name} ON {table};" for name in names)
    return f"{dropped} ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"


def facts_seen_with(table: str) -> tuple[str, str]:
    """Return the statement that lets whoever sees a row read what the ledger holds of it, and its reverse."""
    policy = f"seen_with_{table}"
    row = f"EXISTS (SELECT 1 FROM {table} t WHERE t.id = ledger_fact.subject)"
    return (
        f"CREATE POLICY {policy} ON ledger_fact FOR SELECT USING ({row});",
        f"DROP POLICY {policy} ON ledger_fact;",
    )
