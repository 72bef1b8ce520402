"""Registering the editions that are on file."""

from datetime import datetime

from django.db import transaction

from qiaoqiao.catalogue import loader
from qiaoqiao.catalogue.models import Edition
from qiaoqiao.catalogue.rules import digest


class EditionChanged(Exception):
    """An edition on file no longer says what it said when it was registered; a change is a new edition."""

    def __init__(self, service: str, edition: int) -> None:
        self.service, self.edition = service, edition
        super().__init__(
            f"Edition {edition} of “{service}” differs from the one registered here. "
            "Cases may rest on it: put the old text back and publish the change as a new edition."
        )


class EditionGone(Exception):
    """An edition that was registered has no file any more; cases that rest on it could not be read."""

    def __init__(self, service: str, edition: int) -> None:
        self.service, self.edition = service, edition
        super().__init__(
            f"Edition {edition} of “{service}” was in use here and its file is gone. Put the file back "
            "(an edition no longer offered belongs under entries/earlier/)."
        )


@transaction.atomic
def load_editions(*, at: datetime) -> list[Edition]:
    """Register every edition on file and return the new ones. Doing it twice changes nothing.

    Raises EditionChanged or EditionGone, and then registers none.
    """
    found = {name: digest(entry) for name, entry in loader.editions().items()}
    rows = [
        Edition(service=service, edition=edition, digest=fingerprint, loaded_at=at)
        for (service, edition), fingerprint in found.items()
    ]
    known = {(row.service, row.edition) for row in Edition.objects.all()}
    Edition.objects.bulk_create(rows, ignore_conflicts=True)
    for row in Edition.objects.all():
        if (row.service, row.edition) not in found:
            raise EditionGone(row.service, row.edition)
        if row.digest != found[row.service, row.edition]:
            raise EditionChanged(row.service, row.edition)
    return [row for row in rows if (row.service, row.edition) not in known]
