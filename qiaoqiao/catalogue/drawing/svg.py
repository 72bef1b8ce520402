"""Writing a laid-out picture as SVG, with attributes only: pages allow no inline styles."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from qiaoqiao.catalogue.drawing.board import PADDING, STAGE_COLOUR, Box
from qiaoqiao.catalogue.drawing.routes import Sheet, lane_path, ports
from qiaoqiao.catalogue.drawing.text import Line
from qiaoqiao.catalogue.entry import Entry, Stage

INK = "#33323a"
_HEAD = 8
_CORNER = 8


def tag(name: str, body: str = "", **attributes: object) -> str:
    """One element; `_` in attribute names stands for `-`."""
    said = "".join(
        f" {key.replace('_', '-')}={quoteattr(_value(value))}" for key, value in attributes.items()
    )
    return f"<{name}{said}>{body}</{name}>" if body else f"<{name}{said}/>"


def _value(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def text_lines(lines: Iterable[Line], left: float, top: float, *, width: float = 0) -> Iterator[str]:
    """Text from the top left; `width` is that of the rules between parts."""
    y = top
    for line in lines:
        if line.rule:
            yield tag("path", d=f"M{left:.1f} {y + 3:.1f}h{width:.1f}", stroke="#b9b7c2", stroke_width=1)
        y += line.height
        weight = {"font_weight": "700"} if line.bold else {}
        body = escape(line.text)
        yield tag(
            "text", body, x=left, y=y - line.size * 0.36, font_size=line.size, fill=line.colour, **weight
        )


def arrowhead(x: float, y: float) -> str:
    """A head pointing down, its tip at (x, y)."""
    d = f"M{x:.1f} {y:.1f}l{-_HEAD * 0.6:.1f} {-_HEAD}h{_HEAD * 1.2:.1f}z"
    return tag("path", d=d, fill=INK)


def state_box(box: Box, stage: Stage) -> Iterator[str]:
    """Stages differ in their word, and also in the line around them: dashed waits, double is done."""
    fill, stroke = STAGE_COLOUR[stage]
    left, width, height = box.x - box.width / 2, box.width, box.height
    dashes = {"stroke_dasharray": "7 4"} if stage is Stage.WAITING else {}
    yield tag(
        "rect",
        x=left,
        y=box.y,
        width=width,
        height=height,
        rx=9,
        fill=fill,
        stroke=stroke,
        stroke_width=2,
        **dashes,
    )
    if stage is Stage.DONE:
        x, y = left + 4, box.y + 4
        yield tag(
            "rect",
            x=x,
            y=y,
            width=width - 8,
            height=height - 8,
            rx=6,
            fill="none",
            stroke=stroke,
            stroke_width=1,
        )
    yield from text_lines(box.lines, left + PADDING, box.y + PADDING, width=width - 2 * PADDING)


def label(box: Box) -> Iterator[str]:
    left = box.x - box.width / 2
    yield tag(
        "rect", x=left, y=box.y, width=box.width, height=box.height, rx=4, fill="#ffffff", stroke="#d5d3dc"
    )
    yield from text_lines(box.lines, left + PADDING, box.y + PADDING, width=box.width - 2 * PADDING)


def forward_lines(sheet: Sheet) -> Iterator[str]:
    layout = sheet.layout
    where = {id(box): ports(layout, box) for row in layout.rows for box in row}
    for upper, lower in layout.links:
        start, end = where[id(upper)][1][id(lower)], where[id(lower)][0][id(upper)]
        row = layout.row_of(upper)
        foot, head = sheet.tops[row] + sheet.heights[row], sheet.tops[row + 1]
        y1, y2 = upper.y + upper.height, lower.y
        bend = (head - foot) * 0.55
        d = f"M{start:.1f} {y1:.1f}V{foot:.1f}"
        d += f"C{start:.1f} {foot + bend:.1f} {end:.1f} {head - bend:.1f} {end:.1f} {head:.1f}V{y2:.1f}"
        law = {"stroke_dasharray": "2 4"} if {id(upper), id(lower)} & layout.law else {}
        yield tag("path", d=d, fill="none", stroke=INK, stroke_width=1.6, **law)
        if not lower.lines:
            through = f"M{end:.1f} {lower.y:.1f}v{lower.height:.1f}"
            yield tag("path", d=through, fill="none", stroke=INK, stroke_width=1.6, **law)
        if lower.state:
            yield arrowhead(end, y2)


def back_lines(sheet: Sheet) -> Iterator[str]:
    for lane in sheet.lanes:
        for leave in lane.leave:
            d = rounded(lane_path(sheet, lane, leave))
            yield tag("path", d=d, fill="none", stroke=INK, stroke_width=1.6, stroke_dasharray="8 4")
        yield arrowhead(lane.enter.x, lane.enter.state.y)


def rounded(points: list[tuple[float, float]]) -> str:
    """A path along right-angled corners, each rounded off."""
    d = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        a, b = _towards(here, before), _towards(here, after)
        d += f"L{a[0]:.1f} {a[1]:.1f}Q{here[0]:.1f} {here[1]:.1f} {b[0]:.1f} {b[1]:.1f}"
    return f"{d}L{points[-1][0]:.1f} {points[-1][1]:.1f}"


def _towards(here: tuple[float, float], there: tuple[float, float]) -> tuple[float, float]:
    dx, dy = there[0] - here[0], there[1] - here[1]
    length = abs(dx) + abs(dy)
    share = min(_CORNER, length / 2) / length if length else 0
    return here[0] + dx * share, here[1] + dy * share


def picture(sheet: Sheet, entry: Entry) -> Iterator[str]:
    """Lines first, so that labels and boxes lie over them."""
    yield from back_lines(sheet)
    yield from forward_lines(sheet)
    for row in sheet.layout.rows:
        for box in row:
            if box.state:
                yield from state_box(box, entry.states[box.state].stage)
            elif box.lines:
                yield from label(box)
    for lane in sheet.lanes:
        yield from label(lane.arrow.label)
    first = sheet.board.states[entry.start]
    yield tag("circle", cx=first.x, cy=first.y - 30, r=6, fill=INK)
    yield tag("path", d=f"M{first.x:.1f} {first.y - 26:.1f}V{first.y - 4:.1f}", stroke=INK, stroke_width=1.6)
    yield arrowhead(first.x, first.y)
