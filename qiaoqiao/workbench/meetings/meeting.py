"""One meeting on one page: who, what, what was resolved and what became of it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.models import Case
from qiaoqiao.catalogue.entry import words
from qiaoqiao.ledger.models import Entry
from qiaoqiao.services.joint.models import AgendaItem, Meeting, Minutes, Resolution
from qiaoqiao.services.joint.queries import became, cases_seen, resolutions, speaks_for, visible_items
from qiaoqiao.services.joint.rules import POSSIBLE, UNFINISHED, MeetingState, Step
from qiaoqiao.services.joint.sentences import SAID
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.lines import due_of
from qiaoqiao.workbench.meetings.door import meeting_of, proposing
from qiaoqiao.workbench.meetings.wording import (
    ANSWERS,
    FOLLOWED,
    FOLLOWED_SHAPES,
    PRESENT,
    ROLES,
    STATE_SHAPES,
    STATES,
)


@needs(Permission.ORGANISE)
@require_GET
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Everything about one meeting."""
    found = meeting_of(request, meeting_id)
    actor, on, language = actor_of(request), timezone.localdate(), language_of(request)
    mine = speaks_for(actor, on=on)
    hosting = found.office_id in mine
    steps = POSSIBLE[MeetingState(found.state)] if hosting else frozenset[Step]()
    if on < timezone.localdate(found.starts_at):
        steps -= {Step.ATTEND}
    attendees = list(found.attendees.select_related("office").order_by("invited_at", "office"))
    items = list(visible_items(actor, on=on).filter(meeting=found).select_related("office").order_by("order"))
    passed = list(resolutions(actor, on=on).filter(meeting=found).order_by("made_at", "id"))
    seen = cases_seen([one.case_id for one in items], actor, on=on)
    resolved = [resolution_words(one, on, language, mine) for one in passed]
    invited = [one for one in attendees if one.office_id in mine and one.role != "host"]
    return show(
        request,
        "workbench/meetings/meeting.html",
        meeting=found,
        convenor=words(found.office.names, language),
        state=STATES[found.state],
        shape=STATE_SHAPES[found.state],
        steps={step.value for step in steps},
        tables=proposing(found, mine) is not None,
        replies=found.state == "planned" and bool(invited),
        offices=[
            {"words": words(one.office.names, language), "role": ROLES[one.role], "name": one.name, "note": one.note,
             "answer": "" if one.role == "host" else ANSWERS[one.answer], "present": PRESENT[one.present]}
            for one in attendees
        ],
        items=[item_words(one, seen, resolved, found, mine, language) for one in items],
        minutes=Minutes.objects.filter(meeting=found).select_related("approved_by").first(),
        timeline=timeline(found, language),
    )  # fmt: skip


def item_words(
    item: AgendaItem,
    seen: dict[UUID, Case],
    resolved: list[dict[str, Any]],
    meeting: Meeting,
    mine: frozenset[int],
    language: str,
) -> dict[str, Any]:
    """An item; its case opens only for who may see it by itself, and so does the note about it."""
    of_item = [one for one in resolved if one["item"] == item.pk]
    own = bool(mine & {meeting.office_id, item.office_id})
    visible = item.case_id is None or item.case_id in seen
    return {
        "id": item.pk,
        "title": item.title,
        "note": item.note if visible else "",
        "reference": item.reference,
        "opens": item.case_id is not None and item.case_id in seen,
        "by": words(item.office.names, language),
        "resolutions": of_item,
        "off": own and not of_item and Step.TABLE in POSSIBLE[MeetingState(meeting.state)],
    }


def resolution_words(one: Resolution, on: Any, language: str, mine: frozenset[int]) -> dict[str, Any]:
    """A resolution with what became of it."""
    stands = became(one, on)
    open_ = stands in UNFINISHED
    return {
        "id": one.pk,
        "item": one.item_id,
        "text": one.text,
        "office": words(one.office.names, language),
        "due_on": one.due_on,
        "due": due_of(one.due_on, on, working=False) if open_ else None,
        "state": FOLLOWED[stands],
        "shape": FOLLOWED_SHAPES[stands],
        "report": one.report,
        "withdraws": open_ and one.meeting.office_id in mine,
        "reports": open_ and not one.seat and one.office_id in mine,
        "meeting": one.meeting,
        "title": one.item.title,
        "reference": one.item.reference,
    }


def timeline(meeting: Meeting, language: str) -> list[dict[str, object]]:
    """What happened to the meeting, newest first."""
    steps = list(Entry.objects.filter(subject=meeting.pk).order_by("-seq"))
    offices = {
        one.code: words(one.names, language)
        for one in Office.objects.filter(code__in={s.office for s in steps})
    }
    ids = {int(one.actor[6:]) for one in steps if one.actor.startswith("staff:")}
    names = dict(Account.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        {"title": SAID[one.kind], "at": one.at,
         "by": f"{offices.get(one.office, '')} {names.get(int(one.actor[6:]), '') if one.actor[:6] == 'staff:' else ''}".strip()}
        for one in steps
    ]  # fmt: skip
