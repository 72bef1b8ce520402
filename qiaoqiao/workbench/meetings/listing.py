"""Lists: the meetings coming and past, and over all of them what was resolved and is not done."""

from datetime import date, datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import offices_read_by
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import words
from qiaoqiao.services.joint.models import Meeting
from qiaoqiao.services.joint.queries import cases_seen, coming, past, speaks_for, unfinished
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.meetings.meeting import resolution_words
from qiaoqiao.workbench.meetings.wording import STATE_SHAPES, STATES


@needs(Permission.ORGANISE)
@require_GET
def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings at which my offices sit."""
    actor, at, language = actor_of(request), timezone.now(), language_of(request)
    before, after = (_mark(request.GET.get(name, "")) for name in ("before", "after"))
    found = past(actor, on=timezone.localdate(at), before=before, after=after)
    return show(
        request,
        "workbench/meetings/list.html",
        coming=[] if before or after else [line(one, language) for one in coming(actor, at=at)],
        past=[line(one, language) for one in found.rows],
        previous=_turn("before", found.before),
        next=_turn("after", found.after),
        turned=bool(before or after),
    )


def line(meeting: Meeting, language: str) -> dict[str, object]:
    return {
        "meeting": meeting,
        "office": words(meeting.office.names, language),
        "state": STATES[meeting.state],
        "shape": STATE_SHAPES[meeting.state],
        "others": len(meeting.offices) - 1,
    }


@needs(Permission.ORGANISE)
@require_GET
def follow_up(request: HttpRequest) -> HttpResponse:
    """What was resolved and is not done, over all meetings, due first."""
    actor, on, language = actor_of(request), timezone.localdate(), language_of(request)
    chosen = request.GET.get("office", "")
    office = int(chosen) if chosen.isdecimal() else None
    found = unfinished(actor, on=on, office=office, after=_day_mark(request.GET.get("after", "")))
    mine = speaks_for(actor, on=on)
    seen = cases_seen([one.item.case_id for one in found.rows], actor, on=on)
    rows = [
        resolution_words(one, on, language, mine) | {"opens": one.item.case_id in seen} for one in found.rows
    ]
    offices = Office.objects.filter(pk__in=offices_read_by(actor.account_id or 0, on=on)).order_by("path")
    after = f"{found.after[0].isoformat()}_{found.after[1].hex}" if found.after else ""
    return show(
        request,
        "workbench/meetings/follow_up.html",
        rows=rows,
        offices=[(str(one.pk), words(one.names, language)) for one in offices],
        chosen=chosen,
        next=f"?after={after}&office={chosen}" if after else None,
    )


def _turn(name: str, mark: tuple[datetime, UUID] | None) -> str | None:
    return f"?{name}={mark[0].timestamp():.6f}_{mark[1].hex}" if mark else None


def _mark(text: str) -> tuple[datetime, UUID] | None:
    """A place in the list from an address; a broken one is no page."""
    if not text:
        return None
    try:
        seconds, row = text.split("_")
        return datetime.fromtimestamp(float(seconds), timezone.get_current_timezone()), UUID(row)
    except (ValueError, OverflowError, OSError):
        raise Http404 from None


def _day_mark(text: str) -> tuple[date, UUID] | None:
    if not text:
        return None
    try:
        day, row = text.split("_")
        return date.fromisoformat(day), UUID(row)
    except ValueError:
        raise Http404 from None
