"""The indexes of sources and lots follow the order of their lists."""

from django.db import migrations, models


def renewed(table: str, name: str) -> list[migrations.operations.base.Operation]:
    index = models.Index(fields=["fund", "-made_at", "-id"], name=name)
    return [migrations.RemoveIndex(table, name), migrations.AddIndex(table, index)]


class Migration(migrations.Migration):
    dependencies = [("relief", "0007_given_back_by_two")]
    operations = [*renewed("source", "source_newest"), *renewed("lot", "lot_newest")]
