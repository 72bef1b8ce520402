"""Shared facts in the reader's words: the same on the officer's preview, the person's page and the partner's."""

from collections.abc import Mapping
from dataclasses import dataclass

from qiaoqiao.access.models import Place
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.community.alliance.rules import in_order
from qiaoqiao.community.alliance.wording import ITEMS
from qiaoqiao.lib.countries import name as country_name

SPOKEN = {"zh-hans": "简体中文", "zh-hant": "繁體中文", "en": "English", "es": "Español", "pt": "Português"}
"""Languages by their own names."""


@dataclass(frozen=True)
class Fact:
    """One fact: what it is called, and what it says."""

    token: str
    label: str
    text: str


def in_words(facts: Mapping[str, str], language: str) -> list[Fact]:
    """Facts as somebody reads them."""
    entries = {entry.id: entry for entry in current()}
    matter = entries.get(facts.get("matter", ""))
    options = next((one.options for one in matter.fields if one.id == matter.category), []) if matter else []
    categories = {one.id: words(one.label, language) for one in options}
    place = Place.objects.filter(pk=facts["place"]).first() if facts.get("place") else None
    read = {
        "matter": words(matter.name, language) if matter else facts.get("matter", ""),
        "category": categories.get(facts.get("category", ""), ""),
        "place": words(place.names, language) if place else "",
        "country": country_name(facts.get("country", ""), language),
        "language": SPOKEN.get(facts.get("language", "").lower(), ""),
    }
    told = [(one, read.get(one, facts[one])) for one in in_order(facts)]
    return [Fact(one, str(ITEMS[one]), said) for one, said in told if said]
