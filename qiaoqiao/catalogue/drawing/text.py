"""How wide text is drawn and where it breaks, without asking any font.

Widths are on the safe side: a Chinese character is one em, Latin letters by rough classes, so that
whatever font a reader has, no line runs out of its box.
"""

import re
import unicodedata
from dataclasses import dataclass

FONTS = (
    "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC','PingFang TC',"
    "'Microsoft JhengHei','Noto Sans CJK TC',sans-serif"
)
LEADING = 1.4
_NARROW = frozenset("iljtfr.,:;'|!()[]- ")
_OPENING = frozenset("（《“‘「『【(\u3014")
_CLOSING = frozenset("，。、；：！？）》”’」』】…)\u3015")
_ATOM = re.compile(r"[^\s\u2e80-\uffff\U00020000-\U0003ffff]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Line:
    """A line of text as drawn; size in pixels. `rule` draws a thin line above it."""

    text: str
    size: float
    bold: bool = False
    colour: str = "#1b1b1d"
    rule: bool = False

    @property
    def width(self) -> float:
        return width(self.text, self.size, bold=self.bold)

    @property
    def height(self) -> float:
        return self.size * LEADING + (8 if self.rule else 0)


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if character in _NARROW:
        return 0.38
    return 0.72 if character.isupper() or character in "mwMW@%—" else 0.59


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The most room a line of text takes, in pixels."""
    return sum(map(_em, text)) * size * (1.07 if bold else 1.0)


def wrap(line: Line, most: float) -> list[Line]:
    """Break a line to `most` pixels: Chinese anywhere but before closing marks, other words whole."""
    rows = _rows(line, most)
    if len(rows) > 1 and len(rows[-1].strip()) == 1:  # no character stands alone on the last row
        rows = _rows(line, most - 2 * line.size)
    return [
        Line(text.strip(), line.size, line.bold, line.colour, line.rule and not number)
        for number, text in enumerate(rows)
        if text.strip()
    ]


def _rows(line: Line, most: float) -> list[str]:
    rows, row = [], ""
    for atom in _pieces(line, most):
        tight = atom[0] not in _CLOSING and not atom.isspace()
        if row and tight and width(row + atom, line.size, bold=line.bold) > most:
            hanging = row[-1] if len(row) > 1 and row[-1] in _OPENING else ""
            rows.append(row.removesuffix(hanging))
            row = hanging
        row += atom
    return [*rows, row]


def _pieces(line: Line, most: float) -> list[str]:
    """Atoms that may not be broken, save those longer than a whole row."""
    pieces: list[str] = []
    for atom in _ATOM.findall(line.text):
        if width(atom, line.size, bold=line.bold) <= most:
            pieces.append(atom)
        else:
            pieces.extend(atom)
    return pieces
