"""One day of the office, hour by hour, and one week at a glance; closing an hour, or a whole day."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.queries import offices_read_by
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import words
from qiaoqiao.community.appointments.actions.closing import cancel_slots
from qiaoqiao.community.appointments.actions.publishing import set_open
from qiaoqiao.community.appointments.models import Booking, Schedule, Slot
from qiaoqiao.community.appointments.queries import bookings_on, slots_between
from qiaoqiao.community.appointments.rules import BEIJING, LONGEST_ABOUT
from qiaoqiao.community.appointments.wording import KINDS, STATE_TAGS, STATES
from qiaoqiao.ui.asked import asked_day
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, typed
from qiaoqiao.workbench.frame import show

Line = dict[str, Any]


def day_asked(request: HttpRequest) -> date:
    """The day of the address or form, else today in Beijing."""
    given = request.POST if request.method == "POST" else request.GET
    return asked_day(given.get("day", "")) or timezone.localdate()


def my_offices(request: HttpRequest) -> list[int]:
    return offices_read_by(actor_of(request).account_id or 0, on=timezone.localdate())


def told(booking: Booking, language: str) -> Line:
    """A booking as lists show it."""
    return {
        "booking": booking,
        "kind": KINDS[booking.slot.kind],
        "title": words(booking.slot.schedule.titles, language),
        "state": STATES[booking.state],
        "tag": STATE_TAGS[booking.state],
    }


@needs(Permission.ORGANISE)
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """Who comes when: every slot of the day with its bookings, each schedule apart; prints on one sheet."""
    on, language, at = day_asked(request), language_of(request), timezone.now()
    slots = list(slots_between(my_offices(request), on, on))
    by_slot: dict[UUID, list[Line]] = defaultdict(list)
    for booking in bookings_on(actor_of(request), on):
        by_slot[booking.slot_id].append(told(booking, language))
    groups: dict[UUID, Line] = {}
    for slot in slots:
        group = groups.setdefault(slot.schedule_id, _group(slot.schedule, language) | {"slots": []})
        group["slots"].append({"slot": slot, "bookings": by_slot[slot.pk], "coming": slot.starts_at > at})
    return show(
        request,
        "workbench/appointments/day.html",
        on=on,
        today=timezone.localdate(at),
        before=on - timedelta(days=1),
        after=on + timedelta(days=1),
        groups=list(groups.values()),
        tabs=tabs("day"),
    )


def _group(schedule: Schedule, language: str) -> Line:
    return {
        "schedule": schedule,
        "title": words(schedule.titles, language),
        "kind": KINDS[schedule.kind],
        "office": words(schedule.office.names, language),
    }


def tabs(current: str) -> list[Line]:
    """The pages of the area."""
    pages = {
        "day": (_("当天"), "staff_appointments"),
        "week": (_("一周"), "staff_appointments_week"),
        "list": (_("所有预约"), "staff_appointments_list"),
        "waiting": (_("候补名单"), "staff_appointments_waiting"),
        "schedules": (_("预约时间表"), "staff_schedules"),
        "calendar": (_("日历订阅"), "staff_appointments_feeds"),
    }
    return [
        {"text": text, "href": reverse(route), "current": name == current, "count": None}
        for name, (text, route) in pages.items()
    ]


@needs(Permission.ORGANISE)
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Seven days from Monday: for each schedule and day, how many of the places are taken."""
    on, language = day_asked(request), language_of(request)
    monday = on - timedelta(days=on.weekday())
    days = [monday + timedelta(days=ahead) for ahead in range(7)]
    counted: dict[UUID, dict[date, list[int]]] = {}
    named: dict[UUID, Schedule] = {}
    for slot in slots_between(my_offices(request), days[0], days[-1]):
        named[slot.schedule_id] = slot.schedule
        cell = counted.setdefault(slot.schedule_id, {}).setdefault(
            slot.starts_at.astimezone(BEIJING).date(), [0, 0]
        )
        cell[0] += slot.taken
        cell[1] += slot.capacity if slot.state == "open" else slot.taken
    rows = [
        _group(named[key], language) | {"cells": [(one, counted[key].get(one)) for one in days]}
        for key in named
    ]
    return show(
        request,
        "workbench/appointments/week.html",
        days=days,
        rows=rows,
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        tabs=tabs("week"),
    )


def own_slot(request: HttpRequest, slot_id: UUID) -> Slot:
    """A slot of one's own office; a stranger gets 404."""
    mine = Slot.objects.select_related("schedule", "office").filter(office__in=my_offices(request))
    try:
        return mine.get(pk=slot_id)
    except Slot.DoesNotExist:
        raise Http404 from None


def to_day(on: date) -> HttpResponse:
    return redirect(f"{reverse('staff_appointments')}?day={on.isoformat()}")


@needs(Permission.ORGANISE)
@require_POST
def open_slot(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    """Close one hour for new bookings, or open it again."""
    slot = own_slot(request, slot_id)
    wanted = request.POST.get("state") == "open"
    set_open(slot.pk, wanted, actor=actor_of(request), at=timezone.now())
    messages.success(request, _("已重新开放。") if wanted else _("已停止预约。约好的还照旧。"))
    return to_day(slot.starts_at.astimezone(BEIJING).date())


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def close_day(request: HttpRequest) -> HttpResponse:
    """Cancel a whole day of the office; everybody who booked is written to."""
    on, at = day_asked(request), timezone.now()
    slots = [slot for slot in slots_between(my_offices(request), on, on) if slot.starts_at > at]
    chosen = request.POST.getlist("schedule")
    reason, fault = typed(request, "reason", LONGEST_ABOUT).strip(), ""
    if request.method == "POST":
        wanted = [slot.pk for slot in slots if str(slot.schedule_id) in chosen]
        if not wanted:
            fault = _("请至少选一个时间表。")
        elif not reason:
            fault = _("请写明原因，留作记录。")
        else:
            gone = cancel_slots(wanted, reason=reason, actor=actor_of(request), at=at)
            told_words = ngettext(
                "已取消，%(n)s 个预约的人会收到通知。", "已取消，%(n)s 个预约的人会收到通知。", gone
            )
            messages.success(request, told_words % {"n": gone})
            return to_day(on)
    language = language_of(request)
    groups: dict[UUID, Line] = {}
    for slot in slots:
        group = groups.setdefault(slot.schedule_id, _group(slot.schedule, language) | {"booked": 0})
        group["booked"] += slot.taken
    status = 422 if fault else 200
    return show(
        request,
        "workbench/appointments/close_day.html",
        status=status,
        on=on,
        groups=list(groups.values()),
        chosen=chosen,
        reason=reason,
        fault=fault,
        tabs=tabs("day"),
    )
