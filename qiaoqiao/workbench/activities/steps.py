"""An activity put on, and each step of it: one form, one action."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.community.activities import wording
from qiaoqiao.community.activities.actions import holding
from qiaoqiao.community.activities.models import Activity, Minutes
from qiaoqiao.community.activities.rules import MoveRefused
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.activities.forms import HeldForm, MinutesForm, ProgrammeForm, ReasonForm
from qiaoqiao.workbench.activities.listing import in_words, organisations
from qiaoqiao.workbench.activities.page import STEPS, activity_of
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token
from qiaoqiao.workbench.frame import show

TITLES = {
    "change": gettext_lazy("修改活动"),
    "postpone": gettext_lazy("推迟活动"),
    "cancel": gettext_lazy("取消活动"),
    "held": gettext_lazy("活动办完了"),
    "minutes": gettext_lazy("写纪要"),
}


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put an activity on, planned or not."""
    data = request.POST if request.method == "POST" else None
    form = ProgrammeForm(data, organisations=organisations(request))
    if form.is_valid():
        at = timezone.now()
        where = UUID(form.cleaned_data["organisation"])

        def perform() -> Answer:
            return {
                "activity": str(holding.schedule(where, form.programme(), actor=actor_of(request), at=at).pk)
            }

        try:
            answer = once(asked_once(request, "activity"), perform, at=at)
            messages.success(request, _("已安排。"))
            return redirect("staff_activity", answer["activity"])
        except KeyReused:
            form.add_error(None, _("这一页已经提交过。请核对后再按一次。"))
    return show(
        request,
        "workbench/activities/form.html",
        form=form,
        heading=_("安排活动"),
        token=new_token(),
        status=422 if form.is_bound else 200,
    )


def form_of(step_id: str, activity: Activity, data: Any) -> Any:
    """The form of a step."""
    match step_id:
        case "change":
            return ProgrammeForm(data, organisations=None, activity=activity)
        case "postpone" | "cancel":
            return ReasonForm(data)
        case "held":
            return HeldForm(data)
        case "minutes":
            before = Minutes.objects.filter(activity=activity).values("text", "outcome", "opinions").first()
            return MinutesForm(data, initial=before)
    raise Http404


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, activity_id: UUID, step_id: str) -> HttpResponse:
    """The step's form; sent, it is done."""
    activity = activity_of(request, activity_id)
    form = form_of(step_id, activity, request.POST if request.method == "POST" else None)
    if form.is_valid() and done(request, step_id, form, activity, timezone.now()):
        messages.success(request, _("已保存。"))
        return redirect("staff_activity", activity.pk)
    if not form.is_bound and step_id not in (*STEPS[activity.state], "minutes"):
        messages.warning(request, _("现在不能办这一步，请看最新情况。"))
        return redirect("staff_activity", activity.pk)
    return show(
        request,
        "workbench/activities/form.html",
        **in_words(activity, language_of(request)),
        form=form,
        heading=TITLES[step_id],
        warn=step_id == "cancel",
        status=422 if form.is_bound else 200,
    )


def done(request: HttpRequest, step_id: str, form: forms.Form, activity: Activity, at: datetime) -> bool:
    """Do the step; False when it was refused, and the form says why."""
    by: dict[str, Any] = {"actor": actor_of(request), "at": at}
    given = form.cleaned_data
    try:
        match step_id:
            case "change" if isinstance(form, ProgrammeForm):
                holding.change(activity.pk, form.programme(), **by)
            case "postpone":
                holding.postpone(activity.pk, reason=given["reason"], **by)
            case "cancel":
                holding.cancel(activity.pk, reason=given["reason"], **by)
            case "held":
                holding.mark_held(activity.pk, walk_ins=given["walk_ins"], **by)
            case "minutes":
                holding.write_minutes(activity.pk, **given, **by)
    except MoveRefused as refused:
        state = wording.said(wording.STATES, refused.current)
        form.add_error(None, _("活动现在是“%(state)s”，不能办这一步。") % {"state": state})
    except holding.TooSmall:
        form.add_error("capacity", _("已经有更多的人报了名，名额不能这么少。"))
    return not form.errors
