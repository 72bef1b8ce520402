"""The bookings of my offices: all of them, one of them, one made for somebody at the counter; who waits."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.links import make_link, read_link
from qiaoqiao.access.models import Account
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import NoSuchEntry, entry
from qiaoqiao.community.appointments.actions.booking import (
    BookedAlready,
    BookingRefused,
    Guest,
    SlotGone,
    book,
)
from qiaoqiao.community.appointments.models import Booking
from qiaoqiao.community.appointments.queries import booking_page, visible_bookings, waiting_page
from qiaoqiao.community.appointments.sentences import SAID
from qiaoqiao.community.appointments.wording import STATES, WAITING_STATES
from qiaoqiao.ledger.models import Entry
from qiaoqiao.lib.ids import row_id
from qiaoqiao.ui.entryforms import plain
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.appointments.daysheet import Line, own_slot, tabs, told
from qiaoqiao.workbench.appointments.forms import FORM, FORM_LASTS, VisitorForm
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.intakeform import zone_of_country

Mark = tuple[datetime, UUID]


def mark_of(request: HttpRequest) -> Mark | None:
    """Where this page begins, as the page before said; nonsense begins at the beginning."""
    at, _sep, row = request.GET.get("after", "").partition("~")
    try:
        found = datetime.fromisoformat(at)
        return (found, UUID(row)) if found.tzinfo else None
    except ValueError:
        return None


def turn(mark: Mark | None, **kept: str) -> str | None:
    if mark is None:
        return None
    return "?" + urlencode(
        {name: one for name, one in kept.items() if one} | {"after": f"{mark[0].isoformat()}~{mark[1]}"}
    )


@needs(Permission.ORGANISE)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every booking, latest times first; found by reference or name."""
    state, text = request.GET.get("state", ""), plain(request.GET.get("q", "")).strip()[:100]
    state = state if state in STATES else ""
    language, on = language_of(request), timezone.localdate()
    rows, following = booking_page(actor_of(request), on=on, state=state, text=text, after=mark_of(request))
    return show(
        request,
        "workbench/appointments/list.html",
        rows=[told(one, language) for one in rows],
        following=turn(following, state=state, q=text),
        first="?" + urlencode({"state": state, "q": text}) if "after" in request.GET else None,
        states=list(STATES.items()),
        state=state,
        text=text,
        tabs=tabs("list"),
    )


@needs(Permission.ORGANISE)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Who waits, in order, and who is offered a place until when."""
    language = language_of(request)
    rows, following = waiting_page(actor_of(request), on=timezone.localdate(), after=mark_of(request))
    return show(
        request,
        "workbench/appointments/waiting.html",
        rows=[
            {
                "one": one,
                "title": words(one.schedule.titles, language),
                "office": words(one.office.names, language),
                "state": WAITING_STATES[one.state],
            }
            for one in rows
        ],
        following=turn(following),
        first="?" if "after" in request.GET else None,
        tabs=tabs("waiting"),
    )


def own_booking(request: HttpRequest, booking_id: UUID) -> Booking:
    """A booking of one's own office; a stranger gets 404."""
    try:
        return visible_bookings(actor_of(request), on=timezone.localdate()).get(pk=booking_id)
    except Booking.DoesNotExist:
        raise Http404 from None


@needs(Permission.ORGANISE)
@require_safe
def page(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """One booking: who, when there and here, what about, what happened, what may be done."""
    booking, at = own_booking(request, booking_id), timezone.now()
    return show(
        request,
        "workbench/appointments/booking.html",
        **told(booking, language_of(request)),
        **about(booking, language_of(request)),
        timeline=timeline(booking),
        coming=booking.state == "booked" and booking.starts_at > at,
        markable=booking.state != "cancelled"
        and timezone.localdate(booking.starts_at) <= timezone.localdate(at),
        tabs=tabs("list"),
    )


def about(booking: Booking, language: str) -> Line:
    """The words around one booking that stay in their own language or come from the catalogue."""
    try:
        service = words(entry(booking.service).name, language) if booking.service else ""
    except NoSuchEntry:
        service = ""
    return {"office": words(booking.office.names, language), "service": service}


def timeline(booking: Booking) -> list[dict[str, object]]:
    """What happened to it, newest first."""
    steps = list(Entry.objects.filter(subject=booking.pk).order_by("-seq"))
    ids = {step.actor.removeprefix("staff:") for step in steps if step.actor.startswith("staff:")}
    names = dict(Account.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        {"title": SAID.get(step.kind, step.kind), "at": step.at, "by": by_words(step.actor, names)}
        for step in steps
    ]


def by_words(actor: str, names: dict[int, str]) -> str:
    kind, _colon, number = actor.partition(":")
    if kind == "staff":
        return names.get(int(number), "")
    return _("当事人") if kind == "person" else _("系统")


# --- for somebody at the counter or on the telephone --------------------------------------------------


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    """Book for somebody; the office's own lead does not bind the office."""
    slot, at = own_slot(request, slot_id), timezone.now()
    posted = request.POST.get("once", "")
    made = read_link(FORM, posted, epoch=int(at.timestamp()))
    answers = {name: plain(request.POST.get(name, "")) for name in VisitorForm.ASKED}
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            booked = book(slot.pk, guest_of(answers, made or row_id()), actor=actor_of(request), at=at)
        except BookingRefused as refused:
            faults = refused.faults
        except BookedAlready:
            faults = {"name": _("这个人已经约了这个时间。")}
        except SlotGone:
            faults = {"name": _("这个时间已经没有空位，请换一个时间。")}
        else:
            messages.success(request, _("约好了。"))
            return redirect("staff_booking", booked)
    else:
        answers = {"language": "zh-hans", "country": "CN"}
    return show(
        request,
        "workbench/appointments/new.html",
        status=422 if faults else 200,
        form=VisitorForm(answers, at=at, faults=faults),
        slot=slot,
        title=words(slot.schedule.titles, language_of(request)),
        token=posted if made else make_link(FORM, row_id(), until=at + FORM_LASTS),
        tabs=tabs("day"),
    )


def guest_of(answers: dict[str, str], booking_id: UUID) -> Guest:
    """Who was entered; their clocks are those of where they live."""
    return Guest(
        name=answers["name"],
        phone=answers["phone"],
        email=answers["email"],
        language=answers["language"],
        timezone=zone_of_country(answers["country"]),
        about=answers["about"],
        id=booking_id,
    )
