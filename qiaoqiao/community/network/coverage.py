"""How far the network reaches: how many of each kind in each place, and which townships lack what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from qiaoqiao.access.models import Office, Place
from qiaoqiao.community.network.entered import HOME
from qiaoqiao.community.network.queries import visible_organisations
from qiaoqiao.community.network.rules import AWAITED, OrganisationKind

Tally = Mapping[str, int]
"""Kind: number."""


@dataclass(frozen=True)
class Branch:
    """A place directly below the one that is looked at, with all that lies in it."""

    place: Place
    numbers: Tally
    townships: int
    gaps: int
    """How many of its townships lack something."""


@dataclass(frozen=True)
class Coverage:
    """A place from above: its branches, what is its own, what lies in it in all, and the gaps by kind."""

    place: Place
    branches: Sequence[Branch]
    own: Tally
    whole: Tally
    townships: int
    gaps: Mapping[str, Sequence[Place]]
    kinds: Sequence[str]
    """The kinds there are, or should be, in the order of the enumeration."""


def coverage(place: Place, offices: Sequence[Office]) -> Coverage:
    """Count what these offices see in a place; two queries."""
    inside = {one.code: one for one in Place.objects.filter(code__startswith=place.code).order_by("code")}
    counted = counts(place.code, offices)
    numbers: dict[str, Counter[str]] = {code: Counter() for code in inside}
    for (code, kind), number in counted.items():
        for above in lineage(code, inside):
            numbers[above][kind] += number
    towns = [one for one in inside.values() if one.level == "township"]
    lacking = {kind.value: [one for one in towns if not numbers[one.code][kind]] for kind in AWAITED}
    lack = {one.code for found in lacking.values() for one in found}
    whole = numbers[place.code]
    return Coverage(
        place=place,
        branches=[
            branch(one, numbers[one.code], towns, lack)
            for one in inside.values()
            if one.parent_id == place.code
        ],
        own={kind: number for (code, kind), number in counted.items() if code == place.code},
        whole=whole,
        townships=len(towns),
        gaps=lacking,
        kinds=[kind.value for kind in OrganisationKind if whole[kind] or kind in AWAITED],
    )


def branch(place: Place, numbers: Tally, towns: Sequence[Place], lack: set[str]) -> Branch:
    mine = [one for one in towns if one.code.startswith(place.code)]
    return Branch(place, numbers, len(mine), sum(one.code in lack for one in mine))


def lineage(code: str, inside: Mapping[str, Place]) -> list[str]:
    """A place and those above it, as far as they are inside."""
    line: list[str] = []
    while code in inside:
        line.append(code)
        code = inside[code].parent_id or ""
    return line


def counts(root: str, offices: Sequence[Office]) -> dict[tuple[str, str], int]:
    """By place and kind: how many are open."""
    rows = visible_organisations(offices).filter(closed_on__isnull=True, place__code__startswith=root)
    told = rows.order_by().values_list("place_id", "kind").annotate(number=Count("pk"))
    return {(str(place), str(kind)): number for place, kind, number in told}


def abroad(offices: Sequence[Office]) -> dict[tuple[str, str], int]:
    """By country and kind: how many are open outside the country."""
    rows = visible_organisations(offices).filter(closed_on__isnull=True).exclude(country=HOME)
    told = rows.order_by("country").values_list("country", "kind").annotate(number=Count("pk"))
    return {(str(country), str(kind)): number for country, kind, number in told}
