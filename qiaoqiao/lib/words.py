"""Words as searching needs them: folded, cut into Chinese character pairs, written for PostgreSQL.

PostgreSQL's own parsers keep a run of Chinese as one token, and dictionaries miss given names, so we
cut every run into overlapping pairs: a phrase of pairs is then an exact substring match.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from opencc import OpenCC

HAN = "\u3005\u3007\u3400-\u9fff\U00020000-\U0003ffff"
"""Ideographs, extension B and later included, as the inside of a character class."""

MOST_TOKENS = 40_000
"""A tsvector may not exceed 1 MB; nobody searches the rest of a longer text."""

_RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_HAN_RUN = re.compile(rf"[{HAN}]")
_LAST_POSITION = 16_383
_SHORTEST_PREFIX = 3
_LONGEST_TOKEN = 100  # PostgreSQL refuses lexemes over 2 kB


class Placed(NamedTuple):
    """A token and where it stands, counted from 1; white space leaves a gap."""

    token: str
    position: int
    begins: bool  # the token begins a character or a word that no longer token at this place covers


@cache
def _traditional_to_simplified() -> OpenCC:
    return OpenCC("t2s")


@cache
def _fold_character(character: str) -> str:
    """Fold one character alone, so that a substring always folds as it does inside its text."""
    if _HAN_RUN.match(character):
        simplified: str = _traditional_to_simplified().convert(character)
        return simplified
    bare = "".join(
        part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part)
    )
    return unicodedata.normalize("NFC", bare).lower()


def fold(text: str) -> str:
    """Bring spellings together: width, case, accents, traditional characters."""
    return "".join(map(_fold_character, unicodedata.normalize("NFKC", text)))


def is_han(token: str) -> bool:
    return bool(token) and bool(_HAN_RUN.match(token))


def runs(text: str) -> list[str]:
    """Split folded text into runs of ideographs and words of letters and digits."""
    return [run if is_han(run) else run[:_LONGEST_TOKEN] for run in _RUN.findall(fold(text))]


def pairs(run: str) -> list[str]:
    """Cut a run of ideographs into overlapping pairs; a single one stays alone."""
    return ["".join(pair) for pair in pairwise(run)] or [run]


def bigrams(text: str) -> list[str]:
    """Return the tokens of a text: pairs of ideographs, other words and numbers whole."""
    return [token for run in runs(text) for token in (pairs(run) if is_han(run) else [run])]


def _placed(text: str) -> Iterator[Placed]:
    position = 1
    for word in text.split():
        for run in runs(word):
            if not is_han(run):
                yield Placed(run, position, True)
                position += 1
                continue
            for pair in pairs(run):
                yield Placed(pair, position, True)
                position += 1
            if len(run) > 1:  # so that searching the last character alone finds it
                yield Placed(run[-1], position, False)
                position += 1
        position += 1


def as_tsvector(text: str) -> str:
    """Write a text as the literal of a PostgreSQL `tsvector`."""
    places: dict[str, list[int]] = {}
    for number, placed in enumerate(_placed(text)):
        if number >= MOST_TOKENS:
            break
        places.setdefault(placed.token, []).append(min(placed.position, _LAST_POSITION))
    return " ".join(f"'{token}':{','.join(map(str, at))}" for token, at in places.items())


def as_tsquery(text: str) -> str:
    """Write what somebody typed as the literal of a PostgreSQL `tsquery`; empty when it has no words.

    Each word between white space must occur as it stands; a word's end may be left off.
    """
    return " & ".join(filter(None, map(_phrase, text.split())))


def _phrase(word: str) -> str:
    placed = [each for each in _placed(word) if each.begins]
    if not placed:
        return ""
    last = placed[-1].token
    open_ended = len(last) == 1 if is_han(last) else len(last) >= _SHORTEST_PREFIX
    written = f"'{placed[0].token}'"
    for before, after in pairwise(placed):
        written += f" <{after.position - before.position}> '{after.token}'"
    return f"({written}{':*' if open_ended else ''})"
