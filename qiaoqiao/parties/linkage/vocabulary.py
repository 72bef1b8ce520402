"""The symbols that names are made of, and how far two of them tell of one character.

A symbol is a number: a Chinese character, or a folded Latin syllable that some character may be spelt as.
For two symbols the tables hold log2 of P(both | one person) / P(both | two people), in quarter bits.
Surnames and given names have a vocabulary each, since 陈 is common in one and rare in the other.
"""

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from django.conf import settings

from qiaoqiao.parties.names import knowledge
from qiaoqiao.parties.names.knowledge import characters, confusable, surnames
from qiaoqiao.parties.names.spelling import spellings

Bits = np.ndarray[Any, np.dtype[np.int8]]
QUARTER = 4
"""Table values are quarters of a bit."""
FLOOR = -4.5
UNKNOWN = 0
"""The symbol of what is in no table; it says nothing."""

SCHEMES: Mapping[str, float] = {
    "pinyin": 0.24, "hongkong": 0.14, "cantonese": 0.10, "toisan": 0.08, "macao": 0.02, "wade": 0.06,
    "hokkien": 0.12, "dutch": 0.04, "indonesia": 0.04, "teochew": 0.05, "hakka": 0.05, "hainan": 0.02,
    "vietnam": 0.04,
}  # fmt: skip
"""How often documents of overseas Chinese follow each spelling: our estimate, by where they live."""
COLUMNS: Mapping[str, float] = {
    "pinyin": 0.24, "hongkong": 0.16, "cantonese": 0.08, "americas": 0.10, "macao": 0.02, "taiwan": 0.06,
    "hokkien": 0.10, "dutch": 0.04, "indonesia": 0.04, "teochew": 0.05, "hakka": 0.05, "hainan": 0.02,
    "vietnam": 0.04, "philippines": 0.02,
}  # fmt: skip
COLUMN_OF = {"wade": "taiwan", "toisan": "americas"}
"""The column of surnames that goes with a scheme, where it is called otherwise."""
SAME_SPELLING = 0.5
"""How often two documents of one person spell a syllable alike because one was copied from the other."""
MISWRITTEN = 0.03
"""How often a syllable is not what its character's readings let expect: typing, dialects we do not know."""
HOMOPHONE, LOOKALIKE, OTHER = 0.04, 0.02, 0.01
"""How often a character is written as one of the same sound, as one that looks alike, as any other."""

_FOLDS = [
    (re.compile(pattern), into)
    for pattern, into in (
        (r"[^a-z]", ""), (r"ck", "k"), (r"^kh", "k"), (r"^ph", "p"), (r"^th", "t"), (r"^tz|^ts|^tj|^dz", "c"),
        (r"^sz", "s"), (r"^dj", "j"), (r"^nj|^ny", "ny"), (r"^sj", "s"), (r"ee", "i"), (r"oo", "u"),
        (r"aa", "a"), (r"(?<=[aeo])h$", ""), (r"(?<=[iu])h$", ""), (r"ow$", "au"), (r"ew$", "iu"),
        (r"(.)\1", r"\1"),
    )
]  # fmt: skip


