"""Taking a file in: looked through, cleaned, kept; only then is it a paper somebody brought."""

from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from django.conf import settings

from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.gateways import storage
from qiaoqiao.gateways.uploads import examine


def bring(file: BinaryIO, *, name: str, kind: str, title: str, now: datetime) -> Brought:
    """Keep a file for a material (or `other`). Raises UploadRefused with what to tell the person."""
    examined = examine(file, name=name, limit=settings.MAX_UPLOAD_BYTES)
    kept = storage.keep(BytesIO(examined.cleaned), declared_name=examined.name, now=now)
    return Brought(
        kind=kind,
        title=title,
        key=kept.key,
        file_name=kept.name,
        mime=examined.mime,
        size=kept.size,
        sha256=kept.sha256,
    )
