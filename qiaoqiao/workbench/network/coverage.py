"""How far the network reaches, as a table, bars and a map of squares; every number opens its list, every gap is named."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office, Place
from qiaoqiao.access.rules import Permission
from qiaoqiao.community.network import queries
from qiaoqiao.community.network.coverage import Coverage, abroad, coverage
from qiaoqiao.community.network.rules import AWAITED, OrganisationKind
from qiaoqiao.community.network.wording import KINDS, called
from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.ui import pictures
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.network.listing import attached

LIST, HERE = "/staff/network/", "/staff/network/coverage/"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Number:
    """A number and the list behind it; none lies behind zero."""

    number: int
    href: str
    missing: bool = False


@dataclass(frozen=True)
class Line:
    """A place in the table: its numbers by kind, all together, and how many of its townships lack something."""

    name: str
    href: str
    numbers: Sequence[Number]
    all: Number
    gaps: int | None = None
    lacks: str = ""


@dataclass(frozen=True)
class Tile:
    """A place on the map, or a bar of the chart."""

    name: str
    number: int
    href: str
    drawn: SafeString


class Scope:
    """The place that is looked at, from those of the officer's offices downwards."""

    def __init__(self, request: HttpRequest) -> None:
        self.language, self.today = language_of(request), timezone.localdate()
        self.offices: list[Office] = queries.offices_of(actor_of(request), on=self.today)
        self.roots = list(Place.objects.filter(code__in=queries.roots_of(self.offices)).order_by("code"))
        asked = request.GET.get("place", "")[:12] or (self.roots[0].code if self.roots else "")
        if not any(asked.startswith(root.code) for root in self.roots):
            raise Http404
        place = Place.objects.filter(code=asked).exclude(level="village").first()
        if place is None:
            raise Http404
        self.place = place
        kind = request.GET.get("kind", "")
        self.kind = kind if kind in KINDS else OrganisationKind.HOME.value
        self.found: Coverage = coverage(place, self.offices)

    def name(self, place: Place) -> str:
        return name_of(place.names, self.language)

    def here(self, place: str) -> str:
        return f"{HERE}?{urlencode({'place': place, 'kind': self.kind})}"

    def above(self) -> list[tuple[str, str]]:
        """The places above, as far as the officer's own reach."""
        codes = [self.place.code[:length] for length in (4, 6, 9) if length < len(self.place.code)]
        seen = [code for code in codes if any(code.startswith(root.code) for root in self.roots)]
        found = {one.code: one for one in Place.objects.filter(code__in=seen)}
        return [(self.here(code), self.name(found[code])) for code in seen if code in found]


def listed(number: int, *, missing: bool = False, **filters: str) -> Number:
    kept = {name: value for name, value in filters.items() if value}
    return Number(number, f"{LIST}?{urlencode(kept)}" if number else "", missing)


def lines(scope: Scope) -> list[Line]:
    """The table: a line for each branch, and what is the place's own."""
    found, rows = scope.found, []
    for one in found.branches:
        code, town = one.place.code, one.place.level == "township"
        lacks = [kind.value for kind in AWAITED if town and not one.numbers.get(kind)]
        numbers = [
            listed(one.numbers.get(kind, 0), place=code, kind=kind, missing=kind in lacks)
            for kind in found.kinds
        ]
        href = LIST + f"?place={code}" if one.place.level == "village" else scope.here(code)
        gaps = None if town or one.place.level == "village" else one.gaps
        whole = listed(sum(one.numbers.values()), place=code)
        rows.append(Line(scope.name(one.place), href, numbers, whole, gaps, called(KINDS, lacks)))
    own = [
        listed(found.own.get(kind, 0), place=scope.place.code, kind=kind, only="on") for kind in found.kinds
    ]
    if any(one.number for one in own):
        together = listed(sum(found.own.values()), place=scope.place.code, only="on")
        name = _("%(place)s本级") % {"place": scope.name(scope.place)}
        rows.append(Line(name, "", own, together))
    return rows


