"""The upload battery: each bad file has its verdict, each good one loses what it must not tell."""

import struct
import time
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from qiaoqiao.gateways.uploads import Examined, Refusal, UploadRefused, clean_name, examine

LIMIT = 10 * 1024 * 1024
CANARY = b"canary-street-12"


def pdf(pages: int = 1, *, password: str = "", script: bool = False) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    if script:
        tree = DictionaryObject({NameObject("/JavaScript"): DictionaryObject()})
        writer.root_object[NameObject("/Names")] = tree
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind: str, *, size: tuple[int, int] = (60, 40), mode: str = "RGB", **saved: object) -> bytes:
    out = BytesIO()
    Image.effect_noise(size, 50).convert(mode).save(out, kind, **saved)
    return out.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100_000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def examined(content: bytes, name: str) -> Examined:
    return examine(BytesIO(content), name=name, limit=LIMIT)


def refusal(content: bytes, name: str) -> Refusal:
    with pytest.raises(UploadRefused) as caught:
        examined(content, name)
    return caught.value.code


BATTERY: dict[str, tuple[Callable[[], bytes], str, Refusal]] = {
    "zero bytes": (lambda: b"", "a.pdf", Refusal.EMPTY),
    "30 MB": (lambda: b"%PDF-" + b"0" * 30 * 1024 * 1024, "a.pdf", Refusal.TOO_LARGE),
    "executable renamed .pdf": (lambda: b"MZ\x90\x00" + b"\0" * 500, "护照.pdf", Refusal.NOT_ALLOWED),
    "executable after a PDF header": (
        lambda: b"%PDF-1.7\nMZ\x90\x00" + b"\0" * 500,
        "a.pdf",
        Refusal.DAMAGED,
    ),
    "PDF named .exe": (lambda: pdf(), "a.exe", Refusal.NOT_ALLOWED),
    "PNG named .html": (lambda: picture("PNG"), "a.html", Refusal.NOT_ALLOWED),
    "PNG named .jpg": (lambda: picture("PNG"), "a.jpg", Refusal.NOT_ALLOWED),
    "SVG with a script": (lambda: b"<svg onload='x()'/>", "a.svg", Refusal.NOT_ALLOWED),
    "TIFF named .jpg": (lambda: picture("TIFF"), "a.jpg", Refusal.NOT_ALLOWED),
    "EPS named .jpg": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", "a.jpg", Refusal.NOT_ALLOWED),
    "zip": (lambda: b"PK\x03\x04" + b"\0" * 100, "a.zip", Refusal.NOT_ALLOWED),
    "no extension": (lambda: pdf(), "passport", Refusal.NOT_ALLOWED),
    "name turned right to left": (lambda: pdf(), "annex\u202efdp.exe", Refusal.NOT_ALLOWED),
    "HEIC": (lambda: b"\0\0\0\x18ftypheic" + b"\0" * 100, "IMG_1.heic", Refusal.HEIC),
    "HEIC named .jpg": (lambda: b"\0\0\0\x18ftypmif1" + b"\0" * 100, "IMG_1.jpg", Refusal.HEIC),
    "truncated JPEG": (lambda: picture("JPEG", size=(400, 400))[:20_000], "a.jpg", Refusal.DAMAGED),
    "truncated PNG": (lambda: picture("PNG", size=(400, 400))[:20_000], "a.png", Refusal.DAMAGED),
    "truncated PDF": (lambda: pdf(3)[:-200], "a.pdf", Refusal.DAMAGED),
    "PDF with its tail alone": (lambda: b"%PDF-1.7\n" + pdf(3)[-60:], "a.pdf", Refusal.DAMAGED),
    "PDF without pages": (lambda: pdf(0), "a.pdf", Refusal.DAMAGED),
    "50,000 x 50,000 PNG": (lambda: png_claiming(50_000, 50_000), "a.png", Refusal.TOO_MANY_PIXELS),
    "9,000 x 9,000 PNG": (lambda: png_claiming(9_000, 9_000), "a.png", Refusal.TOO_MANY_PIXELS),
    "encrypted PDF": (lambda: pdf(password="secret"), "a.pdf", Refusal.ENCRYPTED),
    "PDF that runs a script": (lambda: pdf(script=True), "a.pdf", Refusal.ACTIVE),
    "PDF of 201 pages": (lambda: pdf(201), "a.pdf", Refusal.TOO_MANY_PAGES),
}


@pytest.mark.parametrize(("make", "name", "verdict"), BATTERY.values(), ids=BATTERY.keys())
def test_a_bad_file_is_refused_for_its_reason(make: Callable[[], bytes], name: str, verdict: Refusal) -> None:
    assert refusal(make(), name) == verdict


