"""The words that rolls are written in, read once from `words.yaml`."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from babel.core import get_global

from qiaoqiao.lib.countries import CODES, LOCALES, OFFICIAL
from qiaoqiao.lib.words import fold

_APART = re.compile(r"[\W_]+")


@cache
def lists() -> dict[str, Any]:
    """The whole of `words.yaml`."""
    text = Path(__file__).with_name("words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def bare(text: str) -> str:
    """A word as it is compared: folded, without marks between its parts."""
    return _APART.sub(" ", fold(text)).strip()


def squeezed(text: str) -> str:
    """The same without any space: headings are broken over lines and padded."""
    return _APART.sub("", fold(text))


@cache
def tokens(group: str) -> dict[str, str]:
    """{word as compared: our token} of one group."""
    return {bare(word): token for token, words in lists()[group].items() for word in words}


def token_of(group: str, written: str) -> str:
    """The token that a cell says exactly; blank for one that no list has."""
    return tokens(group).get(bare(written), "")


def tokens_in(group: str, written: str) -> list[str]:
    """The tokens whose words stand anywhere in a cell, in the order of the list."""
    said = bare(written)
    return [
        token for token, words in lists()[group].items() if any(_stands(bare(word), said) for word in words)
    ]


def _stands(word: str, said: str) -> bool:
    if word.isascii():
        return re.search(rf"\b{re.escape(word)}\b", said) is not None
    return word in said


@cache
def countries() -> dict[str, str]:
    """{name, code or nationality as compared: ISO 3166-1 code}, in the five languages."""
    known = {
        bare(name): code
        for language, locale in LOCALES.items()
        for code, name in ({**Locale.parse(locale).territories, **OFFICIAL[language]}).items()
        if code in CODES
    }
    known |= {
        bare(alias): new[0]
        for alias, new in get_global("territory_aliases").items()
        if len(alias) == 3 and alias.isalpha() and new[0] in CODES
    }
    known |= {bare(code): code for code in CODES}
    return known | tokens("countries")


def country(written: str) -> str:
    """The code of a country as a roll writes it; blank for one that nobody knows."""
    said = bare(written)
    for suffix in ("", *lists()["native_suffix"]):
        found = countries().get(said.removesuffix(suffix).strip() if suffix else said)
        if found:
            return found
    return ""
