"""A wait may end because the office closed the hour that was offered: one more word for its state."""

from django.db import migrations, models

STATES = ("waiting", "offered", "booked", "passed", "left", "closed", "over")


class Migration(migrations.Migration):
    dependencies = [("appointments", "0002_second_wall")]
    operations = [
        migrations.AlterField(
            model_name="waiting",
            name="state",
            field=models.CharField(
                choices=[(state, state) for state in STATES], default="waiting", max_length=7
            ),
        )
    ]
