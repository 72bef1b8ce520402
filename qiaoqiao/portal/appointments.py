"""Making an appointment: what for, which office, which day, which time; plain pages, one choice each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import NoSuchEntry, entry
from qiaoqiao.community.appointments.models import Schedule, Slot
from qiaoqiao.community.appointments.queries import days_of, open_schedules, slots_on, with_next_free
from qiaoqiao.community.appointments.rules import BEIJING, MOST_DAYS, SlotKind, may_book, serves
from qiaoqiao.community.appointments.wording import KINDS, KINDS_ABOUT
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.parties.wording import LANGUAGES, said
from qiaoqiao.ui.asked import asked_day
from qiaoqiao.ui.language import language_of, zone_of
from qiaoqiao.ui.places import Atlas, atlas, name_of

ICONS = {
    "counter": "building-2",
    "phone": "phone",
    "video": "globe",
    "hospital": "heart-handshake",
    "tax_post": "landmark",
}
MOST_SHOWN = 60


@dataclass(frozen=True)
class Carried:
    """What stays chosen from page to page: the service it is about, and the case it belongs to."""

    service: str
    case: str

    @property
    def query(self) -> str:
        """For the end of an address, with its question mark."""
        chosen = {name: value for name, value in (("service", self.service), ("case", self.case)) if value}
        return f"?{urlencode(chosen)}" if chosen else ""

    def service_name(self, language: str) -> str:
        return words(entry(self.service).name, language) if self.service else ""


def carried(request: HttpRequest) -> Carried:
    """Read it from the address or the form; what does not exist falls away."""
    given = request.POST if request.method == "POST" else request.GET
    service = given.get("service", "")[:40]
    try:
        entry(service)
    except NoSuchEntry:
        service = ""
    return Carried(service, tidy_reference(given.get("case", "")[:40]))


@needs(Permission.PUBLIC)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """First how one wants to meet, then which office: each with its next free time."""
    at, language, kept = timezone.now(), language_of(request), carried(request)
    found = [one for one in open_schedules(on=timezone.localdate(at)) if suits(one, kept.service)]
    kind = request.GET.get("kind", "")
    if kind not in {one.kind for one in found}:
        kind = ""
    known = atlas()
    place = request.GET.get("place", "")
    here = [one for one in found if one.kind == kind and (not place or lies_in(one, place))]
    free = with_next_free(here, at=at)
    context = {
        "kinds": kinds_offered(found),
        "kind": kind,
        "kind_words": KINDS.get(kind, ""),
        "place": place,
        "places": places_of([one for one in found if one.kind == kind], known, language),
        "rows": [shown(one, language, known) | {"next": free.get(one.pk)} for one in here[:MOST_SHOWN]],
        "kept": kept,
        "service_name": kept.service_name(language),
        "zone": zone_of(request),
    }
    return render(request, "portal/appointments/choose.html", context)


def suits(schedule: Schedule, service: str) -> bool:
    return serves(schedule.services, service)


def lies_in(schedule: Schedule, place: str) -> bool:
    """Whether the office lies in a place; towns and villages have their county's code before their own."""
    return schedule.office.place_id.startswith(place)


def kinds_offered(found: Sequence[Schedule]) -> list[dict[str, object]]:
    offered = {one.kind for one in found}
    return [
        {"kind": kind.value, "name": KINDS[kind], "about": KINDS_ABOUT[kind], "icon": ICONS[kind]}
        for kind in SlotKind
        if kind in offered
    ]


def places_of(found: Sequence[Schedule], known: Atlas, language: str) -> list[tuple[str, str]]:
    """The counties and cities that have such offices, to choose from."""
    codes = sorted({known.county_of(one.office.place_id) or one.office.place_id for one in found})
    return [(code, known.place_name(code, language)) for code in codes]


def shown(schedule: Schedule, language: str, known: Atlas | None = None) -> dict[str, object]:
    """A schedule in the reader's words."""
    office = schedule.office
    return {
        "schedule": schedule,
        "office": office,
        "office_name": name_of(office.names, language),
        "title": name_of(schedule.titles, language),
        "kind_words": KINDS[schedule.kind],
        "icon": ICONS[schedule.kind],
        "place_name": known.place_name(office.place_id, language) if known else "",
        "languages": [said(LANGUAGES, one) for one in schedule.languages],
    }


def schedule_of(request: HttpRequest, schedule_id: UUID) -> Schedule:
    """The schedule of an address; one that ended is not there."""
    try:
        return open_schedules(on=timezone.localdate()).get(pk=schedule_id)
    except Schedule.DoesNotExist:
        raise Http404 from None


@needs(Permission.PUBLIC)
@require_safe
def times(request: HttpRequest, schedule_id: UUID) -> HttpResponse:
    """The days that have room, and the times of the day that was chosen."""
    at, schedule, kept = timezone.now(), schedule_of(request, schedule_id), carried(request)
    context = day_choice(request, schedule, at) | shown(schedule, language_of(request))
    context |= {
        "kept": kept,
        "zone": zone_of(request),
        "service_name": kept.service_name(language_of(request)),
    }
    return render(request, "portal/appointments/times.html", context)


def day_choice(request: HttpRequest, schedule: Schedule, at: datetime) -> dict[str, object]:
    """Days with how many places are left; of the chosen one (else the first with room) every time."""
    today = at.astimezone(BEIJING).date()
    days = days_of(schedule, today, today + timedelta(days=MOST_DAYS), at=at)
    on = asked_day(request.GET.get("day", "")) or next((one.on for one in days if one.free), None)
    if on is None and days:
        on = days[0].on
    slots = slots_on(schedule, on) if on and any(one.on == on for one in days) else []
    return {
        "days": days,
        "on": on,
        "times": [(slot, open_to(slot, schedule, at)) for slot in slots],
        "full": bool(slots) and not any(slot.free for slot in slots),
    }


def open_to(slot: Slot, schedule: Schedule, at: datetime) -> bool:
    """Whether somebody may book it now."""
    return slot.free > 0 and may_book(slot.starts_at, at, lead_hours=schedule.lead_hours)
