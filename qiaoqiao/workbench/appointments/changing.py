"""What an officer does with one booking: say whether the person came, change the time, cancel."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.community.appointments.actions.booking import (
    BookedAlready,
    NotChangeable,
    SlotGone,
    cancel,
    mark,
    move,
)
from qiaoqiao.community.appointments.queries import bookable, slots_between
from qiaoqiao.community.appointments.rules import HAPPENED, LONGEST_ABOUT
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.appointments.bookings import own_booking
from qiaoqiao.workbench.appointments.daysheet import day_asked, tabs, to_day, told
from qiaoqiao.workbench.desk import actor_of, typed
from qiaoqiao.workbench.frame import show

DAYS_SHOWN = 7


@needs(Permission.ORGANISE)
@require_POST
def came(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Came, or did not."""
    booking, state = own_booking(request, booking_id), request.POST.get("state", "")
    if state not in HAPPENED:
        raise Http404
    try:
        mark(booking.pk, state, actor=actor_of(request), at=timezone.now())
        messages.success(request, _("已登记。"))
    except NotChangeable:
        messages.error(request, _("还没到那一天，或已经取消，不能登记。"))
    if request.POST.get("back") == "day":
        return to_day(timezone.localdate(booking.starts_at))
    return redirect("staff_booking", booking.pk)


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Move somebody to another time, as they asked by telephone; they are written to."""
    booking, at, fault = own_booking(request, booking_id), timezone.now(), ""
    if request.method == "POST":
        try:
            move(booking.pk, UUID(request.POST.get("slot", "")), actor=actor_of(request), at=at)
            messages.success(request, _("已改期，本人会收到通知。"))
            return redirect("staff_booking", booking.pk)
        except ValueError:
            raise Http404 from None
        except (SlotGone, BookedAlready):
            fault = _("这个时间已经没有空位，请换一个时间。")
        except NotChangeable:
            fault = _("时间已经过了或已经取消，不能再改。")
    first = max(day_asked(request), timezone.localdate(at))
    slots = slots_between([booking.office_id], first, first + timedelta(days=DAYS_SHOWN - 1))
    free = bookable(slots.filter(kind=booking.slot.kind).exclude(pk=booking.slot_id), at=at)
    return show(
        request,
        "workbench/appointments/move.html",
        status=409 if fault else 200,
        **told(booking, language_of(request)),
        fault=fault,
        slots=list(free),
        first=first,
        last=first + timedelta(days=DAYS_SHOWN - 1),
        later=first + timedelta(days=DAYS_SHOWN),
        earlier=first - timedelta(days=DAYS_SHOWN) if first > timezone.localdate(at) else None,
        tabs=tabs("list"),
    )


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Cancel one booking with a reason; the person is written to."""
    booking, fault = own_booking(request, booking_id), ""
    reason = typed(request, "reason", LONGEST_ABOUT).strip()
    if request.method == "POST":
        try:
            if reason:
                cancel(booking.pk, reason=reason, actor=actor_of(request), at=timezone.now())
                messages.success(request, _("已取消，本人会收到通知。"))
                return redirect("staff_booking", booking.pk)
            fault = _("请写明原因，留作记录。")
        except NotChangeable:
            fault = _("时间已经过了或已经取消，不能再改。")
    return show(
        request,
        "workbench/appointments/cancel.html",
        status=422 if fault else 200,
        **told(booking, language_of(request)),
        fault=fault,
        reason=reason,
        tabs=tabs("list"),
    )
