"""Answering a case with an answer that is there, and making an answer of one that was good."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.once import Answer as OnceAnswer
from qiaoqiao.casework.actions.once import KeyReused, once
from qiaoqiao.casework.actions.talking import MessageRefused
from qiaoqiao.casework.models import Message
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.community.knowledge.actions.citing import cite
from qiaoqiao.community.knowledge.models import Edition
from qiaoqiao.community.knowledge.queries import Shown, citations_of, listed, search, shown, visible_answers
from qiaoqiao.community.knowledge.rules import LONGEST_ANSWER, LONGEST_QUESTION, in_language, telling
from qiaoqiao.ui.entryforms import plain
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, asked_once, new_token, page, read_case, typed
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.identity import who
from qiaoqiao.workbench.knowledge.answers import own_offices, written
from qiaoqiao.workbench.knowledge.forms import AnswerForm
from qiaoqiao.workbench.messages import LONGEST_TYPED

LONGEST_ASKED = 400


def my_case(request: HttpRequest, reference: str) -> CaseFile:
    """A case in which my office has a seat; a stranger gets 404."""
    file = read_case(request, reference)
    if not file.mine():
        raise Http404
    return file


@needs(Permission.CASE_ACT)
@require_safe
def choose(request: HttpRequest, reference: str) -> HttpResponse:
    """Find an answer for this case: by words, else those of its service."""
    file, on, actor = my_case(request, reference), timezone.localdate(), actor_of(request)
    query = plain(request.GET.get("q", "")).strip()[:LONGEST_ASKED]
    found = search(query, actor, on=on) if query else listed(actor, on=on, service=file.case.service)
    language = language_of(request)
    rows = [
        {"answer": one.answer, "question": in_language(one.edition.questions, language)[0]} for one in found
    ]
    context = page(file, who=who(file, language_of(request)), rows=rows, query=query)
    said = [one for one in file.messages if one.office_id in file.roles and not one.internal]
    return show(
        request, "workbench/knowledge/choose.html", **context, cited=citations_of(file.case.pk), said=said
    )


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, reference: str, answer_id: UUID) -> HttpResponse:
    """The answer in the person's language with its sources, to be adapted and sent once."""
    file, actor = my_case(request, reference), actor_of(request)
    on, language = timezone.localdate(), file.case.person.language
    answers = list(visible_answers(actor, on=on).filter(pk=answer_id, state="published"))
    found = [one for one in shown(answers, on=on) if one.valid]
    if not found:
        raise Http404
    body = typed(request, "body", LONGEST_TYPED) if request.method == "POST" else letter(found[0], language)
    fault = ""
    if request.method == "POST":
        try:
            once(
                asked_once(request, "cite"),
                lambda: _cite(request, file, found[0].edition, body),
                at=timezone.now(),
            )
        except MessageRefused:
            fault = _("请先写内容，再发送。")
        except KeyReused:
            fault = _("这一页的留言已经发出过。如要再发，请确认内容后再按一次“发送”。")
        else:
            messages.success(request, _("已发送，并记下了引用的是哪一条。"))
            return redirect("staff_case", file.case.reference)
    context = page(file, who=who(file, language_of(request)), body=body, fault=fault, token=new_token())
    return show(
        request,
        "workbench/knowledge/cite.html",
        status=422 if fault else 200,
        **context,
        answer=found[0].answer,
        question=in_language(found[0].edition.questions, language_of(request))[0],
        meant=in_language(found[0].edition.answers, language_of(request))[0],
    )


def _cite(request: HttpRequest, file: CaseFile, edition: Edition, body: str) -> OnceAnswer:
    kept = cite(
        file.case.pk,
        edition,
        body,
        language=file.case.person.language,
        actor=actor_of(request),
        at=timezone.now(),
    )
    return {"citation": str(kept.pk)}


def letter(found: Shown, language: str) -> str:
    """The words for the person: the answer, where it is written, where it can be read again."""
    answer = in_language(found.edition.answers, language)[0]
    with translation.override(language):
        sources = [
            f"《{one['title']}》{article_words(one.get('article', ''))}" for one in found.edition.sources
        ]
    link = f"{settings.PUBLIC_URL}/questions/{found.answer.key}/"
    return "\n".join([answer, "", *sources, link])


def article_words(article: str) -> str:
    return _("第 %(article)s 条") % {"article": article} if article else ""


# --- a good answer becomes one for all ----------------------------------------------------------------


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def from_message(request: HttpRequest, reference: str, message_id: UUID) -> HttpResponse:
    """The office's own words beside a form, with whatever in the form may still tell whose case it was."""
    file = my_case(request, reference)
    message = Message.objects.filter(pk=message_id, case=file.case, office__isnull=False).first()
    if message is None:
        raise Http404
    offices, language = own_offices(request), language_of(request)
    begins = {
        "answer_zh-Hans": message.body[:LONGEST_ANSWER],
        "question_zh-Hans": "",
        "valid_from": timezone.localdate(),
        "services": [file.case.service],
    }
    form = AnswerForm(
        request.POST if request.method == "POST" else None, offices=offices, language=language, initial=begins
    )
    left = telling(_said(form, begins), people_of(file))
    if form.is_valid() and not left:
        return written(request, form, {office.pk: office for office in offices})
    if form.is_bound and left:
        form.add_error(
            "answer_zh-Hans",
            _("还有可能认出当事人的内容，请改掉再保存：%(left)s") % {"left": "、".join(left)},
        )
    context = page(
        file, who=who(file, language), form=form, token=new_token(), original=message.body, left=left
    )
    return show(
        request, "workbench/knowledge/from_case.html", status=422 if form.is_bound else 200, **context
    )


def _said(form: AnswerForm, begins: dict[str, object]) -> str:
    """Everything that would be published."""
    given = form.data if form.is_bound else begins
    names = [name for name in form.fields if name.startswith(("question_", "answer_", "phrases"))]
    return "\n".join(str(given.get(name, ""))[: LONGEST_QUESTION + LONGEST_ANSWER] for name in names)


def people_of(file: CaseFile) -> list[str]:
    """What this case knows of its people: names, addresses, numbers."""
    people = [file.case.person, *([file.case.mandate.agent] if file.case.mandate else [])]
    known = [value for one in people for value in (one.name, one.latin_name, one.email, one.phone)]
    return [value for value in [*known, file.case.reference] if value]
