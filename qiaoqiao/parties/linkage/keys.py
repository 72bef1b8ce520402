"""Keys: two records are compared when they share one. Made so that every script and spelling meets the others.

A name in letters brings a key for each of the likeliest characters behind it, and one for how it sounds, so
that it meets the name in characters, and another spelling of it, on the same key. The batch and the web
process use the same keys; they are stored, so what is mixed into them may only change with all of them.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from qiaoqiao.parties.linkage.features import NUMBER_KINDS, Features, Row, crc, encode
from qiaoqiao.parties.linkage.views import MOST_VIEWS
from qiaoqiao.parties.linkage.vocabulary import QUARTER, Vocabulary, family_names, given_names

MOST_FAMILY, MOST_OWN, MOST_WHOLE = 6, 4, 16
"""How many characters may stand behind a surname, behind a syllable; how many whole names behind a record."""
LEAST = 0.03
"""A character less likely than this behind a spelling brings no key."""
TOO_UNSURE = 5 * QUARTER
"""Views that cost more bring no key by their surname alone."""
FULLY_KEYED = 3
"""The first schemes of a name in characters bring keys with dates as well."""

MOST_SHARING = 60
"""A key that more records share tells too little to compare them all for it."""

NUMBER, MASKED, DATE, OWN_DATE, SEX_DATE, YEAR, IN_YEAR, COUNTY, WHOLE = range(1, 10)
PHONE, HOME, KIN, WRITTEN, FOREIGN, SOUND, SOUND_YEAR, SOUND_IN_YEAR = range(10, 18)
_FACTOR, _ADDEND, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0x632BE59BD9B4E019), np.uint64(29)


class Keyed(NamedTuple):
    """Pairs of a record's place and one of its keys; a key may come twice."""

    places: Any
    keys: Any


class Names(NamedTuple):
    """Whole names that may stand behind each record: surname and given characters, 0 where there is none."""

    family: Any
    given: Any


def keys_of(row: Row) -> list[int]:
    """The keys of one record, as signed 64-bit integers."""
    return sorted(set(keys(encode([row])).keys.tolist()))


