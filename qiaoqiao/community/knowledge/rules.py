"""When an answer holds, what of it may still tell of a person, and how a text is put into words to be found."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

LANGUAGES = ("zh-Hans", "zh-Hant", "en", "es", "pt")
CONFIDENCES = ("verified", "high", "medium", "low")
"""How sure we are of a source, as in the catalogue."""
REVIEW_DAYS = 180
LONGEST_QUESTION, LONGEST_ANSWER = 200, 3000
KEY = re.compile(r"[a-z0-9][a-z0-9-]{2,59}")
TOPICS = (
    "identity",
    "settlement",
    "nationality",
    "school",
    "university",
    "petition",
    "house",
    "dispute",
    "notary",
    "law",
    "health",
    "tax",
    "relief",
    "data",
    "time",
)


class AnswerState(StrEnum):
    DRAFT = "draft"  # never published yet
    PUBLISHED = "published"
    OUTDATED = "outdated"  # its validity is over; shown with a warning, found no more
    RETIRED = "retired"


@dataclass(frozen=True)
class Content:
    """What one edition says. Texts by language; zh-Hans at least."""

    questions: Mapping[str, str]
    answers: Mapping[str, str]
    sources: Sequence[Mapping[str, str]]
    valid_from: date
    valid_until: date | None = None
    phrases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Other ways in which people ask the same; searched, never shown."""
    topics: Sequence[str] = ()
    services: Sequence[str] = ()

    @property
    def columns(self) -> dict[str, Any]:
        """As an edition's row has it."""
        return {
            "questions": dict(self.questions),
            "answers": dict(self.answers),
            "sources": [dict(one) for one in self.sources],
            "phrases": {language: list(said) for language, said in self.phrases.items()},
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
            "topics": list(self.topics),
            "services": list(self.services),
        }


class ContentRefused(ValueError):
    """What is wrong with a text, by field: `missing`, `too_long`, `not_offered`, `backwards`."""

    def __init__(self, found: dict[str, str]) -> None:
        self.faults = found
        super().__init__(str(found))


def check(content: Content, services: Iterable[str]) -> None:
    """Raises ContentRefused."""
    found: dict[str, str] = {}
    for name, texts, most in (
        ("question", content.questions, LONGEST_QUESTION),
        ("answer", content.answers, LONGEST_ANSWER),
    ):
        if not texts.get("zh-Hans", "").strip():
            found[f"{name}_zh-Hans"] = "missing"
        for language, text in texts.items():
            if language not in LANGUAGES:
                found[name] = "not_offered"
            elif len(text) > most:
                found[f"{name}_{language}"] = "too_long"
    if not content.sources:
        found["sources"] = "missing"
    if any(not one.get("title") or one.get("confidence") not in CONFIDENCES for one in content.sources):
        found["sources"] = "not_offered"
    if not set(content.topics) <= set(TOPICS):
        found["topics"] = "not_offered"
    if not set(content.services) <= set(services):
        found["services"] = "not_offered"
    if content.valid_until and content.valid_until < content.valid_from:
        found["valid_until"] = "backwards"
    if found:
        raise ContentRefused(found)


def holds_on(valid_from: date, valid_until: date | None, on: date) -> bool:
    """Whether an answer may be given as valid on a day."""
    return valid_from <= on and (valid_until is None or on <= valid_until)


def next_review(on: date) -> date:
    return on + timedelta(days=REVIEW_DAYS)


def in_language(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """The text for a reader and the language it really is in: their own, else the other Chinese, else Chinese."""
    wanted = language.lower()
    by_tag = {tag.lower(): (tag, text) for tag, text in texts.items() if text}
    near = {"zh-hant": ("zh-hant", "zh-hans"), "zh-hans": ("zh-hans", "zh-hant")}
    for tag in near.get(wanted, (wanted, "en", "zh-hans")):
        if tag in by_tag:
            own, text = by_tag[tag]
            return text, own
    return "", "zh-Hans"


# --- what may still tell of a person ---------------------------------------------------------------

_NUMBER = re.compile(r"(?<![\w/])\+?\d[\d\s-]{5,}\d[Xx]?(?![\w/])")
_MAIL = re.compile(r"[^\s@，。；]+@[^\s@，。；]+\.[A-Za-z]{2,}")
_REFERENCE = re.compile(r"\bQ[QFB]\d{2}-[0-9A-Z]{4}-[0-9A-Z]{3}\b")


def telling(text: str, known: Iterable[str]) -> list[str]:
    """Names, numbers and addresses in a text that may tell whose case it came from; in order, each once.

    `known` are what the case itself knows of its people. Years and amounts are not caught; people look too.
    """
    found: list[str] = []
    folded = text.casefold()
    for name in known:
        if len(name.strip()) > 1 and name.strip().casefold() in folded:
            found.append(name.strip())
    for pattern in (_REFERENCE, _MAIL, _NUMBER):
        found += [match.strip() for match in pattern.findall(text)]
    return list(dict.fromkeys(found))
