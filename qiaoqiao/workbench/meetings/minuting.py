"""Attendance, minutes and their approval."""

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
from qiaoqiao.catalogue.entry import words
from qiaoqiao.services.joint.actions.ground import MeetingRefused, NotNow
from qiaoqiao.services.joint.actions.minuting import approve, record_attendance, write_minutes
from qiaoqiao.services.joint.models import Minutes
from qiaoqiao.services.joint.rules import Step
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, typed
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.meetings.door import draw_form, own_meeting
from qiaoqiao.workbench.meetings.forms import MinutesForm
from qiaoqiao.workbench.meetings.wording import fault_words, put_into


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Tick who was there."""
    meeting = own_meeting(request, meeting_id, Step.ATTEND)
    attendees = list(meeting.attendees.select_related("office").order_by("invited_at", "office"))
    fault, ticked = (
        "",
        {one.office_id for one in attendees if one.present or one.answer == "yes" or one.role == "host"},
    )
    names = {one.office_id: one.name for one in attendees}
    if request.method == "POST":
        ticked = {one.office_id for one in attendees if f"present-{one.office_id}" in request.POST}
        names = {one.office_id: typed(request, f"name-{one.office_id}", 60) for one in attendees}
        there = {office: names[office] if office in ticked else None for office in names}
        try:
            record_attendance(meeting.pk, there, actor=actor_of(request), at=timezone.now())
        except MeetingRefused as why:
            fault = fault_words("present", why.faults["present"])
        except NotNow:
            raise Http404 from None
        else:
            messages.success(request, _("已登记到会情况。现在可以记录议定的事，写纪要。"))
            return redirect("staff_meeting", meeting.pk)
    language = language_of(request)
    rows = [
        {"office": one.office_id, "words": words(one.office.names, language), "name": names[one.office_id],
         "there": one.office_id in ticked}
        for one in attendees
    ]  # fmt: skip
    context: dict[str, Any] = {"meeting": meeting, "rows": rows, "fault": fault}
    return show(request, "workbench/meetings/attendance.html", status=422 if fault else 200, **context)


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Write the minutes, or write them better."""
    meeting = own_meeting(request, meeting_id, Step.MINUTE)
    held = Minutes.objects.filter(meeting=meeting).first()
    form = (
        MinutesForm(request.POST)
        if request.method == "POST"
        else MinutesForm(initial={"text": held.text if held else ""})
    )
    if form.is_valid():
        try:
            write_minutes(meeting.pk, form.cleaned_data["text"], actor=actor_of(request), at=timezone.now())
        except MeetingRefused as why:
            put_into(form, why.faults)
        except NotNow:
            raise Http404 from None
        else:
            messages.success(request, _("纪要已保存。负责人批准后会议结束。"))
            return redirect("staff_meeting", meeting.pk)
    return draw_form(request, meeting, form, _("会议纪要"), _("保存"))


@needs(Permission.ORGANISE)
@require_POST
def approved(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Approve the minutes, which closes the meeting."""
    meeting = own_meeting(request, meeting_id, Step.APPROVE)
    try:
        approve(meeting.pk, actor=actor_of(request), at=timezone.now())
    except MeetingRefused as why:
        messages.error(request, fault_words("text", why.faults["text"]))
    except NotNow:
        raise Http404 from None
    else:
        messages.success(request, _("纪要已批准，会议结束。"))
    return redirect("staff_meeting", meeting.pk)
