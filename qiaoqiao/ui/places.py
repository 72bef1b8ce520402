"""Places and offices to choose from, grouped as people look for them: city, then district or county."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qiaoqiao.access.models import Office, Place

HANZI = re.compile(r"[\u3400-\u9fff]")
WORKING_DAYS = gettext_noop("工作日")
Choices = list[tuple[str, object]]
LATIN = ("en", "es", "pt")


def name_of(names: dict[str, str], language: str) -> str:
    """A place's or office's name for a reader: their own language, else Latin letters, else Chinese."""
    wanted = [language.lower(), *(LATIN if language.lower() in LATIN else ())]
    folded = {tag.lower(): name for tag, name in names.items() if name}
    return next((folded[tag] for tag in wanted if tag in folded), folded.get("zh-hans", ""))


def hours_words(hours: str) -> str:
    """Office hours in the reader's language where only usual words are used; else as the office wrote them."""
    said = hours.replace(WORKING_DAYS, _("工作日")).replace("，", _("，"))
    latin = not HANZI.search(_("工作日"))
    return hours if latin and HANZI.search(said) else said


def hours_shown(hours: str) -> SafeString | str:
    """The same for a page, where Chinese in a page of another language is marked."""
    said = hours_words(hours)
    return format_html('<span lang="zh-Hans">{}</span>', said) if HANZI.search(said) else said


@dataclass(frozen=True)
class Atlas:
    """The places known here, read once for a form; `offices` only where a form asks for one."""

    places: dict[str, Place] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)

    def counties(self, language: str) -> Choices:
        """County-level places, each under its city."""
        return self._grouped((one for one in self.places.values() if one.level == "county"), language)

    def townships(self, language: str) -> Choices:
        """Towns and sub-districts, each under its county."""
        return self._grouped((one for one in self.places.values() if one.level == "township"), language)

    def offices_by_place(self, language: str) -> Choices:
        """Offices of cities, counties and towns, each under its place."""
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for office in self.offices.values():
            groups[self.place_name(office.place_id, language)].append(
                (office.code, name_of(office.names, language))
            )
        return list(groups.items())

    def near(self, county: str) -> "Atlas":
        """The same places; of the towns' offices only those of this county, so that a list stays readable."""
        kept = {
            code: one
            for code, one in self.offices.items()
            if one.level != "township" or (county and one.place_id.startswith(county))
        }
        return Atlas(self.places, kept)

    def county_of(self, code: str) -> str:
        """The county-level place that a place lies in, or the place itself."""
        place = self.places.get(code)
        while place is not None and place.level in {"township", "village"} and place.parent_id:
            place = self.places.get(place.parent_id)
        return place.code if place else ""

    def place_name(self, code: str, language: str) -> str:
        """A place's name with its city before it."""
        place = self.places.get(code)
        if place is None:
            return code
        parts = [name_of(place.names, language)]
        while place.parent_id and (above := self.places.get(place.parent_id)):
            parts.append(name_of(above.names, language))
            place = above
        return "".join(reversed(parts)) if language.startswith("zh") else ", ".join(parts)

    def office_name(self, code: str, language: str) -> str:
        office = self.offices.get(code)
        return name_of(office.names, language) if office else code

    def _grouped(self, chosen: Iterable[Place], language: str) -> Choices:
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for place in chosen:
            above = self.places.get(place.parent_id or "")
            groups[name_of(above.names, language) if above else ""].append(
                (place.code, name_of(place.names, language))
            )
        return list(groups.items())


def atlas(*, offices: bool = False, kinds: Sequence[str] = ()) -> Atlas:
    """Read the places down to towns, and the offices down to towns where they are asked for."""
    levels = ["city", "county", "township"]
    places = {one.code: one for one in Place.objects.filter(level__in=levels).order_by("code")}
    if not offices:
        return Atlas(places)
    found = Office.objects.filter(level__in=levels).order_by("place_id", "kind", "code")
    if kinds:
        found = found.filter(kind__in=kinds)
    return Atlas(places, {one.code: one for one in found})
