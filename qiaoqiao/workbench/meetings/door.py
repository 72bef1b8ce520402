"""What every view of a meeting needs: the meeting as this officer may see it, and who they speak for."""

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


def own_offices(request: HttpRequest) -> list[Office]:
    """The offices for which the reader may act, in the order of their posts."""
    posts = posts_of(actor_of(request).account_id or 0, on=timezone.localdate()).filter(role__in=CASE_ROLES)
    return list({post.office_id: post.office for post in posts}.values())


def near(office: Office) -> list[Office]:
    """The offices one would invite: those of the same place first, then of the places around and below."""
    prefix = office.place_id[:4]
    found = Office.objects.filter(place__code__startswith=prefix, level__in=["city", "county"])
    return sorted(
        found.exclude(pk=office.pk), key=lambda one: (one.place_id != office.place_id, one.place_id, one.pk)
    )


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
