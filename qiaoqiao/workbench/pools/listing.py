"""The members of the pools: filtered, page by page; and who fits a matter."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office, Place
from qiaoqiao.access.queries import posts_of
from qiaoqiao.access.rules import Permission
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.community.pools import wording
from qiaoqiao.community.pools.models import PoolMember
from qiaoqiao.community.pools.queries import Filters, listed, who_fits
from qiaoqiao.community.pools.rules import PoolKind
from qiaoqiao.parties.wording import LANGUAGES
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.filtering import Choices, choice, offer, row_of
from qiaoqiao.workbench.frame import show

MOST = 500
STATIONS = (
    "adviser_committee",
    "studio",
    "procuratorate_station",
    "liaison_station",
    "service_centre",
    "federation",
)
"""Kinds of organisation that have pools and rotas of their own."""


def regions(own: Sequence[Office], language: str) -> Choices:
    """The counties and towns in whose city or county the offices lie."""
    roots = {office.place_id for office in own}
    rows = Place.objects.filter(level__in=["city", "county", "township"]).order_by("code")
    found = [one for one in rows if any(one.code.startswith(root) for root in roots)][:MOST]
    return [(one.code, name_of(one.names, language)) for one in found]


def stations(own: Sequence[Office], language: str) -> Choices:
    """Committees and stations that the offices, or those below, keep and that are open."""
    kept = Organisation.objects.filter(kind__in=STATIONS, closed_on__isnull=True)
    below = [office.path for office in own]
    rows = kept.select_related("keeper").order_by("kind", "code")[: MOST * 2]
    found = [one for one in rows if any(one.keeper.path.startswith(path) for path in below)][:MOST]
    return [(str(one.pk), name_of(one.names, language)) for one in found]


class MembersForm(forms.Form):
    """Which members to show. What is not offered is passed over, as an address may be old."""

    kind = choice(gettext_lazy("人员库"))
    state = choice(gettext_lazy("状态"))
    language = choice(gettext_lazy("会说的语言"))
    specialty = choice(gettext_lazy("专长"))
    region = choice(gettext_lazy("服务地区"))
    organisation = choice(gettext_lazy("委员会、站点"))
    free = forms.BooleanField(label=gettext_lazy("只看在任、手上没有事的"), required=False)
    recommended = forms.BooleanField(label=gettext_lazy("只看侨联推荐的"), required=False)

    def __init__(self, data: Mapping[str, Any], *, language: str, own: Sequence[Office]) -> None:
        super().__init__(data)
        every = ("", _("全部"))
        offered: dict[str, Choices] = {
            "kind": [*wording.KINDS.items()],
            "state": [*wording.STATES.items()],
            "language": [*LANGUAGES.items()],
            "specialty": [*wording.SPECIALTIES.items()],
            "region": regions(own, language),
            "organisation": stations(own, language),
        }
        offer(self, {name: [every, *choices] for name, choices in offered.items()})
        self.is_valid()

    @property
    def filters(self) -> Filters:
        known = self.cleaned_data
        texts = ("kind", "state", "language", "specialty", "region", "organisation")
        return Filters(
            **{name: str(known.get(name) or "") for name in texts},
            free=bool(known.get("free")),
            recommended=bool(known.get("recommended")),
        )

    @property
    def chosen(self) -> dict[str, str]:
        return {
            name: str(self.data[name])
            for name in self.fields
            if self.cleaned_data.get(name) and self.data.get(name)
        }


def own_offices(request: HttpRequest) -> list[Office]:
    """The offices in which the asker holds a post."""
    posts = posts_of(actor_of(request).account_id or 0, on=timezone.localdate())
    return list({post.office_id: post.office for post in posts}.values())


def in_words(member: PoolMember, language: str) -> dict[str, Any]:
    """A member in the reader's words."""
    return {
        "member": member,
        "kind": wording.said(wording.KINDS, member.kind),
        "state": wording.said(wording.STATES, member.state),
        "shape": wording.SHAPES[member.state],
        "languages": spoken(member.languages),
        "specialties": [wording.said(wording.SPECIALTIES, one) for one in member.specialties],
        "organisation": name_of(member.organisation.names, language) if member.organisation else "",
        "place": name_of(member.place.names, language) if member.place else "",
        "keeper": name_of(member.keeper.names, language),
    }


def line_of(member: Any, language: str) -> dict[str, Any]:
    """A line of the list: in words, with the annotations of `listed`."""
    return {**in_words(member, language), "at_hand": member.at_hand, "term_ends": member.term_ends}


def spoken(tokens: Sequence[str]) -> list[str]:
    return [wording.said(LANGUAGES, one) for one in tokens]


@needs(Permission.ORGANISE)
@require_GET
def members(request: HttpRequest) -> HttpResponse:
    """The list, its filters in the address."""
    actor, language, today = actor_of(request), language_of(request), timezone.localdate()
    form = MembersForm(request.GET, language=language, own=own_offices(request))
    page = listed(
        form.filters, actor, on=today, before=row_of(request, "before"), after=row_of(request, "after")
    )
    kind = form.filters.kind
    return show(
        request,
        "workbench/pools/list.html",
        form=form,
        kind=wording.said(wording.KINDS, kind),
        kind_id=kind,
        lines=[line_of(one, language) for one in page.rows],
        previous=f"?{urlencode({**form.chosen, 'before': page.before})}" if page.before else None,
        next=f"?{urlencode({**form.chosen, 'after': page.after})}" if page.after else None,
    )


class FittingForm(forms.Form):
    """What is wanted of somebody for a matter."""

    kind = choice(gettext_lazy("人员库"))
    language = choice(gettext_lazy("会说的语言"))
    specialty = choice(gettext_lazy("专长"))
    against = forms.CharField(
        label=gettext_lazy("当事各方单位的名称"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("一行一个。在其中任职的人会排除，并说明原因。"),
        widget=forms.Textarea,
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        offered = {"kind": wording.KINDS, "language": LANGUAGES, "specialty": wording.SPECIALTIES}
        for name, words in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                first = [] if name == "kind" else [("", _("不限"))]
                field.choices = [*first, *words.items()]
        self.is_valid()

    def said(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")


@needs(Permission.ORGANISE)
@require_GET
def fitting(request: HttpRequest) -> HttpResponse:
    """Who fits a matter, by fewest matters at hand; who does not, and why."""
    language = language_of(request)
    form = FittingForm(request.GET if request.GET.get("kind") else {"kind": "adviser"} | request.GET.dict())
    found = who_fits(
        PoolKind(form.said("kind") or PoolKind.ADVISER),
        actor_of(request),
        on=timezone.localdate(),
        language=form.said("language"),
        specialty=form.said("specialty"),
        conflict_orgs=[line.strip() for line in form.said("against").splitlines() if line.strip()],
    )
    lines = [
        {
            **in_words(one.member, language),
            "at_hand": one.at_hand,
            "why_not": [wording.said(wording.WHY_NOT, why) for why in one.why_not],
        }
        for one in found[:MOST]
    ]
    return show(
        request,
        "workbench/pools/fitting.html",
        form=form,
        fit=[one for one in lines if not one["why_not"]],
        others=[one for one in lines if one["why_not"]],
    )
