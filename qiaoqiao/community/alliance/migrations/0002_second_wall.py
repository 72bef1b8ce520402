"""A referral is seen by its office, the person of the case, the partner's office once sent, whoever holds its link."""

from django.db import migrations

from qiaoqiao.access.wall import HELD, MINE, SYSTEM, facts_seen_with, guarded, open_wall

TABLE = "alliance_referral"
WITH_PARTNER = "state IN ('sent', 'seen', 'accepted', 'declined', 'done')"
PARTNER = f"""{WITH_PARTNER} AND EXISTS (
    SELECT 1 FROM alliance_offer o JOIN network_organisation g ON g.id = o.organisation_id
    WHERE o.id = alliance_referral.offer_id AND g.office_id {MINE})"""
OURS = f"{SYSTEM} OR office_id {MINE}"
SEEN = f"({OURS} OR case_id {HELD} OR (link {HELD} AND {WITH_PARTNER}) OR ({PARTNER}))"


class Migration(migrations.Migration):
    dependencies = [
        ("alliance", "0001_tables"),
        ("network", "0003_second_wall"),
        ("access", "0002_second_wall"),
        ("ledger", "__first__"),
    ]
    operations = [
        migrations.RunSQL(guarded(TABLE, SEEN, insert=OURS, remove=False), open_wall(TABLE)),
        migrations.RunSQL(*facts_seen_with(TABLE)),
        migrations.RunSQL(*facts_seen_with("alliance_offer")),
    ]
