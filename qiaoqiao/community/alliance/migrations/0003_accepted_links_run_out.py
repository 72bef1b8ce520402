from django.db import migrations, models


class Migration(migrations.Migration):
    """What a partner accepted runs out with its link too."""

    dependencies = [("alliance", "0002_second_wall")]
    operations = [
        migrations.RemoveIndex(model_name="referral", name="alliance_waiting"),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                fields=["until"],
                condition=models.Q(("state__in", ["sent", "seen", "accepted"])),
                name="alliance_referral_runs_out",
            ),
        ),
    ]
