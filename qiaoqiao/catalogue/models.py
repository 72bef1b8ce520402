"""Which editions this installation has ever worked with."""

from django.db import models


class Edition(models.Model):
    """An edition as it was when first loaded. Cases keep theirs, so what it says may never change."""

    service = models.CharField(max_length=40)
    edition = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of what the entry says")
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "edition"], name="edition_once")]

    def __str__(self) -> str:
        return f"{self.service} {self.edition}"
