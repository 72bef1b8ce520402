"""A roll kept between looking and doing: sealed for its batch, opened again to be read."""

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.gateways import vault
from qiaoqiao.gateways.vault import normalised
from qiaoqiao.parties.importing.mapping import guess_one
from qiaoqiao.parties.importing.reading import Sheet, read
from qiaoqiao.parties.importing.tidying import CHINESE_NUMBER, Settings, Tidied, shown_number, tidy
from qiaoqiao.parties.models import Batch


class NotHeld(Exception):
    """The roll is no longer kept: brought in, taken back, or a week old."""


@dataclass(frozen=True)
class Column:
    """One of their columns, what stands in it, and which of ours it is taken for."""

    name: str
    samples: Sequence[str]
    ours: str


def sealed(batch: Batch, content: bytes) -> bytes:
    """The file, encrypted for this batch."""
    text = base64.b64encode(zlib.compress(content)).decode()
    return vault.seal(text, vault.Place("parties_batch", "held", str(batch.pk)))


def opened(batch: Batch) -> Sheet:
    """The roll that a batch holds. Raises NotHeld."""
    if not batch.held:
        raise NotHeld
    text = vault.unseal(bytes(batch.held), vault.Place("parties_batch", "held", str(batch.pk)))
    return read(batch.file_name, zlib.decompress(base64.b64decode(text)))


def settings_of(batch: Batch, sheet: Sheet, at: datetime) -> Settings:
    return Settings(sheet.header, batch.mapping, at.astimezone(SHANGHAI).date(), batch.dates)


def columns_of(batch: Batch) -> list[Column]:
    """Every column of the held roll. Raises NotHeld."""
    sheet = opened(batch)
    return [
        Column(name, masked(sheet.samples(place), name, ours := batch.mapping.get(name, "")), ours)
        for place, name in enumerate(sheet.header)
    ]


def masked(samples: Sequence[str], name: str, ours: str) -> list[str]:
    """Examples as anybody may see them: of an identity number only its end."""
    numbers = {ours, guess_one(name)} & {"cnid", "id_number", "passport"}
    return [
        shown_number(one) if numbers or CHINESE_NUMBER.fullmatch(normalised(one)) else one for one in samples
    ]


def first_rows(batch: Batch, most: int, *, at: datetime) -> list[Tidied]:
    """The first rows as they would be kept. Raises NotHeld."""
    sheet = opened(batch)
    settings = settings_of(batch, sheet, at)
    return [tidy(line, cells, settings) for line, cells in sheet.rows[:most]]
