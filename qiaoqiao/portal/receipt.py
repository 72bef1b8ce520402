"""What somebody keeps after filing: the reference, the first lawful dates, a paper and a calendar file."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.intake import first_dates
from qiaoqiao.casework.models import Case, Paper
from qiaoqiao.casework.queries import visible_case
from qiaoqiao.casework.rules import PERSON, Run
from qiaoqiao.catalogue.entry import Entry, words
from qiaoqiao.catalogue.loader import entry
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.gateways.printing import ReceiptSheet, Verification, print_receipt
from qiaoqiao.lib.calendars import Event
from qiaoqiao.lib.calendars import calendar as calendar_file
from qiaoqiao.portal.limits import reasoning
from qiaoqiao.ui.language import language_of, view_of, zone_of
from qiaoqiao.ui.moments import clock_words, day_words
from qiaoqiao.ui.places import hours_words, name_of
from qiaoqiao.ui.zones import zone_choices


@dataclass(frozen=True)
class Receipt:
    """A case as its receipt tells it, with the limits that began at filing."""

    case: Case
    entry: Entry
    runs: list[Run]
    papers: list[Paper]

    @property
    def first(self) -> Run | None:
        """The office's limit that is due first."""
        ours = [run for run in self.runs if run.limit.binds != PERSON and run.due_on]
        return min(ours, key=lambda run: run.due_on or date.max, default=None)

    def brought(self, language: str) -> list[tuple[str, str]]:
        """What was brought, each paper's name in the reader's language, and the file's own name."""
        known = {one.id: words(one.name, language) for one in self.entry.materials}
        return [(known.get(paper.kind, paper.title), paper.file_name) for paper in self.papers]


def _receipt(request: HttpRequest, reference: str) -> Receipt:
    actor = request.actor  # type: ignore[attr-defined]
    try:
        case = visible_case(reference, actor, on=timezone.localdate())
    except Case.DoesNotExist:
        raise Http404 from None
    about = entry(case.service, case.edition)
    runs = first_dates(about, facts=case.facts, office=case.office, at=case.filed_at)
    brought = Paper.objects.filter(case=case, direction="in", added_at=case.filed_at).order_by("pk")
    return Receipt(case, about, runs, list(brought))


@needs(Permission.OWN_CASE)
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the receipt to whoever just filed, or proved the case."""
    kept = _receipt(request, reference)
    language = language_of(request)
    context = {
        "case": kept.case,
        "service_name": words(kept.entry.name, language),
        "office": kept.case.office,
        "office_name": name_of(kept.case.office.names, language),
        "runs": kept.runs,
        "first": kept.first,
        "limits": [
            (run, words(run.limit.name, language), words(run.limit.obliges, language)) for run in kept.runs
        ],
        "steps": [
            {"title": words(step, language), "state": ("done", "now", "next")[min(number, 2)]}
            for number, step in enumerate(kept.entry.guidance.steps)
        ],
        "papers": kept.brought(language),
        "qr": qr(track_url(reference)),
        "track_url": track_url(reference),
    }
    return render(request, "portal/receipt.html", context)


@needs(Permission.OWN_CASE)
def dates(request: HttpRequest, reference: str, limit: str) -> HttpResponse:
    """Show day by day how a date on the receipt was reached."""
    kept = _receipt(request, reference)
    run = next((run for run in kept.runs if run.limit.id == limit), None)
    if run is None:
        raise Http404
    context = reasoning(kept.entry, run, kept.case.filed_at, language_of(request))
    context |= {
        "before": f"/receipt/{reference}/",
        "zones": zone_choices(timezone.now(), zone_of(request) or ""),
    }
    return render(request, "portal/dates.html", context)


@needs(Permission.OWN_CASE)
def paper(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt as a PDF; in large print for those who read so."""
    kept = _receipt(request, reference)
    large = view_of(request) == "large" or "large" in request.GET
    printed = print_receipt(_sheet(kept, language_of(request), large=large))
    response = HttpResponse(printed, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{reference}.pdf"'
    return response


@needs(Permission.OWN_CASE)
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """The first lawful date as a calendar file (RFC 5545)."""
    kept = _receipt(request, reference)
    if kept.first is None or kept.first.due_on is None:
        raise Http404
    said = ics(kept, kept.first.due_on, language_of(request))
    response = HttpResponse(said, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{reference}.ics"'
    return response


def track_url(reference: str) -> str:
    return f"{settings.PUBLIC_URL}/track/?reference={reference}"


def qr(url: str) -> SafeString:
    """The address as a QR code in SVG, without style attributes, which our pages do not allow."""
    code = segno.make(url, error="m", micro=False)
    return mark_safe(
        code.svg_inline(scale=4, border=2, dark="#1d1d1b", light="#ffffff", omitsize=True, svgclass="qq-qr")
    )


def _contact(office: Office) -> list[tuple[str, str]]:
    said = [(_("地址"), office.address), (_("电话"), office.phone), (_("时间"), hours_words(office.hours))]
    return [(label, value) for label, value in said if value]


def _filed_words(at: datetime) -> str:
    there = at.astimezone(SHANGHAI)
    return _("%(day)s %(clock)s（北京时间）") % {"day": day_words(there.date()), "clock": clock_words(there)}


def _sheet(kept: Receipt, language: str, *, large: bool) -> ReceiptSheet:
    first = kept.first
    reason = reasoning(kept.entry, first, kept.case.filed_at, language) if first else {}
    return ReceiptSheet(
        language=language,
        office=name_of(kept.case.office.names, language),
        reference=kept.case.reference,
        service=words(kept.entry.name, language),
        filed=_filed_words(kept.case.filed_at),
        verification=Verification(kept.case.reference, track_url(kept.case.reference)),
        first_due=day_words(first.due_on) if first and first.due_on else "",
        first_due_reason=str(reason.get("sentence", "")),
        next_steps=[words(step, language) for step in kept.entry.guidance.steps[1:]],
        received=[f"{title} · {name}" for title, name in kept.brought(language)],
        contact=_contact(kept.case.office),
        large_print=large,
        demo=settings.DEMO,
        issued_at=kept.case.filed_at.replace(microsecond=0),
    )


def ics(kept: Receipt, due_on: date, language: str) -> str:
    """One all-day event on the due day, with a reminder the day before."""
    case = kept.case
    title = _("%(service)s：%(office)s最迟这天答复（%(reference)s）") % {
        "service": words(kept.entry.name, language),
        "office": name_of(case.office.names, language),
        "reference": case.reference,
    }
    event = Event(
        uid=f"{case.pk}-{due_on:%Y%m%d}@qiaoqiao",
        starts=due_on,
        said_at=case.filed_at,
        title=title,
        url=track_url(case.reference),
        warn=timedelta(days=1),
    )
    return calendar_file([event], by="receipt")
