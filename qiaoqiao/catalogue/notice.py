"""Placeholders of notices: `{reference}` and the like."""

import re

from qiaoqiao.catalogue.entry import Entry, Move, Notice
from qiaoqiao.catalogue.rules import CASE_FACTS

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders(notice: Notice, language: str | None = None) -> set[str]:
    """The facts a notice names, in one language or in any."""
    texts = [
        text
        for wording in (notice.title, notice.body)
        for tag, text in wording.items()
        if language in (None, tag)
    ]
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def filled_by(entry: Entry, move: Move | None) -> set[str]:
    """The placeholders that have a value when this move, or without one the filing, issues a notice."""
    asked = {ask.id for ask in move.asks} if move else set[str]()
    return {*CASE_FACTS, *(field.id for field in entry.fields), *asked}
