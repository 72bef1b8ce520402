"""Small cells kept out of published tables, and out of reach of a pencil: no hidden cell follows from the rest.

A cell of 1 to 4 people is hidden. Where totals are published too, that is not enough: 12 people less the 9 shown
leaves 3. So each hidden cell gets a *way to be another number*: a box of hidden cells in which some gain what
others lose, so that every published number stays what it is. The box must allow at least five different values,
or the cell could still be guessed. Cells hidden for the sake of others are marked like the small ones: were they
marked apart, 4 and 5 hidden beside each other in a sum of 9 would be told.

What the result depends on is the numbers alone, never the reader: two readers of the same table see the same,
and the tables of an office and of the branches below it are hidden together, as one table with one more dimension.
What remains, and is a matter of who gets which page: the page of an office above is suppressed for itself, and
whoever lays it beside a branch's own page may subtract; pages of two days differ by those who came and went; a
zero is shown as zero; and whoever knows some of the hidden people learns about the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

Cell = tuple[str, ...]
Step = tuple[tuple[str, int], ...]
"""How a change falls along one dimension: coordinates that gain (+1) and lose (-1), totals included."""

ALL = "*"
SMALL = 5
"""From this many people on, a cell may be shown."""
ROOM = 4
"""A hidden cell may be any of at least five neighbouring numbers."""
NEAREST = 6
"""Partners tried in each dimension before all are."""


class TooFewPeople(Exception):
    """Even the total is small: nothing may be published."""


class _NoWay(Exception):
    """A small cell cannot be hidden without hiding a number that stands elsewhere."""


@dataclass(frozen=True)
class Dimension:
    """What a table is broken down by. `groups` are sums over some parts, published beside the total."""

    parts: tuple[str, ...]
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def above(self, part: str) -> tuple[str, ...]:
        """The coordinates that count a part: itself, its groups, the total."""
        return (part, *(name for name, members in self.groups.items() if part in members), ALL)

    @cached_property
    def steps(self) -> dict[str, list[Step]]:
        """By coordinate: the steps in which it gains one. A step without a loser lets the totals grow."""
        found: dict[str, list[Step]] = {name: [] for name in (*self.parts, *self.groups, ALL)}
        for gains, loses in product(self.parts, (None, *self.parts)):
            shift = dict.fromkeys(self.above(gains), 1)
            for one in self.above(loses) if loses is not None else ():
                shift[one] = shift.get(one, 0) - 1
            step = tuple((one, sign) for one, sign in shift.items() if sign)
            for one, sign in step:
                if sign > 0:
                    found[one].append(step)
        return found


@dataclass(frozen=True)
class Published:
    """A table as it may be shown. `withheld` means that nothing but the totals known elsewhere is shown."""

    values: Mapping[Cell, int]
    hidden: frozenset[Cell]
    withheld: bool = False

    def value(self, *cell: str) -> int | None:
        """The number of a cell, or None where it is hidden; nobody is counted where nothing was said."""
        return None if cell in self.hidden else self.values.get(cell, 0)


def publish(
    dimensions: Sequence[Dimension],
    counts: Mapping[Cell, int],
    *,
    total_known: bool = False,
    whole_known: bool = False,
) -> Published:
    """Return a table of inner counts with all its totals, and which of its cells are hidden.

    `total_known`: the totals over all dimensions but the first stand elsewhere and cannot be hidden here; where
    the table cannot be protected beside them, it is withheld. Raises TooFewPeople when one of them is small.
    `whole_known`: so do the numbers of the whole, that is of all branches (the first dimension) together.
    """
    table = _Table(dimensions, counts, total_known, whole_known)
    if any(0 < value < SMALL for cell, value in table.values.items() if table.fixed(cell)):
        raise TooFewPeople
    try:
        return Published(table.values, frozenset(table.protect()))
    except _NoWay:
        return Published(table.values, frozenset(table.everything()), withheld=True)


class _Table:
    """The cells of a table while it is being protected."""

    def __init__(
        self,
        dimensions: Sequence[Dimension],
        counts: Mapping[Cell, int],
        total_known: bool,
        whole_known: bool,
    ) -> None:
        self.dimensions, self.total_known, self.whole_known = dimensions, total_known, whole_known
        self.values: dict[Cell, int] = {}
        for inner, number in counts.items():
            above = (one.above(part) for one, part in zip(dimensions, inner, strict=True))
            for cell in product(*above):
                self.values[cell] = self.values.get(cell, 0) + number
        self.hidden: set[Cell] = set()

    def fixed(self, cell: Cell) -> bool:
        if self.whole_known and cell[0] == ALL:
            return True
        return self.total_known and all(one == ALL for one in cell[1:])

    def everything(self) -> Iterator[Cell]:
        """All cells but the known totals, zeros too: then even which ones are empty is not told."""
        coordinates = [(*one.parts, *one.groups, ALL) for one in self.dimensions]
        return (cell for cell in product(*coordinates) if not self.fixed(cell))

    def protect(self) -> set[Cell]:
        """Hide the small cells and, for each, the cheapest box that lets it be another number."""
        small = [cell for cell, value in self.values.items() if 0 < value < SMALL]
        self.hidden = set(small)
        for cell in sorted(small, key=lambda one: (-one.count(ALL), self.values[one], one)):
            self.hidden |= self.cheapest(cell)
        return self.hidden

    def cheapest(self, cell: Cell) -> frozenset[Cell]:
        """The box around a cell that hides the fewest people more. Raises _NoWay."""
        for nearest in (NEAREST, None):
            choices = [self.choices(cell, at, nearest) for at in range(len(cell))]
            best: tuple[int, list[Cell]] | None = None
            for steps in product(*choices):
                found = self.box(steps)
                if found and (best is None or found < best):
                    best = found
                    if not best[0]:
                        break
            if best:
                return frozenset(best[1])
        raise _NoWay

    def choices(self, cell: Cell, at: int, nearest: int | None) -> list[Step]:
        """The steps along one dimension that move a cell, likeliest first."""
        steps = self.dimensions[at].steps[cell[at]]

        def cost(step: Step) -> int:
            line = ((*cell[:at], one, *cell[at + 1 :]) for one, _sign in step)
            return sum(self.price(one) if self.values.get(one) else SMALL * SMALL for one in line)

        return sorted(steps, key=cost)[:nearest]

    def price(self, cell: Cell) -> int:
        return 0 if cell in self.hidden else 1 + self.values.get(cell, 0)

    def box(self, steps: Sequence[Step]) -> tuple[int, list[Cell]] | None:
        """What a box costs and its cells; None when it leaves too little room or moves what is known."""
        cells: list[Cell] = []
        up: list[int] = []
        down: list[int] = []
        for corner in product(*steps):
            cell = tuple(one for one, _sign in corner)
            if self.fixed(cell):
                return None
            sign = 1
            for _one, factor in corner:
                sign *= factor
            value = self.values.get(cell, 0)
            (down if sign > 0 else up).append(max(value - 1, 0))
            cells.append(cell)
        rises = min(up, default=ROOM)
        if rises + min(down) < ROOM:
            return None
        return sum(self.price(one) for one in cells), sorted(cells)
