"""Comparing pairs of records: a small number for each kind of evidence, many pairs at a time.

This is the one place that compares. Splink calls it in DuckDB and Spark, the web process directly. Each
comparison gives a level: NULL where one side says nothing, else 0 to its highest; what a level weighs stands
in the settings (`weighing.py`).
"""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import numpy as np

from qiaoqiao.parties.linkage.features import MAYBE_YEAR_ONLY, MOST_DATES, SOUND_NUMBER, Features
from qiaoqiao.parties.linkage.views import MOST_VIEWS
from qiaoqiao.parties.linkage.vocabulary import QUARTER, Vocabulary, family_names, given_names

Levels = Any
"""An int8 array: the level of each pair."""
NULL = -1

# Bins of bits, ascending; a level is how many of these a value reaches.
SURNAME_BITS = np.array([-2, 0.5, 2, 3, 4.5, 6, 8]) * QUARTER
GIVEN_BITS = np.array([-6, -3, -1, 1, 3, 5, 7, 9, 11, 13.5, 16.5, 20]) * QUARTER
KIN_BITS = np.array([-4, 0, 5, 10, 16]) * QUARTER
SWAP, DROP = 5 * QUARTER, int(1.5 * QUARTER)
NONE = -(10**6)


def names(left: Features, right: Features) -> tuple[Levels, Levels]:
    """Levels of surname and given name, by the pair of views that agree best."""
    surname, given, said = best_views(left, right)
    surnames_ = np.digitize(surname, SURNAME_BITS).astype(np.int8)
    givens = np.digitize(given, GIVEN_BITS).astype(np.int8)
    surnames_[surname == NONE] = NULL
    givens[~said] = NULL
    return surnames_, givens


def best_views(left: Features, right: Features) -> tuple[Any, Any, Any]:
    """Quarter bits of surname and given name, and whether both sides had a given name to compare."""
    views = np.arange(MOST_VIEWS)
    there = (left["views"][:, None, None] > views[:, None]) & (right["views"][:, None, None] > views)
    rows, one, other = np.nonzero(there)
    surname, own = np.full(len(left), NONE, dtype=np.int32), np.zeros(len(left), dtype=np.int32)
    said = np.zeros(len(left), dtype=bool)
    if not len(rows):
        return surname, own, said
    of_family = looked_up(family_names(), left["surname"][rows, one], right["surname"][rows, other])
    of_given, both = aligned(left["given"][rows, one], right["given"][rows, other])
    of_given = of_given - left["cost"][rows, one] - right["cost"][rows, other]
    # Of equally good pairs the one with the better surname, so that it does not matter which side stands first.
    total = ((of_family + of_given) * 4096 + of_family) * 2 + both
    starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
    best = np.repeat(np.maximum.reduceat(total, starts), np.diff(np.r_[starts, len(rows)]))
    places = np.flatnonzero(total == best)
    places = places[np.r_[True, rows[places][1:] != rows[places][:-1]]]
    surname[rows[places]], own[rows[places]], said[rows[places]] = (
        of_family[places],
        of_given[places],
        both[places],
    )
    return surname, own, said


def looked_up(vocabulary: Vocabulary, a: Any, b: Any) -> Any:
    """Quarter bits of pairs of symbols."""
    return vocabulary.flat.take(a.astype(np.int64) * len(vocabulary.share) + b).astype(np.int32)


def aligned(a: Any, b: Any) -> tuple[Any, Any]:
    """Quarter bits of two given names, in their order, swapped, or with one part dropped; whether both have any."""
    names_ = given_names()
    a1, a2, a3 = a[:, 0], a[:, 1], a[:, 2]
    b1, b2, b3 = b[:, 0], b[:, 1], b[:, 2]
    first = looked_up(names_, a1, b1)
    bits = first + looked_up(names_, a2, b2)
    thirds = np.flatnonzero((a3 > 0) & (b3 > 0))
    bits[thirds] += looked_up(names_, a3[thirds], b3[thirds])
    two_left, two_right = a2 > 0, b2 > 0
    rows = np.flatnonzero(two_left & two_right)
    crossed = looked_up(names_, a1[rows], b2[rows]) + looked_up(names_, a2[rows], b1[rows]) - SWAP
    bits[rows] = np.maximum(bits[rows], crossed)
    rows = np.flatnonzero(~two_left & two_right)
    bits[rows] = np.maximum(first[rows], looked_up(names_, a1[rows], b2[rows])) - DROP
    rows = np.flatnonzero(two_left & ~two_right)
    bits[rows] = np.maximum(first[rows], looked_up(names_, a2[rows], b1[rows])) - DROP
    return bits, (a1 > 0) & (b1 > 0)