def test_a_file_too_large_is_not_read_to_its_end() -> None:
    stream = BytesIO(b"0" * 30 * 1024 * 1024)
    with pytest.raises(UploadRefused) as caught:
        examine(stream, name="a.pdf", limit=1000)
    assert stream.tell() == 1001
    assert caught.value.data == {"name": "a.pdf", "limit": 1000}


def test_a_pdf_is_taken_as_it_is() -> None:
    content = pdf(200)
    found = examined(content, "护照.PDF")
    assert (found.mime, found.pages, found.name) == ("application/pdf", 200, "护照.PDF")
    assert found.cleaned == content


def test_a_page_tree_that_bites_its_tail_is_damaged() -> None:
    writer = PdfWriter()
    writer.add_blank_page(10, 10)
    tree = writer.root_object["/Pages"].get_object()
    assert isinstance(tree, DictionaryObject)
    tree["/Kids"].append(writer.root_object.raw_get("/Pages"))
    out = BytesIO()
    writer.write(out)
    assert refusal(out.getvalue(), "a.pdf") == Refusal.DAMAGED


def test_a_page_tree_that_lies_about_its_count_is_counted() -> None:
    writer = PdfWriter()
    for _ in range(201):
        writer.add_blank_page(10, 10)
    out = BytesIO()
    writer.write(out)
    lying = out.getvalue().replace(b"/Count 201", b"/Count 001")
    assert lying != out.getvalue()
    assert refusal(lying, "a.pdf") == Refusal.TOO_MANY_PAGES


def test_a_pdf_that_starts_a_program_is_refused() -> None:
    writer = PdfWriter()
    writer.add_blank_page(10, 10)
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch")})
    writer.root_object[NameObject("/OpenAction")] = action
    out = BytesIO()
    writer.write(out)
    assert refusal(out.getvalue(), "a.pdf") == Refusal.ACTIVE


def test_two_hundred_thousand_objects_are_judged_in_seconds() -> None:
    content, places = bytearray(b"%PDF-1.4\n"), []
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R>>",
    ]
    for number, body in enumerate(bodies + [b"0"] * 200_000, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start_of_table = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(places) + 1,
        start_of_table,
    )
    start = time.monotonic()
    assert examined(bytes(content), "a.pdf").pages == 1
    assert time.monotonic() - start < 10


def test_a_photograph_loses_where_it_was_taken_and_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = CANARY.decode()
    content = picture("JPEG", size=(60, 40), exif=exif, comment=CANARY)
    assert CANARY in content
    found = examined(content, "photo.jpg")
    assert CANARY not in found.cleaned
    with Image.open(BytesIO(found.cleaned)) as clean:
        assert clean.size == (40, 60)
        assert not clean.getexif()
    assert found.pixels == 2400


def test_html_hidden_in_and_behind_a_picture_is_gone() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "<script>alert(1)</script>")
    content = picture("PNG", pnginfo=told) + b"<script>alert(2)</script>"
    assert b"<script>" not in examined(content, "a.png").cleaned


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_drawn_anew(mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (20, 10)).save(out, "PNG")
    cleaned = examined(out.getvalue(), "a.png").cleaned
    with Image.open(BytesIO(cleaned)) as clean:
        assert clean.size == (20, 10)


def test_a_print_shops_cmyk_jpeg_is_taken() -> None:
    assert examined(picture("JPEG", mode="CMYK"), "a.jpeg").mime == "image/jpeg"


def test_a_very_large_photograph_is_taken_at_half_its_width() -> None:
    out = BytesIO()
    Image.new("L", (7000, 5000)).save(out, "JPEG")
    assert examined(out.getvalue(), "a.jpg").pixels == 3500 * 2500


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        (r"C:\Users\李\护照.pdf", "护照.pdf"),
        ("护照\u202egpj.pdf", "护照gpj.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie: b.pdf"),
        ("\u2066\u200b侨\x00.png", "侨.png"),
        ("𠮷田 \t 燚.jpg", "𠮷田 燚.jpg"),
        ("..", "file"),
        ("", "file"),
        (".pdf", "pdf"),
    ],
)
def test_a_name_keeps_its_script_and_loses_its_tricks(given: str, shown: str) -> None:
    assert clean_name(given) == shown


def test_a_name_of_three_hundred_characters_is_cut_and_keeps_its_extension() -> None:
    shown = clean_name("侨" * 300 + ".pdf")
    assert len(shown) == 200
    assert shown.endswith("侨.pdf")
