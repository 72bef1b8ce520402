"""The community an office looks after, on one page that can be hung up: counts only, and never of a few."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import posts_of
from qiaoqiao.access.rules import Permission, PostRole, grants
from qiaoqiao.casework.queues import offices_below
from qiaoqiao.parties import wording
from qiaoqiao.reporting.community import REST, SEXES, UNSAID, community
from qiaoqiao.reporting.suppression import ALL
from qiaoqiao.ui import pictures
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.communityrows import Row, Shown
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.filtering import BELOW
from qiaoqiao.workbench.frame import show

FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Scope:
    """The offices a head's page is about, and the branches it can be narrowed to."""

    def __init__(self, request: HttpRequest) -> None:
        self.actor, self.language = actor_of(request), language_of(request)
        self.today = timezone.localdate()
        self.posts = list(posts_of(self.actor.account_id or 0, on=self.today))
        self.offices = {str(office.pk): office for office in offices_below(self.posts)}
        self.roots = roots_of(list(self.offices.values()))
        self.branch_of = {office.pk: self.branch(office) for office in self.offices.values()}
        self.found = community(self.actor, self.branch_of, on=self.today)
        asked = request.GET.get("office", "")
        self.chosen = asked if asked in self.found.branches and len(self.found.people) > 2 else ALL

    def branch(self, office: Office) -> str:
        """One of several offices headed, or else the office directly below the one."""
        root = next(one for one in self.roots if office.path.startswith(one.path))
        if len(self.roots) > 1 or office.pk == root.pk:
            return str(root.pk)
        return office.path[len(root.path) :].partition("/")[0]

    @property
    def shown(self) -> Shown:
        return Shown(self.found, self.chosen, self.listed, self.language)

    @property
    def listed(self) -> str:
        """The list of people that holds the same files; a branch of several offices has none."""
        if not grants({PostRole(post.role) for post in self.posts}, Permission.PEOPLE):
            return ""
        if self.chosen == ALL:
            return BELOW
        return self.chosen if list(self.branch_of.values()).count(self.chosen) == 1 else ""

    def name(self, branch: str) -> str:
        """Whose people these are."""
        if branch != ALL:
            return name_of(self.offices[branch].names, self.language)
        return _("、").join(name_of(root.names, self.language) for root in self.roots)

    def options(self) -> list[tuple[str, str]]:
        """The branches to choose from, when there are at least two sets of people."""
        if len(self.found.people) <= 2:
            return []
        return [(branch, self.name(branch)) for branch in self.found.branches]


def roots_of(offices: Sequence[Office]) -> list[Office]:
    """The offices that lie below no other of them."""
    paths = {office.path for office in offices}
    return [
        office
        for office in offices
        if not any(office.path.startswith(path) and office.path != path for path in paths)
    ]


