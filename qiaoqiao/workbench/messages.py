"""Words to the person, words between offices, and the answer to a second look."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.casework.actions.talking import LONGEST_MESSAGE, MessageRefused, looked, say
from qiaoqiao.casework.choosing import texts_of
from qiaoqiao.casework.models import Assignment
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.casepage import thread
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token, page, read_case, typed
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.identity import who
from qiaoqiao.workbench.seats import refused

LONGEST_TYPED = 60_000


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, reference: str) -> HttpResponse:
    """Send words once, however often the form comes; what cannot be sent stays in its box."""
    file = read_case(request, reference)
    if not file.mine():
        raise Http404
    if request.method != "POST" or "insert" in request.POST:
        return _page(request, file, "workbench/case/message.html", _body(request, file))
    try:
        once(asked_once(request, "message"), lambda: _say(request, file), at=timezone.now())
    except MessageRefused as wrong:
        return _page(request, file, "workbench/case/message.html", _body(request, file), _fault(wrong))
    except KeyReused:
        return _page(request, file, "workbench/case/message.html", _body(request, file), _sent_before())
    messages.success(request, _("已发送。"))
    return redirect("staff_case", file.case.reference)


def _say(request: HttpRequest, file: CaseFile) -> Answer:
    sent = say(
        file.case.pk,
        typed(request, "body", LONGEST_TYPED),
        language=language_of(request),
        actor=actor_of(request),
        at=timezone.now(),
        internal=request.POST.get("internal") == "yes",
    )
    return {"message": str(sent.pk)}


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def second_look(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer a person who said that it is not solved."""
    file = read_case(request, reference)
    if not any(one.seat == "look" and one.office_id in file.roles for one in file.seats):
        raise Http404
    if request.method != "POST" or "insert" in request.POST:
        return _page(request, file, "workbench/case/look.html", _body(request, file))
    try:
        once(asked_once(request, "look"), lambda: _look(request, file), at=timezone.now())
    except MessageRefused as wrong:
        return _page(request, file, "workbench/case/look.html", _body(request, file), _fault(wrong))
    except (Assignment.DoesNotExist, KeyReused):
        return refused(request, file, _("答复重新查看"))
    messages.success(request, _("已答复，当事人会收到提醒。"))
    return redirect("staff_case", file.case.reference)


def _look(request: HttpRequest, file: CaseFile) -> Answer:
    body = typed(request, "body", LONGEST_TYPED)
    looked(
        file.case.pk, answer=body, language=language_of(request), actor=actor_of(request), at=timezone.now()
    )
    return {"looked": str(file.case.pk)}


def _body(request: HttpRequest, file: CaseFile) -> str:
    """What was typed, with the chosen standard text behind it when that was asked for."""
    body = typed(request, "body", LONGEST_TYPED)
    if "insert" not in request.POST:
        return body
    texts = {str(one.pk): one.body for one in texts_of(list(file.roles), service=file.case.service)}
    return f"{body}\n{texts.get(request.POST.get('text-body', ''), '')}".strip()


def _fault(wrong: MessageRefused) -> str:
    if str(wrong) == "too_long":
        return _("最多 %(most)d 个字，请缩短一些。您写的都还在框里。") % {"most": LONGEST_MESSAGE}
    return _("请先写内容，再发送。")


def _sent_before() -> str:
    return _("这一页的留言已经发出过。如要再发，请确认内容后再按一次“发送”。")


def _page(request: HttpRequest, file: CaseFile, template: str, body: str, fault: str = "") -> HttpResponse:
    language = language_of(request)
    context = page(
        file,
        who=who(file, language),
        thread=thread(file, language, internal=False),
        message_body=body,
        message_fault=fault,
        message_internal=request.POST.get("internal") == "yes",
        texts=texts_of(list(file.roles), service=file.case.service),
        token=new_token(),
        reasons=[step.facts.get("reason", "") for step in file.steps if step.kind == "not_solved"],
    )
    return show(request, template, status=422 if fault else 200, **context)
