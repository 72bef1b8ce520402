"""Heights of rows and channels, arrows back along the sides, and the lines arrows follow."""

from dataclasses import dataclass

from qiaoqiao.catalogue.drawing.board import Arrow, Board, Box
from qiaoqiao.catalogue.drawing.layout import Layout

_CHANNEL = 34
_TRACK = 10
_LANE_GAP = 20


@dataclass
class Lane:
    """The way of an arrow back: out below its source, up along a side, in above its target."""

    arrow: Arrow
    top: int  # row of the target
    bottom: int  # row of the source
    right: bool
    column: int = 0
    x: float = 0
    leave: float = 0
    enter: float = 0
    leave_track: int = 0
    enter_track: int = 0

    @property
    def row(self) -> int:
        """The row beside which the label stands."""
        return (self.top + self.bottom) // 2


@dataclass
class Sheet:
    """Everything with its place; y grows downwards from 0, x runs from `left` to `right`."""

    board: Board
    layout: Layout
    lanes: list[Lane]
    tops: list[float]  # of the rows
    heights: list[float]
    channels: list[float]  # top of the channel above each row, and of the one below the last
    left: float
    right: float

    @property
    def bottom(self) -> float:
        return self.tops[-1] + self.heights[-1] + _CHANNEL + _TRACK * _tracks(self.lanes, len(self.tops))

    def track(self, channel: int, number: int) -> float:
        return self.channels[channel] + 12 + number * _TRACK


def _tracks(lanes: list[Lane], channel: int) -> int:
    used = [lane.leave_track + 1 for lane in lanes if lane.bottom + 1 == channel]
    return max([0, *used, *(lane.enter_track + 1 for lane in lanes if lane.top == channel)])


def route(board: Board, layout: Layout) -> Sheet:
    lanes = _lanes(board, layout)
    _columns(lanes, layout)
    boxes = [box for row in layout.rows for box in row] + [lane.arrow.label for lane in lanes]
    left = min(box.x - box.width / 2 for box in boxes)
    right = max(box.x + box.width / 2 for box in boxes)
    _ports(board, lanes)
    heights = [max((box.height for box in row), default=0) for row in layout.rows]
    for lane in lanes:
        heights[lane.row] = max(heights[lane.row], lane.arrow.label.height)
    _assign_tracks(lanes, len(layout.rows))
    tops, channels, y = [], [], 0.0
    for row, height in enumerate(heights):
        channels.append(y)
        y += _CHANNEL + _TRACK * _tracks(lanes, row)
        tops.append(y)
        y += height
    channels.append(y)
    for row, boxes_in_row in enumerate(layout.rows):
        for box in boxes_in_row:
            box.y = tops[row] + (heights[row] - box.height) / 2
            if not box.lines:
                box.y, box.height = tops[row], heights[row]
    for lane in lanes:
        label = lane.arrow.label
        label.y = tops[lane.row] + (heights[lane.row] - label.height) / 2
    return Sheet(board, layout, lanes, tops, heights, channels, left, right)


def _lanes(board: Board, layout: Layout) -> list[Lane]:
    boxes = [box for row in layout.rows for box in row]
    middle = (min(b.x - b.width / 2 for b in boxes) + max(b.x + b.width / 2 for b in boxes)) / 2
    lanes = []
    for arrow in board.back:
        source, target = board.states[arrow.sources[0]], board.states[arrow.target]
        rows = sorted((layout.row_of(target), layout.row_of(source)))
        lanes.append(Lane(arrow, rows[0], rows[1], right=(source.x + target.x) / 2 >= middle))
        lanes[-1].top, lanes[-1].bottom = layout.row_of(target), layout.row_of(source)
    return lanes


def _columns(lanes: list[Lane], layout: Layout) -> None:
    """Put each lane just outside the rows it passes and the shorter lanes there."""
    placed: list[Lane] = []
    for lane in sorted(lanes, key=lambda lane: abs(lane.bottom - lane.top)):
        side = 1 if lane.right else -1
        first, last = sorted((lane.top, lane.bottom))
        beside = [box for row in layout.rows[max(first - 1, 0) : last + 2] for box in row]
        beside += [other.arrow.label for other in placed if other.right is lane.right and _meet(lane, other)]
        edge = max(side * box.x + box.width / 2 for box in beside)
        lane.x = lane.arrow.label.x = side * (edge + _LANE_GAP + lane.arrow.label.width / 2)
        placed.append(lane)


def _meet(one: Lane, other: Lane) -> bool:
    a, b = sorted((one.top, one.bottom)), sorted((other.top, other.bottom))
    return a[0] <= b[1] + 1 and b[0] <= a[1] + 1


def _ports(board: Board, lanes: list[Lane]) -> None:
    """Where arrows back leave and enter: near the corner on their side, a little apart."""
    used: dict[tuple[str, bool, bool], int] = {}
    for lane in lanes:
        for state, leaving in ((lane.arrow.sources[0], True), (lane.arrow.target, False)):
            box = board.states[state]
            number = used.get((state, leaving, lane.right), 0)
            used[state, leaving, lane.right] = number + 1
            away = max(box.width / 2 - 14 - 13 * number, 10)
            x = box.x + away if lane.right else box.x - away
            if leaving:
                lane.leave = x
            else:
                lane.enter = x


def _assign_tracks(lanes: list[Lane], rows: int) -> None:
    """Keep apart the level stretches that share a channel."""
    for channel in range(rows + 1):
        taken: list[list[tuple[float, float]]] = []
        for lane in lanes:
            for leaving, here in ((True, lane.bottom + 1), (False, lane.top)):
                if here != channel:
                    continue
                a, b = sorted((lane.leave if leaving else lane.enter, lane.x))
                free = next((n for n, some in enumerate(taken) if all(b < c - 8 or d + 8 < a for c, d in some)), None)
                if free is None:
                    taken.append([])
                    free = len(taken) - 1
                taken[free].append((a, b))
                if leaving:
                    lane.leave_track = free
                else:
                    lane.enter_track = free


def lane_path(sheet: Sheet, lane: Lane) -> list[tuple[float, float]]:
    """The corners of an arrow back, from its source's foot to its target's head."""
    source, target = sheet.board.states[lane.arrow.sources[0]], sheet.board.states[lane.arrow.target]
    out = sheet.track(lane.bottom + 1, lane.leave_track)
    into = sheet.track(lane.top, lane.enter_track)
    return [
        (lane.leave, source.y + source.height),
        (lane.leave, out),
        (lane.x, out),
        (lane.x, into),
        (lane.enter, into),
        (lane.enter, target.y),
    ]


def ports(layout: Layout, box: Box) -> tuple[dict[int, float], dict[int, float]]:
    """Where forward arrows meet a box, above and below: spread in the order of where they come from."""
    spread = []
    for near in (layout.above(box), layout.below(box)):
        near = sorted(near, key=lambda other: other.x)
        step = min(22.0, box.width * 0.5 / max(len(near), 1)) if box.lines else 0.0
        first = box.x - step * (len(near) - 1) / 2
        spread.append({id(other): first + step * n for n, other in enumerate(near)})
    return spread[0], spread[1]
