"""Answers by one's own words: pairs of characters and stems in PostgreSQL's index, weighed as the catalogue weighs.

Every text of an answer (its question in one language, one way of asking it, its answer) has a number, and that number
is the position of its words in the `tsvector`. So one query tells which words of a question meet in which text.
"""

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from qiaoqiao.catalogue.finding import LONGEST_QUERY, tokens
from qiaoqiao.lib.statements import fetch

ASKED, SAID_ELSEWHERE, NAMED, ANSWERED = 1.0, 0.95, 0.6, 0.3
"""Weights of a question, of another way to ask it, of the service's own phrases, of the answer's text."""
_MOST_TEXTS = 250
_LEAST = 0.16
_NEAR = 0.4
MOST_FOUND = 400

_FIND = """
SELECT f.answer_id, f.texts::text, array_agg(w.lexeme), array_agg(w.positions::text)
FROM knowledge_finding f, LATERAL unnest(f.words) AS w (lexeme, positions, weights)
WHERE f.words @@ $1::tsquery AND w.lexeme = ANY ($2::text[])
GROUP BY f.answer_id, f.texts LIMIT $3
"""


@dataclass(frozen=True)
class Hit:
    """An answer that may be meant."""

    answer_id: UUID
    score: float


def texts_of(edition: Any, phrases: Mapping[str, Any]) -> Iterator[tuple[float, str]]:
    """Every text of an answer with its weight; `phrases` are those of its services, by language."""
    for question in edition.questions.values():
        yield ASKED, question
    for said in edition.phrases.values():
        for phrase in said:
            yield SAID_ELSEWHERE, phrase
    for answer in edition.answers.values():
        yield ANSWERED, answer
    for said in phrases.values():
        yield NAMED, " ".join(said)


def index_of(edition: Any, phrases: Mapping[str, Any]) -> tuple[str, list[list[float]]]:
    """The literal of the `tsvector`, and each text's weight and mass."""
    places: dict[str, list[int]] = defaultdict(list)
    texts: list[list[float]] = []
    for weight, text in texts_of(edition, phrases):
        found = tokens(text)
        if not found or len(texts) == _MOST_TEXTS:
            continue
        texts.append([weight, round(sum(found.values()), 2)])
        for token in found:
            places[token].append(len(texts))
    words = " ".join(f"{_quoted(token)}:{','.join(map(str, at))}" for token, at in places.items())
    return words, texts


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def find(query: str) -> list[Hit]:
    """Guess the answers, best first; empty when nothing is like it."""
    asked = tokens(query[:LONGEST_QUERY])
    telling = [token for token, value in asked.items() if value == 1.0] or list(asked)
    if not asked:
        return []
    wanted = " | ".join(map(_quoted, telling))
    rows = fetch(_FIND, wanted, list(asked), MOST_FOUND)
    found = {
        row[0]: (json.loads(row[1]), dict(zip(row[2], map(_numbers, row[3]), strict=True))) for row in rows
    }
    having = {token: sum(token in held for _texts, held in found.values()) for token in asked}
    total = max(len(found), 2) * 2
    rarity = {token: math.log(1 + total / (having[token] or 1)) / math.log(1 + total) for token in asked}
    mass = sum(rarity[token] * value for token, value in asked.items())
    hits = [Hit(key, _score(texts, held, asked, rarity, mass)) for key, (texts, held) in found.items()]
    hits.sort(key=lambda hit: (-hit.score, hit.answer_id))
    best = hits[0].score if hits else 0.0
    return [hit for hit in hits if hit.score >= max(_LEAST, _NEAR * best)]


def _numbers(written: str) -> list[int]:
    return [int(one) for one in written.strip("{}").split(",") if one]


def _score(
    texts: list[list[float]],
    held: Mapping[str, list[int]],
    asked: Mapping[str, float],
    rarity: Mapping[str, float],
    mass: float,
) -> float:
    """How much of the question is in the answer at all, and how like its likest text is."""
    share, by_text = 0.0, defaultdict[int, float](float)
    for token, numbers in held.items():
        said = rarity[token] * asked[token]
        share += said * max(texts[number - 1][0] for number in numbers)
        for number in numbers:
            by_text[number] += said
    likest = max(
        texts[number - 1][0] * said / math.sqrt(texts[number - 1][1] * mass)
        for number, said in by_text.items()
    )
    return round(share / mass + 1.5 * likest, 4)
