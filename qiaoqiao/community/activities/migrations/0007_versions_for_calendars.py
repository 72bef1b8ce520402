from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0006_guests_forgotten")]
    operations = [
        migrations.AddField(
            model_name="activity",
            name="version",
            field=models.PositiveIntegerField(
                default=0, help_text="Grows with each change: a calendar's SEQUENCE"
            ),
        ),
        migrations.AddField(
            model_name="activity", name="changed_at", field=models.DateTimeField(null=True)
        ),
    ]
