"""Tasks at a case: the responsible office gives one, the other takes it, answers it or gives it back."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.casework.actions.seating import ShieldedOffice
from qiaoqiao.casework.actions.tasks import (
    LONGEST_TASK,
    TaskRefused,
    answer_task,
    decline_task,
    give_task,
    take_task,
    withdraw_task,
)
from qiaoqiao.casework.choosing import offices_for_task
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.casework.rules import MoveRefused
from qiaoqiao.catalogue.entry import words
from qiaoqiao.ui.forms import DateField
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.casepage import Seated, leads, seats
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token, page, read_case
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.seats import refused


def long_words(label: str, hint: str = "") -> forms.CharField:
    """A box for some sentences, as long as a task may be."""
    return forms.CharField(
        label=label, help_text=hint, max_length=LONGEST_TASK, widget=forms.Textarea({"rows": 5})
    )


class TaskForm(forms.Form):
    """Which office is asked to do what, by when."""

    def __init__(self, data: Any, *, offices: list[Office], language: str) -> None:
        super().__init__(data)
        named = [(one.pk, words(one.names, language)) for one in offices]
        self.fields["office"] = forms.TypedChoiceField(
            label=_("请哪个单位办"), coerce=int, choices=[("", _("请选择")), *named]
        )
        self.fields["what"] = long_words(
            _("要办什么"), _("写清要它做的事和要交回的结果。对方由此能看到这件事。")
        )
        self.fields["due_on"] = DateField(label=_("最后一天"))


class WordsForm(forms.Form):
    """What is said about a task: an answer or a reason."""

    def __init__(self, data: Any, *, label: str) -> None:
        super().__init__(data)
        self.fields["text"] = long_words(label)


FAULTS: dict[str, Callable[[], str]] = {
    "missing": lambda: _("请写清要办什么。"),
    "too_long": lambda: _("太长了，请缩短一些。"),
    "past": lambda: _("这一天已经过去，请选今天或以后的一天。"),
    "self": lambda: _("这是您自己的单位。主办单位自己要办的事不用交任务。"),
}


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask another office to do something by a day; the case stays ours."""
    file = read_case(request, reference)
    if not leads(file):
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = TaskForm(data, offices=offices_for_task(file.case), language=language_of(request))
    if form.is_valid():
        try:
            once(asked_once(request, "task"), lambda: _given(request, file, form), at=timezone.now())
        except MoveRefused:
            return refused(request, file, _("请别的单位办一项任务"))
        except TaskRefused as why:
            for name, fault in why.faults.items():
                form.add_error(name, FAULTS[fault]())
        except ShieldedOffice:
            form.add_error("office", _("当事人检举的就是这个单位或它的上级，不能交给它。"))
        except KeyReused:
            form.add_error(None, _("这一页已经交过一项任务。如要再交一项，请重新打开这一页。"))
        else:
            messages.success(request, _("已交办。对方的待办里有这项任务，您单位仍是主办。"))
            return redirect("staff_case", file.case.reference)
    about = _("任务有自己的期限，逾期记在对方单位名下。整件事仍由您单位负责。")
    return _draw(request, file, form, _("请别的单位办一项任务"), about, _("交办"))


def _given(request: HttpRequest, file: CaseFile, form: TaskForm) -> Answer:
    office, what, due_on = (form.cleaned_data[name] for name in ("office", "what", "due_on"))
    given = give_task(
        file.case.pk, int(office), str(what), due_on, actor=actor_of(request), at=timezone.now()
    )
    return {"seat": given.seat}


@needs(Permission.CASE_ACT)
@require_POST
def take(request: HttpRequest, reference: str, seat: str) -> HttpResponse:
    """Take a task up; a second click finds it taken."""
    file = read_case(request, reference)
    held = _seated(request, file, seat)
    if not held.mine:
        raise Http404
    if held.shape != "active":
        try:
            take_task(file.case.pk, seat, actor=actor_of(request), at=timezone.now())
        except MoveRefused:
            return refused(request, file, _("接下任务"))
        messages.success(request, _("已接下任务。"))
    return redirect("staff_case", file.case.reference)


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, reference: str, seat: str) -> HttpResponse:
    """Say what was done; the task is then over."""
    about = _("写清做了什么、结果如何。主办单位据此往下办。当事人只会看到任务已完成。")
    shown = (_("答复任务"), about, _("做了什么，结果如何"), _("答复"), _("已答复，任务完成。"))

    def perform(case: Case, text: str) -> None:
        answer_task(case.pk, seat, text=text, actor=actor_of(request), at=timezone.now())

    return _said(request, reference, seat, perform, shown, kind="primary")


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, reference: str, seat: str) -> HttpResponse:
    """Give the task back, with the reason."""
    about = _("理由会告诉交办的单位，由它另行安排。当事人只会看到任务被退回。")
    shown = (_("退回任务"), about, _("退回的理由"), _("退回"), _("已退回，理由已告诉交办单位。"))

    def perform(case: Case, text: str) -> None:
        decline_task(case.pk, seat, reason=text, actor=actor_of(request), at=timezone.now())

    return _said(request, reference, seat, perform, shown)


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str, seat: str) -> HttpResponse:
    """Take a task back from the office that has it."""
    about = _("对方的待办里不再有这项任务。撤回和理由都会记入办理经过。")
    shown = (_("撤回任务"), about, _("撤回的理由"), _("撤回"), _("已撤回任务。"))

    def perform(case: Case, text: str) -> None:
        withdraw_task(case.pk, seat, reason=text, actor=actor_of(request), at=timezone.now())

    return _said(request, reference, seat, perform, shown, by_lead=True)


def _said(
    request: HttpRequest,
    reference: str,
    seat: str,
    perform: Callable[[Case, str], None],
    shown: tuple[str, str, str, str, str],
    *,
    by_lead: bool = False,
    kind: str = "warning",
) -> HttpResponse:
    """Ask for words, do it once, say what the case is now when somebody was quicker."""
    title, about, label, go, done = shown
    file = read_case(request, reference)
    held = _seated(request, file, seat)
    if not (leads(file) if by_lead else _ours(file, seat)):
        raise Http404
    form = WordsForm(request.POST if request.method == "POST" else None, label=label)
    if form.is_valid():
        text = str(form.cleaned_data["text"])
        try:
            once(asked_once(request, f"task:{seat}"), lambda: _once(perform, file, text), at=timezone.now())
        except (MoveRefused, KeyReused):
            return refused(request, file, title)
        messages.success(request, done)
        return redirect("staff_case", file.case.reference)
    return _draw(request, file, form, title, about, go, held=held, kind=kind)


def _once(perform: Callable[[Case, str], None], file: CaseFile, text: str) -> Answer:
    perform(file.case, text)
    return {"case": file.case.reference}


def _ours(file: CaseFile, seat: str) -> bool:
    return any(one.seat == seat and one.office_id in file.roles for one in file.seats)


def _seated(request: HttpRequest, file: CaseFile, seat: str) -> Seated:
    """The task as the page shows it; 404 for what is no task of this case."""
    today: date = timezone.localdate()
    held = [one for one in seats(file, language_of(request), today) if one.seat == seat and one.task]
    if not held:
        raise Http404
    return held[-1]


def _draw(
    request: HttpRequest, file: CaseFile, form: forms.Form, title: str, about: str, go: str, **more: Any
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = page(file, form=form, title=title, about=about, go=go, token=new_token(), kind="primary") | more
    return show(request, "workbench/case/task.html", status=status, **context)