@needs(Permission.FIGURES)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The picture of the community."""
    scope = Scope(request)
    context: dict[str, Any] = {
        "name": scope.name(scope.chosen),
        "on": date_format(scope.today),
        "options": scope.options(),
        "chosen": scope.chosen,
        "together": REST in scope.found.people and len(scope.found.people) > 2,
    }
    if scope.found.tables:
        context |= drawn(scope.shown) | {"query": "" if scope.chosen == ALL else f"?office={scope.chosen}"}
    return show(request, "workbench/community/page.html", posts=scope.posts, **context)


def drawn(shown: Shown) -> dict[str, Any]:
    """All tables of the page with their pictures."""
    ages, decades = shown.ages(), shown.decades()
    sexes = [wording.said(wording.SEXES, sex) for sex in SEXES.parts[:2]]
    unsaid = any(by[2] != 0 for _row, by in ages)
    share, due = shown.kept()
    return {
        "patterns": pictures.PATTERNS,
        "heads": list(shown.heads()),
        "share": share,
        "due": due,
        "ages": [(row, by if unsaid else by[:2]) for row, by in ages],
        "sexes": [*sexes, _("未写明")] if unsaid else sexes,
        "pyramid": pictures.pyramid(
            [(row.label, by[0], by[1]) for row, by in ages if row.token != UNSAID],
            title=_("人口金字塔"),
            said=_("每一行是五岁一个年龄段，左边是男，右边是女；数字见表。"),
            heads=(sexes[0], sexes[1]),
        ),
        "told": {name: shown.told(name) for name in shown.found.tables},
        "decades": decades,
        "columns": pictures.columns(
            [(row.label, row.number) for row in decades],
            title=_("各年代回国的人数"),
            said=_("每一根柱是十年，写着开始的年份；数字见表。"),
        ),
        "map": shown.map(),
        "standings": shown.standings(),
        "origins": shown.origins(),
        "needs": shown.needs(),
        "languages": shown.languages(),
        "abroad": shown.abroad(),
    }


Line = tuple[str, str, str, str, int | None]
"""Table, row and column as tokens, the row in words, the number."""


def lines(shown: Shown) -> Iterator[Line]:
    """Every number of the page, as a download carries it."""
    yield from (("head", row.token, "", row.label, row.number) for row in shown.heads())
    for row, by in shown.ages():
        yield from (("age", row.token, sex, row.label, one) for sex, one in zip(SEXES.parts, by, strict=True))
        yield ("age", row.token, ALL, row.label, row.number)
    plain: dict[str, list[Row]] = {
        "standing": shown.standings(),
        "origin": shown.origins(),
        "need": shown.needs(),
        "place": [tile.row for _above, tiles in shown.map() for tile in tiles],
        "language": shown.languages(),
        "decade": shown.decades(),
        "country": shown.abroad(),
    }
    for name, rows in plain.items():
        yield from ((name, row.token, "", row.label, row.number) for row in rows)


def titles() -> dict[str, str]:
    return {
        "head": _("合计"),
        "age": _("年龄和性别"),
        "standing": _("身份"),
        "origin": _("侨居国家或地区"),
        "need": _("需要"),
        "place": _("居住的地方"),
        "language": _("语言"),
        "decade": _("回国年代"),
        "country": _("现住境外的国家或地区"),
    }


@needs(Permission.FIGURES)
@require_GET
def as_csv(request: HttpRequest) -> HttpResponse:
    """The suppressed tables for a spreadsheet."""
    scope, out, said = Scope(request), io.StringIO(), titles()
    sexes = {sex: wording.said(wording.SEXES, sex) for sex in "mf"} | {ALL: _("合计")}
    writer = csv.writer(out)
    writer.writerow([_("表"), _("项目"), _("性别"), _("人数")])
    for table, _token, column, label, number in lines(scope.shown) if scope.found.tables else ():
        sex = sexes.get(column, _("未写明")) if table == "age" else ""
        told = _("保密") if number is None else number
        writer.writerow([said[table], f"'{label}" if label.startswith(FORMULA) else label, sex, told])
    response = HttpResponse(f"\ufeff{out.getvalue()}", content_type="text/csv; charset=utf-8")
    return attached(response, scope, "csv")


@needs(Permission.FIGURES)
@require_GET
def as_json(request: HttpRequest) -> HttpResponse:
    """The suppressed tables for a program; a hidden number is null."""
    scope = Scope(request)
    rows = [
        {"table": table, "row": row, "column": column, "label": label, "number": number}
        for table, row, column, label, number in (lines(scope.shown) if scope.found.tables else ())
    ]
    told = {"office": scope.name(scope.chosen), "on": scope.today.isoformat(), "numbers": rows}
    return attached(JsonResponse(told, json_dumps_params={"ensure_ascii": False}), scope, "json")


def attached(response: HttpResponse, scope: Scope, kind: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="community-{scope.today:%Y%m%d}.{kind}"'
    return response


urlpatterns = [
    path("community/", page, name="staff_community"),
    path("community/numbers.csv", as_csv, name="staff_community_csv"),
    path("community/numbers.json", as_json, name="staff_community_json"),
]
