"""What people send us, examined before anything is kept: is it what it says, is it whole, is it safe to show.

Extension, first bytes and a full parse must agree. Pictures are drawn anew, so that neither the place
where a photograph was taken nor anything hidden behind the picture is kept.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from PIL import Image, ImageOps
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

MAX_NAME = 200
MAX_PAGES = 200
MAX_PIXELS = 50_000_000
# A photograph larger than this is read at half its width: still ample for any paper on a table.
HALVED_ABOVE_PIXELS = 24_000_000
JPEG_QUALITY = 88

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
MIME_OF = {".pdf": PDF, ".jpg": JPEG, ".jpeg": JPEG, ".png": PNG}
HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"heif"}

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class Refusal(StrEnum):
    """Why a file is not taken; the doors have a sentence for each."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_ALLOWED = "not_allowed"
    HEIC = "heic"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"


class UploadRefused(Exception):
    """The file is not taken; `data` holds the numbers and names that the sentence to the person needs."""

    def __init__(self, code: Refusal, **data: int | str) -> None:
        self.code, self.data = code, data
        super().__init__(f"{code} {data}")


@dataclass(frozen=True)
class Examined:
    """A file that may be kept: `cleaned` is what to keep, `name` what to show."""

    name: str
    mime: str
    cleaned: bytes
    pages: int | None = None
    pixels: int | None = None


def examine(file: BinaryIO, *, name: str, limit: int) -> Examined:
    """Return the file as it may be kept, or raise UploadRefused; `limit` is in bytes."""
    shown = clean_name(name)
    content = file.read(limit + 1)
    if not content:
        raise UploadRefused(Refusal.EMPTY, name=shown)
    if len(content) > limit:
        raise UploadRefused(Refusal.TOO_LARGE, name=shown, limit=limit)
    found = sniff(content)
    extension = PurePosixPath(shown).suffix.lower()
    if found == "image/heic":
        raise UploadRefused(Refusal.HEIC, name=shown)
    if found not in MIME_OF.values() or MIME_OF.get(extension) != found:
        raise UploadRefused(Refusal.NOT_ALLOWED, name=shown, extension=extension, found=found)
    if found == PDF:
        return Examined(shown, found, content, pages=_pdf_pages(content, shown))
    cleaned, pixels = _redrawn(content, shown, found)
    return Examined(shown, found, cleaned, pixels=pixels)


def sniff(head: bytes) -> str:
    """Return the media type that the first bytes claim, `application/octet-stream` when unknown."""
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return "image/heic"
    return "application/octet-stream"


def clean_name(name: str) -> str:
    """Return a name fit to show and to save under: no path, no invisible character, at most 200 long.

    Characters of any script stay. The extension survives the cut.
    """
    plain = unicodedata.normalize("NFC", name)
    visible = "".join(char for char in plain if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co"})
    last = re.split(r"[/\\]", visible)[-1]
    tidy = re.sub(r"\s+", " ", last).strip(" .")
    path = PurePosixPath(tidy or "file")
    suffix = path.suffix[:10]
    return path.stem[: MAX_NAME - len(suffix)].rstrip(" .") + suffix


def _pdf_pages(content: bytes, name: str) -> int:
    if b"%%EOF" not in content[-1024:]:
        raise UploadRefused(Refusal.DAMAGED, name=name)
    try:
        reader = PdfReader(BytesIO(content), strict=True)
        if reader.is_encrypted:
            raise UploadRefused(Refusal.ENCRYPTED, name=name)
        if _acts(reader.root_object):
            raise UploadRefused(Refusal.ACTIVE, name=name)
        pages = sum(1 for _ in _leaves(reader.root_object["/Pages"].get_object(), MAX_PAGES + 1))
    except UploadRefused:
        raise
    except Exception as error:  # A parser of hostile bytes may raise anything at all.
        raise UploadRefused(Refusal.DAMAGED, name=name) from error
    if pages > MAX_PAGES:
        raise UploadRefused(Refusal.TOO_MANY_PAGES, name=name, limit=MAX_PAGES)
    if pages == 0:
        raise UploadRefused(Refusal.DAMAGED, name=name)
    return pages


def _leaves(root: object, most: int) -> Iterator[DictionaryObject]:
    """Walk the page tree without trusting its counts: each node once, and no further than `most` pages."""
    waiting, seen, met = [root], set[int](), 0
    while waiting and met < most:
        node = waiting.pop()
        if not isinstance(node, DictionaryObject) or id(node) in seen:
            raise ValueError("not a page tree")
        seen.add(id(node))
        if node.get("/Type") == "/Pages" or "/Kids" in node:
            kids = node["/Kids"].get_object()
            if not isinstance(kids, list):
                raise ValueError("page tree without kids")
            waiting.extend(kid.get_object() for kid in kids[: most + 1])
        else:
            met += 1
            yield node


def _acts(catalogue: DictionaryObject) -> bool:
    """Whether the document would run a script or start a program when it is opened."""
    names = catalogue.get("/Names")
    scripts = names.get_object() if names is not None else None
    if isinstance(scripts, DictionaryObject) and "/JavaScript" in scripts:
        return True
    opening = catalogue.get("/OpenAction")
    action = opening.get_object() if opening is not None else None
    return isinstance(action, DictionaryObject) and action.get("/S") in {"/JavaScript", "/Launch"}


def _redrawn(content: bytes, name: str, mime: str) -> tuple[bytes, int]:
    """Return the picture drawn anew, upright, with nothing but its pixels, and how many those are."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UploadRefused(Refusal.TOO_MANY_PIXELS, name=name, limit=MAX_PIXELS)
            if mime == JPEG and image.width * image.height > HALVED_ABOVE_PIXELS:
                image.draft(None, (image.width // 2, image.height // 2))
            return _pixels_alone(image, mime)
    except UploadRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UploadRefused(Refusal.TOO_MANY_PIXELS, name=name, limit=MAX_PIXELS) from error
    except Exception as error:  # A parser of hostile bytes may raise anything at all.
        raise UploadRefused(Refusal.DAMAGED, name=name) from error


def _pixels_alone(image: Image.Image, mime: str) -> tuple[bytes, int]:
    upright = ImageOps.exif_transpose(image)
    clear = mime == PNG and (upright.mode in {"LA", "RGBA", "PA"} or "transparency" in upright.info)
    grey = upright.mode in {"1", "L"} and not clear
    plain = upright.convert("RGBA" if clear else "L" if grey else "RGB")
    plain.info.clear()
    out = BytesIO()
    if mime == JPEG:
        plain.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    else:
        plain.save(out, "PNG")
    return out.getvalue(), plain.width * plain.height
