"""The answers that my offices keep: which are due, one of them with all its editions, writing and publishing."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Account, Office
from qiaoqiao.access.queries import posts_of
from qiaoqiao.access.rules import Permission
from qiaoqiao.access.tickets import Actor
from qiaoqiao.casework.actions.once import Answer as OnceAnswer
from qiaoqiao.casework.actions.once import KeyReused, once
from qiaoqiao.catalogue.entry import words
from qiaoqiao.community.knowledge.actions.writing import (
    NothingToPublish,
    NotYours,
    change,
    confirm,
    content_of,
    hand_to,
    publish,
    retire,
    write,
)
from qiaoqiao.community.knowledge.models import Answer, Edition
from qiaoqiao.community.knowledge.queries import Mark, answer_page, kept_answers, votes_of
from qiaoqiao.community.knowledge.rules import in_language
from qiaoqiao.community.knowledge.sentences import SAID
from qiaoqiao.community.knowledge.wording import STATE_TAGS, STATES
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ui.entryforms import plain
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.knowledge.forms import AnswerForm, filled_from

Step = Callable[[Answer], object]


@needs(Permission.ORGANISE)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every answer of my offices, those due first; mine alone on request."""
    actor, on, language = actor_of(request), timezone.localdate(), language_of(request)
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    mine = bool(request.GET.get("mine"))
    answers, following = answer_page(
        actor, on=on, state=state, owner=actor.account_id if mine else None, after=mark_of(request)
    )
    rows = rows_of(answers, language)
    for row in rows:
        answer: Answer = row["answer"]  # type: ignore[assignment]
        row["due"] = answer.state == "outdated" or bool(
            answer.state == "published" and answer.review_on and answer.review_on <= on
        )
    kept = ({"mine": "yes"} if mine else {}) | ({"state": state} if state else {})
    return show(
        request,
        "workbench/knowledge/list.html",
        rows=rows,
        states=list(STATES.items()),
        state=state,
        mine=mine,
        first="?" + urlencode(kept) if "after" in request.GET else None,
        following="?" + urlencode(kept | {"after": f"{following[0]}~{following[1]}"}) if following else None,
    )


def mark_of(request: HttpRequest) -> Mark | None:
    """Where this page begins, as the page before said; nonsense begins at the beginning."""
    on, _sep, key = plain(request.GET.get("after", "")).partition("~")
    try:
        return date.fromisoformat(on), key
    except ValueError:
        return None


def rows_of(answers: Sequence[Answer], language: str) -> list[dict[str, object]]:
    """Answers with their newest edition's question and what people thought of the published one."""
    newest: dict[UUID, Edition] = {}
    for one in Edition.objects.filter(answer__in=answers).exclude(state="past").order_by("number"):
        newest[one.answer_id] = one
    votes = votes_of([one.pk for one in newest.values()])
    return [
        {
            "answer": answer,
            "question": in_language(newest[answer.pk].questions, language)[0]
            if answer.pk in newest
            else answer.key,
            "state": STATES[answer.state],
            "tag": STATE_TAGS[answer.state],
            "draft": answer.pk in newest and newest[answer.pk].state == "draft",
            "office": words(answer.office.names, language),
            "votes": votes.get(newest[answer.pk].pk) if answer.pk in newest else None,
        }
        for answer in answers
    ]


def own_answer(request: HttpRequest, answer_id: UUID) -> Answer:
    """An answer of my offices; a stranger gets 404."""
    try:
        return kept_answers(actor_of(request), on=timezone.localdate()).get(pk=answer_id)
    except Answer.DoesNotExist:
        raise Http404 from None


