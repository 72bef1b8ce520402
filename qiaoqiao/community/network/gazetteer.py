"""Places, countries, languages, services and kinds by their Chinese names, as workbooks write them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.utils import translation

from qiaoqiao.access.models import Place
from qiaoqiao.catalogue.loader import current
from qiaoqiao.community.network import wording
from qiaoqiao.lib.countries import CODES, name, names
from qiaoqiao.parties.wording import LANGUAGES

CHINESE = "zh-hans"
_APART = re.compile(r"[\s/·,，>\-]+")
_PROVINCE = re.compile(r"^.{2,7}?(?:省|自治区)")


class NotKnown(ValueError):
    """Nothing has this name; several have it when `several` is true."""

    def __init__(self, text: str, *, several: bool = False) -> None:
        self.several = several
        super().__init__(text)


@dataclass(frozen=True)
class Gazetteer:
    """Every place by its own name and by those with the names of the places above before it."""

    written: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def code(self, text: str) -> str:
        """The place of this name, or with this code. Raises NotKnown."""
        plain = _APART.sub("", text)
        if plain in self.written:
            return plain
        found = self.codes.get(plain) or self.codes.get(_PROVINCE.sub("", plain), frozenset())
        if len(found) != 1:
            raise NotKnown(text, several=bool(found))
        return next(iter(found))


def gazetteer() -> Gazetteer:
    """Read all places."""
    places = {one.code: one for one in Place.objects.all()}
    written: dict[str, str] = {}
    codes: dict[str, set[str]] = {}
    for code in places:
        line = [str(one.names["zh-Hans"]) for one in line_of(places, code)]
        written[code] = "".join(line)
        for start in range(len(line)):
            codes.setdefault("".join(line[start:]), set()).add(code)
    return Gazetteer(written, {name: frozenset(found) for name, found in codes.items()})


def line_of(places: Mapping[str, Place], code: str | None) -> list[Place]:
    """A place and those it lies in, from the top down."""
    line: list[Place] = []
    while code and code in places and len(line) < 6:
        line.insert(0, places[code])
        code = places[code].parent_id
    return line


@cache
def kinds() -> dict[str, str]:
    return in_chinese(wording.KINDS)


@cache
def languages() -> dict[str, str]:
    return in_chinese(LANGUAGES)


@cache
def headings() -> dict[str, str]:
    return in_chinese(wording.COLUMNS)


def in_chinese(said: Mapping[str, object]) -> dict[str, str]:
    """Name: token."""
    with translation.override(CHINESE):
        return {str(words): str(token) for token, words in said.items()}


def services() -> dict[str, str]:
    return {entry.name["zh-Hans"]: entry.id for entry in current()}


@cache
def countries() -> dict[str, str]:
    """Country by name or code, with the short names that people write."""
    found = {name: code for code, name in names(CHINESE).items()}
    short = {re.sub(r"^中国", "", name): code for name, code in found.items() if name != name_of_home()}
    return short | found | {code: code for code in CODES}


def name_of_home() -> str:
    return name("CN", CHINESE)


def token(known: Mapping[str, str], text: str) -> str:
    """The token of a name, or the token itself. Raises NotKnown."""
    if text in known:
        return known[text]
    if text in known.values():
        return text
    raise NotKnown(text)


def tokens(known: Mapping[str, str], text: str) -> list[str]:
    """The tokens of several names. Raises NotKnown with the first that is not known."""
    parts = [part.strip() for part in re.split(r"[、,，;；/\n]+", text) if part.strip()]
    return list(dict.fromkeys(token(known, part) for part in parts))


def written(known: Mapping[str, str], wanted: Iterable[str]) -> str:
    """Several tokens as `tokens` reads them."""
    by_token = {kept: said for said, kept in known.items()}
    return "、".join(by_token.get(one, one) for one in wanted)
