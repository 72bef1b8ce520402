"""Small forms on a file: writing down one more fact, and saying that one no longer holds."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Post
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer, KeyReused, once
from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.parties import wording
from qiaoqiao.parties.actions.files import end_fact
from qiaoqiao.parties.actions.grounds import FileClosed
from qiaoqiao.parties.actions.households import join_household
from qiaoqiao.parties.actions.learning import ConsentMissing, learn, speak
from qiaoqiao.parties.correcting import field_of, verified
from qiaoqiao.parties.models import (
    Address,
    Citizenship,
    Contact,
    Document,
    File,
    Kin,
    Member,
    Name,
    Need,
    Standing,
)
from qiaoqiao.parties.models.files import Fact
from qiaoqiao.parties.queries import visible_file
from qiaoqiao.parties.reading import opened_lately
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.people import LONGEST
from qiaoqiao.workbench.peopleforms import ADD, KINDS, EndForm, FactForm, MemberForm, SpeakForm
from qiaoqiao.workbench.person import office_for, posts_here, tidy_number

MODELS: dict[str, type[Fact]] = {
    "name": Name,
    "document": Document,
    "citizenship": Citizenship,
    "standing": Standing,
    "address": Address,
    "contact": Contact,
    "member": Member,
    "kin": Kin,
    "need": Need,
}


def opened_file(request: HttpRequest, number: str) -> File:
    """The file, for a reader who may see it and has said what for; anybody else gets 404."""
    actor, at = actor_of(request), timezone.now()
    try:
        file = visible_file(tidy_number(number), actor, on=timezone.localdate(at))
    except File.DoesNotExist:
        raise Http404 from None
    if not opened_lately(file.pk, actor, at=at):
        raise Http404
    return file


@needs(Permission.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Write down one more fact of a kind."""
    file = opened_file(request, number)
    if kind not in KINDS:
        raise Http404
    posts = posts_here(request)
    offices = [post.office for post in posts]
    form = KINDS[kind](
        request.POST if request.method == "POST" else None,
        language=language_of(request),
        today=timezone.localdate(),
        offices=offices,
    )
    if kind == SpeakForm.kind:
        form.initial["languages"] = file.languages
    if request.method == "POST" and form.is_valid() and written(request, file, form, posts):
        messages.success(request, _("已登记。"))
        return redirect("staff_person", file.number)
    context = {"words": ADD[kind], "form": form, "file": file, "token": new_token()}
    status = 422 if form.errors else 200
    return show(request, "workbench/people/add.html", posts=posts, status=status, **context)


def written(request: HttpRequest, file: File, form: FactForm, posts: list[Post]) -> bool:
    """Whether the fact was written down, once; what hindered it stands at the form."""
    at = timezone.now()
    given: dict[str, Any] = {"actor": actor_of(request), "at": at, "office": office_for(posts, file)}

    def perform() -> Answer:
        if isinstance(form, MemberForm):
            beside = other_file(request, form)
            said = {"relation": form.said("relation"), "register": form.said("register"), **form.dated}
            join_household(file.pk, beside=beside.pk if beside else None, **said, **given)
        elif isinstance(form, SpeakForm):
            speak(file.pk, form.cleaned_data["languages"], **given)
        else:
            learn(file.pk, form.fact(), **given)
        return {"file": file.number}

    try:
        once(asked_once(request, f"fact:{file.number}"), perform, at=at)
    except ConsentMissing:
        form.add_error("need", _("患病、残疾和生活困难，要先有本人对“敏感情况”的同意才能记。"))
    except FileClosed as closed:
        form.add_error(None, closed_words(closed))
    except File.DoesNotExist:
        form.add_error("beside", _("您可以查看的档案里没有这个编号。"))
    except KeyReused:
        form.add_error(None, _("这一页已经登记过一次。如果是另一项，请再按一次“登记”。"))
    return not form.errors


def other_file(request: HttpRequest, form: FactForm) -> File | None:
    """The file of whom the person lives with. Raises File.DoesNotExist."""
    number = tidy_number(form.said("beside"))
    on = timezone.localdate()
    return visible_file(number, actor_of(request), on=on) if number else None


def closed_words(closed: FileClosed) -> str:
    state = wording.said(wording.FILE_STATES, closed.state)
    return _("这份档案%(state)s，不能改动。") % {"state": state}


@needs(Permission.PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, number: str, kind: str, row: UUID) -> HttpResponse:
    """Say until when a fact held; it stays in the file as something that was. A verified one is asked about."""
    file = opened_file(request, number)
    fact = fact_of(file, kind, row)
    if verified(fact):
        query = urlencode({"field": field_of(fact)})
        return redirect(f"{reverse('staff_change_ask', args=[file.number])}?{query}")
    posts = posts_here(request)
    data = request.POST if request.method == "POST" else None
    form = EndForm(data, since=fact.since, today=timezone.localdate())
    if request.method == "POST" and form.is_valid() and ended(request, file, fact, form, posts):
        messages.success(request, _("已记下。它还留在档案里，注明到哪天为止。"))
        return redirect("staff_person", file.number)
    context = {"words": said_of(kind, fact, language_of(request)), "form": form, "file": file}
    status = 422 if form.errors else 200
    return show(request, "workbench/people/end.html", posts=posts, status=status, **context)


def fact_of(file: File, kind: str, row: UUID) -> Fact:
    """A fact of this file that has not ended yet."""
    wanted = {"pk": row, "file": file, "until__isnull": True}
    rows = MODELS[kind]._default_manager.filter(**wanted) if kind in MODELS else None
    fact = rows.first() if rows is not None else None
    if fact is None:
        raise Http404
    return fact


def ended(request: HttpRequest, file: File, fact: Fact, form: Form, posts: list[Post]) -> bool:
    try:
        end_fact(
            type(fact),
            fact.pk,
            on=form.cleaned_data["until"],
            actor=actor_of(request),
            at=timezone.now(),
            office=office_for(posts, file),
        )
    except FileClosed as closed:
        form.add_error(None, closed_words(closed))
    return not form.errors


def said_of(kind: str, fact: Fact, language: str) -> str:
    """What a fact says, short, for the heading of the form that ends it."""
    tables = {"document": wording.IDENTITY_KINDS, "standing": wording.STANDINGS, "need": wording.NEEDS,
              "member": wording.RELATIONS}  # fmt: skip
    text = str(getattr(fact, "text", "") or getattr(fact, "value", "") or getattr(fact, "name", ""))
    token = str(getattr(fact, "kind", "") or getattr(fact, "relation", ""))
    if kind in tables:
        text = wording.said(tables[kind], token)
    elif kind == "citizenship":
        text = country_name(str(getattr(fact, "country", "")), language)
    elif kind == "kin" and not text:
        text = wording.said(wording.KIN, token)
    return f"{wording.said(wording.FACTS, kind)} {text}"[:LONGEST].strip()
