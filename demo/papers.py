"""A few small real files that stand for what people bring; kept once, used by every case."""

import random
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from qiaoqiao.casework.actions.papers import Brought
from qiaoqiao.catalogue.entry import Entry, words
from qiaoqiao.gateways import storage

FILES = ("passport", "residence", "household", "letter", "photo")


@dataclass(frozen=True)
class Folder:
    """The demo's files, kept in storage."""

    kept: tuple[Brought, ...]

    def brought(self, kinds: Iterable[str], entry: Entry, chance: random.Random) -> Iterator[Brought]:
        """One of the files for each material, under the material's name."""
        names = {material.id: words(material.name, "zh-hans") for material in entry.materials}
        for kind in kinds:
            file = chance.choice(self.kept)
            title = names.get(kind, "其他材料")
            suffix = file.file_name.rpartition(".")[2]
            yield Brought(kind, title, file.key, f"{title}.{suffix}", file.mime, file.size, file.sha256)


def keep_files(now: datetime) -> Folder:
    """Make the files and keep them."""
    found = []
    for number, name in enumerate(FILES):
        picture = number % 2 == 1
        content = png(number) if picture else pdf(f"DEMO - invented {name}")
        kept = storage.keep(BytesIO(content), declared_name=f"{name}.{'png' if picture else 'pdf'}", now=now)
        mime = "image/png" if picture else "application/pdf"
        found.append(Brought("other", name, kept.key, kept.name, mime, kept.size, kept.sha256))
    return Folder(tuple(found))


def pdf(text: str) -> bytes:
    """A page of A4 with one line on it."""
    stream = f"BT /F1 20 Tf 72 740 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        body
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    )


def png(number: int) -> bytes:
    """A plain picture of 240 by 160 points, in one colour."""
    shade = bytes((200 - 20 * number, 210, 220))
    rows = b"".join(b"\x00" + shade * 240 for _ in range(160))
    header = struct.pack(">IIBBBBB", 240, 160, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