def total(scope: Scope) -> Line:
    found, code = scope.found, scope.place.code
    numbers = [listed(found.whole.get(kind, 0), place=code, kind=kind) for kind in found.kinds]
    return Line(_("合计"), "", numbers, listed(sum(found.whole.values()), place=code))


def tiles(scope: Scope, *, bars: bool) -> list[Tile]:
    """The branches for one kind: squares of a map, or bars."""
    numbers = [one.numbers.get(scope.kind, 0) for one in scope.found.branches]
    most = pictures.most_of(numbers)
    return [
        Tile(
            scope.name(one.place),
            number,
            scope.here(one.place.code)
            if one.place.level != "village"
            else f"{LIST}?{urlencode({'place': one.place.code, 'kind': scope.kind})}",
            pictures.bar(number, most) if bars else pictures.square(number or None, most),
        )
        for one, number in zip(scope.found.branches, numbers, strict=True)
    ]


def gaps(scope: Scope) -> list[dict[str, Any]]:
    """By kind: the townships that have none, under their county."""
    told = []
    counties = {one.parent_id for places in scope.found.gaps.values() for one in places}
    above = {one.code: one for one in Place.objects.filter(code__in=counties)}
    for kind, places in scope.found.gaps.items():
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in places:
            county = above.get(one.parent_id or "")
            name = scope.name(county) if county else ""
            groups.setdefault(name, []).append((scope.here(one.code), scope.name(one)))
        told.append({"kind": KINDS[kind], "number": len(places), "groups": list(groups.items())})
    return told


def away(scope: Scope) -> list[tuple[str, Number, str]]:
    """The countries in which the network has somebody: how many, and of which kinds."""
    kinds: dict[str, list[str]] = {}
    numbers: dict[str, int] = {}
    for (country, kind), number in abroad(scope.offices).items():
        kinds.setdefault(country, []).append(kind)
        numbers[country] = numbers.get(country, 0) + number
    return [
        (country_name(code, scope.language), listed(number, country=code), called(KINDS, kinds[code]))
        for code, number in numbers.items()
    ]


@needs(Permission.ORGANISE)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The coverage of a place."""
    scope = Scope(request)
    return show(
        request,
        "workbench/network/coverage.html",
        name=scope.name(scope.place),
        on=date_format(scope.today),
        place=scope.place,
        above=scope.above(),
        roots=[(one.code, scope.name(one)) for one in scope.roots] if len(scope.roots) > 1 else [],
        kind=scope.kind,
        kind_name=KINDS[scope.kind],
        options=list(KINDS.items()),
        kinds=[KINDS[kind] for kind in scope.found.kinds],
        heads=[(KINDS[kind], listed(scope.found.whole.get(kind, 0), place=scope.place.code, kind=kind)) for kind in AWAITED],
        lines=lines(scope),
        total=total(scope),
        townships=scope.found.townships,
        gaps=gaps(scope),
        bars=tiles(scope, bars=True),
        map=tiles(scope, bars=False),
        abroad=away(scope) if scope.place in scope.roots else [],
        patterns=pictures.PATTERNS,
    )  # fmt: skip


@needs(Permission.ORGANISE)
@require_GET
def as_csv(request: HttpRequest) -> HttpResponse:
    """The table for a spreadsheet, with what each township lacks."""
    scope, out = Scope(request), io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("地方"), *(KINDS[kind] for kind in scope.found.kinds), _("合计"), _("还没有")])
    for one in [*lines(scope), total(scope)]:
        name = f"'{one.name}" if one.name.startswith(FORMULA) else one.name
        writer.writerow([name, *(each.number for each in one.numbers), one.all.number, one.lacks])
    content = f"\ufeff{out.getvalue()}".encode()
    name = f"coverage-{scope.place.code}-{scope.today:%Y%m%d}.csv"
    return attached(content, name, "text/csv; charset=utf-8")
