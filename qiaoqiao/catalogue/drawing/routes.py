"""Heights of rows and channels, arrows back along the sides, and the lines arrows follow."""

from dataclasses import dataclass

from qiaoqiao.catalogue.drawing.board import Arrow, Board, Box
from qiaoqiao.catalogue.drawing.layout import Layout

_CHANNEL = 34
_TRACK = 10
_LANE_GAP = 20


@dataclass
class End:
    """Where a lane meets a state: the row of the channel, the place on the state's edge, the track."""

    state: Box
    channel: int
    x: float = 0
    track: int = 0


@dataclass
class Lane:
    """The way of an arrow back: out below its sources, up along a side, in above its target."""

    arrow: Arrow
    leave: list[End]
    enter: End
    right: bool
    x: float = 0

    @property
    def ends(self) -> list[End]:
        return [*self.leave, self.enter]

    @property
    def row(self) -> int:
        """The row beside which the label stands: between the target and the nearest source."""
        near = min((end.channel - 1 for end in self.leave), key=lambda row: abs(row - self.enter.channel))
        return (self.enter.channel + near) // 2

    @property
    def rows(self) -> tuple[int, int]:
        """The first and the last row the lane passes."""
        passed = [self.enter.channel, *(end.channel - 1 for end in self.leave)]
        return min(passed), max(passed)


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

    def level(self, end: End) -> float:
        """The y of the level stretch between a lane and a state."""
        return self.channels[end.channel] + 12 + end.track * _TRACK


def _tracks(lanes: list[Lane], channel: int) -> int:
    return max([0, *(end.track + 1 for lane in lanes for end in lane.ends if end.channel == channel)])


def route(board: Board, layout: Layout) -> Sheet:
    lanes = _lanes(board, layout)
    _columns(lanes, layout)
    boxes = [box for row in layout.rows for box in row] + [lane.arrow.label for lane in lanes]
    left = min(box.x - box.width / 2 for box in boxes)
    right = max(box.x + box.width / 2 for box in boxes)
    _ports(lanes)
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
        sources, target = [board.states[source] for source in arrow.sources], board.states[arrow.target]
        leave = [End(source, layout.row_of(source) + 1) for source in sources]
        right = (sum(source.x for source in sources) / len(sources) + target.x) / 2 >= middle
        lanes.append(Lane(arrow, leave, End(target, layout.row_of(target)), right))
    return lanes


def _columns(lanes: list[Lane], layout: Layout) -> None:
    """Put each lane just outside the rows it passes and the shorter lanes there."""
    placed: list[Lane] = []
    for lane in sorted(lanes, key=lambda lane: lane.rows[1] - lane.rows[0]):
        side = 1 if lane.right else -1
        first, last = lane.rows
        beside = [box for row in layout.rows[max(first - 1, 0) : last + 2] for box in row]
        beside += [other.arrow.label for other in placed if other.right is lane.right and _meet(lane, other)]
        edge = max(side * box.x + box.width / 2 for box in beside)
        lane.x = lane.arrow.label.x = side * (edge + _LANE_GAP + lane.arrow.label.width / 2)
        placed.append(lane)


def _meet(one: Lane, other: Lane) -> bool:
    return one.rows[0] <= other.rows[1] + 1 and other.rows[0] <= one.rows[1] + 1


def _ports(lanes: list[Lane]) -> None:
    """Where arrows back leave and enter: near the corner on their side, a little apart."""
    used: dict[tuple[int, bool, bool], int] = {}
    for lane in lanes:
        for end in lane.ends:
            corner = (id(end.state), end is lane.enter, lane.right)
            number = used.get(corner, 0)
            used[corner] = number + 1
            away = max(end.state.width / 2 - 14 - 13 * number, 10)
            end.x = end.state.x + away if lane.right else end.state.x - away


def _assign_tracks(lanes: list[Lane], rows: int) -> None:
    """Keep apart the level stretches that share a channel."""
    for channel in range(rows + 1):
        taken: list[list[tuple[float, float]]] = []
        here = [(lane, end) for lane in lanes for end in lane.ends if end.channel == channel]
        for lane, end in here:
            a, b = sorted((end.x, lane.x))
            free = next(
                (n for n, some in enumerate(taken) if all(b < c - 8 or d + 8 < a for c, d in some)), None
            )
            if free is None:
                taken.append([])
                free = len(taken) - 1
            taken[free].append((a, b))
            end.track = free


def lane_path(sheet: Sheet, lane: Lane, leave: End) -> list[tuple[float, float]]:
    """The corners of an arrow back, from a source's foot to its target's head."""
    out, into = sheet.level(leave), sheet.level(lane.enter)
    return [
        (leave.x, leave.state.y + leave.state.height),
        (leave.x, out),
        (lane.x, out),
        (lane.x, into),
        (lane.enter.x, into),
        (lane.enter.x, lane.enter.state.y),
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
