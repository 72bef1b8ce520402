"""An import can be resumed and undone: what was read how, how far it got, and which line made which file."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_codes_of_files")]
    operations = [
        migrations.AddField(
            "source", "dates",
            models.CharField(max_length=3, blank=True, default="", help_text="Order of 02/03/1954: dmy, mdy, or unknown"),
            preserve_default=False,
        ),
        migrations.AlterField(
            "batch", "state", models.CharField(max_length=8, help_text="looked, doing, done, undoing, undone")
        ),
        migrations.AddField(
            "batch", "mapping", models.JSONField(default=dict, help_text="{their column: our column} as it was read")
        ),
        migrations.AddField(
            "batch", "dates", models.CharField(max_length=3, blank=True, default=""), preserve_default=False
        ),
        migrations.AddField(
            "batch", "counts",
            models.JSONField(default=dict, help_text="What became of its rows, and how far it has got"),
        ),
        migrations.AddField(
            "record", "digest",
            models.BinaryField(max_length=32, null=True, help_text="Keyed digest of all that the line says"),
        ),
        migrations.AddField(
            "record", "began",
            models.BooleanField(default=False, help_text="The file was made of this line"),
        ),
        migrations.AddConstraint(
            "record",
            models.UniqueConstraint(fields=["batch", "line"], condition=Q(line__gt=0), name="record_line_once"),
        ),
        migrations.AddIndex(
            "record",
            models.Index(fields=["source", "digest"], condition=Q(digest__isnull=False), name="record_by_digest"),
        ),
        migrations.AddIndex(
            "record",
            models.Index(fields=["source", "theirs"], condition=~Q(theirs=""), name="record_by_theirs"),
        ),
    ]
