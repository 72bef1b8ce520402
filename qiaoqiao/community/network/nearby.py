"""Who can help near somebody: the nearest first, from the village up to the city, or in a country abroad."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.core import get_global
from django.db.models import Q, QuerySet

from qiaoqiao.access.models import Place
from qiaoqiao.community.network.entered import HOME
from qiaoqiao.community.network.hours import Door, door
from qiaoqiao.community.network.models import Organisation

MOST = 12
LEVELS = ("village", "township", "county", "city")
BEIJING = "Asia/Shanghai"


@dataclass(frozen=True)
class Wanted:
    """Where somebody is, and what they look for; `about` is an entry's id."""

    place: str = ""
    country: str = ""
    language: str = ""
    about: str = ""
    kind: str = ""

    @property
    def narrowed(self) -> bool:
        return bool(self.language or self.about or self.kind)


@dataclass(frozen=True)
class Group:
    """Those of one level, and how many there are in all."""

    level: str
    place: Place | None
    rows: Sequence[Organisation]
    number: int


def open_ones(wanted: Wanted) -> QuerySet[Organisation]:
    """Those that are open and fit what is looked for."""
    rows = Organisation.objects.filter(closed_on__isnull=True)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.language:
        rows = rows.filter(languages__contains=[wanted.language])
    if wanted.about:
        rows = rows.filter(services__contains=[wanted.about])
    return rows.select_related("place")


def near(wanted: Wanted, line: Sequence[Place]) -> list[Group]:
    """The groups from near to far; `line` is the place with those above it, from the top down."""
    if wanted.country:
        rows = open_ones(wanted).filter(country=wanted.country).order_by("kind", "code")
        return grouped("country", None, rows)
    if not line:
        return []
    here = line[-1]
    found: list[Group] = []
    inside = open_ones(wanted).filter(place__code__startswith=here.code).exclude(place=here)
    for level in LEVELS[: LEVELS.index(here.level)]:
        found += grouped(level, here, inside.filter(place__level=level).order_by("place_id", "kind", "code"))
    for place in reversed(line):
        rows = open_ones(wanted).filter(place=place).order_by("kind", "code")
        found += grouped(place.level, place, rows)
    return found


def grouped(level: str, place: Place | None, rows: QuerySet[Organisation]) -> list[Group]:
    kept = list(rows[: MOST + 1])
    if not kept:
        return []
    number = rows.count() if len(kept) > MOST else len(kept)
    return [Group(level, place, kept[:MOST], number)]


def next_up(line: Sequence[Place]) -> list[Organisation]:
    """Whom to turn to where nobody fits: the nearest federation up the line, else any city's."""
    codes = [place.code for place in reversed(line)]
    rows = Organisation.objects.filter(closed_on__isnull=True, kind="federation").select_related("place")
    found = {row.place_id: row for row in rows.filter(Q(place__in=codes)).order_by("-code")}
    mine = [found[code] for code in codes if code in found][:2]
    return mine or list(rows.filter(place__level="city").order_by("code")[:2])


def zone_of(row: Organisation) -> ZoneInfo | None:
    """The zone of its clock; None where a country has several and none was given."""
    if row.zone:
        return ZoneInfo(row.zone)
    if row.country == HOME:
        return ZoneInfo(BEIJING)
    only = zones_of().get(row.country, ())
    return ZoneInfo(only[0]) if len(only) == 1 else None


def zones_of() -> Mapping[str, Sequence[str]]:
    """The zones of each country."""
    found: dict[str, list[str]] = {}
    for zone, country in get_global("zone_territories").items():
        found.setdefault(country, []).append(zone)
    return found


def door_of(row: Organisation, now: datetime) -> Door | None:
    """Whether it is open; None where its hours or its zone are not known."""
    zone = zone_of(row)
    return door(row.hours, now.astimezone(zone)) if zone and row.hours else None
