"""Notices and receipts as PDF/A papers, set by Typst.

What a person wrote never becomes part of a template: it travels as JSON and is shown as a string.
A character that no font can show is never an empty box: it is set as 〓 with its code point.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Literal

import segno
import typst

TEMPLATES = Path(__file__).with_name("templates")
FONTS = Path(__file__).with_name("fonts")
HOUSE_FAMILIES = ("Noto Serif SC", "Noto Serif JP")
SYSTEM_FAMILIES = ("Noto Serif CJK SC", "Source Han Serif SC")
# How Typst says that a font lacks a character; PDF/A makes that an error instead of an empty box.
NOT_SHOWN = "could not be displayed"
# Directional marks, joiners and other invisible characters have no place on paper, and PDF/A refuses
# characters of the private area, which old systems used for rare names: those stay visible as 〓.
INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)


class PrintingFailed(Exception):
    """Typst could not set the paper: the fonts or a template are missing or wrong."""


@dataclass(frozen=True)
class Block:
    """A titled part of a notice, numbered on paper.

    `list` rows are an item and any notes under it; `facts` rows a label and a value; the first row
    of a `table` is its head, and all its rows have the same number of cells.
    """

    title: str
    kind: Literal["list", "table", "facts"]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Verification:
    """How anyone can check a paper: its reference, and the address that its QR code holds."""

    reference: str
    url: str


@dataclass(frozen=True)
class NoticeSheet:
    """Everything a notice says, worded and dated by the caller; `closing` has one paragraph a line.

    `copy` is the same notice in the person's language, printed on pages of its own that say that the
    Chinese text prevails. `demo` draws a ring marked 演示 where the seal would be; otherwise the place
    is left free for the real one.
    """

    office: str
    number: str
    title: str
    addressee: str
    paragraphs: Sequence[str]
    closing: str
    signed_by: str
    dated: str
    verification: Verification
    blocks: Sequence[Block] = ()
    seal_note: str = ""
    language: str = "zh-hans"
    copy: "NoticeSheet | None" = None
    demo: bool = False
    issued_at: datetime | None = None


@dataclass(frozen=True)
class ReceiptSheet:
    """Everything a receipt says, in the person's language; empty parts are left out."""

    language: str
    office: str
    reference: str
    service: str
    filed: str
    verification: Verification
    first_due: str = ""
    first_due_reason: str = ""
    next_steps: Sequence[str] = ()
    received: Sequence[str] = ()
    contact: Sequence[tuple[str, str]] = ()
    large_print: bool = False
    demo: bool = False
    issued_at: datetime | None = None


@dataclass(frozen=True)
class CopyLine:
    """One row of a person's file: labels with their values, and a small note under them."""

    items: Sequence[tuple[str, str]]
    note: str = ""


@dataclass(frozen=True)
class CopySection:
    """The rows of one kind."""

    title: str
    lines: Sequence[CopyLine]


@dataclass(frozen=True)
class CopySheet:
    """Everything a person's copy of their file says, already in Chinese and their language side by side."""

    language: str
    number: str
    office: str
    title: str
    made: str
    notes: Sequence[str]
    sections: Sequence[CopySection]
    large_print: bool = False
    demo: bool = False
    issued_at: datetime | None = None


def print_notice(notice: NoticeSheet) -> bytes:
    """Set a notice in the official-document layout; one with `issued_at` always gives the same bytes."""
    sheet = _notice_facts(notice) | {"copy": _notice_facts(notice.copy) if notice.copy else None}
    sheet |= {"qr": _qr(notice.verification.url)}
    return press().printed("notice.typ", sheet, made_at=notice.issued_at)


def print_receipt(receipt: ReceiptSheet) -> bytes:
    """Set a receipt on one page; in large print it may take two."""
    sheet = _facts(receipt) | {"qr": _qr(receipt.verification.url)}
    return press().printed("receipt.typ", sheet, made_at=receipt.issued_at)


def print_copy(copy: CopySheet) -> bytes:
    """Set a person's copy of their file, on as many pages as it takes."""
    return press().printed("copy.typ", _facts(copy), made_at=copy.issued_at)


