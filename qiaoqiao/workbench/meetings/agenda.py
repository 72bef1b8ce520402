"""The agenda: cases suggested for it with the reasons, other items, and the way from a case to a meeting."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.models import Case
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.services.joint.actions.agenda import table, take_off
from qiaoqiao.services.joint.actions.ground import MeetingRefused, NotNow
from qiaoqiao.services.joint.models import AgendaItem, Meeting
from qiaoqiao.services.joint.queries import (
    Suggested,
    cases_meetings,
    open_for_tabling,
    speaks_for,
    suggestions,
)
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, page, read_case
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.lines import due_of, green_words
from qiaoqiao.workbench.meetings.door import meeting_of, proposing
from qiaoqiao.workbench.meetings.forms import ItemForm
from qiaoqiao.workbench.meetings.wording import REASONS, put_into

STUCK_DAYS = (14, 30, 60, 90)


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Suggested cases, a search for others, and a form for what is no case."""
    meeting = meeting_of(request, meeting_id)
    office = _office(request, meeting)
    form = ItemForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        done = _tabled(request, meeting, office, form, request.POST.get("case", ""))
        if done:
            return done
    actor, at, language = actor_of(request), timezone.now(), language_of(request)
    stuck = _stuck(request.GET.get("stuck", ""))
    text = request.GET.get("q", "").strip()[:100]
    found = suggestions(meeting, actor, at=at, stuck_days=stuck, text=text)
    context: dict[str, Any] = {
        "meeting": meeting,
        "form": form,
        "rows": [suggested(one, language) for one in found],
        "stuck": stuck,
        "stuck_days": STUCK_DAYS,
        "asked_words": text,
        "chosen": request.POST.get("case", ""),
    }
    return show(request, "workbench/meetings/agenda.html", status=422 if form.is_bound else 200, **context)


def suggested(one: Suggested, language: str) -> dict[str, Any]:
    """A suggested case in words; its title for the agenda names the service, never the person."""
    case, today = one.case, timezone.localdate()
    entry = catalogue_entry(case.service, case.edition)
    return {
        "reference": case.reference,
        "name": case.person.name,
        "service": words(entry.name, language),
        "office": words(case.office.names, language),
        "offices": one.offices,
        "due": due_of(case.due_on, today, working=False, provisional=case.provisional),
        "last_at": case.last_at,
        "green": green_words(case),
        "why": [str(REASONS[reason]) for reason in one.why],
        "title": title_of(case),
    }


def title_of(case: Case) -> str:
    """What the agenda calls a case unless somebody writes better: the service, in the offices' language."""
    return words(catalogue_entry(case.service, case.edition).name, "zh-hans")


@needs(Permission.ORGANISE)
@require_POST
def off(request: HttpRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    """Take an item off the agenda."""
    meeting = meeting_of(request, meeting_id)
    try:
        take_off(meeting.pk, item_id, actor=actor_of(request), at=timezone.now())
    except (AgendaItem.DoesNotExist, Meeting.DoesNotExist):
        raise Http404 from None
    except NotNow:
        messages.error(request, _("这项议题已有议定的事，不能撤下。"))
    else:
        messages.success(request, _("已撤下这项议题。"))
    return redirect("staff_meeting", meeting.pk)


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest, reference: str) -> HttpResponse:
    """Bring a case before one of the planned meetings; say at which it was already."""
    file = read_case(request, reference)
    actor, at = actor_of(request), timezone.now()
    planned = open_for_tabling(actor, at=at)
    chosen = next((one for one in planned if str(one.pk) == request.POST.get("meeting")), None)
    form = (
        ItemForm(request.POST)
        if request.method == "POST"
        else ItemForm(initial={"title": title_of(file.case)})
    )
    fault = ""
    if request.method == "POST" and chosen is None:
        fault = _("请选一次会议。")
    elif chosen and form.is_valid():
        done = _tabled(request, chosen, _office(request, chosen), form, file.case.reference)
        if done:
            return done
    context = page(
        file, form=form, planned=planned, fault=fault, chosen=request.POST.get("meeting", ""),
        been=cases_meetings(file.case.pk, actor, on=timezone.localdate(at)),
    )  # fmt: skip
    return show(request, "workbench/meetings/bring.html", status=422 if form.is_bound else 200, **context)


def _tabled(
    request: HttpRequest, meeting: Meeting, office: int, form: ItemForm, reference: str
) -> HttpResponse | None:
    """Put it on the agenda; None when the form must be mended."""
    case = read_case(request, reference).case if tidy_reference(reference) else None
    known = form.cleaned_data
    try:
        table(
            meeting.pk, office, title=known["title"], note=known["note"], case_id=case.pk if case else None,
            actor=actor_of(request), at=timezone.now(),
        )  # fmt: skip
    except MeetingRefused as why:
        put_into(form, why.faults)
        return None
    except (Meeting.DoesNotExist, Case.DoesNotExist, NotNow):
        raise Http404 from None
    messages.success(request, _("已列入议程。"))
    return redirect("staff_meeting", meeting.pk)


def _office(request: HttpRequest, meeting: Meeting) -> int:
    """The reader's own office that proposes: the convenor if it is theirs; 404 when none may propose now."""
    found = proposing(meeting, speaks_for(actor_of(request), on=timezone.localdate()))
    if found is None:
        raise Http404
    return found


def _stuck(text: str) -> int:
    return int(text) if text.isdecimal() and int(text) in STUCK_DAYS else 30
