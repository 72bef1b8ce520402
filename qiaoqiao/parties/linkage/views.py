"""Names read as what they may mean: a surname and up to three given-name symbols, with alternatives.

One written name allows several views: which token is the surname, where a joined given name is cut, whether
a husband's name stands in front. A view that takes more guessing costs some bits.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from qiaoqiao.lib.words import HAN
from qiaoqiao.parties.linkage.vocabulary import SCHEMES, UNKNOWN, Vocabulary, family_names, fold, given_names
from qiaoqiao.parties.names.knowledge import characters, simplified, surnames, western
from qiaoqiao.parties.names.spelling import spellings
from qiaoqiao.parties.names.syllables import split

MOST_VIEWS = 4
MOST_GIVEN = 3
GUESSED_ORDER, SWAPPED_FIELDS, MARRIED, MISTYPED, GLUED = 2, 6, 4, 6, 4
"""What guesses cost, in quarter bits."""
_NOT_HAN = re.compile(rf"[^{HAN}]")
_LETTERS = re.compile(r"[^\W\d_]+\.?")
_NOBODY = "某*\uff0a氏"


class View(NamedTuple):
    """A reading of a name; symbols of `family_names` and `given_names`, 0 where there is none."""

    surname: int
    given: tuple[int, ...]
    cost: int = 0


class Names(NamedTuple):
    """All that the names of a record may mean; `foreign` are tokens of other languages, as group words."""

    views: tuple[View, ...]
    foreign: tuple[str, ...]


# --- in characters -----------------------------------------------------------------------------------


@lru_cache(maxsize=200_000)
def of_hanzi(text: str) -> tuple[View, ...]:
    """Views of a name in characters: 陈大文, 欧阳娜, 陈某, 陈黄美玲, 陈黄氏."""
    bare = _NOT_HAN.sub("", simplified(text))
    married = bare.endswith("氏")
    bare = "".join(one for one in bare if one not in _NOBODY)
    if not bare:
        return ()
    if married:
        return tuple(View(_family(one), (), 0) for one in reversed(bare[:2]))
    if len(bare) >= 3 and bare[:2] in surnames():
        return (_view(bare[:2], bare[2:]), *_wife(bare))
    views = [_view(bare[0], bare[1:])]
    if len(bare) >= 4:
        views = [_view(bare[1], bare[2:]), _view(bare[0], bare[2:], MARRIED)]
    return tuple(views)


def _wife(bare: str) -> tuple[View, ...]:
    """欧阳美玲 may be a Mrs Ou called Yang Meiling."""
    return (_view(bare[1], bare[2:], 2 * MARRIED),) if len(bare) == 4 and bare[1] in surnames() else ()


def _view(surname: str, given: str, cost: int = 0) -> View:
    vocabulary = given_names()
    return View(_family(surname), tuple(map(vocabulary.character, given[:MOST_GIVEN])), cost)


def _family(surname: str) -> int:
    return family_names().character(surname)


# --- in letters --------------------------------------------------------------------------------------


class _Guess(NamedTuple):
    surname: tuple[str, ...]
    given: tuple[str, ...]
    cost: int


@lru_cache(maxsize=200_000)
def of_latin(full: str, surname: str = "", given: str = "", sinitic: bool = False) -> Names:
    """Views of a name in letters, and the tokens that are of other languages.

    `surname` and `given` are the fields of a document that has them (they may be swapped); `sinitic` says that
    the document writes pinyin.
    """
    foreign: dict[str, None] = {}
    views: dict[tuple[int, tuple[int, ...]], int] = {}
    for guess in _guesses(full, surname, given):
        for view in _read(guess, foreign, pinyin=sinitic):
            key = view.surname, view.given
            views[key] = min(view.cost, views.get(key, 99))
    return Names(_best(View(*key, cost) for key, cost in views.items()), tuple(foreign)[:3])


def _best(views: Iterable[View]) -> tuple[View, ...]:
    """The views that explain most, at most MOST_VIEWS."""
    share = family_names().share

    def plausible(view: View) -> tuple[float, float]:
        known = sum(1 for symbol in view.given if symbol)
        rank = 8 * (view.surname != UNKNOWN) + 6 * known - view.cost
        return -rank, -float(share[view.surname])

    return tuple(sorted(views, key=plausible)[:MOST_VIEWS])


@lru_cache(maxsize=100_000)
def _tokens(text: str) -> tuple[str, ...]:
    """The words of a name without particles; beside no western name, `da` and `van` are syllables like others."""
    found = _LETTERS.findall(plain(text))
    if any(_is_western(token) for token in found):
        return tuple(token for token in found if not _is_particle(token))
    own = given_names()
    return tuple(token for token in found if not _is_particle(token) or own.syllable(token))


def _is_western(token: str) -> bool:
    known = western().get(token.rstrip("."))
    return known is not None and known.kind == "western" and _is_foreign(token)


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """Lower-case letters without marks."""
    lowered = text.replace("Đ", "D").replace("đ", "d").lower()
    return "".join(
        one for one in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(one)
    ).replace("'", "")


def _is_particle(token: str) -> bool:
    known = western().get(token.rstrip("."))
    return known is not None and known.kind == "particle"


def _guesses(full: str, surname: str, given: str) -> list[_Guess]:
    """Which tokens may be the surname."""
    if surname and given:
        family, own = _tokens(surname), _tokens(given)
        swapped = _Guess(own, family, SWAPPED_FIELDS)
        found = [_Guess(family, own, 0)]
        return [*found, swapped] if len(own) <= 2 else found
    before, comma, after = full.partition(",")
    if comma and after.strip():
        return [_Guess(_tokens(before), _tokens(after), 0)]
    tokens = _tokens(full)
    if len(tokens) < 2:
        return _glued(tokens[0]) if tokens else []
    found = [_Guess(tokens[:1], tokens[1:], 0), _Guess(tokens[-1:], tokens[:-1], 0)]
    if len(tokens) > 2:
        found.append(_Guess(tokens[:2], tokens[2:], GUESSED_ORDER))
        found.append(_Guess(tokens[-2:], tokens[:-2], GUESSED_ORDER))
    return found


def _glued(token: str) -> list[_Guess]:
    """chantaiman: a surname at either end and a given name that can be cut into syllables."""
    family = family_names()
    found = []
    for end in range(2, min(len(token) - 1, 9)):
        if family.syllable(token[:end]) and _cuts(token[end:]):
            found.append(_Guess((token[:end],), (token[end:],), GLUED))
        if family.syllable(token[-end:]) and _cuts(token[:-end]):
            found.append(_Guess((token[-end:],), (token[:-end],), GLUED))
    return found[:6]


def _read(guess: _Guess, foreign: dict[str, None], *, pinyin: bool) -> list[View]:
    """What a guess means: each surname in front, the given syllables, a maiden name among them."""
    symbols, cost, left = _given(guess.given, foreign, pinyin=pinyin)
    family = family_names()
    joined = family.syllable("".join(guess.surname)) if len(guess.surname) > 1 else UNKNOWN
    surnames_ = [joined] if joined else []
    for place, token in enumerate(guess.surname):
        found, extra = _surname(token)
        if found:
            surnames_.append(found)
            cost += extra if place == 0 else 0
        elif _is_foreign(token):
            foreign[_group(token)] = None
    views = [
        View(one, symbols, guess.cost + cost + MARRIED * (place > 0)) for place, one in enumerate(surnames_)
    ]
    if not surnames_:
        views.append(View(UNKNOWN, symbols, guess.cost + cost))
    for maiden in left:  # MEI LING WONG as given names of a Mrs Chan
        views.append(View(maiden, symbols[:2] if len(symbols) > 2 else symbols, guess.cost + cost + MARRIED))
    return views


@lru_cache(maxsize=100_000)
def _surname(token: str) -> tuple[int, int]:
    """The symbol of a surname in letters and what guessing it cost."""
    family = family_names()
    found = family.syllable(token)
    if found or len(token) < 3:
        return found, 0
    near = _nearest(token, family)
    return (near, MISTYPED) if near else (UNKNOWN, 0)


def _given(
    tokens: tuple[str, ...], foreign: dict[str, None], *, pinyin: bool
) -> tuple[tuple[int, ...], int, list[int]]:
    """Symbols of the Chinese given name among tokens, what they cost, and tokens that may be maiden names."""
    symbols: list[int] = []
    cost = 0
    for token in tokens:
        if _is_foreign(token) and not (pinyin and _cuts(token)):
            foreign[_group(token)] = None
            continue
        found, extra = _symbols(token)
        symbols += found
        cost += extra
    maiden = [_surname(tokens[-1])[0]] if len(symbols) >= MOST_GIVEN and _surname(tokens[-1])[0] else []
    return tuple(symbols[:MOST_GIVEN]), cost, maiden


@lru_cache(maxsize=200_000)
def _symbols(token: str) -> tuple[list[int], int]:
    """The syllables of one token: an initial, a syllable, several joined, or the nearest to a mistyped one."""
    vocabulary = given_names()
    if len(token.rstrip(".")) == 1:
        return [vocabulary.syllables.get(token[0].upper(), UNKNOWN)], 0
    whole = vocabulary.syllable(token)
    cuts = _cuts(token) if len(token) > 3 else ()
    if whole and not (cuts and len(token) > 4 and _likelihood(cuts) > float(vocabulary.share[whole])):
        return [whole], 0
    if cuts:
        return [vocabulary.syllable(part) for part in cuts], 0
    near = _nearest(token, vocabulary) if len(token) > 2 else UNKNOWN
    return ([near], MISTYPED) if near else ([UNKNOWN], 0)


@lru_cache(maxsize=200_000)
def _cuts(token: str) -> tuple[str, ...]:
    """The likeliest way to cut a joined given name into syllables; empty when there is none."""
    ways = [way for way in split(token.rstrip("."), _known()) if len(way) <= MOST_GIVEN]
    return max(ways, key=_likelihood, default=())


def _likelihood(way: tuple[str, ...]) -> float:
    vocabulary = given_names()
    chance = 1.0
    for part in way:
        chance *= float(vocabulary.share[vocabulary.syllable(part)])
    return chance


@cache
def _known() -> frozenset[str]:
    """Spellings a joined name may be cut into: whole syllables of more than one letter, of characters in names."""
    named = [character for character in characters().values() if character.weight > 1]
    found = (
        spelling for one in named for scheme in SCHEMES for spelling in spellings(one.reading, scheme)[:4]
    )
    return frozenset(spelling for spelling in found if len(spelling) > 1)


@cache
def _deletions(vocabulary: Vocabulary) -> dict[str, int]:
    """Every spelling with one letter left out, and the commonest symbol it may come from."""
    found: dict[str, int] = {}
    for spelling, symbol in vocabulary.syllables.items():
        for place in range(len(spelling)):
            shorter = spelling[:place] + spelling[place + 1 :]
            known = found.get(shorter)
            if known is None or vocabulary.share[symbol] > vocabulary.share[known]:
                found[shorter] = symbol
    return found


def _nearest(token: str, vocabulary: Vocabulary) -> int:
    """The commonest syllable within one slip of the fingers: a letter too many, too few, wrong, or swapped."""
    folded = fold(token)
    deletions = _deletions(vocabulary)
    swaps = {folded[:i] + b + a + folded[i + 2 :] for i, (a, b) in enumerate(pairwise(folded))}
    shorter = {folded[:place] + folded[place + 1 :] for place in range(len(folded))}
    near = [vocabulary.syllables.get(one, UNKNOWN) for one in swaps | shorter]
    near += [deletions.get(one, UNKNOWN) for one in (folded, *(shorter if len(folded) > 3 else ()))]
    return max(near, key=lambda symbol: float(vocabulary.share[symbol]), default=UNKNOWN)


def _is_foreign(token: str) -> bool:
    """A token that is a name of another language and hardly a Chinese syllable."""
    bare = token.rstrip(".")
    if bare not in western():
        return (
            len(bare) > 4 and not given_names().syllable(bare) and not _cuts(bare) and not _surname(bare)[0]
        )
    vocabulary = given_names()
    return float(vocabulary.share[vocabulary.syllable(bare)]) < 0.002


def _group(token: str) -> str:
    bare = token.rstrip(".")
    known = western().get(bare)
    return (known.group or bare) if known else bare
