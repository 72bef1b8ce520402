"""Putting somebody forward for a pool, and keeping their particulars up to date."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office, Place
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.community.pools import wording
from qiaoqiao.community.pools.actions.keeping import change as change_member
from qiaoqiao.community.pools.actions.nominating import Proposed, nominate
from qiaoqiao.community.pools.rules import POOLS, PoolKind, PoolRefused
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.pools.forms import NominationForm, ParticularsForm
from qiaoqiao.workbench.pools.listing import own_offices, regions, stations
from qiaoqiao.workbench.pools.member import member_of

FIRST_HALF = (
    "name",
    "latin_name",
    "sex",
    "born",
    "nationality",
    "education",
    "ground",
    "ground_years",
    "posts",
)
"""What the law judges by; the other half of the form says how they serve."""


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def nominating(request: HttpRequest) -> HttpResponse:
    """Choose the pool, then the form; conditions that are not met stand beside their fields."""
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    kind = next((one for one in PoolKind if one == asked), None)
    if kind is None:
        kinds = [(str(one), wording.said(wording.KINDS, one), basis(one)) for one in PoolKind]
        return show(request, "workbench/pools/choose.html", kinds=kinds)
    own, language = own_offices(request), language_of(request)
    form = NominationForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        keepers=[(str(one.pk), name_of(one.names, language)) for one in own],
        language=language,
        today=timezone.localdate(),
        places=regions(own, language),
        stations=stations(own, language),
    )
    if form.is_valid():
        answer = nominated(request, form, own)
        if answer:
            messages.success(request, _("已提名。下一步是审查；推荐函可以在这一页下载。"))
            return redirect("staff_pool_member", answer["member"])
    return show(
        request,
        "workbench/pools/nominate.html",
        form=form,
        kind=wording.said(wording.KINDS, kind),
        kind_id=str(kind),
        basis=basis(kind),
        first=FIRST_HALF,
        token=new_token(),
        status=422 if form.is_bound else 200,
    )


def basis(kind: PoolKind) -> str:
    """What the law asks of a pool, in a line."""
    pool = POOLS[kind]
    parts = [
        _("中国公民") if pool.citizens_only else "",
        _("满 %(age)d 周岁") % {"age": pool.age} if pool.age else "",
        _("%(level)s以上学历") % {"level": wording.said(wording.EDUCATION, pool.education)}
        if pool.education
        else "",
        _("五项条件符合一项") if pool.grounds else "",
        _("任期 %(years)d 年") % {"years": pool.years} if pool.years else _("法律没有规定任期"),
        _("最多连任 %(most)d 届") % {"most": pool.most_terms} if pool.most_terms else "",
    ]
    comma = _("；")
    return comma.join(part for part in parts if part) + wording.cited(pool.law)


def nominated(request: HttpRequest, form: NominationForm, own: list[Office]) -> Answer | None:
    """Nominate once; None when it was refused, and the form says why."""
    given, at = form.cleaned_data, timezone.now()
    keeper = next(one for one in own if str(one.pk) == form.said("keeper"))
    more: dict[str, Any] = {
        name: given[name] or ("" if name != "ground_years" else 0)
        for name in (
            "nationality",
            "sex",
            "born",
            "education",
            "ground",
            "ground_years",
            "posts",
            "by",
            "reason",
        )
        if name in given
    }
    place = Place.objects.filter(pk=form.said("place")).first() if form.said("place") else None
    proposed = Proposed(kind=form.kind, place=place, **form.particulars(), **more)

    def perform() -> Answer:
        return {"member": str(nominate(proposed, keeper=keeper, actor=actor_of(request), at=at).pk)}

    try:
        return once(asked_once(request, "pool:nominate"), perform, at=at)
    except PoolRefused as refused:
        for one in refused.unmet:
            form.add_error(one.field if one.field in form.fields else None, wording.refusal(one))
    except KeyReused:
        form.add_error(None, _("这一页已经提名过一个人。如果这是另一个人，请核对后再按一次。"))
    return None


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Correct how somebody is reached, where and in what they serve."""
    member = member_of(request, member_id)
    own, language = own_offices(request), language_of(request)
    known = {
        **{name: getattr(member, name) for name in ("name", "latin_name", "phone", "email", "country")},
        **{name: getattr(member, name) for name in ("languages", "specialties")},
        "place": member.place_id or "",
        "organisation": str(member.organisation_id or ""),
    }
    form = ParticularsForm(
        request.POST if request.method == "POST" else None,
        language=language,
        today=timezone.localdate(),
        places=regions(own, language),
        stations=stations(own, language),
        initial=known,
    )
    if form.is_valid():
        place = Place.objects.filter(pk=form.said("place")).first() if form.said("place") else None
        changes = {**form.particulars(), "place": place}
        change_member(member.pk, changes, actor=actor_of(request), at=timezone.now())
        messages.success(request, _("已保存。"))
        return redirect("staff_pool_member", member.pk)
    return show(
        request, "workbench/pools/change.html", form=form, member=member, status=422 if form.is_bound else 200
    )