class Press:
    """Typst with its fonts loaded once; one paper at a time, so it may be shared by threads.

    The house's own fonts alone are tried first, so that papers do not change with the machine; the
    machine's fonts are asked only for characters that ours lack.
    """

    def __init__(self, fonts: Path) -> None:
        self.fonts = fonts
        self._lock = Lock()
        self._house = self._compiler(ignore_system_fonts=True)
        self._system: typst.Compiler | None = None
        self._shown: dict[str, bool] = {}

    def printed(self, template: str, sheet: object, *, made_at: datetime | None = None) -> bytes:
        """Return the PDF, dated now unless `made_at` is given.

        Raises PrintingFailed when the template, the sheet's shape or the fonts are at fault.
        """
        clean = _each_text(sheet, _tidy)
        every = HOUSE_FAMILIES + SYSTEM_FAMILIES
        with self._lock:
            try:
                return self._compiled(self._house, template, clean, HOUSE_FAMILIES, made_at)
            except typst.TypstError as error:
                if NOT_SHOWN not in error.message:
                    raise PrintingFailed(f"{template}: {error.message}") from error
            try:
                return self._compiled(self._with_system(), template, clean, every, made_at)
            except typst.TypstError:
                marked = _each_text(clean, self._marked)
            try:
                return self._compiled(self._with_system(), template, marked, every, made_at)
            except typst.TypstError as error:
                raise PrintingFailed(f"{template}: {error.message}") from error

    def shows(self, text: str) -> bool:
        """Whether the fonts at hand, ours and the machine's, can show the text."""
        with self._lock:
            return self._shows(text)

    def _shows(self, text: str) -> bool:
        every = HOUSE_FAMILIES + SYSTEM_FAMILIES
        try:
            self._compiled(self._with_system(), "probe.typ", {"text": text}, every, None)
        except typst.TypstError:
            return False
        return True

    def _compiler(self, *, ignore_system_fonts: bool) -> typst.Compiler:
        return typst.Compiler(
            root=TEMPLATES, font_paths=[self.fonts], ignore_system_fonts=ignore_system_fonts
        )

    def _with_system(self) -> typst.Compiler:
        if self._system is None:
            self._system = self._compiler(ignore_system_fonts=False)
        return self._system

    def _compiled(
        self,
        compiler: typst.Compiler,
        template: str,
        sheet: object,
        families: Sequence[str],
        made_at: datetime | None,
    ) -> bytes:
        made = compiler.compile(
            TEMPLATES / template,
            format="pdf",
            sys_inputs={"sheet": json.dumps(sheet, ensure_ascii=False), "families": json.dumps(families)},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=made_at.replace(microsecond=0) if made_at else None,  # Typst refuses finer
        )
        if not isinstance(made, bytes):
            raise PrintingFailed(f"{template}: Typst returned no document")
        return made

    def _marked(self, text: str) -> str:
        return "".join(char if self._can_show(char) else mark(char) for char in text)

    def _can_show(self, char: str) -> bool:
        if char not in self._shown:
            self._shown[char] = char.isspace() or self._shows(char)
        return self._shown[char]


def mark(char: str) -> str:
    """Return what stands for a character that cannot be set: the printers' geta and its code point."""
    return f"〓（U+{ord(char):04X}）"


@cache
def press() -> Press:
    """Return this process's press."""
    return Press(FONTS)


def check() -> str | None:
    """Say what hinders printing, or None: the fonts must be there and show a rare name."""
    if not any(FONTS.glob("*.[to]tf")):
        return f"no fonts in {FONTS}: build the front end first"
    return None if press().shows("禤喆堃") else "the fonts cannot show 禤喆堃"


def _facts(sheet: NoticeSheet | ReceiptSheet | CopySheet) -> dict[str, object]:
    facts = asdict(sheet)
    del facts["issued_at"]
    return facts


def _notice_facts(notice: NoticeSheet) -> dict[str, object]:
    return _facts(notice) | {"closing": [line for line in notice.closing.splitlines() if line.strip()]}


def _qr(url: str) -> str:
    """Return a QR code as SVG, quiet zone included."""
    out = BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=2, dark="#1d1d1b", light="#ffffff")
    return out.getvalue().decode()


def _each_text(value: object, change: Callable[[str], str]) -> object:
    """Return the same structure with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _each_text(item, change) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_each_text(item, change) for item in value]
    return value


def _tidy(text: str) -> str:
    shown = INVISIBLE.sub("", unicodedata.normalize("NFC", text).replace("\r\n", "\n"))
    return "".join(mark(char) if unicodedata.category(char) in {"Co", "Cs"} else char for char in shown)
