"""No small cell of a published table is shown, and none follows from what is shown."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiaoqiao.reporting.suppression import (
    ALL,
    ROOM,
    SMALL,
    Cell,
    Dimension,
    Published,
    TooFewPeople,
    publish,
)

NAMES = "abcdefgh"


def line(*numbers: int, total_known: bool = False) -> Published:
    """A table of one row, beside its sum, in a single branch."""
    dimensions = [Dimension(("x",)), Dimension(tuple(NAMES[: len(numbers)]))]
    counts = {("x", name): number for name, number in zip(NAMES, numbers, strict=False)}
    return publish(dimensions, counts, total_known=total_known)


def shown(found: Published, parts: int) -> list[int | None]:
    return [found.value(ALL, name) for name in NAMES[:parts]]


def test_a_cell_of_five_is_shown_and_one_of_four_is_not() -> None:
    assert shown(line(5, 30, 7, total_known=True), 3) == [5, 30, 7]
    assert shown(line(4, 30, 7, total_known=True), 3) == [None, 30, None]


def test_a_zero_stays_a_zero() -> None:
    assert shown(line(0, 30, 0, 9, total_known=True), 4) == [0, 30, 0, 9]


def test_one_small_cell_takes_the_next_smallest_that_leaves_room_with_it() -> None:
    """Beside 4 and 5 in a known sum of 9 the small one could still be told to within four."""
    assert shown(line(1, 40, 5, 8, total_known=True), 4) == [None, 40, None, 8]
    assert shown(line(3, 2, 40, 8, total_known=True), 4) == [None, None, 40, None]


def test_a_table_that_cannot_be_protected_is_withheld_with_its_zeros() -> None:
    found = line(4, 1, 0, total_known=True)
    assert found.withheld
    assert shown(found, 3) == [None, None, None]
    assert found.value(ALL, ALL) == 5


def test_fewer_than_five_people_are_no_table() -> None:
    with pytest.raises(TooFewPeople):
        line(3, 0, 1, total_known=True)


def test_a_total_that_stands_nowhere_else_is_hidden_with_its_only_cell() -> None:
    found = publish([Dimension(("x", "y"))], {("x",): 3})
    assert (found.value("x"), found.value("y"), found.value(ALL)) == (None, 0, None)


def test_a_branch_is_not_found_by_taking_its_sisters_from_the_whole() -> None:
    dimensions = [Dimension(("x", "y", "z")), Dimension(("a", "b"))]
    counts = {
        ("x", "a"): 40, ("x", "b"): 40, ("y", "a"): 30, ("y", "b"): 35, ("z", "a"): 2, ("z", "b"): 60,
    }  # fmt: skip
    found = publish(dimensions, counts, total_known=True)
    assert found.value(ALL, "a") == 72
    assert [name for name in "xyz" if found.value(name, "a") is None] == ["y", "z"]
    assert [name for name in "xyz" if found.value(name, "b") is None] == ["y", "z"]


def test_a_group_is_a_number_from_which_its_members_do_not_follow() -> None:
    ages = Dimension(("70", "75", "80", "85"), {"old": frozenset({"80", "85"})})
    counts = {("x", "70"): 50, ("x", "75"): 40, ("x", "80"): 20, ("x", "85"): 3}
    found = publish([Dimension(("x",)), ages], counts, total_known=True)
    assert found.value(ALL, "old") == 23
    assert (found.value(ALL, "80"), found.value(ALL, "85")) == (None, None)
    assert (found.value(ALL, "70"), found.value(ALL, "75")) == (50, 40)


# What a reader with a pencil can do: an audit that knows nothing of how cells were chosen.


def sums(dimensions: Sequence[Dimension]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Every published cell with the inner cells it counts."""
    inner = list(product(*(one.parts for one in dimensions)))
    for cell in product(*((*one.parts, *one.groups, ALL) for one in dimensions)):
        counted = [
            parts
            for parts in inner
            if all(name in one.above(part) for name, part, one in zip(cell, parts, dimensions, strict=True))
        ]
        yield cell, counted


def derivable(dimensions: Sequence[Dimension], found: Published) -> list[Cell]:
    """Hidden cells that follow from the shown ones by adding and subtracting: their row lies in the others' span."""
    rows = {cell: frozenset(counted) for cell, counted in sums(dimensions)}
    columns = sorted(set().union(*rows.values()))
    basis: dict[Cell, dict[Cell, Fraction]] = {}

    def rest(row: dict[Cell, Fraction]) -> dict[Cell, Fraction]:
        for column in columns:
            if column in row and column in basis:
                factor = row[column]
                for name, value in basis[column].items():
                    row[name] = row.get(name, Fraction(0)) - factor * value
                row = {name: value for name, value in row.items() if value}
        return row

    for cell, counted in rows.items():
        if cell not in found.hidden:
            left = rest(dict.fromkeys(counted, Fraction(1)))
            if left:
                lead = min(left)
                basis[lead] = {name: value / left[lead] for name, value in left.items()}
    return [cell for cell in found.hidden if not rest(dict.fromkeys(rows[cell], Fraction(1)))]


