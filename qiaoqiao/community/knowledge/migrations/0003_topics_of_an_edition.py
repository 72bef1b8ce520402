from django.db import migrations, models

# The owner of the tables is kept to the wall like everybody, so it is taken down for this one copy.
COPIED = """
ALTER TABLE knowledge_answer NO FORCE ROW LEVEL SECURITY;
ALTER TABLE knowledge_edition NO FORCE ROW LEVEL SECURITY;
UPDATE knowledge_edition e SET topics = a.topics, services = a.services FROM knowledge_answer a WHERE a.id = e.answer_id;
ALTER TABLE knowledge_edition FORCE ROW LEVEL SECURITY;
ALTER TABLE knowledge_answer FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """What an answer is about changes for the public with the edition that says so, not before."""

    dependencies = [("knowledge", "0002_second_wall")]
    operations = [
        migrations.AddField("edition", "topics", models.JSONField(default=list)),
        migrations.AddField(
            "edition",
            "services",
            models.JSONField(default=list, help_text="Ids of entries it is about"),
        ),
        migrations.AlterField(
            "answer",
            "topics",
            models.JSONField(default=list, help_text="As the published edition has them"),
        ),
        migrations.AlterField(
            "answer",
            "services",
            models.JSONField(default=list, help_text="Ids of entries it is about; as published"),
        ),
        migrations.RunSQL(COPIED, migrations.RunSQL.noop),
    ]
