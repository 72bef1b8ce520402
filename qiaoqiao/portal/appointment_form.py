"""Who books: a name, one way to be reached, their clocks; the last page before a time is theirs."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs, proved
from qiaoqiao.access.links import make_link, read_link
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import PUBLIC, acting, person
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import visible_case
from qiaoqiao.community.appointments.actions.booking import (
    BookedAlready,
    BookingRefused,
    Guest,
    SlotGone,
    book,
)
from qiaoqiao.community.appointments.actions.waiting import WaitingAlready, join
from qiaoqiao.community.appointments.links import booking_path, waiting_path
from qiaoqiao.community.appointments.models import Booking, Schedule, Slot, Waiting
from qiaoqiao.community.appointments.queries import slots_on
from qiaoqiao.community.appointments.rules import BEIJING, LONGEST_ABOUT, contact_of
from qiaoqiao.lib.ids import row_id
from qiaoqiao.portal.appointments import Carried, carried, open_to, schedule_of, shown
from qiaoqiao.portal.ownership import see
from qiaoqiao.portal.throttling import may_send
from qiaoqiao.ui.asked import asked_day
from qiaoqiao.ui.entryforms import JudgedForm, plain
from qiaoqiao.ui.language import language_of, zone_of
from qiaoqiao.ui.moments import clock_words
from qiaoqiao.ui.zones import zone_choices

FORM = "booking-form"
FORM_LASTS = timedelta(days=1)
ASKED = ("name", "email", "phone", "timezone", "language", "about")
MOST_BOOKINGS = 12


class GuestForm(JudgedForm):
    """The person who will come, ring or be rung up; with other times of the day when theirs has gone."""

    def __init__(
        self,
        answers: Mapping[str, object],
        *,
        at: datetime,
        others: list[tuple[str, str]] | None = None,
        faults: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(answers, faults)
        if others:
            radios = forms.RadioSelect()
            self.fields["slot"] = forms.ChoiceField(label=_("换一个时间"), choices=others, widget=radios)
        self.fields["name"] = _line(_("姓名"), autocomplete="name")
        self.fields["email"] = _line(
            _("电子邮件"),
            _("电子邮件和电话至少填一个。确认、提醒和改期的链接都发到这里。"),
            required=False,
            autocomplete="email",
        )
        self.fields["phone"] = _line(
            _("电话"), _("带上国家代码，例如 +58 412 555 0123。"), required=False, autocomplete="tel"
        )
        zones = zone_choices(at, str(answers.get("timezone") or ""))
        self.fields["timezone"] = forms.ChoiceField(
            label=_("时区"), choices=zones, help_text=_("我们同时写北京时间和您那里的时间。")
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("希望我们用哪种语言给您写信"), choices=settings.LANGUAGES
        )
        self.fields["about"] = _line(
            _("想办或想问的事"), _("一两句话就够，可以不填。不要写证件号码。"), required=False
        )
        self.fields["about"].most = LONGEST_ABOUT  # type: ignore[attr-defined]


def _line(label: str, hint: str = "", *, required: bool = True, autocomplete: str = "") -> forms.CharField:
    shape = forms.TextInput({"autocomplete": autocomplete} if autocomplete else {})
    return forms.CharField(label=label, help_text=hint, required=required, widget=shape)


def own_case_of(request: HttpRequest, kept: Carried, at: datetime) -> Case | None:
    """The case the address names, if this browser proved it."""
    if not kept.case:
        return None
    epoch = int(at.timestamp())
    actor = person(*proved(request, epoch=epoch))
    try:
        with acting(actor, epoch=epoch):
            return visible_case(kept.case, actor, on=timezone.localdate(at))
    except Case.DoesNotExist:
        return None


def usual(request: HttpRequest, case: Case | None) -> dict[str, object]:
    """What the form begins with: what the case knows, else the reader's own clocks and language."""
    if case is None:
        return {"timezone": zone_of(request) or "", "language": language_of(request)}
    who = case.person
    return {
        "name": who.name,
        "email": who.email,
        "phone": who.phone,
        "timezone": who.timezone,
        "language": who.language,
    }


def new_form(at: datetime) -> str:
    """The token of a form just made: it names the booking to be, so that sending it twice is sending it once."""
    return make_link(FORM, row_id(), until=at + FORM_LASTS)


def slot_of(schedule: Schedule, slot_id: UUID | str) -> Slot:
    try:
        return Slot.objects.select_related("office").get(pk=slot_id, schedule=schedule)
    except Slot.DoesNotExist:
        raise Http404 from None


@needs(Permission.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, schedule_id: UUID, slot_id: UUID | str) -> HttpResponse:
    """Ask who books, then book; a time that has gone meanwhile leaves what was typed and offers others."""
    at, schedule, kept = timezone.now(), schedule_of(request, schedule_id), carried(request)
    other = request.POST.get("slot", "")
    slot = slot_of(schedule, other if _is_id(other) else slot_id)
    case = own_case_of(request, kept, at)
    if request.method != "POST":
        return _page(request, slot, schedule, kept, usual(request, case), at)
    typed, made, fault = _sent(request, at)
    if made is None:
        return _page(request, slot, schedule, kept, typed, at, {"name": fault}, status=422)
    guest = Guest(**typed, id=made, service=kept.service, case_id=case.pk if case else None)
    try:
        with acting(person(made, *([case.pk] if case else [])), epoch=int(at.timestamp())):
            book(slot.pk, guest, actor=PUBLIC, at=at)
            booked = Booking.objects.get(pk=made)
    except BookingRefused as refused:
        return _page(request, slot, schedule, kept, typed, at, refused.faults, status=422)
    except BookedAlready:
        fault = _("这个时间您已经约过了。确认信里有查看和改期的链接。")
        return _page(request, slot, schedule, kept, typed, at, {"email": fault}, status=422)
    except SlotGone:
        return _page(request, slot, schedule, kept, typed, at, status=409, gone=True)
    return see(f"{booking_path(booked)}?new=1")


