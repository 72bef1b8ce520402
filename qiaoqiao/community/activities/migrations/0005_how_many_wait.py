from django.db import migrations, models

# The owner of the tables is kept to the wall like everybody, so it is taken down for this one count.
COUNTED = """
ALTER TABLE activities_signup NO FORCE ROW LEVEL SECURITY;
UPDATE activities_activity a SET waiting = s.n
FROM (SELECT activity_id, count(*) AS n FROM activities_signup WHERE state = 'waiting' GROUP BY activity_id) s
WHERE s.activity_id = a.id;
ALTER TABLE activities_signup FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("activities", "0004_years_that_can_be_read")]
    operations = [
        migrations.AddField(
            model_name="activity", name="waiting", field=models.PositiveIntegerField(default=0)
        ),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
    ]
