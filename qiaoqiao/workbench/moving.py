"""A move's page: what it does and rests on, what it asks, the notice it will issue; then doing it, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.moving import ExtensionTooLong, move
from qiaoqiao.casework.actions.once import Answer, Asked, KeyReused, once
from qiaoqiao.casework.actions.rehearsing import Rehearsal, rehearse
from qiaoqiao.casework.actions.seating import ShieldedOffice
from qiaoqiao.casework.choosing import offices_for_seat, texts_of
from qiaoqiao.casework.reading import CaseFile, carried_out
from qiaoqiao.casework.routing import NoOffice, NotThisOffice
from qiaoqiao.casework.rules import AnswerMissing, MoveRefused
from qiaoqiao.casework.sentences import Teller, tell
from qiaoqiao.catalogue.entry import Move, words
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, page, read_case
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.fund.governing import made_by_the_fund
from qiaoqiao.workbench.identity import LANGUAGES, who
from qiaoqiao.workbench.moveform import answers_of, as_text, form_of, law_words, office_faults, questions
from qiaoqiao.workbench.preview import versions
from qiaoqiao.workbench.whynot import offer_of, reason

REFUSED = (AnswerMissing, ExtensionTooLong, ShieldedOffice, NotThisOffice, NoOffice)
FORM, PREVIEW, CONFIRM, INSERT = "form", "preview", "confirm", "insert"


class Overtaken(Exception):
    """Since the form was drawn, somebody else moved the case."""


@dataclass(frozen=True)
class Making:
    """A move on its way through the pages: the case as it is, what was answered, for which step it was drawn."""

    request: HttpRequest
    file: CaseFile
    move: Move
    answers: Mapping[str, object]
    seen: int
    offices: Sequence[Office]

    @property
    def language(self) -> str:
        return language_of(self.request)

    @property
    def asked(self) -> Asked:
        """One move follows each step of the case: the step is the key, so two officers cannot both follow it."""
        said = repr((actor_of(self.request).account_id, self.move.id, sorted(self.answers.items())))
        key = f"move:{self.file.case.pk}:{self.seen}"
        return Asked(None, key, said.encode("utf-8", "backslashreplace"))


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def make_move(request: HttpRequest, reference: str, move_id: str) -> HttpResponse:
    file = read_case(request, reference)
    wanted = next((one for one in file.entry.moves if one.id == move_id), None)
    if wanted is None:
        raise Http404
    if elsewhere := made_by_the_fund(file.case, move_id):
        return redirect(elsewhere)
    making = begin(request, file, wanted)
    if request.method != "POST":
        open_ = any(one.move.id == move_id and one.why is None for one in file.choices())
        return form_page(making, {}) if open_ else overtaken_page(making)
    match request.POST.get("do", CONFIRM):
        case "preview":
            return preview(making)
        case "form":
            return form_page(making, {})
        case _ if "insert" in request.POST:
            return form_page(inserted(making), {})
        case _:
            return perform(making)


def begin(request: HttpRequest, file: CaseFile, wanted: Move) -> Making:
    """Read what was sent; a page opened from the intake comes with materials already ticked."""
    seat = wanted.offers if any(ask.type == "office" for ask in wanted.asks) else None
    offices = offices_for_seat(file.case, file.entry, seat) if seat else []
    sent = request.POST if request.method == "POST" else request.GET
    seen = request.POST.get("seen", "")
    return Making(
        request, file, wanted, answers_of(wanted, sent),
        int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 6 else file.made, offices,
    )  # fmt: skip


def form_page(making: Making, faults: Mapping[str, str], *, trouble: str = "") -> HttpResponse:
    """The form with what was typed; `trouble` is a fault that belongs to no field."""
    file, language = making.file, making.language
    form = form_of(
        file, making.move, making.answers, language=language, offices=making.offices, faults=faults
    )
    texts = texts_of(list(file.roles), service=file.case.service) if making.move.asks else []
    context = page(
        file,
        move=making.move,
        offer=offer_of(file, making.move, language),
        says=words(making.move.says, language),
        law=law_words(file.entry, making.move),
        form=form,
        questions=questions(file, making.move, form, language),
        texts=texts,
        seen=making.seen,
        trouble=trouble,
        who=who(file, language),
        previews=making.move.notice is not None,
    )
    return show(
        making.request, "workbench/case/move.html", status=422 if faults or trouble else 200, **context
    )


def inserted(making: Making) -> Making:
    """Put the chosen standard text behind what was typed; works without script."""
    target = making.request.POST.get("insert", "")
    wanted = making.request.POST.get(f"text-{target}", "")
    texts = {
        str(one.pk): one.body for one in texts_of(list(making.file.roles), service=making.file.case.service)
    }
    if wanted not in texts or target not in {ask.id for ask in making.move.asks if ask.type == "longtext"}:
        return making
    before = str(making.answers.get(target) or "").rstrip()
    together = f"{before}\n{texts[wanted]}" if before else texts[wanted]
    return Making(
        making.request,
        making.file,
        making.move,
        {**making.answers, target: together},
        making.seen,
        making.offices,
    )


def preview(making: Making) -> HttpResponse:
    """Show the notice as it will be issued, in Chinese and in the person's language; nothing has happened yet."""
    if making.seen != making.file.made:
        return overtaken_page(making)
    faults = office_faults(making.move, making.answers, making.offices)
    if faults:
        return form_page(making, faults)
    try:
        rehearsed = rehearse(
            making.file.case.pk, making.move.id, answers=making.answers,
            actor=actor_of(making.request), at=timezone.now(),
        )  # fmt: skip
    except REFUSED as refused:
        return refused_page(making, refused)
    except MoveRefused:
        return overtaken_page(making)
    return preview_page(making, rehearsed)