def keys(features: Features) -> Keyed:
    """The keys of many records, signed 64-bit."""
    families, names = _families(features), _names(features)
    year = np.where(features["year"] > 0, features["year"], features["born"][:, 0] // 10000).astype(np.int64)
    month, day = features["month"].astype(np.int64), features["day"].astype(np.int64)
    in_year = np.where(day > 0, month * 100 + day, 0)
    parts = [
        *_of_number(features),
        *_of_days(features, families, names),
        _pairs(DATE, _swapped(year, month, day)[:, None], families),
        *_of_names(names, year, in_year, features["county"]),
        *_of_sounds(features, year, in_year),
        *_of_home(features, families, year),
        *_of_words(features, families, year),
    ]
    return Keyed(
        np.concatenate([part.places for part in parts]), np.concatenate([part.keys for part in parts])
    )


def once_each(keyed: Keyed) -> Keyed:
    """Without repetitions, ordered by record."""
    order = np.lexsort((keyed.keys, keyed.places))
    places, found = keyed.places[order], keyed.keys[order]
    fresh = np.r_[True, (places[1:] != places[:-1]) | (found[1:] != found[:-1])]
    return Keyed(places[fresh].astype(np.int32), found[fresh])


def shared(keyed: Keyed, *, most: int = MOST_SHARING, pairs: int) -> Keyed:
    """Only keys that at least two records share and at most `most`; no pair may come twice.

    Where that would bring more than so many pairs, the keys that most records share are left out first.
    """
    order = np.argsort(keyed.keys)
    places, found = keyed.places[order], keyed.keys[order]
    starts = np.flatnonzero(np.r_[True, found[1:] != found[:-1]])
    sizes = np.diff(np.r_[starts, len(found)])
    counted = np.bincount(sizes[sizes <= most], minlength=most + 1).astype(np.int64)
    brought = np.cumsum(counted * np.arange(most + 1) * (np.arange(most + 1) - 1) // 2)
    limit = max(2, int(np.searchsorted(brought, pairs, side="right")) - 1)
    kept = np.repeat((sizes > 1) & (sizes <= limit), sizes)
    return Keyed(places[kept], found[kept])


# --- kind by kind ------------------------------------------------------------------------------------


def _of_number(features: Features) -> list[Keyed]:
    kind = features["number_kind"]
    digits = features["digits"].astype(np.int64) - ord("0")
    ends = _decimal(digits[:, :6]) * 1000 + _decimal(digits[:, 14:17])
    resident = (kind == NUMBER_KINDS["resident"]) | (kind == NUMBER_KINDS["masked"])
    return [_pairs(NUMBER, features["number"].astype(np.int64), kind), _pairs(MASKED, ends * resident)]


def _decimal(digits: Any) -> Any:
    value = np.zeros(len(digits), dtype=np.int64)
    for place in range(digits.shape[1]):
        value = value * 10 + digits[:, place]
    return value


def _of_days(features: Features, families: Any, names: Names) -> list[Keyed]:
    days = features["born"].astype(np.int64)
    own = np.concatenate([names.given[:, :, 0], names.given[:, :, 1]], axis=1)
    sex = features["sex"].astype(np.int64)[:, None] + 1
    return [
        _pairs(DATE, days[:, :, None], families[:, None, :]),
        _pairs(OWN_DATE, days[:, :, None], own[:, None, :]),
        _pairs(SEX_DATE, days, sex),
    ]


def _swapped(year: Any, month: Any, day: Any) -> Any:
    """The date with day and month changed places, where that is another date."""
    return (year * 10000 + day * 100 + month) * ((day > 0) & (day <= 12) & (day != month))


def _of_names(names: Names, year: Any, in_year: Any, county: Any) -> list[Keyed]:
    family = names.family[:, :, None]
    found = [
        _pairs(kind, family, names.given, when.astype(np.int64)[:, None, None])
        for kind, when in ((YEAR, year), (IN_YEAR, in_year), (COUNTY, county))
    ]
    known = names.given[:, :, 0] > 0
    return [*found, _pairs(WHOLE, names.family * known, names.given[:, :, 0], names.given[:, :, 1] + 1)]


def _of_sounds(features: Features, year: Any, in_year: Any) -> list[Keyed]:
    """A whole name as it sounds: in letters as it stands, in characters as each scheme would first spell it."""
    family, own = _heard(family_names()), _heard(given_names())
    surname = family[features["surname"]].astype(np.int64)
    given = own[features["given"]].astype(np.int64)
    first, second = given[:, :, 0], given[:, :, 1]
    spelt = (features["given"][:, :, 1] == 0)[:, :, None] | (second > 0)
    whole = _mix(SOUND, surname, first, second) | 1
    whole = np.where((surname > 0) & (first > 0) & spelt, whole, 0)
    fully = whole[:, :, :FULLY_KEYED]
    return [
        _pairs(SOUND, whole),
        _pairs(SOUND_YEAR, fully, year[:, None, None]),
        _pairs(SOUND_IN_YEAR, fully, in_year[:, None, None]),
    ]


def _of_home(features: Features, families: Any, year: Any) -> list[Keyed]:
    surname = _codes(family_names())[features["kin_surname"]].astype(np.int64)
    given = _codes(given_names())[features["kin_given"]].astype(np.int64)
    place = np.arange(1, 4, dtype=np.int64)[None, :]
    return [
        _pairs(PHONE, features["phone"].astype(np.int64)),
        _pairs(HOME, features["household"].astype(np.int64), year),
        _pairs(HOME, features["address"].astype(np.int64), year),
        _pairs(KIN, place, surname, given[:, :, 0], given[:, :, 1] + 1, families[:, :1]),
    ]


def _of_words(features: Features, families: Any, year: Any) -> list[Keyed]:
    """Names as they were written, in any order of their words; names of other languages."""
    tokens = features["foreign"].astype(np.int64)
    return [
        _pairs(WRITTEN, features["written"].astype(np.int64)),
        _pairs(FOREIGN, tokens[:, :, None], families[:, None, :MOST_FAMILY], year[:, None, None] + 1),
        _pairs(FOREIGN, tokens, features["born"].astype(np.int64)[:, :1]),
    ]


# --- whose names may stand behind a spelling ---------------------------------------------------------------


def _families(features: Features) -> Any:
    """The characters that may stand behind each record's surnames: (records, most), 0 where there is none."""
    behind, _ = candidates("family")
    sure = features["cost"] < TOO_UNSURE
    return (behind[features["surname"]] * sure[:, :, None]).reshape(len(features), -1).astype(np.int64)


def _names(features: Features) -> Names:
    """The likeliest whole names behind each record, of all its views together."""
    (family, family_chance), (own, own_chance) = candidates("family"), candidates("given")
    surname, given = features["surname"], features["given"]
    first, second = given[:, :, 0], given[:, :, 1]
    none = (second == 0)[:, :, None] & (np.arange(MOST_OWN) == 0)
    chance = (
        family_chance[surname][:, :, :, None, None]
        * own_chance[first][:, :, None, :, None]
        * np.where(none, 1.0, own_chance[second]).astype(np.float32)[:, :, None, None, :]
        * np.exp2(-features["cost"].astype(np.float32) / QUARTER)[:, :, None, None, None]
    )
    flat = chance.reshape(len(features), -1)
    most = min(MOST_WHOLE, flat.shape[1])
    best = np.argpartition(-flat, most - 1, axis=1)[:, :most]
    view, f, a, b = np.unravel_index(best, (MOST_VIEWS, MOST_FAMILY, MOST_OWN, MOST_OWN))
    rows = np.arange(len(features))[:, None]
    alive = np.take_along_axis(flat, best, axis=1) > 0
    chosen = [family[surname[rows, view], f], own[first[rows, view], a], own[second[rows, view], b]]
    of_family, *of_given = (part.astype(np.int64) * alive for part in chosen)
    return Names(of_family, np.stack(of_given, axis=2))


@cache
def candidates(of: str) -> tuple[Any, Any]:
    """For each symbol the codes of the likeliest characters behind it and their chances: (symbols, most)."""
    vocabulary = family_names() if of == "family" else given_names()
    most = MOST_FAMILY if of == "family" else MOST_OWN
    count, size = len(vocabulary.characters), len(vocabulary.share)
    behind, chance = np.zeros((size, most), dtype=np.uint16), np.zeros((size, most), dtype=np.float32)
    behind[1 : count + 1, 0], chance[1 : count + 1, 0] = np.arange(1, count + 1), 1.0
    told = np.exp2(vocabulary.bits[1 : count + 1, count + 1 :].astype(np.float32) / QUARTER)
    told *= vocabulary.share[1 : count + 1, None]
    told /= np.maximum(told.sum(axis=0), 1e-9)
    top = np.argpartition(-told, most, axis=0)[:most]
    likely = np.take_along_axis(told, top, axis=0)
    order = np.argsort(-likely, axis=0)
    top, likely = np.take_along_axis(top, order, axis=0), np.take_along_axis(likely, order, axis=0)
    behind[count + 1 :] = np.where(likely > LEAST, top + 1, 0).T
    chance[count + 1 :] = np.where(likely > LEAST, likely, 0).T
    return _codes(vocabulary)[behind], chance


@cache
def _heard(vocabulary: Vocabulary) -> Any:
    """For each symbol the code of how it sounds in each scheme; a syllable sounds as it is written, once."""
    heard = vocabulary.heard.copy()
    syllables = np.arange(len(vocabulary.characters) + 1, len(heard))
    heard[syllables, 0] = syllables
    return _codes(vocabulary)[heard]


@cache
def _codes(vocabulary: Vocabulary) -> Any:
    """For each symbol a number that stays when the tables of names grow; symbols themselves move then."""
    texts = ["", *vocabulary.characters, *vocabulary.syllables]
    return np.array([crc(text) for text in texts], dtype=np.uint32)


# --- mixing ------------------------------------------------------------------------------------------------


def _pairs(kind: int, first: Any, *others: Any) -> Keyed:
    """A key of each record for each combination in which every part is there (not 0)."""
    arrays: Sequence[Any] = np.broadcast_arrays(first, *others)
    there = np.logical_and.reduce([array != 0 for array in arrays])
    where = np.nonzero(there)
    return Keyed(where[0], _mix(kind, *(array[where] for array in arrays)))


def _mix(kind: int, *parts: Any) -> Any:
    """Mix small numbers into one of 64 bits; the same in every process and on every machine."""
    mixed = np.full(np.broadcast_shapes(*(part.shape for part in parts)), kind, dtype=np.uint64)
    for part in parts:
        mixed = (mixed ^ part.astype(np.uint64)) * _FACTOR + _ADDEND
        mixed ^= mixed >> _SHIFT
    return mixed.astype(np.int64)