@cache
def fold(syllable: str) -> str:
    """Bring together what clerks write for one sound: ee and i, oo and u, tj and ts, a lost h."""
    for pattern, into in _FOLDS:
        syllable = pattern.sub(into, syllable)
    return syllable


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Symbols of one kind of name with their table of quarter bits; row and column 0 are UNKNOWN."""

    characters: Mapping[str, int]
    syllables: Mapping[str, int]
    bits: Bits
    share: "np.ndarray[Any, np.dtype[np.float32]]"
    """How common each symbol is."""
    heard: "np.ndarray[Any, np.dtype[np.uint16]]"
    """For each character the syllable it is first spelt as in each of SCHEMES; 0 for syllables themselves."""

    @cached_property
    def flat(self) -> Bits:
        """The table as one row."""
        return np.asarray(self.bits).reshape(-1)

    def character(self, one: str) -> int:
        return self.characters.get(one, UNKNOWN)

    def syllable(self, written: str) -> int:
        return self.syllables.get(fold(written), UNKNOWN)


@cache
def given_names() -> Vocabulary:
    """The vocabulary of given names."""
    return _kept("given", _make_given)


@cache
def family_names() -> Vocabulary:
    """The vocabulary of surnames."""
    return _kept("family", _make_family)


def _make_given() -> Vocabulary:
    known = characters()
    weights = {one: float(character.weight) for one, character in known.items()}
    sounds = {one: character.reading.py[0] for one, character in known.items() if character.reading.py}
    spelt = {
        one: {scheme: spellings(character.reading, scheme) for scheme in SCHEMES}
        for one, character in known.items()
    }
    return _vocabulary(weights, {one: _shared(by, SCHEMES) for one, by in spelt.items()}, sounds, spelt)


def _make_family() -> Vocabulary:
    known = surnames()
    weights = {one: float(surname.weight) for one, surname in known.items()}
    sounds = {one: surname.spellings["pinyin"][0] for one, surname in known.items()}
    printed = {one: surname.spellings for one, surname in known.items()}
    spelt = {
        one: {scheme: by.get(COLUMN_OF.get(scheme, scheme), ()) for scheme in SCHEMES}
        for one, by in printed.items()
    }
    return _vocabulary(weights, {one: _shared(by, COLUMNS) for one, by in printed.items()}, sounds, spelt)


def _shared(by: Mapping[str, tuple[str, ...]], shares: Mapping[str, float]) -> dict[str, float]:
    """The folded spellings of a character, each with how likely it is; the first ones more than the later."""
    found: dict[str, float] = {}
    for column, share in shares.items():
        written = by.get(column, ())
        parts = [0.55**place for place in range(len(written))]
        for spelling, part in zip(written, parts, strict=True):
            folded = fold(spelling)
            found[folded] = found.get(folded, 0.0) + share * part / sum(parts)
    return found


def _vocabulary(
    weights: Mapping[str, float],
    spelt: Mapping[str, dict[str, float]],
    sounds: Mapping[str, str],
    by_scheme: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> Vocabulary:
    order = sorted(weights, key=lambda one: (-weights[one], one))  # common ones lie together in memory
    letters = {one: place for place, one in enumerate(order, 1)}
    written = sorted({spelling for one in order for spelling in spelt[one] if spelling})
    syllables = {one: place for place, one in enumerate(written, 1 + len(order))}
    share = np.array([weights[one] for one in order], dtype=np.float32)
    share /= share.sum()
    emission = np.zeros((len(order), len(written)), dtype=np.float32)
    for row, one in enumerate(order):
        for spelling, part in spelt[one].items():
            if spelling:
                emission[row, syllables[spelling] - 1 - len(order)] = part
    emission /= np.maximum(emission.sum(axis=1, keepdims=True), 1e-9)
    heard = np.zeros((1 + len(order) + len(written), len(SCHEMES)), dtype=np.uint16)
    for one, row in letters.items():
        first = [by_scheme[one][scheme][:1] for scheme in SCHEMES]
        heard[row] = [
            syllables.get(fold(spelling[0]), UNKNOWN) if spelling else UNKNOWN for spelling in first
        ]
    table = _table(order, share, emission, sounds)
    return Vocabulary(letters, syllables, table, _shares(share, emission), heard)


def _kept(name: str, make: Callable[[], Vocabulary]) -> Vocabulary:
    """A vocabulary from the state folder, shared by all processes; made when the knowledge of names changed."""
    folder = settings.STATE_DIR / "names" / _digest()
    table, rest = folder / f"{name}.npy", folder / f"{name}.npz"
    if not rest.exists():
        made = make()
        folder.mkdir(parents=True, exist_ok=True)
        _write(table, lambda path: np.save(path, made.bits))
        _write(
            rest,
            lambda path: np.savez(
                path,
                characters=list(made.characters),
                syllables=list(made.syllables),
                share=made.share,
                heard=made.heard,
            ),
        )
    with np.load(rest) as kept:
        letters = {str(one): place for place, one in enumerate(kept["characters"], 1)}
        syllables = {str(one): place for place, one in enumerate(kept["syllables"], 1 + len(letters))}
        return Vocabulary(letters, syllables, np.load(table, mmap_mode="r"), kept["share"], kept["heard"])


def _write(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file whole or not at all: another process may be doing the same."""
    half = path.with_suffix(f".{os.getpid()}")
    with half.open("wb") as file:
        write(file)
    half.replace(path)


@cache
def _digest() -> str:
    """A name for the present knowledge of names."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(Path(knowledge.__file__).parent.glob("*.*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _shares(share: Any, emission: Any) -> Any:
    return np.concatenate([[0.0], share, share @ emission]).astype(np.float32)


def _table(order: list[str], share: Any, emission: Any, sounds: Mapping[str, str]) -> Bits:
    """The whole table: characters with characters, with syllables, and syllables with syllables."""
    count, written = emission.shape
    spelt = share @ emission
    size = 1 + count + written
    table = np.zeros((size, size), dtype=np.int8)
    table[1 : count + 1, 1 : count + 1] = _characters(order, share, sounds)
    told = (1 - MISWRITTEN) * emission / np.maximum(spelt, 1e-9) + MISWRITTEN
    table[1 : count + 1, count + 1 :] = _quarters(told)
    table[count + 1 :, 1 : count + 1] = table[1 : count + 1, count + 1 :].T
    both = (emission * share[:, None]).T @ emission * (1 - SAME_SPELLING)
    both[np.diag_indices(written)] += SAME_SPELLING * spelt
    expected = np.outer(spelt, spelt)
    table[count + 1 :, count + 1 :] = _quarters(
        (1 - 2 * MISWRITTEN) * both / np.maximum(expected, 1e-12) + 2 * MISWRITTEN
    )
    return table


def _characters(order: list[str], share: Any, sounds: Mapping[str, str]) -> Bits:
    """Character against character: equal, of one sound, alike in looks, or merely different."""
    table = np.full((len(order), len(order)), _quarters(np.float32(OTHER)), dtype=np.int8)
    place = {one: row for row, one in enumerate(order)}
    by_sound: dict[str, list[int]] = {}
    for one, sound in sounds.items():
        by_sound.setdefault(sound, []).append(place[one])
    for rows in by_sound.values():
        table[np.ix_(rows, rows)] = _quarters(HOMOPHONE / share[rows].sum())
    for one, others in confusable().items():
        for other in others:
            if one in place and other in place:
                row, column = place[one], place[other]
                told = _quarters(LOOKALIKE / max(share[row], share[column], 1e-6))
                table[row, column] = max(told, table[row, column])
    table[np.diag_indices(len(order))] = _quarters((1 - HOMOPHONE - LOOKALIKE) / np.maximum(share, 3e-5))
    return table


def _quarters(ratio: Any) -> Any:
    bits = np.maximum(np.log2(np.maximum(ratio, 1e-9)), FLOOR)
    return np.clip(np.round(bits * QUARTER), -128, 127).astype(np.int8)
