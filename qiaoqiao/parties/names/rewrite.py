"""Respelling one syllable: alternatives for its head and its tail, combined from the commonest down."""

import re
from collections.abc import Mapping
from itertools import product

MOST = 8
"""How many spellings of one reading are worth comparing."""

Table = Mapping[str, tuple[str, ...]]
Parts = tuple[tuple[str, ...], tuple[str, ...]]
"""The alternatives for a head, and those for a tail."""


def table(text: str) -> Table:
    """Read `from=to,other from=to`; a lone `-` stands for nothing."""
    rows = (entry.split("=") for entry in text.split())
    return {key.strip("-"): tuple(part.strip("-") for part in value.split(",")) for key, value in rows}


def cutter(heads: str) -> re.Pattern[str]:
    """Return a pattern that cuts a syllable into one of the heads, longest first, and the rest."""
    ordered = sorted(heads.split(), key=len, reverse=True)
    return re.compile(rf"({'|'.join(ordered)})?(.*)")


def cut(pattern: re.Pattern[str], syllable: str) -> tuple[str, str]:
    """Cut a syllable into head and tail; either may be empty."""
    found = pattern.fullmatch(syllable)
    return (found[1] or "", found[2]) if found else ("", syllable)


def combine(*parts: Parts) -> tuple[str, ...]:
    """Join heads and tails: what is common in both comes first, and only once."""
    ranked: dict[str, int] = {}
    for heads, tails in parts:
        for (i, head), (j, tail) in product(enumerate(heads), enumerate(tails)):
            word = head + tail
            ranked[word] = min(i + j, ranked.get(word, MOST))
    return tuple(sorted(ranked, key=ranked.__getitem__)[:MOST])
