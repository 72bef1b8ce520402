"""Requests about a file: asking for a correction with a proof, and deciding, by somebody else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Account, Post
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.casework.bringing import bring
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import working_days_between
from qiaoqiao.gateways import storage
from qiaoqiao.gateways.uploads import UploadRefused, sniff
from qiaoqiao.parties import correcting, wording
from qiaoqiao.parties.actions import rights
from qiaoqiao.parties.actions.changing import (
    Answered,
    ChangeRefused,
    Evidence,
    OwnRequest,
    ask_change,
    decide_change,
    promised_days,
)
from qiaoqiao.parties.actions.files import opened
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.kept import before_of, change_of
from qiaoqiao.parties.models import Change, File, Visit
from qiaoqiao.ui.faults import upload_words
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.changeform import AskForm, DecideForm, field_choices, pairs_of, value_words
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.papers import SANDBOX, SHOWN_IN_THE_BROWSER
from qiaoqiao.workbench.visits import file_of, my_office, my_posts

HEAD_BYTES = 16
SHOWN_STATES = {"open": "waiting", "done": "done", "refused": "plain"}


@needs(Permission.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the correction of one field; without a field in the address, choose one."""
    file, posts, language = file_of(request, number), my_posts(request), language_of(request)
    name = request.GET.get("field", "")[:80]
    word = name.partition(":")[0]
    context: dict[str, Any] = {"file": file, "token": new_token(), "days": promised_days(file.office)}
    if request.method != "POST":
        _opened(request, file, posts)
    if not name or word not in correcting.LABELS:
        context["choices"] = field_choices(file, timezone.localdate(), language)
        return show(request, "workbench/keeping_current/ask.html", posts=posts, **context)
    form = AskForm(
        word,
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        named=":" in name,
        language=language,
    )
    if request.method == "POST" and form.is_valid():
        change = _asked(request, file, name, form, posts)
        if change is not None:
            messages.success(request, _("已提出。要由另一位同事决定，决定以前档案不变。"))
            return redirect("staff_change", file.number, change)
    context |= {
        "form": form,
        "name": name,
        "label": wording.said(correcting.LABELS, word),
        "old": value_words(word, _now(file, name), language),
    }
    status = 422 if form.errors else 200
    return show(request, "workbench/keeping_current/ask.html", posts=posts, status=status, **context)


def _now(file: File, name: str) -> str:
    """What a field says; a field that names no fact of this file is no page."""
    try:
        return correcting.now_of(file, name)
    except ValueError:
        raise Http404 from None


def _asked(request: HttpRequest, file: File, name: str, form: AskForm, posts: list[Post]) -> str | None:
    """The request's id once it is made; None when the form says what is wrong."""
    if form.blank:
        form.add_error("value", _("请填写“改成”什么。"))
        return None
    now, kept = timezone.now(), None
    try:
        kept = _proof(request, now)
        key = kept.key if kept else ""

        def perform() -> Answer:
            change = ask_change(
                file.pk,
                {name: form.wanted()},
                reason=form.cleaned_data["reason"].replace("\r\n", "\n"),
                evidence=kept,
                actor=actor_of(request),
                at=now,
                office=my_office(posts, file).code,
            )
            return {"change": str(change.pk), "evidence": key}

        answer = once(asked_once(request, f"change:{file.number}"), perform, at=now)
    except UploadRefused as refused:
        form.add_error("evidence", upload_words(refused))
    except ChangeRefused as refused:
        form.take({"value" if one == name else one: fault for one, fault in refused.faults.items()})
    except FileClosed:
        form.add_error(None, _("这份档案已经冻结、合并或删除，现在不能改。"))
    except KeyReused:
        form.add_error(None, _("这一页已经提出过一次。如果是另一个请求，请再按一次“提出请求”。"))
    else:
        if kept and answer["evidence"] != kept.key:
            storage.remove(kept.key)
        return str(answer["change"])
    if kept:
        storage.remove(kept.key)
    return None


def _proof(request: HttpRequest, now: datetime) -> Evidence | None:
    """The proof, looked through and kept. Raises UploadRefused."""
    scan = request.FILES.get("evidence")
    if scan is None:
        return None
    brought = bring(scan, name=scan.name or "", kind="other", title="", now=now)  # type: ignore[arg-type]
    return Evidence(brought.key, brought.file_name)


def _opened(request: HttpRequest, file: File, posts: list[Post]) -> None:
    """Opening a request opens the file, and is recorded as such."""
    if file.state != "erased":
        office = my_office(posts, file).code
        opened(file.pk, purpose="request", actor=actor_of(request), at=timezone.now(), office=office)


