"""A picture of an entry's moves, for the wall of those who own the procedure."""

from xml.sax.saxutils import escape

from django.utils.translation import gettext, override

from qiaoqiao.catalogue.drawing.board import board
from qiaoqiao.catalogue.drawing.layout import lay_out
from qiaoqiao.catalogue.drawing.legend import heading, panel
from qiaoqiao.catalogue.drawing.routes import route
from qiaoqiao.catalogue.drawing.svg import picture, tag
from qiaoqiao.catalogue.drawing.text import FONTS
from qiaoqiao.catalogue.entry import Entry, words

_MARGIN = 28
_BESIDE = 44
_ROOM_BELOW = 620.0


def draw(entry: Entry, language: str) -> str:
    """Draw an entry's moves as SVG in one language; fit to stand in a page or a file of its own."""
    with override(language.lower()):
        return _drawn(entry, language)


def _drawn(entry: Entry, language: str) -> str:
    drawing = board(entry, language)
    sheet = route(drawing, lay_out(drawing))
    body = list(picture(sheet, entry))
    most = sheet.right - sheet.left
    # A tall picture has its panel at the side, a broad one below.
    beside = sheet.bottom > most
    left, top = (sheet.right + _BESIDE, 0.0) if beside else (sheet.left, sheet.bottom + _BESIDE)
    room = sheet.bottom if beside else _ROOM_BELOW
    said, across, down = panel(entry, drawing, language, left, top, room)
    right, bottom = max(sheet.right, left + across), max(sheet.bottom, top + down)
    title, above = heading(entry, language, 0, 0, right - sheet.left)
    x, y = sheet.left - _MARGIN, -above - 30 - _MARGIN
    parts = [
        tag("title", escape(words(entry.name, language))),
        tag("desc", escape(_about(entry, language))),
        tag("rect", x=x, y=y, width=right - x + _MARGIN, height=bottom - y + _MARGIN, fill="#ffffff"),
        tag("g", "".join(title), transform=f"translate({sheet.left:.1f} {-above - 30:.1f})"),
        *body,
        *said,
    ]
    width, height = right - x + _MARGIN, bottom - y + _MARGIN
    return tag(
        "svg",
        "\n".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{x:.1f} {y:.1f} {width:.1f} {height:.1f}",
        width=round(width),
        height=round(height),
        role="img",
        lang=language,
        font_family=FONTS,
    )


def _about(entry: Entry, language: str) -> str:
    name = words(entry.name, language)
    return gettext("“%(service)s”的办理流程图：每个方框是一个状态，每个箭头是一步。") % {"service": name}