def own_offices(request: HttpRequest) -> list[Office]:
    posts = posts_of(actor_of(request).account_id or 0, on=timezone.localdate())
    return list({post.office_id: post.office for post in posts if post.role != "keeper"}.values())


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a new answer as a draft."""
    offices, language = own_offices(request), language_of(request)
    begins = {"valid_from": timezone.localdate()}
    form = AnswerForm(
        request.POST if request.method == "POST" else None, offices=offices, language=language, initial=begins
    )
    if form.is_valid():
        return written(request, form, {office.pk: office for office in offices})
    return show(
        request,
        "workbench/knowledge/form.html",
        status=422 if form.is_bound else 200,
        form=form,
        token=new_token(),
    )


def written(request: HttpRequest, form: AnswerForm, offices: dict[int, Office]) -> HttpResponse:
    """Keep the draft once, however often it is sent."""

    def perform() -> OnceAnswer:
        office = offices[form.cleaned_data["office"]]
        made = write(form.content(), office=office, actor=actor_of(request), at=timezone.now())
        return {"answer": str(made.pk)}

    try:
        answer = once(asked_once(request, "answer"), perform, at=timezone.now())
    except KeyReused:
        messages.error(request, _("这一页已经写过一条。"))
        return redirect("staff_questions")
    messages.success(request, _("草稿已保存。由负责人公布。"))
    return redirect("staff_question", answer["answer"])


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def rewrite(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """Write the next edition; the public reads the present one until it is published."""
    answer, language = own_answer(request, answer_id), language_of(request)
    newest = Edition.objects.filter(answer=answer).order_by("-number").first()
    begins = filled_from(content_of(newest)) if newest else {}
    form = AnswerForm(
        request.POST if request.method == "POST" else None, offices=[], language=language, initial=begins
    )
    if form.is_valid():
        change(answer.pk, form.content(), actor=actor_of(request), at=timezone.now())
        messages.success(request, _("草稿已保存。由负责人公布。"))
        return redirect("staff_question", answer.pk)
    return show(
        request,
        "workbench/knowledge/form.html",
        status=422 if form.is_bound else 200,
        form=form,
        answer=answer,
    )


@needs(Permission.ORGANISE)
@require_safe
def page(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """One answer: what is public, what is drafted, every edition, what people thought, what happened."""
    answer, language = own_answer(request, answer_id), language_of(request)
    editions = list(
        Edition.objects.filter(answer=answer).select_related("written_by", "published_by").order_by("-number")
    )
    votes = votes_of([one.pk for one in editions])
    for one in editions:
        one.said = votes.get(one.pk)  # type: ignore[attr-defined]
    shown = next((one for one in editions if one.state == "published"), None)
    draft = next((one for one in editions if one.state == "draft"), None)
    question = in_language((draft or shown or editions[0]).questions, language)[0]
    return show(
        request,
        "workbench/knowledge/answer.html",
        answer=answer,
        question=question,
        office=words(answer.office.names, language),
        state=STATES[answer.state],
        tag=STATE_TAGS[answer.state],
        editions=editions,
        shown=shown,
        draft=draft,
        may_publish=draft is not None and may_publish(answer, draft, actor_of(request)),
        timeline=timeline(answer),
    )


def may_publish(answer: Answer, draft: Edition, actor: Actor) -> bool:
    """Whether the button is offered: to a head who did not write it."""
    heads = posts_of(actor.account_id or 0, on=timezone.localdate()).filter(role="head")
    above = any(answer.office.path.startswith(post.office.path) for post in heads)
    return above and draft.written_by_id != actor.account_id


def timeline(answer: Answer) -> list[dict[str, object]]:
    """What happened to it, newest first."""
    steps = list(Entry.objects.filter(subject=answer.pk).order_by("-seq")[:100])
    ids = {step.actor.removeprefix("staff:") for step in steps if step.actor.startswith("staff:")}
    names = {f"staff:{pk}": name for pk, name in Account.objects.filter(pk__in=ids).values_list("pk", "name")}
    return [
        {"title": SAID.get(step.kind, step.kind), "at": step.at, "by": names.get(step.actor, _("系统"))}
        for step in steps
    ]


@needs(Permission.ORGANISE)
@require_POST
def act(request: HttpRequest, answer_id: UUID, step: str) -> HttpResponse:
    """Publish the draft, confirm that it is still right, take it over, or take it back."""
    answer, actor, at = own_answer(request, answer_id), actor_of(request), timezone.now()
    steps = steps_of(request, actor, at)
    if step not in steps:
        raise Http404
    perform, done = steps[step]
    try:
        perform(answer)
        messages.success(request, done)
    except NotYours as why:
        messages.error(
            request, _("自己写的要由别人公布。") if str(why) == "own_text" else _("由单位的负责人公布。")
        )
    except NothingToPublish:
        messages.error(request, _("没有草稿可以公布。"))
    return redirect("staff_question", answer.pk)


def steps_of(request: HttpRequest, actor: Actor, at: datetime) -> dict[str, tuple[Step, str]]:
    """What may be done to an answer, by the word in the address."""
    reason = request.POST.get("reason", "").replace("\x00", "")
    me = request.user if isinstance(request.user, Account) else None
    return {
        "publish": (lambda one: publish(one.pk, actor=actor, at=at), _("已公布。")),
        "confirm": (lambda one: confirm(one.pk, actor=actor, at=at), _("已记下：核对过，仍然正确。")),
        "take": (lambda one: hand_to(one.pk, me, actor=actor, at=at) if me else None, _("现在由您负责。")),
        "retire": (
            lambda one: retire(one.pk, reason=reason, actor=actor, at=at),
            _("已收回，公众看不到了。"),
        ),
    }