@needs(Permission.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: str, change_id: UUID) -> HttpResponse:
    """One request: old and new side by side, the proof, and the decision."""
    file, posts = file_of(request, number), my_posts(request)
    one = _change(file, change_id)
    if request.method != "POST":
        _opened(request, file, posts)
        return change_page(request, file, one, posts, DecideForm(one.kind))
    form = DecideForm(one.kind, request.POST)
    if not form.is_valid():
        return change_page(request, file, one, posts, form, status=422)
    trouble = ""
    try:
        _decided(request, one, form.cleaned_data, my_office(posts, file).code)
    except ChangeRefused as refused:
        form.take(refused.faults)
    except OwnRequest:
        trouble = _("这是您自己提出的，要由另一位同事决定。")
    except Answered:
        trouble = _("刚才已经有人决定了，结果在下面。您的决定没有存。")
    except FileClosed:
        trouble = _("这份档案已经冻结、合并或删除，现在不能决定。")
    else:
        messages.success(request, _("已答复。"))
        if form.cleaned_data["outcome"] == "erased":
            return redirect("staff_due_changes")
        return HttpResponseRedirect(request.path)
    status = 409 if trouble else 422
    return change_page(request, file, _change(file, change_id), posts, form, trouble=trouble, status=status)


def _change(file: File, change_id: UUID) -> Change:
    try:
        return change_of(file, change_id)
    except Change.DoesNotExist:
        raise Http404 from None


def _decided(request: HttpRequest, one: Change, said: Mapping[str, str], office: str) -> None:
    """Hand the decision to the action that carries out this kind of request."""
    outcome, words = said["outcome"], said["words"].replace("\r\n", "\n")
    actor, at = actor_of(request), timezone.now()
    if one.kind == "correct":
        decide_change(one.pk, outcome, words=words, actor=actor, at=at, office=office)
    elif one.kind == "delete":
        rights.decide_deletion(one.pk, outcome, words=words, actor=actor, at=at, office=office)  # type: ignore[arg-type]
    else:
        rights.decide(one.pk, outcome, words=words, actor=actor, at=at, office=office)


def change_page(
    request: HttpRequest,
    file: File,
    one: Change,
    posts: list[Post],
    form: DecideForm,
    *,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    today, language = timezone.localdate(), language_of(request)
    days = working_days_between(today, one.due_on, calendar=official())
    mine = one.asked_by == actor_of(request).ledger_name and not one.by_person
    context: dict[str, Any] = {
        "file": file,
        "change": one,
        "kind": wording.said(wording.CHANGE_KINDS, one.kind),
        "state": wording.said(wording.CHANGE_STATES, one.state),
        "shape": SHOWN_STATES[one.state],
        "asked_by": _name(one.asked_by),
        "pairs": pairs_of(one, before_of(one), language),
        "visit": _visit(file, one),
        "days": days,
        "due": "overdue" if days < 0 else "soon" if days <= 3 else "open",
        "provisional": official().day(one.due_on).provisional,
        "promised": promised_days(file.office),
        "mine": mine,
        "form": form,
        "trouble": trouble,
    }
    template = "workbench/keeping_current/change.html"
    return show(request, template, posts=posts, status=status, **context)


def _name(ledger_name: str) -> str:
    """Who asked, by name; "" for the person."""
    kind, _colon, key = ledger_name.partition(":")
    if kind != "staff" or not key.isdecimal():
        return ""
    return Account.objects.filter(pk=int(key)).values_list("name", flat=True).first() or ""


def _visit(file: File, one: Change) -> Visit | None:
    """The visit from which a request came, when it came from one."""
    kind, _colon, key = one.evidence_name.partition(":")
    if kind != "visit" or one.evidence:
        return None
    return Visit.objects.filter(file=file, pk=key).select_related("officer").first()


@needs(Permission.PEOPLE)
@require_GET
def evidence(request: HttpRequest, number: str, change_id: UUID) -> HttpResponse:
    """Stream the proof so that nothing in it can act."""
    one = _change(file_of(request, number), change_id)
    try:
        stream = storage.open_kept(one.evidence)
    except storage.NotKept:
        raise Http404 from None
    mime = sniff(stream.read(HEAD_BYTES))
    stream.seek(0)
    shown = mime in SHOWN_IN_THE_BROWSER and "download" not in request.GET
    response = FileResponse(stream, as_attachment=not shown, filename=one.evidence_name, content_type=mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response  # type: ignore[return-value]
