"""The answers that come with the product: YAML files, loaded once, and anew where nobody here has changed them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from qiaoqiao.access.models import Office
from qiaoqiao.access.tickets import SYSTEM
from qiaoqiao.catalogue.loader import current
from qiaoqiao.community.knowledge.actions.writing import change, content_of, publish, same, write
from qiaoqiao.community.knowledge.models import Answer, Edition
from qiaoqiao.community.knowledge.rules import Content, check

FILES = Path(__file__).parent / "answers"


class AnswersUnreadable(Exception):
    """A file does not hold answers; the message names file and place."""


@dataclass(frozen=True)
class Given:
    """One answer of a file."""

    key: str
    content: Content


def given_answers(folder: Path = FILES) -> list[Given]:
    """Every answer of the files, checked. Raises AnswersUnreadable."""
    found: dict[str, Given] = {}
    services = {one.id for one in current()}
    for path in sorted(folder.glob("*.yaml")):
        for one in _read(path):
            try:
                check(one.content, services)
            except ValueError as wrong:
                raise AnswersUnreadable(f"{path.name}: {one.key}: {wrong}") from wrong
            if found.setdefault(one.key, one) is not one:
                raise AnswersUnreadable(f"{path.name}: {one.key} is there twice")
    return list(found.values())


def _read(path: Path) -> Iterator[Given]:
    for raw in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        try:
            yield Given(raw["id"], _content(raw))
        except (KeyError, TypeError) as missing:
            raise AnswersUnreadable(f"{path.name}: {raw!r:.60}: {missing}") from missing


def _content(raw: dict[str, Any]) -> Content:
    return Content(
        questions=raw["q"],
        answers={language: " ".join(text.split()) for language, text in raw["a"].items()},
        phrases=raw.get("also", {}),
        sources=[{name: str(value) for name, value in one.items()} for one in raw["sources"]],
        valid_from=raw.get("valid_from", date(2026, 11, 22)),
        valid_until=raw.get("valid_until"),
        topics=raw["topics"],
        services=raw.get("services", []),
    )


def keeper() -> Office | None:
    """Who looks after the answers that come along: the first city's federation, else any office."""
    cities = Office.objects.filter(kind="federation", level="city").order_by("path")
    return cities.first() or Office.objects.order_by("path").first()


def load(*, at: datetime, office: Office | None = None) -> tuple[int, int]:
    """Load what is new or changed; return how many answers were written and how many are there.

    An answer that people here have changed since is theirs and stays as it is.
    """
    office = office or keeper()
    if office is None:
        return 0, 0
    known = {one.key: one for one in Answer.objects.select_related("office")}
    editions = {one.answer_id: one for one in Edition.objects.filter(state="published")}
    written = 0
    every = given_answers()
    for one in every:
        with transaction.atomic():
            written += _load_one(one, known.get(one.key), editions, office, at)
    return written, len(every)


def _load_one(
    one: Given, answer: Answer | None, editions: dict[Any, Edition], office: Office, at: datetime
) -> bool:
    if answer is None:
        answer = write(one.content, office=office, actor=SYSTEM, at=at, key=one.key)
    else:
        edition = editions.get(answer.pk)
        if edition is None or edition.written_by_id or same(one.content, content_of(edition)):
            return False
        change(answer.pk, one.content, actor=SYSTEM, at=at)
    publish(answer.pk, actor=SYSTEM, at=at)
    return True
