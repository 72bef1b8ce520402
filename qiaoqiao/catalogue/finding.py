"""Guess the service from somebody's own words, in any of the languages, with the reason for the guess."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

from qiaoqiao.catalogue.composing import life_events
from qiaoqiao.catalogue.entry import Entry, Words, words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.catalogue.stemming import STOP_CHARACTERS, STOP_WORDS, stem
from qiaoqiao.lib.words import is_han, pairs, runs

LONGEST_QUERY = 400
"""Characters of a description that are read; a guess gets no better with more."""

_EVERYDAY, _NAME, _OPTION, _SUMMARY, _GUIDANCE = 1.0, 0.9, 0.8, 0.5, 0.25
_TELLING = _OPTION  # weight from which a text may be shown as the reason
_SINGLE = 0.25  # a lone character beside a pair
_SAME_STEM, _NEARBY = 0.7, 0.6
_LONG_WORD = 5
_ENOUGH, _LEAST_SHARE, _GOOD_SHARE = 1.6, 0.12, 0.25
_AS_GOOD_AS_BEST = 0.35


@dataclass(frozen=True)
class Hit:
    """A service that may be meant; `because` is the phrase or category that matched best."""

    entry: Entry
    score: float
    because: str


@dataclass(frozen=True)
class Text:
    """One searchable text of an entry, shown by `shown` in the reader's language."""

    entry: int
    weight: float
    shown: Words | str
    language: str
    mass: float


@cache
def _taiwan_words() -> OpenCC:
    return OpenCC("tw2sp")


def tokens(text: str) -> dict[str, float]:
    """The tokens of a text and how much each can say: pairs and stems 1, lone characters less."""
    found: dict[str, float] = {}
    for run in runs(_taiwan_words().convert(text)):
        if not is_han(run):
            if run not in STOP_WORDS and (len(run) > 1 or run.isdigit()):
                found[stem(run)] = 1.0
            continue
        for character in set(run) - STOP_CHARACTERS:
            found.setdefault(character, 1.0 if len(run) == 1 else _SINGLE)
        for pair in pairs(run):
            if not set(pair) <= STOP_CHARACTERS:
                found[pair] = 1.0
    return found


def _texts(entry: Entry) -> Iterator[tuple[float, Words | str, Iterable[tuple[str, str]]]]:
    """Weight, what to show as the reason, and the text in each language."""
    for language, phrases in entry.everyday.items():
        for phrase in phrases:
            yield _EVERYDAY, phrase, [(language, phrase)]
    yield _NAME, entry.name, entry.name.items()
    for field in entry.fields:
        if field.id == entry.category:
            for option in field.options:
                yield _OPTION, option.label, option.label.items()
    yield _SUMMARY, entry.name, entry.summary.items()
    guidance = entry.guidance
    for said in (guidance.who, guidance.cost, guidance.remedies, *guidance.steps):
        yield _GUIDANCE, entry.name, said.items()


class Index:
    """Everything the entries say about themselves, by token."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        self.texts: list[Text] = []
        self.postings: dict[str, list[int]] = defaultdict(list)
        self.owners: dict[str, set[int]] = defaultdict(set)
        for number, entry in enumerate(entries):
            for weight, shown, said in _texts(entry):
                for language, text in said:
                    self._add(number, weight, shown, language, tokens(text))
        self.starts: dict[str, list[str]] = defaultdict(list)
        self.nearby: dict[str, list[str]] = defaultdict(list)
        for word in self.postings:
            if len(word) >= _LONG_WORD:
                self.starts[word[:_LONG_WORD]].append(word)
                for shape in _shapes(word):
                    self.nearby[shape].append(word)

    def _add(
        self, entry: int, weight: float, shown: Words | str, language: str, found: dict[str, float]
    ) -> None:
        if not found:
            return
        for token in found:
            self.postings[token].append(len(self.texts))
            self.owners[token].add(entry)
        self.texts.append(Text(entry, weight, shown, language.lower(), sum(found.values())))

    def rarity(self, token: str) -> float:
        """1 for a token of one entry or none, less the more entries have it."""
        total, having = len(self.entries), len(self.owners.get(token, ())) or 1
        return math.log(1 + total / having) / math.log(1 + total) if total else 1.0

    def alike(self, token: str) -> dict[str, float]:
        """The indexed tokens that a typed one may stand for, and how surely."""
        found = {token: 1.0} if token in self.postings else {}
        if len(token) < _LONG_WORD:
            return found
        for word in self.starts.get(token[:_LONG_WORD], ()):
            if _shared_start(word, token) >= 0.65 * max(len(word), len(token)):
                found.setdefault(word, _SAME_STEM)
        if not found:
            for shape in _shapes(token):
                for word in self.nearby.get(shape, ()):
                    found.setdefault(word, _NEARBY)
        return found


def _shapes(word: str) -> set[str]:
    """The word, and the word without each of its letters: two words one slip apart share one."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