def _sent(request: HttpRequest, at: datetime) -> tuple[dict[str, str], UUID | None, str]:
    """What was typed and the id of what is to be made of it; without an id, what is the matter."""
    typed = {name: plain(request.POST.get(name, "")) for name in ASKED}
    made = read_link(FORM, request.POST.get("once", ""), epoch=int(at.timestamp()))
    if made is None:
        return typed, None, _("这一页放得太久了，请再确认一次。")
    contact = contact_of(typed["email"], typed["phone"])
    if not may_send(request, "booking", most=MOST_BOOKINGS, at=at, written_to=contact):
        return typed, None, _("从这里约得太多了，请过一小时再试，或打电话约。")
    return typed, made, ""


def _is_id(typed: str) -> bool:
    try:
        return bool(UUID(typed))
    except ValueError:
        return False


def _page(
    request: HttpRequest,
    slot: Slot,
    schedule: Schedule,
    kept: Carried,
    answers: Mapping[str, object],
    at: datetime,
    faults: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    gone: bool = False,
) -> HttpResponse:
    request.personal = True  # type: ignore[attr-defined]
    others = _others(schedule, slot, at) if gone else []
    usable = open_to(slot, schedule, at) or gone or status != 200
    form = GuestForm(answers, at=at, others=others, faults=faults)
    posted = request.POST.get("once", "")
    token = posted if read_link(FORM, posted, epoch=int(at.timestamp())) else new_form(at)
    context = shown(schedule, language_of(request)) | {
        "form": form,
        "slot": slot,
        "token": token,
        "kept": kept,
        "gone": gone or not usable,
        "others": others,
        "usable": usable,
        "case": own_case_of(request, kept, at),
        "service_name": kept.service_name(language_of(request)),
        "zone": zone_of(request),
    }
    return render(request, "portal/appointments/details.html", context, status=status if usable else 409)


def _others(schedule: Schedule, slot: Slot, at: datetime) -> list[tuple[str, str]]:
    """The times of the same day that are left."""
    on = slot.starts_at.astimezone(BEIJING).date()
    free = [one for one in slots_on(schedule, on) if one.pk != slot.pk and open_to(one, schedule, at)]
    return [
        (
            str(one.pk),
            _("%(begins)s–%(ends)s（北京时间）")
            % {
                "begins": clock_words(one.starts_at.astimezone(BEIJING)),
                "ends": clock_words(one.ends_at.astimezone(BEIJING)),
            },
        )
        for one in free
    ]


# --- the waiting list ---------------------------------------------------------------------------------


@needs(Permission.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """Stand in line for a place on a day that is full."""
    at, schedule, kept = timezone.now(), schedule_of(request, schedule_id), carried(request)
    on = asked_day((request.POST if request.method == "POST" else request.GET).get("day", ""))
    if on is None or on < at.astimezone(BEIJING).date() or not slots_on(schedule, on):
        raise Http404
    case = own_case_of(request, kept, at)
    if request.method != "POST":
        return _waiting_page(request, schedule, kept, on, usual(request, case), at)
    typed, made, fault = _sent(request, at)
    if made is None:
        return _waiting_page(request, schedule, kept, on, typed, at, {"name": fault})
    guest = Guest(**typed, id=made, service=kept.service, case_id=case.pk if case else None)
    try:
        with acting(person(made, *([case.pk] if case else [])), epoch=int(at.timestamp())):
            join(schedule.pk, guest, on, on, actor=PUBLIC, at=at)
            one = Waiting.objects.get(pk=made)
    except BookingRefused as refused:
        return _waiting_page(request, schedule, kept, on, typed, at, refused.faults)
    except WaitingAlready:
        fault = _("您已经在这里的候补名单里了。有空位时会按先后通知您。")
        return _waiting_page(request, schedule, kept, on, typed, at, {"email": fault})
    return see(f"{waiting_path(one)}?new=1")


def _waiting_page(
    request: HttpRequest,
    schedule: Schedule,
    kept: Carried,
    on: date,
    answers: Mapping[str, object],
    at: datetime,
    faults: Mapping[str, str] | None = None,
) -> HttpResponse:
    request.personal = True  # type: ignore[attr-defined]
    posted = request.POST.get("once", "")
    context = shown(schedule, language_of(request)) | {
        "form": GuestForm(answers, at=at, faults=faults),
        "on": on,
        "token": posted if read_link(FORM, posted, epoch=int(at.timestamp())) else new_form(at),
        "kept": kept,
    }
    return render(request, "portal/appointments/wait.html", context, status=422 if faults else 200)
