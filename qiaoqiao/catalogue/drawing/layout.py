"""Rows and columns: states below the states that lead to them, labels in rows between, little crossing.

The steps are the usual ones of layered drawing: longest-path layers, bends where an arrow passes a row,
barycentres for the order inside rows, then least squares for the columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qiaoqiao.catalogue.drawing.board import Arrow, Board, Box

GAP = 26
_BEND = 14
_SWEEPS = 24


@dataclass
class Layout:
    """Rows of boxes from the top, and the links between boxes of neighbouring rows."""

    rows: list[list[Box]] = field(default_factory=list)
    links: list[tuple[Box, Box]] = field(default_factory=list)
    law: set[int] = field(default_factory=set)  # ids of boxes on arrows that the law alone moves

    def above(self, box: Box) -> list[Box]:
        return [upper for upper, lower in self.links if lower is box]

    def below(self, box: Box) -> list[Box]:
        return [lower for upper, lower in self.links if upper is box]

    def row_of(self, box: Box) -> int:
        return next(number for number, row in enumerate(self.rows) if any(each is box for each in row))


def ranks(board: Board) -> dict[str, int]:
    """Longest path from the top, two rows a step. States are in an order in which forward arrows go on."""
    rank: dict[str, int] = {}
    for state in board.states:
        arriving = [arrow.sources for arrow in board.forward if arrow.target == state]
        before = [rank[source] + 2 for sources in arriving for source in sources]
        if not before and _leads_on(board, state):
            named = [source for move in board.elsewhere if move.to == state for source in move.from_]
            before = [min((rank[source] for source in named if source in rank), default=-2) + 2]
        rank[state] = max(before, default=0)
    linked = {state for arrow in board.forward + board.back for state in (*arrow.sources, arrow.target)}
    last = max(rank.values(), default=0)
    for number, state in enumerate(board.states):
        if number and (state not in linked or not (rank[state] or _leads_on(board, state))):
            rank[state] = last
    return rank


def _leads_on(board: Board, state: str) -> bool:
    return any(state in arrow.sources for arrow in board.forward)


def lay_out(board: Board) -> Layout:
    """Give every box its row and its x; the caller knows the heights and sets y."""
    rank = ranks(board)
    layout = Layout([[] for _ in range(max(rank.values(), default=0) + 1)])
    for state, box in board.states.items():
        layout.rows[rank[state]].append(box)
    for arrow in board.forward:
        _thread(layout, board, arrow, rank)
    _order(layout)
    _place(layout)
    return layout


def _thread(layout: Layout, board: Board, arrow: Arrow, rank: dict[str, int]) -> None:
    """Put the label below the lowest source and bends wherever the arrow passes a row."""
    here = max(rank[source] for source in arrow.sources) + 1
    layout.rows[here].append(arrow.label)
    for source in arrow.sources:
        _link(layout, board.states[source], rank[source], arrow.label, here, law=arrow.law)
    _link(layout, arrow.label, here, board.states[arrow.target], rank[arrow.target], law=arrow.law)
    if arrow.law:
        layout.law.add(id(arrow.label))


def _link(layout: Layout, upper: Box, top: int, lower: Box, bottom: int, *, law: bool) -> None:
    last = upper
    for row in range(top + 1, bottom):
        bend = Box(width=_BEND)
        layout.rows[row].append(bend)
        layout.links.append((last, bend))
        if law:
            layout.law.add(id(bend))
        last = bend
    layout.links.append((last, lower))


def _order(layout: Layout) -> None:
    """Sort rows by the middle of their neighbours, down and up, and keep the order with fewest crossings."""
    best, fewest = [list(row) for row in layout.rows], _crossings(layout)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        rows = layout.rows[1:] if down else layout.rows[-2::-1]
        for row in rows:
            place = {id(box): number for each in layout.rows for number, box in enumerate(each)}
            near = layout.above if down else layout.below
            weight = {id(box): _middle([place[id(n)] for n in near(box)], place[id(box)]) for box in row}
            row.sort(key=lambda box, weight=weight: weight[id(box)])  # type: ignore[misc]
        crossings = _crossings(layout)
        if crossings < fewest:
            best, fewest = [list(row) for row in layout.rows], crossings
    layout.rows = best


def _middle(places: Sequence[float], otherwise: float) -> float:
    return sum(places) / len(places) if places else otherwise


def _crossings(layout: Layout) -> int:
    place = {
        id(box): (row, number) for row, boxes in enumerate(layout.rows) for number, box in enumerate(boxes)
    }
    spans = [(place[id(upper)], place[id(lower)]) for upper, lower in layout.links]
    return sum(
        1
        for n, (a, b) in enumerate(spans)
        for c, d in spans[n + 1 :]
        if a[0] == c[0] and (a[1] - c[1]) * (b[1] - d[1]) < 0
    )


def _place(layout: Layout) -> None:
    """Pull every box towards its neighbours, keeping order and gaps.

    Bends pull hardest, so that long arrows run straight.
    """
    for row in layout.rows:
        _settle(row, [0.0] * len(row), [1.0] * len(row))
    for sweep in range(2 * _SWEEPS):
        rows = layout.rows if sweep % 2 == 0 else layout.rows[::-1]
        for row in rows:
            near = [layout.above(box) + layout.below(box) for box in row]
            here = _middle([n.x for some in near for n in some], 0.0)
            wanted = [_middle([n.x for n in some], here) for some in near]
            weights = [
                (4.0 if not box.lines else 1.0) if some else 0.01 for some, box in zip(near, row, strict=True)
            ]
            _settle(row, wanted, weights)


def _settle(row: list[Box], wanted: list[float], weights: list[float]) -> None:
    """Least squares of the wanted places under the row's gaps, by pooling neighbours that would overlap."""
    offsets, offset = [], 0.0
    for number, box in enumerate(row):
        if number:
            offset += (row[number - 1].width + box.width) / 2 + GAP
        offsets.append(offset)
    blocks: list[tuple[float, float, int]] = []  # place of the block's start, weight, boxes
    for want, weight, away in zip(wanted, weights, offsets, strict=True):
        blocks.append((want - away, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (p, w, n), (q, v, m) = blocks[-2], blocks[-1]
            blocks[-2:] = [((p * w + q * v) / (w + v), w + v, n + m)]
    starts = [start for start, _, count in blocks for _ in range(count)]
    for box, start, away in zip(row, starts, offsets, strict=True):
        box.x = start + away
