from datetime import UTC, datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0003_index_in_the_order_of_the_list")]
    operations = [
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__lt", datetime(2202, 1, 1, 0, 0, tzinfo=UTC)),
                    ("starts_at__gte", datetime(1849, 1, 1, 0, 0, tzinfo=UTC)),
                ),
                name="activity_in_years_that_can_be_read",
            ),
        ),
    ]
