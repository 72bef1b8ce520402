"""One's own booking, by the link that was written to one: look, change, cancel, take it into a calendar."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import Actor
from qiaoqiao.community.appointments.actions.booking import (
    BookedAlready,
    NotChangeable,
    SlotGone,
    cancel,
    move,
)
from qiaoqiao.community.appointments.links import BOOKING, booking_path, subscribable, whole
from qiaoqiao.community.appointments.models import Booking
from qiaoqiao.community.appointments.queries import visible_bookings
from qiaoqiao.community.appointments.rules import may_change
from qiaoqiao.community.appointments.wording import KINDS, STATE_TAGS, STATES
from qiaoqiao.lib.calendars import MIME, Event, calendar
from qiaoqiao.portal.appointments import day_choice, shown
from qiaoqiao.portal.ownership import see
from qiaoqiao.ui.language import language_of, zone_of
from qiaoqiao.ui.places import name_of

WARN = timedelta(hours=2)


def booking_of(request: HttpRequest) -> Booking:
    """The booking of the link."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    held: UUID = request.held  # type: ignore[attr-defined]
    try:
        return visible_bookings(actor, on=timezone.localdate()).get(pk=held)
    except Booking.DoesNotExist:
        raise Http404 from None


def context_of(request: HttpRequest, booking: Booking, token: str, at: datetime) -> dict[str, object]:
    """What every page of a booking shows."""
    schedule = booking.slot.schedule
    coming = booking.state == "booked" and booking.starts_at > at
    return shown(schedule, language_of(request)) | {
        "booking": booking,
        "token": token,
        "state": STATES[booking.state],
        "state_tag": STATE_TAGS[booking.state],
        "zone": zone_of(request) or booking.timezone,
        "coming": coming,
        "changeable": coming and may_change(booking.starts_at, at, cancel_hours=schedule.cancel_hours),
        "feed": subscribable(f"{booking_path(booking)}calendar.ics"),
    }


@needs(Permission.HOLDER, BOOKING)
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Everything about the booking; just after booking with what to do next."""
    context = context_of(request, booking_of(request), token, timezone.now())
    context |= {"new": "new" in request.GET, "moved": "moved" in request.GET}
    return render(request, "portal/appointments/mine.html", context)


@needs(Permission.HOLDER, BOOKING)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Choose another time of the same office; the old one is kept until the new one is certain."""
    at, booking = timezone.now(), booking_of(request)
    fault = ""
    if request.method == "POST":
        try:
            moved = move(booking.pk, _slot_id(request), actor=request.actor, at=at)  # type: ignore[attr-defined]
            return see(f"{booking_path(moved)}?moved=1")
        except SlotGone:
            fault = _("这个时间刚刚没有了，您原来的时间还在。请另选一个。")
        except BookedAlready:
            fault = _("这个时间您已经约过了。确认信里有查看和改期的链接。")
        except NotChangeable:
            fault = _("离约好的时间太近或已经过了，不能在网上改。请打电话给单位。")
    context = context_of(request, booking, token, at) | day_choice(request, booking.slot.schedule, at)
    status = 409 if fault else 200
    return render(request, "portal/appointments/move.html", context | {"fault": fault}, status=status)


def _slot_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("slot", ""))
    except ValueError:
        raise Http404 from None


@needs(Permission.HOLDER, BOOKING)
@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more, then give the place back."""
    at, booking = timezone.now(), booking_of(request)
    fault = ""
    if request.method == "POST":
        try:
            cancel(booking.pk, actor=request.actor, at=at)  # type: ignore[attr-defined]
            return see(booking_path(booking))
        except NotChangeable:
            fault = _("离约好的时间太近或已经过了，不能在网上取消。请打电话给单位。")
    context = context_of(request, booking, token, at) | {"fault": fault}
    return render(request, "portal/appointments/cancel.html", context, status=409 if fault else 200)


@needs(Permission.HOLDER, BOOKING)
@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """The booking for any calendar, once or as a subscription: the address stays, what it says is the present."""
    booking = booking_of(request)
    event = event_of(booking, language_of(request), url=whole(booking_path(booking)))
    text = calendar([event], by="appointments", name=event.title, cancels=event.cancelled)
    return ics(text, booking.reference)


def ics(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=MIME)
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def event_of(booking: Booking, language: str, *, url: str) -> Event:
    """A booking as its person's calendar has it; `url` leads to it."""
    schedule = booking.slot.schedule
    office = name_of(booking.office.names, language)
    facts = {"office": office, "kind": KINDS[schedule.kind], "reference": booking.reference}
    said = [office, schedule.where, booking.office.phone]
    return Event(
        uid=f"{booking.pk}@qiaoqiao",
        starts=booking.starts_at,
        ends=booking.ends_at,
        said_at=booking.changed_at,
        title=_("%(office)s：%(kind)s（%(reference)s）") % facts,
        about="\n".join(one for one in said if one),
        place=booking.office.address if schedule.kind not in {"phone", "video"} else "",
        url=url,
        sequence=booking.sequence,
        cancelled=booking.state == "cancelled",
        warn=WARN,
    )