def preview_page(making: Making, rehearsed: Rehearsal) -> HttpResponse:
    file, language = making.file, making.language
    limit = next((one for one in file.entry.limits if one.id == rehearsed.due_limit), None)
    kept = [(name, value) for name, values in making.request.POST.lists() for value in values]
    context = page(
        file,
        move=making.move,
        offer=offer_of(file, making.move, language),
        who=who(file, language),
        after=words(file.entry.states[rehearsed.state].name, language),
        due_on=rehearsed.due_on,
        due_name=words(limit.name, language) if limit else "",
        versions=versions(rehearsed.sheet),
        kept=[(name, value) for name, value in kept if name not in {"csrfmiddlewaretoken", "do", "seen"}],
        seen=making.seen,
        other=LANGUAGES.get(file.case.language, file.case.language),
    )
    return show(making.request, "workbench/case/preview.html", **context)


def perform(making: Making) -> HttpResponse:
    """Make the move once, however often it was sent; when somebody was quicker, say so and lose nothing."""
    faults = office_faults(making.move, making.answers, making.offices)
    if faults:
        return form_page(making, faults)
    try:
        once(making.asked, lambda: moved(making), at=timezone.now())
    except REFUSED as refused:
        return refused_page(making, refused)
    except (MoveRefused, Overtaken, KeyReused):
        if not carried_out(making.asked):
            return overtaken_page(making)
    messages.success(
        making.request, _("已办理：%(move)s。") % {"move": words(making.move.name, making.language)}
    )
    return redirect("staff_case", making.file.case.reference)


def moved(making: Making) -> Answer:
    if making.seen != making.file.made:
        raise Overtaken
    now = timezone.now()
    case = move(
        making.file.case.pk, making.move.id, answers=making.answers, actor=actor_of(making.request), at=now
    )
    return {"reference": case.reference, "state": case.state}


def refused_page(making: Making, refused: Exception) -> HttpResponse:
    """Put a refusal beside the field it belongs to, or above the form when it belongs to none."""
    asks = making.move.asks
    office = next((ask.id for ask in asks if ask.type == "office"), "")
    number = next((ask.id for ask in asks if ask.type == "number"), "")
    match refused:
        case AnswerMissing():
            return form_page(making, refused.faults)
        case ExtensionTooLong():
            words_ = _("最多还能延长 %(n)d，请改小一些。") % {"n": refused.most}
            return form_page(making, {number: words_}) if number else form_page(making, {}, trouble=words_)
        case ShieldedOffice():
            words_ = _("这个单位是被反映的单位或它的下级，不能交给它。请另选一个单位。")
        case NotThisOffice():
            words_ = _("这个单位不能办这一步，请另选一个单位。")
        case _:
            words_ = _("当地没有能办这一步的单位，也没有上级单位。请与系统管理员联系。")
    return form_page(making, {office: words_}) if office else form_page(making, {}, trouble=words_)


def overtaken_page(making: Making) -> HttpResponse:
    """Say what the case is now, why this move is not open any more, and give back what was typed."""
    file = read_case(making.request, making.file.case.reference)
    language = making.language
    choice = (
        next(one for one in file.choices() if one.move.id == making.move.id) if _offerable(making) else None
    )
    state = file.entry.states[file.case.state]
    told = tell(file.steps, Teller(file.entry, language, file.known(language)))
    written = [
        (words(ask.label, language), as_text(ask, making.answers[ask.id]))
        for ask in making.move.asks
        if making.answers.get(ask.id)
    ]
    context = page(
        file,
        move=making.move,
        name=words(making.move.name, language),
        state=words(state.name, language),
        plain=words(state.plain, language),
        last=told[0] if told else None,
        why=reason(file, choice, language) if choice and choice.why else "",
        written=written if making.request.method == "POST" else [],
    )
    return show(making.request, "workbench/case/overtaken.html", status=409, **context)


def _offerable(making: Making) -> bool:
    return making.move.seat != "law"
