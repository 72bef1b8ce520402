"""Planning a meeting: a new one, changing it, inviting, answering, calling it off."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.services.joint.actions.ground import MeetingRefused, NotNow
from qiaoqiao.services.joint.actions.planning import Invited, answer, cancel, change, invite, plan
from qiaoqiao.services.joint.rules import Step
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, asked_once
from qiaoqiao.workbench.meetings.door import draw_form, invitable, meeting_of, own_meeting, own_offices
from qiaoqiao.workbench.meetings.forms import (
    AnswerForm,
    InviteForm,
    NewForm,
    PlanForm,
    ReasonForm,
    plan_of,
)
from qiaoqiao.workbench.meetings.wording import put_into


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    own = own_offices(request)
    data = request.POST if request.method == "POST" else None
    form = NewForm(data, own=own, others=invitable(own[0]), language=language_of(request))
    if form.is_valid():
        try:
            made = once(asked_once(request, "meeting"), lambda: _planned(request, form), at=timezone.now())
        except MeetingRefused as why:
            put_into(form, why.faults, starts_at="day")
        except (Office.DoesNotExist, KeyReused):
            raise Http404 from None
        else:
            messages.success(request, _("会议已定，邀请会发给各单位。下一步：排议题。"))
            return redirect("staff_meeting", str(made["meeting"]))
    return draw_form(request, None, form, _("召集联席会议"), _("召集"))


def _planned(request: HttpRequest, form: NewForm) -> Answer:
    known = form.cleaned_data
    invited = [Invited(office) for office in known["offices"]]
    made = plan(int(known["office"]), form.plan, invited, actor=actor_of(request), at=timezone.now())
    return {"meeting": str(made.pk)}


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Move a meeting, or say it better."""
    meeting = own_meeting(request, meeting_id, Step.CHANGE)
    form = PlanForm(request.POST) if request.method == "POST" else PlanForm(initial=plan_of(meeting))
    if form.is_valid():
        try:
            change(meeting.pk, form.plan, actor=actor_of(request), at=timezone.now())
        except MeetingRefused as why:
            put_into(form, why.faults, starts_at="day")
        except NotNow:
            raise Http404 from None
        else:
            messages.success(request, _("已改，各单位会收到通知。"))
            return redirect("staff_meeting", meeting.pk)
    return draw_form(request, meeting, form, _("改时间、地点或名称"), _("保存"))


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite_more(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Invite more offices."""
    meeting = own_meeting(request, meeting_id, Step.INVITE)
    others = [one for one in invitable(meeting.office) if one.pk not in meeting.offices]
    data = request.POST if request.method == "POST" else None
    form = InviteForm(data, others=others, language=language_of(request))
    if form.is_valid():
        invited = [Invited(office) for office in form.cleaned_data["offices"]]
        try:
            invite(meeting.pk, invited, actor=actor_of(request), at=timezone.now())
        except MeetingRefused as why:
            put_into(form, why.faults)
        except NotNow:
            raise Http404 from None
        else:
            messages.success(request, _("已邀请。"))
            return redirect("staff_meeting", meeting.pk)
    return draw_form(request, meeting, form, _("再邀请单位"), _("邀请"))


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Call a meeting off, with the reason."""
    meeting = own_meeting(request, meeting_id, Step.CANCEL)
    data = request.POST if request.method == "POST" else None
    form = ReasonForm(data, label=_("为什么取消"), most=400)
    if form.is_valid():
        try:
            cancel(meeting.pk, reason=form.cleaned_data["reason"], actor=actor_of(request), at=timezone.now())
        except MeetingRefused as why:
            put_into(form, why.faults)
        else:
            messages.success(request, _("会议已取消，各单位会收到通知。"))
            return redirect("staff_meeting", meeting.pk)
    return draw_form(request, meeting, form, _("取消会议"), _("取消会议"), kind="warning")


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Say whether one's office comes."""
    meeting = meeting_of(request, meeting_id)
    invited = [
        one for one in own_offices(request) if one.pk in meeting.offices and one.pk != meeting.office_id
    ]
    if not invited or meeting.state != "planned":
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        known = form.cleaned_data
        try:
            for office in invited:
                answer(
                    meeting.pk, office.pk, known["answer"], name=known["name"], note=known["note"],
                    actor=actor_of(request), at=timezone.now(),
                )  # fmt: skip
        except MeetingRefused as why:
            put_into(form, why.faults)
        else:
            messages.success(request, _("已答复召集单位。"))
            return redirect("staff_meeting", meeting.pk)
    return draw_form(request, meeting, form, _("答复邀请"), _("答复"))