def spans(dimensions: Sequence[Dimension], found: Published) -> Mapping[Cell, set[int]]:
    """By trying every table of whole numbers that agrees with the shown cells: what each hidden cell may be.

    The reader knows that a hidden cell is not zero, unless the table is withheld.
    """
    rows = dict(sums(dimensions))
    least = 0 if found.withheld else 1
    inner = [cell for cell, counted in rows.items() if counted == [cell]]
    open_cells = [cell for cell in inner if cell in found.hidden]
    bounds = [(set(counted) & set(open_cells), cell) for cell, counted in rows.items()]
    left = {
        cell: found.values.get(cell, 0)
        - sum(found.values.get(one, 0) for one in rows[cell] if one not in found.hidden)
        for _parts, cell in bounds
        if cell not in found.hidden
    }
    lowest = {cell: least if found.values.get(cell, 0) else 0 for cell in open_cells}
    most = sum(found.values.get(one, 0) for one in inner) + ROOM
    seen: dict[Cell, set[int]] = {cell: set() for cell in found.hidden}

    def go(at: int, given: dict[Cell, int]) -> None:
        for parts, cell in bounds:
            if cell in left and parts:
                told = [given[one] for one in parts if one in given]
                missing = [lowest[one] for one in parts if one not in given]
                if sum(told) + sum(missing) > left[cell] or (not missing and sum(told) != left[cell]):
                    return
        if at == len(open_cells):
            full = {cell: given.get(cell, found.values.get(cell, 0)) for cell in inner}
            for cell in seen:
                seen[cell].add(sum(full[one] for one in rows[cell]))
            return
        for number in range(lowest[open_cells[at]], most + 1):
            go(at + 1, given | {open_cells[at]: number})

    go(0, {})
    return seen


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=4), st.booleans())
def test_in_one_row_no_hidden_cell_can_be_told_to_within_four(numbers: list[int], known: bool) -> None:
    if known and 0 < sum(numbers) < SMALL:
        return
    dimensions = [Dimension(("x",)), Dimension(tuple(NAMES[: len(numbers)]))]
    found = line(*numbers, total_known=known)
    for cell, values in spans(dimensions, found).items():
        assert max(values) - min(values) >= ROOM, (cell, sorted(values))
    assert not any(0 < value < SMALL for cell, value in found.values.items() if cell not in found.hidden)


tables = st.tuples(st.integers(1, 4), st.integers(3, 6), st.integers(2, 3)).flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.lists(
            st.one_of(st.integers(0, 6), st.integers(0, 60)),
            min_size=size[0] * size[1] * size[2],
            max_size=size[0] * size[1] * size[2],
        ),
    )
)


@settings(max_examples=60, deadline=None)
@given(tables, st.booleans())
def test_in_a_table_of_branches_ages_and_sexes_no_hidden_cell_follows(
    table: tuple[tuple[int, int, int], list[int]], grouped: bool
) -> None:
    (branches, ages, sexes), numbers = table
    groups = {"old": frozenset(NAMES[ages - 2 : ages])} if grouped else {}
    dimensions = [
        Dimension(tuple("xyzw"[:branches])),
        Dimension(tuple(NAMES[:ages]), groups),
        Dimension(("m", "f", "")[:sexes]),
    ]
    counts = dict(zip(product(*(one.parts for one in dimensions)), numbers, strict=True))
    try:
        found = publish(dimensions, counts, total_known=True)
    except TooFewPeople:
        return
    assert derivable(dimensions, found) == []
    assert not any(0 < value < SMALL for cell, value in found.values.items() if cell not in found.hidden)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 5), st.integers(0, 12)), min_size=6, max_size=6))
def test_in_a_table_of_two_sides_no_hidden_cell_can_be_told_to_within_four(numbers: list[int]) -> None:
    dimensions = [Dimension(("x", "y")), Dimension(("a", "b", "c"))]
    counts = dict(zip(product("xy", "abc"), numbers, strict=True))
    try:
        found = publish(dimensions, counts, total_known=True)
    except TooFewPeople:
        return
    empty = {side for side in "xy" if not found.values.get((side, ALL))}  # known elsewhere: nobody is there
    for cell, values in spans(dimensions, found).items():
        if cell[0] not in empty:
            assert max(values) - min(values) >= ROOM, (cell, sorted(values))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(15, 40)), min_size=2, max_size=4))
def test_beside_a_known_whole_no_branch_follows(branches: list[tuple[int, int]]) -> None:
    whole = sum(old for old, _young in branches)
    if 0 < whole < SMALL:
        return
    dimensions = [Dimension(tuple("xyzw"[: len(branches)])), Dimension(("old", "young"))]
    counts = {
        (name, kind): number
        for name, pair in zip("xyzw", branches, strict=False)
        for kind, number in zip(("old", "young"), pair, strict=True)
    }
    found = publish(dimensions, counts, total_known=True, whole_known=True)
    assert found.value(ALL, "old") == whole
    for cell, values in spans(dimensions, found).items():
        assert max(values) - min(values) >= ROOM, (cell, sorted(values))


def test_two_readers_see_the_same_whatever_the_order_of_the_rows() -> None:
    counts = {("x", "a"): 3, ("x", "b"): 9, ("x", "c"): 9, ("x", "d"): 30}
    dimensions = [Dimension(("x",)), Dimension(tuple("abcd"))]
    turned = dict(reversed(counts.items()))
    assert publish(dimensions, counts, total_known=True) == publish(dimensions, turned, total_known=True)