def _shared_start(one: str, other: str) -> int:
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


class _Evidence:
    """What speaks for one entry."""

    def __init__(self) -> None:
        self.by_token: dict[str, float] = {}
        self.by_text: dict[int, float] = defaultdict(float)
        self.certain = False  # more than lone characters agree

    def add(self, token: str, text: int, said: float, weight: float) -> None:
        self.by_token[token] = max(self.by_token.get(token, 0.0), said * weight)
        self.by_text[text] += said

    @property
    def total(self) -> float:
        return sum(self.by_token.values())


_indexes: dict[tuple[int, ...], Index] = {}


def _index(entries: list[Entry]) -> Index:
    """The index over these entries, made anew when they are other ones."""
    key = tuple(map(id, entries))
    if key not in _indexes:
        while len(_indexes) > 1:  # the services' and the life events'
            _indexes.pop(next(iter(_indexes)))
        _indexes[key] = Index(entries)
    return _indexes[key]


def find(query: str, language: str) -> list[Hit]:
    """Guess services, best first; empty when nothing in the catalogue is like it."""
    return search(_index(current()), query, language)


def find_events(query: str, language: str) -> list[Hit]:
    """Guess life events, which are asked for in words of their own."""
    return search(_index([one.entry for one in life_events().values()]), query, language)


def search(index: Index, query: str, language: str) -> list[Hit]:
    """Guess among the entries of an index."""
    asked = tokens(query[:LONGEST_QUERY])
    evidence: dict[int, _Evidence] = defaultdict(_Evidence)
    mass = 0.0
    for token, value in asked.items():
        mass += index.rarity(token) * value
        for word, likeness in index.alike(token).items():
            said = index.rarity(word) * value * likeness
            for number in index.postings[word]:
                text = index.texts[number]
                evidence[text.entry].add(token, number, said, text.weight)
                evidence[text.entry].certain |= value == 1.0
    hits = [
        _hit(index, entry, found, mass, language)
        for entry, found in evidence.items()
        if _convinces(found, mass)
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.entry.id))
    return [hit for hit in hits if hit.score >= _AS_GOOD_AS_BEST * hits[0].score]


def _convinces(found: _Evidence, mass: float) -> bool:
    share = found.total / mass
    return found.certain and (share >= _GOOD_SHARE or (found.total >= _ENOUGH and share >= _LEAST_SHARE))


def _hit(index: Index, entry: int, found: _Evidence, mass: float, language: str) -> Hit:
    likeness = {
        number: index.texts[number].weight * said / math.sqrt(index.texts[number].mass * mass)
        for number, said in found.by_text.items()
    }
    best = max(likeness, key=lambda number: (likeness[number], -number))
    telling = [number for number in likeness if index.texts[number].weight >= _TELLING]
    shown: Words | str = index.entries[entry].name
    if telling:
        own = language.lower()  # between phrases about as good, the reader's own language
        reason = max(
            telling, key=lambda n: (likeness[n] * (1.25 if index.texts[n].language == own else 1), -n)
        )
        shown = index.texts[reason].shown
    because = shown if isinstance(shown, str) else words(shown, language)
    return Hit(index.entries[entry], round(found.total / math.sqrt(mass) + 2 * likeness[best], 3), because)
