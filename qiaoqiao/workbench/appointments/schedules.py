"""An office's weeks: which there are, a new one, changing one, putting its times up."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import posts_of
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.catalogue.entry import words
from qiaoqiao.community.appointments.actions.publishing import change_schedule, make_schedule, publish
from qiaoqiao.community.appointments.models import Schedule
from qiaoqiao.community.appointments.queries import kept_schedules
from qiaoqiao.community.appointments.wording import KINDS
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.appointments.daysheet import tabs
from qiaoqiao.workbench.appointments.forms import ScheduleForm
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token
from qiaoqiao.workbench.frame import show

WEEKS = (1, 2, 4, 8, 12)


@needs(Permission.ORGANISE)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The schedules of my offices, each with how far its times are up."""
    at, language = timezone.now(), language_of(request)
    coming = Q(slots__starts_at__gt=at)
    found = kept_schedules(actor_of(request), on=timezone.localdate(at)).annotate(
        last=Max("slots__starts_at"), coming=Count("slots", filter=coming)
    )
    rows = [
        {
            "schedule": one,
            "title": words(one.titles, language),
            "kind": KINDS[one.kind],
            "office": words(one.office.names, language),
            "last": one.last,
            "coming": one.coming,
        }
        for one in found
    ]
    return show(
        request, "workbench/appointments/schedules.html", rows=rows, weeks=WEEKS, tabs=tabs("schedules")
    )


def own_offices(request: HttpRequest) -> Sequence[Office]:
    """The offices in which the officer holds a post: a schedule begins there, not in those below."""
    posts = posts_of(actor_of(request).account_id or 0, on=timezone.localdate())
    return list({post.office_id: post.office for post in posts if post.role != "keeper"}.values())


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a schedule."""
    offices = own_offices(request)
    data = request.POST if request.method == "POST" else None
    form = ScheduleForm(data, offices=offices, language=language_of(request))
    if form.is_valid():
        chosen = {office.pk: office for office in offices}[form.cleaned_data["office"]]

        def perform() -> Answer:
            made = make_schedule(form.plan(), office=chosen, actor=actor_of(request), at=timezone.now())
            return {"schedule": str(made.pk)}

        try:
            once(asked_once(request, "schedule"), perform, at=timezone.now())
        except KeyReused:
            messages.error(request, _("这一页已经建立过一个时间表。"))
        else:
            messages.success(request, _("已建立。现在可以放出时间。"))
        return redirect("staff_schedules")
    return _page(request, form, token=new_token())


def _page(request: HttpRequest, form: ScheduleForm, **more: Any) -> HttpResponse:
    return show(
        request,
        "workbench/appointments/schedule.html",
        status=422 if form.is_bound else 200,
        form=form,
        tabs=tabs("schedules"),
        **more,
    )


def own_schedule(request: HttpRequest, schedule_id: UUID) -> Schedule:
    """A schedule of one's offices; a stranger gets 404."""
    try:
        return kept_schedules(actor_of(request), on=timezone.localdate()).get(pk=schedule_id)
    except Schedule.DoesNotExist:
        raise Http404 from None


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """Change a schedule; times that are up stay as they are."""
    schedule, language = own_schedule(request, schedule_id), language_of(request)
    data = request.POST if request.method == "POST" else None
    form = ScheduleForm(data, offices=[], language=language, schedule=schedule)
    if form.is_valid():
        change_schedule(schedule.pk, form.plan(), actor=actor_of(request), at=timezone.now())
        messages.success(request, _("已保存。已经放出的时间不变，以后放出的按新的。"))
        return redirect("staff_schedules")
    return _page(request, form, schedule=schedule, title=words(schedule.titles, language))


@needs(Permission.ORGANISE)
@require_POST
def put_up(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """Put the times of the coming weeks up; those that are up already stay."""
    schedule, at = own_schedule(request, schedule_id), timezone.now()
    today: date = timezone.localdate(at)
    weeks = (
        int(request.POST["weeks"]) if request.POST.get("weeks") in {str(one) for one in WEEKS} else WEEKS[0]
    )
    fresh = publish(schedule.pk, today, today + timedelta(days=7 * weeks), actor=actor_of(request), at=at)
    if fresh:
        said = ngettext("新放出 %(n)s 个时间。", "新放出 %(n)s 个时间。", fresh)
        messages.success(request, said % {"n": fresh})
    else:
        messages.info(request, _("没有新的时间可放：都已经放出，或那些天不接待。"))
    return redirect("staff_schedules")