def foreign(left: Features, right: Features) -> Levels:
    """Given names of other languages: 0 none in common, 1 one in common, 2 two."""
    levels = np.full(len(left), NULL, dtype=np.int8)
    rows = np.flatnonzero((left["foreign"][:, 0] > 0) & (right["foreign"][:, 0] > 0))
    a, b = left["foreign"][rows], right["foreign"][rows]
    common = ((a[:, :, None] == b[:, None, :]) & (a[:, :, None] > 0)).any(axis=2).sum(axis=1)
    levels[rows] = np.minimum(common, 2)
    return levels


def sex(left: Features, right: Features) -> Levels:
    """0 different, 1 equal."""
    levels = (left["sex"] == right["sex"]).astype(np.int8)
    levels[(left["sex"] == 0) | (right["sex"] == 0)] = NULL
    return levels


def birth(left: Features, right: Features) -> Levels:
    """How two birth dates agree: 0 not at all, to 10 as written; 9 as meant (lunar, or by the paper's number)."""
    a, b = left["born"], right["born"]
    literal = (a[:, 0] == b[:, 0]) & (a[:, 0] > 0)
    meant = np.zeros(len(left), dtype=bool)
    for one, other in product(range(MOST_DATES), range(MOST_DATES)):
        meant |= (a[:, one] == b[:, other]) & (a[:, one] > 0)
    ya, yb = left["year"].astype(np.int32), right["year"].astype(np.int32)
    ma, mb, da, db = left["month"], right["month"], left["day"], right["day"]
    full = (da > 0) & (db > 0)
    apart = np.abs(ya - yb)
    same_year, same_month, same_day = apart == 0, ma == mb, da == db
    open_end = ~full | ((left["flags"] | right["flags"]) & MAYBE_YEAR_ONLY).astype(bool)
    swapped = full & same_year & (ma == db) & (da == mb)
    agreeing = same_year.astype(np.int8) + same_month + same_day
    conditions: list[tuple[Any, int]] = [
        (literal, 10),
        (meant, 9),
        (swapped, 8),
        (full & same_month & same_day & np.isin(apart, (1, 2, 10)), 7),
        (full & (agreeing == 2), 6),
        (open_end & same_year & same_month & (ma > 0) & ~full, 5),
        (open_end & same_year & ((ma == 0) | (mb == 0) | full), 4),
        (same_year, 3),
        (full & same_month & same_day, 2),
        (apart <= 1, 1),
    ]
    levels = np.select([test for test, _ in conditions], [level for _, level in conditions], 0).astype(
        np.int8
    )
    levels[((ya == 0) | (yb == 0)) & ~meant] = NULL
    return levels


def number(left: Features, right: Features) -> Levels:
    """Numbers of papers: 0 to 2 speak against, 3 to 7 for one person. Different kinds say nothing of each other."""
    levels = np.full(len(left), NULL, dtype=np.int8)
    both = np.flatnonzero((left["number_kind"] > 0) & (right["number_kind"] > 0))
    if len(both):
        levels[both] = _number(left[both], right[both])
    return levels


def _number(left: Features, right: Features) -> Levels:
    ka, kb = left["number_kind"], right["number_kind"]
    equal = (left["number"] == right["number"]) & (ka == kb) & (ka != 2)
    levels = np.full(len(left), NULL, dtype=np.int8)
    residents = (ka == 1) & (kb == 1)
    others = (ka == 3) & (kb == 3)
    masked = ((ka == 2) & ((kb == 1) | (kb == 2))) | ((ka == 1) & (kb == 2))
    slip = one_slip(left["digits"], right["digits"])
    levels[others & (left["country"] == right["country"])] = 1
    levels[others & slip] = 3
    sound = (left["flags"] & right["flags"] & SOUND_NUMBER).astype(bool)
    levels[residents] = 0
    levels[residents & slip] = np.where(sound[residents & slip], 2, 4)
    ends = (left["digits"][:, :6] == right["digits"][:, :6]).all(axis=1) & (
        left["digits"][:, 14:17] == right["digits"][:, 14:17]
    ).all(axis=1)
    levels[masked] = np.where(ends[masked], 5, 0)
    levels[equal & (ka == 3)] = 6
    levels[equal & (ka == 1)] = 7
    return levels


def one_slip(a: Any, b: Any) -> Any:
    """Whether two rows of digits differ by one wrong digit or two swapped neighbours."""
    differ = a != b
    count = differ.sum(axis=1)
    crossed = ((a[:, :-1] == b[:, 1:]) & (a[:, 1:] == b[:, :-1]) & differ[:, :-1]).any(axis=1)
    return (count == 1) | ((count == 2) & crossed)


