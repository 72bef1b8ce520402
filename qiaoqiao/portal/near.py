"""Who can help near me: choose where you are, see who is there, whether they are open, and how to reach them."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Place
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.community.network.nearby import Group, Wanted, door_of, near, next_up, zone_of
from qiaoqiao.community.network.wording import KINDS, called, hours_words
from qiaoqiao.lib.countries import names as country_names
from qiaoqiao.parties.wording import LANGUAGES
from qiaoqiao.ui.countries import country_choices
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import Atlas, atlas, name_of

LEVELS: Mapping[str, Any] = {
    "village": gettext_lazy("村、社区"),
    "township": gettext_lazy("镇、街道"),
    "county": gettext_lazy("县、区"),
    "city": gettext_lazy("市"),
}


@needs(Permission.PUBLIC)
def near_me(request: HttpRequest) -> HttpResponse:
    """The form, and who is near the place or in the country chosen."""
    language, known, now = language_of(request), atlas(), timezone.now()
    services = {entry.id: words(entry.name, language) for entry in current()}
    wanted = asked(request, known, services)
    line = line_of(wanted.place, known)
    groups = near(wanted, line)
    return render(
        request,
        "portal/near.html",
        {
            "wanted": wanted,
            "chosen": bool(wanted.place or wanted.country),
            "where": known.place_name(wanted.place, language)
            if wanted.place
            else country_names(language).get(wanted.country, ""),
            "groups": [group_shown(group, language, now, services) for group in groups],
            "next_up": [card(row, language, now, services) for row in next_up(line)]
            if (wanted.place or wanted.country) and (not groups or wanted.country)
            else [],
            "cities": [(one.code, name_of(one.names, language)) for one in known.places.values() if one.level == "city"],
            "places": choices(known, language),
            "countries": [(code, name) for code, name in country_choices(language) if code or name][1:],
            "languages": list(LANGUAGES.items()),
            "services": list(services.items()),
            "kinds": [(token, said) for token, said in KINDS.items()],
        },
    )  # fmt: skip


def asked(request: HttpRequest, known: Atlas, services: Mapping[str, str]) -> Wanted:
    """What was asked; what is not offered is passed over."""

    def one(name: str, offered: Any) -> str:
        value = request.GET.get(name, "")
        return value if value in offered else ""

    place = one("place", known.places)
    country = "" if place else one("country", country_names("en").keys() - {"CN"})
    return Wanted(
        place, country, one("language", LANGUAGES), one("about", services), one("kind", set(map(str, KINDS)))
    )


def line_of(code: str, known: Atlas) -> list[Place]:
    """A place and those above it, from the top down."""
    line: list[Place] = []
    while code and (place := known.places.get(code)):
        line.insert(0, place)
        code = place.parent_id or ""
    return line


def choices(known: Atlas, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Counties and the towns in them, each county a group that begins with itself."""
    groups: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for place in known.places.values():
        if place.level == "county":
            name = known.place_name(place.code, language)
            groups[place.code] = (
                name,
                [(place.code, _("%(place)s全境") % {"place": name_of(place.names, language)})],
            )
    for place in known.places.values():
        if place.level == "township" and place.parent_id in groups:
            groups[place.parent_id][1].append((place.code, name_of(place.names, language)))
    return list(groups.values())


def group_shown(group: Group, language: str, now: datetime, services: Mapping[str, str]) -> dict[str, Any]:
    return {
        "title": LEVELS.get(group.level, ""),
        "place": name_of(group.place.names, language) if group.place else "",
        "cards": [card(row, language, now, services) for row in group.rows],
        "more": group.number - len(group.rows),
    }


def card(row: Organisation, language: str, now: datetime, services: Mapping[str, str]) -> dict[str, Any]:
    """An organisation in the reader's words."""
    door, zone = door_of(row, now), zone_of(row)
    return {
        "name": name_of(row.names, language),
        "chinese": row.names.get("zh-Hans", "") if not language.startswith("zh") else "",
        "kind": KINDS.get(row.kind, ""),
        "place": name_of(row.place.names, language) if row.place else "",
        "address": row.address,
        "phones": phones(row.phone),
        "email": row.email,
        "hours": hours_words(row.hours),
        "zone": zone.key if zone and row.country != "CN" else "",
        "door": door,
        "change": door.change if door else None,
        "languages": called(LANGUAGES, row.languages),
        "services": [(one, services[one]) for one in row.services if one in services],
        "about": name_of(row.about, language),
    }


def phones(text: str) -> Sequence[tuple[str, str]]:
    """Each number as it is dialled and as it is written."""
    parts = [part.strip() for part in re.split(r"[,，、]", text) if part.strip()]
    return [(re.sub(r"[^0-9+]", "", part.split("转")[0]), part) for part in parts]
