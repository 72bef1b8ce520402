"""Cutting a given name that was written as one word into the syllables it was joined from."""

from functools import lru_cache

MOST_WAYS = 6
MOST_SYLLABLES = 4
_LONGEST = 7


@lru_cache(maxsize=65_536)
def _ways(token: str, known: frozenset[str], left: int) -> tuple[tuple[str, ...], ...]:
    """Return the ways to cut a token into at most `left` known syllables, fewest and longest first."""
    if not token:
        return ((),)
    if left == 0:
        return ()
    found = [
        (token[:end], *rest)
        for end in range(min(len(token), _LONGEST), 0, -1)
        if token[:end] in known
        for rest in _ways(token[end:], known, left - 1)
    ]
    return tuple(sorted(found, key=len)[:MOST_WAYS])


def split(token: str, known: frozenset[str]) -> list[tuple[str, ...]]:
    """Cut a joined lower-case token into one to four known syllables; at most six ways, fewest first."""
    return list(_ways(token, known, MOST_SYLLABLES)) if token else []
