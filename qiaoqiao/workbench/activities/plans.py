"""The plan of a year: its lines, approved, planned against done by quarter."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.community.activities import wording
from qiaoqiao.community.activities.actions import planning
from qiaoqiao.community.activities.models import Plan
from qiaoqiao.community.activities.queries import Row, against_plan, numbers_of, visible_plans
from qiaoqiao.community.activities.rules import SETTINGS, ActivityKind, Every, Planned, Quarter
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.pictures import PATTERNS, bar
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.activities.listing import QUARTERS, organisations
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.peopleforms import line, pick

MOST = 300


class PlanForm(forms.Form):
    """Whose plan, for which year."""

    def __init__(self, data: Any, *, organisations: Sequence[tuple[str, str]], this_year: int) -> None:
        super().__init__(data)
        years = {str(one): str(one) for one in (this_year, this_year + 1)}
        self.fields["organisation"] = pick(_("组织"), dict(organisations))
        self.fields["year"] = pick(_("年份"), years)
        if len(organisations) == 1:
            self.fields["organisation"].initial = organisations[0][0]


class ItemForm(forms.Form):
    """A line of a plan."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["kind"] = pick(_("类型"), wording.KINDS)
        self.fields["name"] = line(_("活动名称"), most=100)
        self.fields["every"] = pick(_("多久一次"), wording.EVERY)
        months = {str(month): str(month) for month in range(1, 13)}
        self.fields["month"] = pick(_("每年一次的，在几月"), months, required=False)
        self.fields["day"] = forms.IntegerField(
            label=_("几号前后"),
            min_value=1,
            max_value=28,
            initial=15,
            help_text=_("遇到休息日顺延到下一个工作日。"),
        )
        self.fields["place"] = line(_("地点（选填）"), most=200, required=False)

    def planned(self) -> Planned:
        given = self.cleaned_data
        return Planned(
            ActivityKind(given["kind"]), Every(given["every"]), int(given["month"] or 6), given["day"]
        )


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    """The plans of my organisations; sent, another is begun."""
    actor, language, at = actor_of(request), language_of(request), timezone.now()
    today = timezone.localdate(at)
    data = request.POST if request.method == "POST" else None
    form = PlanForm(data, organisations=organisations(request), this_year=today.year)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = planning.draft_plan(UUID(given["organisation"]), int(given["year"]), actor=actor, at=at)
            return redirect("staff_plan", made.pk)
        except planning.PlanThere:
            form.add_error("year", _("这个组织这一年已经有计划。"))
    rows = (
        visible_plans(actor, on=today).select_related("organisation").order_by("-year", "organisation__code")
    )
    return show(
        request,
        "workbench/activities/plans.html",
        form=form,
        rows=[
            {
                "plan": one,
                "organisation": name_of(one.organisation.names, language),
                "state": wording.said(wording.PLAN_STATES, one.state),
            }
            for one in rows[:MOST]
        ],
        status=422 if form.is_bound else 200,
    )


def plan_of(request: HttpRequest, plan_id: UUID) -> Plan:
    """A plan this officer may see; a stranger gets 404."""
    seen = visible_plans(actor_of(request), on=timezone.localdate())
    try:
        return seen.select_related("organisation", "keeper").get(pk=plan_id)
    except Plan.DoesNotExist:
        raise Http404 from None


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The plan; sent, a line is added."""
    found = plan_of(request, plan_id)
    form = ItemForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {"name": form.cleaned_data["name"], "place": form.cleaned_data["place"]}
        try:
            planning.add_item(found.pk, form.planned(), **given, actor=actor_of(request), at=timezone.now())
            messages.success(request, _("已添加。"))
            return redirect("staff_plan", found.pk)
        except planning.PlanClosed:
            form.add_error(None, _("计划已经批准，不能再改。"))
    return plan_shown(request, found, form)


def plan_shown(
    request: HttpRequest, found: Plan, form: ItemForm, *, few: Sequence[str] = (), status: int = 0
) -> HttpResponse:
    language = language_of(request)
    rows = against_plan(found, today=timezone.localdate())
    most = max([max(row.planned, row.done) for row in rows], default=0)
    least = numbers_of(found.keeper)
    return show(
        request,
        "workbench/activities/plan.html",
        plan=found,
        organisation=name_of(found.organisation.names, language),
        state=wording.said(wording.PLAN_STATES, found.state),
        items=[
            {
                "item": one,
                "kind": wording.said(wording.KINDS, one.kind),
                "every": wording.said(wording.EVERY, one.every),
                "name": name_of(one.names, language),
            }
            for one in found.items.order_by("kind", "every", "id")
        ],
        rows=[told(row, found, most, least.get(SETTINGS[row.kind], 0)) for row in rows],
        quarters=list(QUARTERS.values()),
        missing=sum(row.missing for row in rows),
        patterns=PATTERNS,
        form=form,
        few=few,
        errors=[("#approve", one) for one in few],
        status=status or (422 if form.is_bound else 200),
    )


def told(row: Row, plan: Plan, most: int, least: int) -> dict[str, Any]:
    """A kind in words, its bars, and the list that each number opens."""

    def query(quarter: int) -> str:
        chosen = {"organisation": plan.organisation_id, "kind": row.kind, "state": "held", "year": plan.year}
        return urlencode(chosen | ({"quarter": quarter} if quarter else {}))

    def cell(number: int, one: Quarter) -> dict[str, Any]:
        return {"number": number, "quarter": one, "query": query(number)}

    return {
        "kind": wording.said(wording.KINDS, row.kind),
        "row": row,
        "least": least,
        "query": query(0),
        "cells": [cell(number, one) for number, one in enumerate(row.quarters, 1)],
        "planned_bar": bar(row.planned, most, "striped"),
        "done_bar": bar(row.done, most),
    }


@needs(Permission.ORGANISE)
@require_POST
def approve(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Approve the plan and lay its activities out, or say what it lacks."""
    found = plan_of(request, plan_id)
    try:
        planning.approve_plan(found.pk, actor=actor_of(request), at=timezone.now())
    except planning.TooFew as few:
        said = [
            _("%(kind)s只排了 %(had)d 次，本单位定的是一年至少 %(least)d 次。")
            % {"kind": wording.said(wording.KINDS, kind), "had": had, "least": least}
            for kind, (had, least) in few.kinds.items()
        ]
        return plan_shown(request, found, ItemForm(), few=said, status=422)
    except planning.HeadsOnly:
        said = [_("计划要由负责人批准。请交给负责人。")]
        return plan_shown(request, found, ItemForm(), few=said, status=422)
    except planning.PlanClosed:
        messages.warning(request, _("计划已经批准，不能再改。"))
        return redirect("staff_plan", found.pk)
    messages.success(request, _("计划已批准，今天以后的活动已经排好。"))
    return redirect("staff_plan", found.pk)


@needs(Permission.ORGANISE)
@require_POST
def remove(request: HttpRequest, plan_id: UUID, item_id: UUID) -> HttpResponse:
    """Take a line out."""
    found = plan_of(request, plan_id)
    try:
        planning.remove_item(found.pk, item_id, actor=actor_of(request), at=timezone.now())
        messages.success(request, _("已删除。"))
    except planning.PlanClosed:
        messages.warning(request, _("计划已经批准，不能再改。"))
    return redirect("staff_plan", found.pk)
