"""Row-level security on the relief fund: every row names its office; a public notice is for everybody."""

from django.db import migrations

from qiaoqiao.access.wall import ANYBODY, MINE, SYSTEM, facts_seen_with, guarded, open_wall

OURS = f"({SYSTEM} OR office_id {MINE})"
TABLES = (
    "fund", "source", "account", "grant", "assessment", "homevisit", "review", "vote", "payee", "paymentlist",
    "payment", "lot", "round", "stop",
)
KEPT = ("journalentry", "posting", "stockmove")
TOLD = ("relief_fund", "relief_grant", "relief_paymentlist", "relief_round")

NOTICE = f"""
ALTER TABLE relief_publicnotice ENABLE ROW LEVEL SECURITY;
ALTER TABLE relief_publicnotice FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON relief_publicnotice FOR SELECT USING ({ANYBODY});
CREATE POLICY changed ON relief_publicnotice FOR UPDATE USING {OURS} WITH CHECK {OURS};
CREATE POLICY added ON relief_publicnotice FOR INSERT WITH CHECK {OURS};
"""
# Who may approve what is no secret of anybody's, and a head above must know it.
BAND = guarded("relief_band", OURS)


def only_grows(table: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON {table} FOR SELECT USING {OURS};
CREATE POLICY added ON {table} FOR INSERT WITH CHECK {OURS};
"""


class Migration(migrations.Migration):
    dependencies = [("relief", "0001_initial"), ("ledger", "__first__"), ("access", "0002_second_wall")]
    operations = [
        *(migrations.RunSQL(guarded(f"relief_{name}", OURS), open_wall(f"relief_{name}")) for name in TABLES),
        *(migrations.RunSQL(only_grows(f"relief_{name}"), open_wall(f"relief_{name}")) for name in KEPT),
        migrations.RunSQL(NOTICE, open_wall("relief_publicnotice")),
        migrations.RunSQL(BAND, open_wall("relief_band")),
        *(migrations.RunSQL(*facts_seen_with(table)) for table in TOLD),
    ]
