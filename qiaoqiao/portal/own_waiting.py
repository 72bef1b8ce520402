"""One's place on a waiting list, by its link; and the calendars that officers and people subscribe to."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import SYSTEM, Actor, acting, person
from qiaoqiao.community.appointments.actions.booking import BookedAlready
from qiaoqiao.community.appointments.actions.waiting import OfferGone, accept, leave
from qiaoqiao.community.appointments.links import FEED, WAITING, booking_path, waiting_path, whole
from qiaoqiao.community.appointments.models import Booking, Feed, Waiting
from qiaoqiao.community.appointments.queries import served_feed, visible_waiting
from qiaoqiao.community.appointments.wording import WAITING_STATES
from qiaoqiao.lib.calendars import Event, calendar
from qiaoqiao.lib.ids import row_id
from qiaoqiao.portal.appointments import shown
from qiaoqiao.portal.own_appointment import event_of, ics
from qiaoqiao.portal.ownership import see
from qiaoqiao.ui.language import language_of, zone_of
from qiaoqiao.ui.places import name_of

BACK, AHEAD = timedelta(days=30), timedelta(days=120)
"""What a subscribed calendar shows of the past and of the future."""


def waiting_of(request: HttpRequest) -> Waiting:
    """The place in line of the link."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    held: UUID = request.held  # type: ignore[attr-defined]
    try:
        return visible_waiting(actor, on=timezone.localdate()).get(pk=held)
    except Waiting.DoesNotExist:
        raise Http404 from None


def show(request: HttpRequest, one: Waiting, token: str, *, fault: str = "") -> HttpResponse:
    at = timezone.now()
    offered = one.state == "offered" and one.offered_until is not None and one.offered_until > at
    context = shown(one.schedule, language_of(request)) | {
        "one": one,
        "token": token,
        "state": WAITING_STATES[one.state],
        "offered": offered,
        "live": one.state == "waiting" or offered,
        "zone": zone_of(request) or one.timezone,
        "new": "new" in request.GET,
        "fault": fault,
    }
    return render(request, "portal/appointments/waiting.html", context, status=409 if fault else 200)


@needs(Permission.HOLDER, WAITING)
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Where one stands: waiting, or offered a place until then."""
    return show(request, waiting_of(request), token)


@needs(Permission.HOLDER, WAITING)
@require_POST
def take(request: HttpRequest, token: str) -> HttpResponse:
    """Take the place that is offered."""
    at, one, booking_id = timezone.now(), waiting_of(request), row_id()
    actor = person(one.pk, booking_id)
    try:
        with acting(actor, epoch=int(at.timestamp())):
            accept(one.pk, actor=actor, at=at, booking_id=booking_id)
            booked = Booking.objects.get(pk=booking_id)
    except OfferGone:
        return show(request, waiting_of(request), token, fault=_("这个空位已经让给下一位了。"))
    except BookedAlready:
        return show(request, one, token, fault=_("这个时间您已经约过了。确认信里有查看和改期的链接。"))
    return see(f"{booking_path(booked)}?new=1")


@needs(Permission.HOLDER, WAITING)
@require_POST
def go(request: HttpRequest, token: str) -> HttpResponse:
    """Leave the list, or decline the place."""
    one = leave(waiting_of(request).pk, actor=request.actor, at=timezone.now())  # type: ignore[attr-defined]
    return see(waiting_path(one))


# --- calendars to subscribe to ------------------------------------------------------------------------


@needs(Permission.HOLDER, FEED)
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What is to come, as a calendar reads it each hour; nothing once the feed was revoked or its officer left."""
    at = timezone.now()
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = served_feed(actor, request.held, on=timezone.localdate(at))  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    language = language_of(request)
    name = name_of(found.office.names, language) if found.office else _("我的预约")
    return ics(calendar(events_of(found, language, at), by="appointments", name=name), "appointments")


def events_of(found: Feed, language: str, at: datetime) -> list[Event]:
    """A case's bookings for its person; an office's without anything about people; links that open nothing alone.

    The link reaches the feed only, so the rows are read as the system, and only these.
    """
    with acting(SYSTEM, epoch=int(at.timestamp())):
        near = Booking.objects.filter(starts_at__gte=at - BACK, starts_at__lte=at + AHEAD)
        rows = near.select_related("slot__schedule", "office").order_by("starts_at", "id")
        if found.case_id:
            mine = rows.filter(case=found.case_id).select_related("case")
            return [event_of(one, language, url=whole(case_path(one))) for one in mine]
        return [bare_event(one, language) for one in rows.filter(office=found.office_id)]


def case_path(booking: Booking) -> str:
    """The appointments of its case, which open to who has proved it."""
    assert booking.case
    return f"/cases/{booking.case.reference}/appointments/"


def bare_event(booking: Booking, language: str) -> Event:
    """What an officer's calendar may know, wherever it is kept: kind, reference and hour."""
    facts = {"title": name_of(booking.slot.schedule.titles, language), "reference": booking.reference}
    return Event(
        uid=f"{booking.pk}@qiaoqiao",
        starts=booking.starts_at,
        ends=booking.ends_at,
        said_at=booking.changed_at,
        title=_("%(title)s（%(reference)s）") % facts,
        url=whole(f"/staff/appointments/{booking.pk}/"),
        sequence=booking.sequence,
        cancelled=booking.state == "cancelled",
    )
