"""The work list “kept current”: files to look at again, requests to answer, people nobody has called on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import posts_of
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import words
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import working_days_between
from qiaoqiao.parties import kept, wording
from qiaoqiao.parties.kept import Mark, Tab
from qiaoqiao.parties.models import Change, File, Need
from qiaoqiao.parties.reading import age_of
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show

TABS: Mapping[Tab, Any] = {
    "review": gettext_lazy("要核对的"),
    "changes": gettext_lazy("要答复的请求"),
    "unvisited": gettext_lazy("今年还没走访的老人"),
}
SOON_DAYS = 7
SOON_WORKING_DAYS = 3


@dataclass(frozen=True)
class Line:
    """A row of the list: whose file, until when, and what is known that matters for it."""

    file: File
    on: date
    days: int
    state: str
    age: int | None
    place: str
    office: str
    needs: Sequence[str] = ()
    change: Change | None = None
    kind: str = ""
    provisional: bool = False


@needs(Permission.PEOPLE)
@require_GET
def due(request: HttpRequest, tab: Tab) -> HttpResponse:
    """One list, a page at a time, for all the reader's offices or one of them."""
    account, today, language = actor_of(request).account_id or 0, timezone.localdate(), language_of(request)
    offices = kept.offices_kept_by(account, on=today)
    chosen = chosen_offices(request, offices)
    before, after = mark_of(request, "before"), mark_of(request, "after")
    found = kept.page(tab, chosen, on=today, before=before, after=after)
    asked = {"office": request.GET["office"]} if len(chosen) < len(offices) else {}
    counted = kept.counts(chosen, on=today)
    return show(
        request,
        "workbench/keeping_current/due.html",
        posts=list(posts_of(account, on=today)),
        tab=tab,
        lines=lines_of(found.rows, today, language),
        previous=f"?{urlencode({**asked, 'before': str(found.before)})}" if found.before else None,
        next=f"?{urlencode({**asked, 'after': str(found.after)})}" if found.after else None,
        tabs=[
            {
                "text": said,
                "href": f"{tab_href(one)}{'?' + urlencode(asked) if asked else ''}",
                "count": count_words(counted[one]),
                "current": one == tab,
            }
            for one, said in TABS.items()
        ],
        offices=[(str(one.pk), words(one.names, language)) for one in offices],
        office=asked.get("office", ""),
    )


def tab_href(tab: Tab) -> str:
    """The address of a list."""
    return f"/staff/people/due/{'' if tab == 'review' else tab + '/'}"


def count_words(number: int) -> str:
    return f"{kept.MOST_COUNTED - 1}+" if number >= kept.MOST_COUNTED else str(number)


def chosen_offices(request: HttpRequest, offices: Sequence[Office]) -> list[int]:
    """All the reader's offices, or the one of them that the address names."""
    asked = [one.pk for one in offices if str(one.pk) == request.GET.get("office")]
    return asked or [one.pk for one in offices]


def mark_of(request: HttpRequest, name: str) -> Mark | None:
    """A place in the list from the address; a broken one is no page."""
    text = request.GET.get(name)
    try:
        return kept.read_mark(text) if text else None
    except kept.MarkUnreadable:
        raise Http404 from None


def lines_of(rows: Sequence[File] | Sequence[Change], today: date, language: str) -> list[Line]:
    """The rows in words; the needs of a page's people come in one statement."""
    every: list[File | Change] = list(rows)
    files = [row.file if isinstance(row, Change) else row for row in every]
    needed = kept.shown_needs_of(files, on=today)
    return [line_of(row, needed[file.pk], today, language) for row, file in zip(every, files, strict=True)]


def line_of(row: File | Change, needed: Sequence[Need], today: date, language: str) -> Line:
    file = row.file if isinstance(row, Change) else row
    change = row if isinstance(row, Change) else None
    on = change.due_on if change else (file.review_on or today)
    days = working_days_between(today, on, calendar=official()) if change else (on - today).days
    soon = SOON_WORKING_DAYS if change else SOON_DAYS
    return Line(
        file=file,
        on=on,
        days=days,
        state="overdue" if days < 0 else "soon" if days <= soon else "open",
        age=age_of(file.born, today),
        place=name_of(file.place.names, language) if file.place else "",
        office=words(file.office.names, language),
        needs=[wording.said(wording.NEEDS, need.kind) for need in needed],
        change=change,
        kind=wording.said(wording.CHANGE_KINDS, change.kind) if change else "",
        provisional=bool(change) and official().day(on).provisional,
    )
