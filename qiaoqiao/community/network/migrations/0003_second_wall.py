"""Uploads are seen by the officers of the keeper they were sent in for; what is recorded of an organisation by all."""

from django.db import migrations

from qiaoqiao.access.wall import MINE, SYSTEM, facts_seen_with, guarded, open_wall

TABLE = "network_upload"


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0002_uploads_and_zones"),
        ("access", "0002_second_wall"),
        ("ledger", "__first__"),
    ]
    operations = [
        migrations.RunSQL(guarded(TABLE, f"{SYSTEM} OR keeper_id {MINE}"), open_wall(TABLE)),
        migrations.RunSQL(*facts_seen_with(TABLE)),
        migrations.RunSQL(*facts_seen_with("network_organisation")),
    ]
