"""What every view of a meeting needs: the meeting as this officer may see it, and who they speak for."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import CASE_ROLES, posts_of
from qiaoqiao.services.joint.models import Meeting
from qiaoqiao.services.joint.queries import speaks_for, visible_meetings
from qiaoqiao.services.joint.rules import POSSIBLE, MeetingState, Step
from qiaoqiao.workbench.desk import actor_of, new_token
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.meetings.forms import FIVE


def meeting_of(request: HttpRequest, meeting_id: UUID) -> Meeting:
    """A meeting this officer may see; a stranger gets 404."""
    seen = visible_meetings(actor_of(request), on=timezone.localdate()).select_related("office")
    try:
        return seen.get(pk=meeting_id)
    except Meeting.DoesNotExist:
        raise Http404 from None


def own_meeting(request: HttpRequest, meeting_id: UUID, step: Step) -> Meeting:
    """A meeting that this officer's office convened and that has come to this step; else 404."""
    meeting = meeting_of(request, meeting_id)
    if not hosts(request, meeting) or step not in POSSIBLE[MeetingState(meeting.state)]:
        raise Http404
    return meeting


def hosts(request: HttpRequest, meeting: Meeting) -> bool:
    return meeting.office_id in speaks_for(actor_of(request), on=timezone.localdate())


def proposing(meeting: Meeting, mine: Collection[int]) -> int | None:
    """Which of one's own offices may add to the agenda now; once a meeting is held only the convenor does."""
    if Step.TABLE not in POSSIBLE[MeetingState(meeting.state)]:
        return None
    if meeting.office_id in mine:
        return meeting.office_id
    invited = set(mine) & set(meeting.offices)
    return min(invited) if invited and meeting.state == MeetingState.PLANNED else None


def own_offices(request: HttpRequest) -> list[Office]:
    """The offices for which the reader may act, in the order of their posts."""
    posts = posts_of(actor_of(request).account_id or 0, on=timezone.localdate()).filter(role__in=CASE_ROLES)
    return list({post.office_id: post.office for post in posts}.values())


def near(office: Office) -> list[Office]:
    """The offices of a city, those of the office's own place first: any of them may be asked to do something."""
    found = Office.objects.filter(place__code__startswith=office.place_id[:4], level__in=["city", "county"])
    return sorted(
        found.exclude(pk=office.pk), key=lambda one: (one.place_id != office.place_id, one.place_id, one.pk)
    )


def invitable(office: Office) -> list[Office]:
    """The offices one would invite: all of the same place, and the five bodies of the places around."""
    around = near(office)
    here = [one for one in around if one.place_id == office.place_id]
    five = [one for one in here if one.kind in FIVE]
    others = [one for one in around if one.place_id != office.place_id and one.kind in FIVE]
    return [*five, *(one for one in here if one not in five), *others]


def draw_form(
    request: HttpRequest, meeting: Meeting | None, form: forms.Form, title: str, go: str, **more: object
) -> HttpResponse:
    """One form on a page of its own; one that was sent and must be mended comes with 422."""
    status = 422 if form.is_bound else 200
    context: dict[str, Any] = {
        "meeting": meeting,
        "form": form,
        "title": title,
        "go": go,
        "token": new_token(),
        "kind": "primary",
    }
    return show(request, "workbench/meetings/form.html", status=status, **(context | more))
