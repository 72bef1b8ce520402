from django.db import migrations, models


class Migration(migrations.Migration):
    """Who came is forgotten after a while: then a dash is the name, and nobody can be reached."""

    dependencies = [("activities", "0005_how_many_wait")]
    operations = [
        migrations.RemoveConstraint(model_name="signup", name="signup_can_be_reached"),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("email", ""), _negated=True),
                    models.Q(("phone", ""), _negated=True),
                    ("name", "—"),
                    _connector="OR",
                ),
                name="signup_can_be_reached",
            ),
        ),
    ]
