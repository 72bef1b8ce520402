"""An office's seat at a case: taking it, declining it with a reason, giving it to a colleague."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Account
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.seating import ReasonMissing, accept, decline, hand_to
from qiaoqiao.casework.choosing import colleagues, texts_of
from qiaoqiao.casework.models import Assignment, Case
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.casework.rules import MoveRefused
from qiaoqiao.casework.sentences import Teller, tell
from qiaoqiao.catalogue.entry import words
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, page, read_case, typed
from qiaoqiao.workbench.frame import show

LONGEST_REASON = 2000


@needs(Permission.CASE_ACT)
@require_POST
def accept_seat(request: HttpRequest, reference: str, seat: str) -> HttpResponse:
    file, taken = _seat(request, reference, seat)
    if taken.state == "accepted":
        return redirect("staff_case", file.case.reference)

    def take() -> Case:
        return accept(file.case.pk, seat, actor=actor_of(request), at=timezone.now())

    return _done(request, file, _("接收"), take, _("已接收，这件事现在在您单位的待办里。"))


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def decline_seat(request: HttpRequest, reference: str, seat: str) -> HttpResponse:
    file, _taken = _seat(request, reference, seat)
    reason = typed(request, "reason", LONGEST_REASON * 30)
    if request.method != "POST":
        return _decline_page(request, file, "")
    if "insert" in request.POST:
        texts = {str(one.pk): one.body for one in texts_of(list(file.roles))}
        chosen = texts.get(request.POST.get("text-reason", ""), "")
        return _decline_page(request, file, f"{reason}\n{chosen}".strip())
    if len(reason) > LONGEST_REASON:
        fault = _("理由最多 %(most)d 个字，请缩短一些。您写的都还在框里。") % {"most": LONGEST_REASON}
        return _decline_page(request, file, reason, fault)

    def give_back() -> Case:
        return decline(file.case.pk, seat, reason=reason, actor=actor_of(request), at=timezone.now())

    try:
        return _done(request, file, _("退回"), give_back, _("已退回，理由已告诉交办单位。"))
    except ReasonMissing:
        return _decline_page(request, file, reason, _("请写明退回的理由，交办单位要据此改送。"))


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, reference: str, seat: str) -> HttpResponse:
    file, taken = _seat(request, reference, seat)
    known = colleagues(taken.office_id, on=timezone.localdate())
    chosen = request.POST.get("officer", "")
    if request.method == "POST" and chosen in {str(one.pk) for one in known}:

        def hand() -> Case:
            return hand_to(
                file.case.pk, seat, officer=int(chosen), actor=actor_of(request), at=timezone.now()
            )

        try:
            return _done(request, file, _("换一位同事经办"), hand, _("已交给这位同事经办。"))
        except Account.DoesNotExist:
            pass
    fault = _("请从名单里选一位同事。") if request.method == "POST" else ""
    context = page(
        file,
        officers=known,
        chosen=chosen or str(taken.officer_id or ""),
        fault=fault,
        office=words(file.offices[taken.office_id].names, language_of(request)),
    )
    return show(request, "workbench/case/hand.html", status=422 if fault else 200, **context)


def _seat(request: HttpRequest, reference: str, seat: str) -> tuple[CaseFile, Assignment]:
    """The case and the reader's own seat there; 404 for a seat that is not at this case at all."""
    file = read_case(request, reference)
    mine = [one for one in file.mine() if one.seat == seat]
    if mine:
        return file, mine[0]
    held = [one for one in file.seats if one.seat == seat and one.office_id in file.roles]
    if not held:
        raise Http404
    return file, held[-1]


def _decline_page(request: HttpRequest, file: CaseFile, reason: str, fault: str = "") -> HttpResponse:
    context = page(file, reason=reason, fault=fault, texts=texts_of(list(file.roles)))
    return show(request, "workbench/case/decline.html", status=422 if fault else 200, **context)


def _done(
    request: HttpRequest, file: CaseFile, name: str, perform: Callable[[], Case], said: str
) -> HttpResponse:
    """Do it and go back to the case; when the seat is no longer ours, say what the case is now."""
    try:
        perform()
    except MoveRefused:
        return refused(request, file, name)
    messages.success(request, said)
    return redirect("staff_case", file.case.reference)


def refused(request: HttpRequest, file: CaseFile, name: str) -> HttpResponse:
    """The page for a step that somebody else's step has made impossible."""
    now = read_case(request, file.case.reference)
    language = language_of(request)
    state = now.entry.states[now.case.state]
    told = tell(now.steps, Teller(now.entry, language, now.known(language)))
    written = [
        (_("您写的内容"), text)
        for text in (typed(request, one, 5000) for one in ("reason", "body", "text", "what"))
        if text
    ]
    context = page(
        now,
        name=name,
        state=words(state.name, language),
        plain=words(state.plain, language),
        last=told[0] if told else None,
        written=written,
    )
    return show(request, "workbench/case/overtaken.html", status=409, **context)
