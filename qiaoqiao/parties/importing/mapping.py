"""Which of their columns is which of ours: guessed from the headings, corrected by people, kept with the source."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from qiaoqiao.parties.importing.words import lists, squeezed

COLUMNS = tuple(lists()["headings"])
"""Our columns, in the order in which a form offers them."""
ORDERS = ("", "dmy", "mdy")
"""How dates like 02/03/1954 are to be read; blank: refused when both are possible."""
SEVERAL = frozenset({"id_number", "cnid", "passport", "phone", "alias", "former", "need", "languages"})
"""Columns that several of theirs may fill."""


@cache
def headings() -> dict[str, str]:
    """{heading as compared: our column}."""
    known = {squeezed(word): column for column, words in lists()["headings"].items() for word in words}
    return known | {squeezed(column): column for column in COLUMNS}


def known_headings(cells: Iterable[str]) -> int:
    """How many cells of a row are headings that somebody has used before."""
    return sum(guess_one(cell) != "" for cell in cells)


def guess_one(heading: str) -> str:
    """Our column for a heading: the same word, or the same with something in brackets behind it."""
    whole = squeezed(heading)
    if whole in headings():
        return headings()[whole]
    for bracket in "(（[【/:：":
        before = squeezed(heading.partition(bracket)[0])
        if before != whole and before in headings():
            return headings()[before]
    return ""


def guess(header: Sequence[str], kept: Mapping[str, str] | None = None) -> dict[str, str]:
    """{their column: ours} for a heading; what the source said before comes first, and no column is filled twice."""
    kept = kept or {}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for theirs in sorted(header, key=lambda one: one not in kept):
        ours = kept[theirs] if theirs in kept else guess_one(theirs)
        if ours and ours in taken and ours not in SEVERAL:
            ours = ""
        taken.add(ours)
        found[theirs] = ours
    return {theirs: found[theirs] for theirs in header}


def faults(mapping: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a mapping by their column: `unknown`, `twice`; `""`: `no_name` for the whole."""
    wrong: dict[str, str] = {}
    seen: set[str] = set()
    for theirs, ours in mapping.items():
        if ours and ours not in COLUMNS:
            wrong[theirs] = "unknown"
        elif ours and ours in seen and ours not in SEVERAL:
            wrong[theirs] = "twice"
        seen.add(ours)
    if not seen & {"name", "name_latin", "surname", "given"}:
        wrong[""] = "no_name"
    return wrong
