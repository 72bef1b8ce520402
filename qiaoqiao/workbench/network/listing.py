"""The organisations an office sees: filtered, page by page, and as a workbook."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Place
from qiaoqiao.access.rules import Permission
from qiaoqiao.community.network import queries, sheet
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.community.network.queries import Filters
from qiaoqiao.community.network.wording import KINDS
from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.filtering import Choices, choice, countries, offer
from qiaoqiao.workbench.frame import show

LONGEST = 60
MOST_PLACES = 3000


class ListForm(forms.Form):
    """Which organisations to show. What is not offered is passed over, as an address may be old."""

    q = forms.CharField(label=gettext_lazy("名称、代码、地址或电话"), required=False, max_length=LONGEST)
    kind = choice(gettext_lazy("种类"))
    place = choice(gettext_lazy("地方"))
    country = choice(gettext_lazy("国家或地区"))
    state = choice(gettext_lazy("状态"))
    kept = forms.BooleanField(label=gettext_lazy("只看我的单位保管的"), required=False)

    def __init__(self, data: Mapping[str, Any], *, language: str, places: Iterable[Place]) -> None:
        super().__init__(data)
        every = ("", _("全部"))
        offered: dict[str, Choices] = {
            "kind": [every, *KINDS.items()],
            "place": [every, *grouped(places, language)],
            "country": countries(language),
            "state": [("", _("在用")), ("closed", _("已撤销"))],
        }
        offer(self, offered)
        self.is_valid()

    @property
    def filters(self) -> Filters:
        known = self.cleaned_data
        return Filters(
            kind=str(known.get("kind") or ""),
            place=str(known.get("place") or ""),
            only=bool(known.get("place")) and self.data.get("only") == "on",
            country=str(known.get("country") or ""),
            closed=known.get("state") == "closed",
            text=str(known.get("q") or "").replace("\x00", ""),
            kept=bool(known.get("kept")),
        )

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, as an address carries it."""
        kept = {name: str(self.data.get(name)) for name in self.fields if self.cleaned_data.get(name)}
        return kept | ({"only": "on"} if self.filters.only else {})

    @property
    def filtered(self) -> bool:
        return bool(self.chosen.keys() - {"q"})


def places_below(roots: Sequence[str]) -> list[Place]:
    """All places of an office's reach, each before those in it."""
    rows = Place.objects.order_by("code")
    return [one for one in rows if any(one.code.startswith(root) for root in roots)][:MOST_PLACES]


def grouped(places: Iterable[Place], language: str) -> Choices:
    """Places to choose from: cities by themselves, all others under their county, villages after their town."""
    known = {one.code: one for one in places}
    groups: dict[str, list[tuple[str, object]]] = {}
    alone: Choices = []
    for code, one in known.items():
        name = name_of(one.names, language)
        if one.level == "city":
            alone.append((code, name))
            continue
        above = [code[:length] for length in (6, 9) if len(code) > length and code[:length] in known]
        county = known.get(code[:6]) or one
        said = name if len(above) < 2 else f"{name_of(known[above[-1]].names, language)} {name}"
        groups.setdefault(name_of(county.names, language), []).append((code, said))
    return [*alone, *groups.items()]


@needs(Permission.ORGANISE)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The list."""
    actor, language, today = actor_of(request), language_of(request), timezone.localdate()
    offices = queries.offices_of(actor, on=today)
    places = places_below(queries.roots_of(offices))
    form = ListForm(request.GET, language=language, places=places)
    before, after = request.GET.get("before", "")[:40], request.GET.get("after", "")[:40]
    page = queries.listed(form.filters, offices, before=before or None, after=after or None)
    known = {one.code: one for one in places}
    return show(
        request,
        "workbench/network/list.html",
        form=form,
        lines=[line_of(row, known, language) for row in page.rows],
        query=f"?{urlencode(form.chosen)}" if form.chosen else "",
        previous=f"?{urlencode({**form.chosen, 'before': page.before})}" if page.before else None,
        next=f"?{urlencode({**form.chosen, 'after': page.after})}" if page.after else None,
    )


def line_of(row: Organisation, places: Mapping[str, Place], language: str) -> dict[str, object]:
    return {
        "row": row,
        "name": name_of(row.names, language),
        "kind": KINDS.get(row.kind, row.kind),
        "where": where(row, places, language),
        "keeper": name_of(row.keeper.names, language),
    }


def where(row: Organisation, places: Mapping[str, Place], language: str) -> str:
    """The place with its county before it, or the country abroad."""
    if row.place is None:
        return country_name(row.country, language)
    codes = [row.place.code[:length] for length in (4, 6, 9, 12) if length <= len(row.place.code)]
    line = [name_of(places[code].names, language) for code in codes if code in places]
    line = line or [name_of(row.place.names, language)]
    shown = line[-2:]
    return "".join(shown) if language.startswith("zh") else ", ".join(reversed(shown))


@needs(Permission.ORGANISE)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """What my offices keep, filtered as the list is, as a workbook that can be imported again."""
    actor, language, today = actor_of(request), language_of(request), timezone.localdate()
    places = places_below(queries.roots_of(queries.offices_of(actor, on=today)))
    form = ListForm(request.GET, language=language, places=places)
    rows = queries.exported(form.filters, actor, on=today)
    return attached(sheet.workbook(rows), f"network-{today:%Y%m%d}.xlsx")


@needs(Permission.ORGANISE)
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """An empty workbook to fill in."""
    return attached(sheet.template(), "network-template.xlsx")


def attached(content: bytes, name: str, mime: str = sheet.MIME) -> HttpResponse:
    answer = HttpResponse(content, content_type=mime)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