def phone(left: Features, right: Features) -> Levels:
    """0 different, 1 equal."""
    return equal_or_not(left["phone"], right["phone"])


def home(left: Features, right: Features) -> Levels:
    """0 other address, 1 same address, 2 same household number."""
    levels = equal_or_not(left["address"], right["address"])
    household = equal_or_not(left["household"], right["household"])
    levels[household == 1] = 2
    return levels


def equal_or_not(a: Any, b: Any) -> Levels:
    levels = (a == b).astype(np.int8)
    levels[(a == 0) | (b == 0)] = NULL
    return levels


def native(left: Features, right: Features) -> Levels:
    """Ancestral place: 0 other province, 1 same province, other county, 2 province only, 3 county, 4 village."""
    a, b = left["province"], right["province"]
    levels = np.full(len(left), NULL, dtype=np.int8)
    known = (a > 0) & (b > 0)
    levels[known] = np.where(a[known] == b[known], 2, 0)
    counties = (left["county"] > 0) & (right["county"] > 0)
    same = left["county"] == right["county"]
    levels[counties] = np.where(same[counties], 3, np.where((a == b)[counties], 1, 0))
    villages = counties & same & (left["native"] > 0)
    levels[villages & (left["native"] == right["native"])] = 4
    return levels


def kin_bits(left: Features, right: Features, place: int) -> tuple[Any, Any]:
    """Quarter bits of one relative's names (0 where not both are named), and whether both records name them."""
    a, b = left["kin_surname"][:, place], right["kin_surname"][:, place]
    ga, gb = left["kin_given"][:, place], right["kin_given"][:, place]
    both = ((a > 0) | (ga[:, 0] > 0)) & ((b > 0) | (gb[:, 0] > 0))
    bits = np.zeros(len(left), dtype=np.int32)
    rows = np.flatnonzero(both)
    bits[rows] = _whole_name(a[rows], ga[rows], b[rows], gb[rows])
    return bits, both


def _whole_name(a: Any, ga: Any, b: Any, gb: Any) -> Any:
    """Quarter bits of names without alternatives: surnames and the first two given symbols, in order."""
    own = given_names()
    given = looked_up(own, ga[:, 0], gb[:, 0]) + looked_up(own, ga[:, 1], gb[:, 1])
    return looked_up(family_names(), a, b) + given


def parents(left: Features, right: Features) -> Levels:
    """Father and mother together: 0 others, to 5 surely the same."""
    father, fathers = kin_bits(left, right, 0)
    mother, mothers = kin_bits(left, right, 1)
    levels = np.digitize(father + mother, KIN_BITS).astype(np.int8)
    levels[~(fathers | mothers)] = NULL
    return levels


def spouse(left: Features, right: Features) -> Levels:
    """Husband or wife: 0 somebody else, to 5 surely the same."""
    bits, both = kin_bits(left, right, 2)
    levels = np.digitize(bits, KIN_BITS).astype(np.int8)
    levels[~both] = NULL
    return levels


def kinship(left: Features, right: Features) -> Levels:
    """1 when one record names the other's person as father, mother or spouse: kin, hence two people; else 0."""
    found = np.zeros(len(left), dtype=np.int8)
    for a, b in ((left, right), (right, left)):
        for place in range(3):
            s, g = a["kin_surname"][:, place], a["kin_given"][:, place]
            own_s, own_g = b["surname"][:, 0], b["given"][:, 0]
            rows = np.flatnonzero((s > 0) & (own_s > 0) & (g[:, 0] > 0) & (own_g[:, 0] > 0))
            bits = _whole_name(s[rows], g[rows], own_s[rows], own_g[rows])
            found[rows[bits > 9 * QUARTER]] = 1
    return found


COMPARISONS: Mapping[str, int] = {
    "surname": len(SURNAME_BITS) + 1,
    "given": len(GIVEN_BITS) + 1,
    "foreign": 3,
    "sex": 2,
    "birth": 11,
    "number": 8,
    "phone": 2,
    "home": 3,
    "native": 5,
    "parents": len(KIN_BITS) + 1,
    "spouse": len(KIN_BITS) + 1,
    "kinship": 2,
}
"""Every comparison and how many levels it has besides NULL."""

_SINGLE: Mapping[str, Callable[[Features, Features], Levels]] = {
    "foreign": foreign, "sex": sex, "birth": birth, "number": number, "phone": phone, "home": home,
    "native": native, "parents": parents, "spouse": spouse, "kinship": kinship,
}  # fmt: skip


def compare(left: Features, right: Features) -> dict[str, Levels]:
    """All levels of pairs of records, by comparison."""
    of_surname, of_given = names(left, right)
    return {"surname": of_surname, "given": of_given} | {
        name: level(left, right) for name, level in _SINGLE.items()
    }
