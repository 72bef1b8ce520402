"""One-time codes by which somebody proves that a file is theirs; only the system reads them."""

import django.db.models.deletion
from django.db import migrations, models

import qiaoqiao.lib.ids

WALL = """
ALTER TABLE parties_filecode ENABLE ROW LEVEL SECURITY;
ALTER TABLE parties_filecode FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON parties_filecode FOR SELECT USING ((SELECT qq_kind()) = 'system');
CREATE POLICY changed ON parties_filecode FOR UPDATE
    USING ((SELECT qq_kind()) = 'system') WITH CHECK ((SELECT qq_kind()) = 'system');
CREATE POLICY added ON parties_filecode FOR INSERT WITH CHECK ((SELECT qq_kind()) = 'system');
CREATE POLICY removed ON parties_filecode FOR DELETE USING ((SELECT qq_kind()) = 'system');
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_second_wall")]
    operations = [
        migrations.CreateModel(
            name="FileCode",
            fields=[
                ("id", models.UUIDField(
                    default=qiaoqiao.lib.ids.row_id, editable=False, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
                ("file", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="parties.file")),
            ],
            options={"indexes": [models.Index(fields=["file", "-made_at"], name="filecode_newest")]},
        ),
        migrations.RunSQL(WALL, "ALTER TABLE parties_filecode NO FORCE ROW LEVEL SECURITY"),
    ]
