"""What a notice says: the entry's wording with the case's facts, in Chinese and the person's language."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qiaoqiao.catalogue.entry import Entry, FormField, Move, Words, words
from qiaoqiao.lib.countries import name as country

CHINESE = "zh-hans"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
NUMBERS = re.compile(r"\d[\d、至]*")


@dataclass(frozen=True)
class Telling:
    """All that a notice may speak of."""

    entry: Entry
    reference: str
    person: str
    addressee: str
    office: Words
    office_lines: Sequence[str]
    on: date
    facts: Mapping[str, object]
    answers: Mapping[str, object] = field(default_factory=dict)
    move: Move | None = None
    to_office: Words | None = None
    limits: Sequence[tuple[Words, date | None, str]] = ()
    due_on: date | None = None
    for_person: bool = True
    named: Mapping[str, Words] = field(default_factory=dict)
    tracking_url: str = ""


def long_date(on: date, language: str) -> str:
    """A date as an official paper writes it in that language."""
    if language.startswith("zh"):
        return f"{on.year}年{on.month}月{on.day}日"
    if language == "en":
        return f"{on.day} {MONTHS['en'][on.month - 1]} {on.year}"
    return f"{on.day} de {MONTHS[language][on.month - 1]} de {on.year}"


YES_NO = {
    "zh-hans": ("是", "否"),
    "zh-hant": ("是", "否"),
    "en": ("yes", "no"),
    "es": ("sí", "no"),
    "pt": ("sim", "não"),
}
MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
}


def sheet(notice_id: str, telling: Telling, language: str) -> dict[str, object]:
    """Return the notice's content as JSON-able data: one version in Chinese, one in `language` if different.

    Each version: title, addressee, paragraphs (list of text), blocks (list of {kind, rows}), office, dated.
    """
    versions = {CHINESE: _version(notice_id, telling, CHINESE)}
    if language != CHINESE:
        versions[language] = _version(notice_id, telling, language)
    return {
        "notice": notice_id,
        "reference": telling.reference,
        "on": telling.on.isoformat(),
        "versions": versions,
    }


def _version(notice_id: str, telling: Telling, language: str) -> dict[str, object]:
    notice = telling.entry.notices[notice_id]
    filled = PLACEHOLDER.sub(
        lambda found: _placeholder(found.group(1), telling, language), words(notice.body, language)
    )
    return {
        "title": words(notice.title, language),
        "addressee": telling.addressee,
        "paragraphs": [paragraph.strip() for paragraph in filled.split("\n\n") if paragraph.strip()],
        "blocks": [
            {"kind": kind, "rows": rows}
            for kind in notice.blocks
            if (rows := BLOCKS[kind](telling, language))
        ],
        "office": words(telling.office, language),
        "dated": long_date(telling.on, language),
    }


def _placeholder(name: str, telling: Telling, language: str) -> str:
    simple = {
        "reference": telling.reference,
        "person": telling.person,
        "office": words(telling.office, language),
        "date": long_date(telling.on, language),
        "service": words(telling.entry.name, language),
        "to_office": words(telling.to_office, language) if telling.to_office else "",
        "due_on": long_date(telling.due_on, language) if telling.due_on else "",
        "request": str(telling.facts.get("request", "")),
    }
    if name in simple and (simple[name] or name not in telling.answers):
        return simple[name]
    if name in telling.answers:
        return answer_in_words(telling, name, language)
    fields = {asked.id: asked for asked in telling.entry.fields}
    if name not in fields:
        return ""
    return fact_in_words(fields[name], telling.facts.get(name), language, named=telling.named)


def fact_in_words(asked: FormField, value: object, language: str, *, named: Mapping[str, Words]) -> str:
    """A form's fact as a person reads it; `named` gives the names of places and offices by code."""
    if value in (None, ""):
        return ""
    match asked.type:
        case "choice" | "choices":
            chosen = value if isinstance(value, list) else [value]
            labels = [words(option.label, language) for option in asked.options if option.id in chosen]
            return ("、" if language.startswith("zh") else ", ").join(labels)
        case "date":
            return long_date(date.fromisoformat(str(value)), language)
        case "country":
            return country(str(value), language)
        case "yesno":
            return YES_NO[language][0 if value else 1]
        case "place" | "office":
            return words(named[str(value)], language) if str(value) in named else str(value)
        case _:
            return str(value)


def answer_in_words(telling: Telling, name: str, language: str) -> str:
    """What an officer answered to one of the move's questions, as the person may read it."""
    given = telling.answers.get(name)
    ask = next((ask for ask in telling.move.asks if ask.id == name), None) if telling.move else None
    if ask is None or given is None or (telling.for_person and not ask.told):
        return ""
    if ask.type == "choice":
        return next((words(option.label, language) for option in ask.options if option.id == given), "")
    if ask.type == "date":
        return long_date(date.fromisoformat(str(given)), language)
    if ask.type == "refusal":
        return ("；" if language.startswith("zh") else "; ").join(
            row[0] for row in _reasons(telling, language)
        )
    if ask.type == "materials":
        return ("、" if language.startswith("zh") else ", ").join(
            row[0] for row in _missing(telling, language)
        )
    return str(given)


def _missing(telling: Telling, language: str) -> list[list[str]]:
    named = _answered(telling, "materials")
    return [
        [words(material.name, language), words(material.form, language)]
        for material in telling.entry.materials
        if material.id in named
    ]


def _reasons(telling: Telling, language: str) -> list[list[str]]:
    named = _answered(telling, "refusal")
    return [
        [
            words(refusal.name, language),
            words(refusal.tell, language),
            cited(telling.entry.sources[refusal.law.source].title, refusal.law.article),
        ]
        for refusal in telling.entry.refusals
        if refusal.id in named
    ]


def cited(title: str, article: str) -> str:
    """A law and its article as an official paper writes them: 《…》第38条 where the entry gives the number only."""
    return f"《{title}》第{article}条" if NUMBERS.fullmatch(article) else f"《{title}》{article}"


def _answered(telling: Telling, kind: str) -> list[str]:
    asks = [ask.id for ask in telling.move.asks if ask.type == kind] if telling.move else []
    given = [telling.answers.get(ask) for ask in asks]
    return [str(one) for value in given for one in (value if isinstance(value, list) else [value]) if one]


def _limits(telling: Telling, language: str) -> list[list[str]]:
    return [
        [words(name, language), long_date(due, language) if due else "—", article]
        for name, due, article in telling.limits
    ]


def _text_block(text: str) -> list[list[str]]:
    return [[line] for line in text.splitlines() if line.strip()]


def _remedies(telling: Telling, language: str) -> list[list[str]]:
    return _text_block(words(telling.entry.guidance.remedies, language))


def _fees(telling: Telling, language: str) -> list[list[str]]:
    return _text_block(words(telling.entry.guidance.cost, language))


def _contact(telling: Telling, language: str) -> list[list[str]]:
    return [[line] for line in telling.office_lines if line]


def _tracking(telling: Telling, language: str) -> list[list[str]]:
    return [[telling.reference, telling.tracking_url]]


BLOCKS: dict[str, Callable[[Telling, str], list[list[str]]]] = {
    "missing": _missing,
    "reasons": _reasons,
    "limits": _limits,
    "remedies": _remedies,
    "fees": _fees,
    "contact": _contact,
    "tracking": _tracking,
}
