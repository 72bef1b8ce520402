"""The rota: a month as a table, shifts put in and taken off."""

from calendar import monthrange
from datetime import date, timedelta
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
from qiaoqiao.clock.calendar import official
from qiaoqiao.community.network.models import Organisation
from qiaoqiao.community.pools import queries, wording
from qiaoqiao.community.pools.actions.keeping import OnDutyAlready, add_shift, remove_shift
from qiaoqiao.community.pools.models import DutyShift, PoolMember
from qiaoqiao.community.pools.rules import PARTS_OF_DAY, MoveRefused
from qiaoqiao.ui.asked import asked_month
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.moments import month_words
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.peopleforms import pick
from qiaoqiao.workbench.pools.listing import own_offices, stations

MOST_MEMBERS = 500


class ShiftForm(forms.Form):
    """Who is on duty, when and where."""

    def __init__(self, data: Any, *, members: dict[str, str], places: dict[str, Any], month: date) -> None:
        super().__init__(data)
        self.month = month
        days = {
            f"{month:%Y-%m}-{day:02d}": str(day)
            for day in range(1, monthrange(month.year, month.month)[1] + 1)
        }
        self.fields["member"] = pick(_("谁"), members)
        self.fields["on"] = pick(_("几号"), days)
        self.fields["part"] = pick(_("什么时段"), wording.PARTS)
        self.fields["at"] = pick(_("在哪里"), places)


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def rota(request: HttpRequest) -> HttpResponse:
    """The month; sent, a shift is added."""
    actor, language, today = actor_of(request), language_of(request), timezone.localdate()
    first = asked_month(request.GET.get("month", "")) or today.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    places = {str(key): words for key, words in stations(own_offices(request), language)}
    where = request.GET.get("at", "")
    chosen = UUID(where) if where in places else None
    active = queries.visible_members(actor, on=today).filter(state="active").order_by("name")
    members = {str(pk): name for pk, name in active.values_list("pk", "name")[:MOST_MEMBERS]}
    data = request.POST if request.method == "POST" else None
    form = ShiftForm(data, members=members, places=places, month=first)
    form.fields["at"].initial = where
    if form.is_valid() and added(request, form):
        messages.success(request, _("已排上。"))
        return redirect(request.get_full_path())
    shifts = list(queries.rota(actor, first=first, last=last, on=today, organisation=chosen))
    return show(
        request,
        "workbench/pools/rota.html",
        form=form,
        first=first,
        month=month_words(first),
        days=days_of(first, last, shifts, language),
        parts=[wording.said(wording.PARTS, part) for part in PARTS_OF_DAY],
        places=[(key, words, key == where) for key, words in places.items()],
        where=where,
        previous=turned(first - timedelta(days=1), where),
        next=turned(last + timedelta(days=1), where),
        back=request.get_full_path(),
        status=422 if form.is_bound else 200,
    )


def turned(day: date, where: str) -> str:
    return f"?{urlencode({'month': f'{day:%Y-%m}', 'at': where})}"


def days_of(first: date, last: date, shifts: list[DutyShift], language: str) -> list[dict[str, Any]]:
    """A row for each day, with a cell for each part of it."""
    cells: dict[tuple[date, str], list[dict[str, Any]]] = {}
    for one in shifts:
        told = {"shift": one, "name": one.member.name, "at": name_of(one.organisation.names, language)}
        cells.setdefault((one.on, one.part), []).append(told)
    calendar = official()
    return [
        {
            "on": on,
            "rest": not calendar.day(on).working,
            "cells": [
                (wording.said(wording.PARTS, part), cells.get((on, part), [])) for part in PARTS_OF_DAY
            ],
        }
        for on in (first + timedelta(days=step) for step in range((last - first).days + 1))
    ]


def added(request: HttpRequest, form: ShiftForm) -> bool:
    """Put somebody on duty; False when that is not possible, and the form says why."""
    given = form.cleaned_data
    where = Organisation.objects.get(pk=given["at"])
    on = date.fromisoformat(given["on"])
    try:
        add_shift(
            UUID(given["member"]),
            on=on,
            part=given["part"],
            organisation=where,
            actor=actor_of(request),
            at=timezone.now(),
        )
    except OnDutyAlready:
        form.add_error("member", _("这个人这个时段已经排了班。"))
    except MoveRefused as refused:
        form.add_error("member", wording.stands_wrong(refused.current))
    except PoolMember.DoesNotExist:
        form.add_error("member", _("找不到这个人。"))
    return not form.errors


@needs(Permission.ORGANISE)
@require_POST
def remove(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """Take a shift off."""
    try:
        remove_shift(shift_id, actor=actor_of(request), at=timezone.now())
    except DutyShift.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("已撤下。"))
    month, at = request.POST.get("month", "")[:7], request.POST.get("at", "")[:40]
    return redirect(f"/staff/pools/rota/?{urlencode({'month': month, 'at': at})}")
