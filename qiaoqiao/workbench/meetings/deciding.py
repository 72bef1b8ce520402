"""Resolutions: passing one, taking it back, reporting one that has no case."""

from collections.abc import Callable
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
from qiaoqiao.services.joint.actions.deciding import decide, report_done, withdraw_resolution
from qiaoqiao.services.joint.actions.ground import MeetingRefused, NotNow
from qiaoqiao.services.joint.models import AgendaItem, Meeting, Resolution
from qiaoqiao.services.joint.queries import resolutions, speaks_for
from qiaoqiao.services.joint.rules import Step
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, asked_once
from qiaoqiao.workbench.meetings.door import draw_form, near, own_meeting
from qiaoqiao.workbench.meetings.forms import DecideForm, ReasonForm
from qiaoqiao.workbench.meetings.wording import put_into


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def resolve(request: HttpRequest, meeting_id: UUID, item_id: UUID) -> HttpResponse:
    """Pass a resolution on an item; about a case it becomes a task there."""
    meeting = own_meeting(request, meeting_id, Step.DECIDE)
    item = meeting.items.filter(pk=item_id).first()
    if item is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = DecideForm(data, offices=_doers(meeting, item), language=language_of(request))
    if form.is_valid():
        try:
            once(asked_once(request, "resolve"), lambda: _decided(request, item, form), at=timezone.now())
        except MeetingRefused as why:
            put_into(form, why.faults)
        except (NotNow, KeyReused):
            raise Http404 from None
        else:
            messages.success(
                request, _("已议定。") if not item.case_id else _("已议定，任务已交给这个单位。")
            )
            return redirect("staff_meeting", meeting.pk)
    about = _("就案件议定的事会成为这件案件的任务：承办单位的待办里有它，逾期记在它名下。")
    return draw_form(request, meeting, form, _("议定一件事"), _("议定"), about=about, item=item)


def _doers(meeting: Meeting, item: AgendaItem) -> list[Office]:
    """Who can be asked: about a case any office around, otherwise the offices of the meeting."""
    here = {one.pk: one for one in Office.objects.filter(pk__in=meeting.offices).order_by("path")}
    around = near(meeting.office) if item.case_id else []
    return [*here.values(), *(one for one in around if one.pk not in here)]


def _decided(request: HttpRequest, item: AgendaItem, form: DecideForm) -> Answer:
    known = form.cleaned_data
    made = decide(
        item.meeting_id, item.pk, text=known["text"], office_id=int(known["office"]), due_on=known["due_on"],
        actor=actor_of(request), at=timezone.now(),
    )  # fmt: skip
    return {"resolution": str(made.pk)}


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, resolution_id: UUID) -> HttpResponse:
    """Take a resolution back, with the reason."""
    resolution = _resolution(request, resolution_id)
    if resolution.meeting.office_id not in _mine(request):
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None, label=_("撤回的理由"), most=2000)

    def withdraw(reason: str) -> None:
        withdraw_resolution(resolution.pk, reason=reason, actor=actor_of(request), at=timezone.now())

    return _ended(request, resolution, form, withdraw, _("已撤回。")) or draw_form(
        request, resolution.meeting, form, _("撤回议定的事"), _("撤回"), kind="warning", resolution=resolution
    )


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, resolution_id: UUID) -> HttpResponse:
    """Report that a resolution without a case was carried out."""
    resolution = _resolution(request, resolution_id)
    if resolution.office_id not in _mine(request) or resolution.seat:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = ReasonForm(data, label=_("做了什么，结果如何"), most=2000, name="text")

    def tell(text: str) -> None:
        report_done(resolution.pk, text=text, actor=actor_of(request), at=timezone.now())

    return _ended(request, resolution, form, tell, _("已报告。")) or draw_form(
        request, resolution.meeting, form, _("报告办理结果"), _("报告"), resolution=resolution
    )


def _ended(
    request: HttpRequest, resolution: Resolution, form: ReasonForm, end: Callable[[str], None], done: str
) -> HttpResponse | None:
    """End a resolution with the form's words and go back to its meeting; None while the form has faults."""
    if not form.is_valid():
        return None
    (said,) = form.cleaned_data.values()
    try:
        end(said)
    except MeetingRefused as why:
        put_into(form, why.faults)
        return None
    except NotNow:
        messages.error(request, _("这件事已经办了或撤回了。"))
    else:
        messages.success(request, done)
    return redirect("staff_meeting", resolution.meeting_id)


def _resolution(request: HttpRequest, resolution_id: UUID) -> Resolution:
    try:
        return resolutions(actor_of(request), on=timezone.localdate()).get(pk=resolution_id)
    except Resolution.DoesNotExist:
        raise Http404 from None


def _mine(request: HttpRequest) -> frozenset[int]:
    return speaks_for(actor_of(request), on=timezone.localdate())
