"""Taking one's own step: answering a request for papers, applying for a review, withdrawing; once each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions import moving, papers
from qiaoqiao.casework.actions.once import KeyReused, once
from qiaoqiao.casework.models import Once
from qiaoqiao.casework.rules import PERSON, AnswerMissing, MoveRefused, fault_of
from qiaoqiao.catalogue.entry import Move, words
from qiaoqiao.portal.handing import Handed, Row, hand_in, rows_of
from qiaoqiao.portal.ownership import Mine, asked_once, form_token, own_case, see, typed_before
from qiaoqiao.portal.wanting import Asking, Wanted, asking, ends, open_steps, papers_since
from qiaoqiao.ui.entryforms import JudgedForm, move_answers, move_form
from qiaoqiao.ui.places import Atlas, atlas

ANYWAY = "anyway"


@dataclass(frozen=True)
class Taking:
    """A step the person is about to take: what it asks, what was answered, which files came with it."""

    move: Move
    asked: Asking | None
    answers: Mapping[str, object]
    handed: Handed = field(default_factory=Handed)
    faults: Mapping[str, str] = field(default_factory=dict)
    missing: Sequence[Wanted] = ()

    @property
    def wants_papers(self) -> bool:
        return _asks_papers(self.move)


@needs(Permission.OWN_CASE)
@own_case
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, mine: Mine, move_id: str) -> HttpResponse:
    """Show what a step asks, or take it."""
    move = next((one for one in mine.entry.moves if one.id == move_id and one.seat == PERSON), None)
    if move is None:
        raise Http404
    if request.method == "POST":
        return _take(request, mine, move)
    if move_id not in {one.id for one in open_steps(mine)}:
        return _closed(request, mine, move)
    return _page(request, mine, Taking(move, asking(mine), typed_before(request)))


def _take(request: HttpRequest, mine: Mine, move: Move) -> HttpResponse:
    asked = asking(mine)
    handed = hand_in(request, mine, rows_of(mine, asked)) if _asks_papers(move) else Handed()
    given = move_answers(move, request.POST)
    papers_here = [one.sha256 for one in papers_since(mine, asked)] + [one.sha256 for one in handed.files]
    answers = given | {ask.id: papers_here for ask in move.asks if ask.type == "papers" and papers_here}
    faults = _faults(mine, move, answers)
    wrong = bool(faults or handed.errors)
    missing = () if wrong else _missing(move, asked, handed)
    taking = Taking(move, asked, given, handed, faults, missing)
    if wrong or (missing and ANYWAY not in request.POST):
        return _page(request, mine, taking, status=422)
    return _perform(request, mine, taking, answers)


def _missing(move: Move, asked: Asking | None, handed: Handed) -> list[Wanted]:
    """What was asked for and would still be missing if the step were taken now."""
    brought = {one.kind for one in handed.files}
    return [one for one in asked.missing if one.id not in brought] if asked and _asks_papers(move) else []


def _asks_papers(move: Move) -> bool:
    return any(ask.type == "papers" for ask in move.asks)


def _faults(mine: Mine, move: Move, answers: Mapping[str, object]) -> dict[str, str]:
    found = fault_of(
        move,
        answers,
        refusals=frozenset(one.id for one in mine.entry.refusals),
        materials=frozenset(one.id for one in mine.entry.materials),
    )
    return found | {
        ask.id: _("请至少上传一个文件。") for ask in move.asks if ask.type == "papers" and ask.id in found
    }


def _perform(request: HttpRequest, mine: Mine, taking: Taking, answers: Mapping[str, object]) -> HttpResponse:
    """Add the files, then take the step; sent again, each finds that it is done."""
    body = json.dumps(
        [sorted(one.sha256 for one in taking.handed.files), {**answers}], ensure_ascii=False, sort_keys=True
    )
    name = words(taking.move.name, mine.language)
    doing = asked_once(request, mine, taking.move.id, body)
    try:
        _add(request, mine, taking.handed)
        once(doing, lambda: _moved(mine, taking.move, answers), at=mine.at)
    except AnswerMissing as missing:
        return _page(
            request,
            mine,
            Taking(taking.move, taking.asked, taking.answers, taking.handed, missing.faults),
            status=422,
        )
    except (MoveRefused, KeyReused, papers.CaseDone):
        if not Once.objects.filter(key=doing.row).exists():
            return _closed(request, mine, taking.move, kept=len(taking.handed.files))
    messages.success(request, _("“%(step)s”已经办好。") % {"step": name})
    return see(mine.address())


def _add(request: HttpRequest, mine: Mine, handed: Handed) -> None:
    if handed.files:
        digests = json.dumps(sorted(one.sha256 for one in handed.files))
        once(asked_once(request, mine, "papers", digests), lambda: _added(mine, handed), at=mine.at)


def _added(mine: Mine, handed: Handed) -> dict[str, object]:
    papers.add(mine.case.pk, handed.files, actor=mine.actor, at=mine.at)
    return {"added": len(handed.files)}


def _moved(mine: Mine, move: Move, answers: Mapping[str, object]) -> dict[str, object]:
    return {"state": moving.move(mine.case.pk, move.id, answers=answers, actor=mine.actor, at=mine.at).state}


def _closed(request: HttpRequest, mine: Mine, move: Move, *, kept: int = 0) -> HttpResponse:
    """The step is not open (any more): say where the case is, and that files sent along were kept."""
    facts = {
        "step": words(move.name, mine.language),
        "state": words(mine.entry.states[mine.case.state].name, mine.language),
        "n": kept,
    }
    said = _("现在不能“%(step)s”：这件事现在是“%(state)s”。") % facts
    if kept:
        said += _("您上传的 %(n)d 个文件已经收下，没有丢。") % facts
    messages.warning(request, said)
    return see(mine.address())


def _page(request: HttpRequest, mine: Mine, taking: Taking, *, status: int = 200) -> HttpResponse:
    form = move_form(
        mine.entry,
        taking.move,
        taking.answers,
        atlas=_atlas(taking.move),
        language=mine.language,
        faults=taking.faults,
    )
    file_ask = next((ask.id for ask in taking.move.asks if ask.type == "papers"), "")
    rows = rows_of(mine, taking.asked, taking.handed) if taking.wants_papers else []
    context = mine.frame() | {
        "move_name": words(taking.move.name, mine.language),
        "ends": ends(mine, taking.move),
        "form": form,
        "fields": [form[name] for name in form.fields if name != file_ask],
        "file_fault": taking.faults.get(file_ask, ""),
        "earlier": papers_since(mine, taking.asked) if taking.wants_papers else [],
        "rows": rows,
        "errors": _errors(form, rows, file_ask, taking.faults.get(file_ask, "")),
        "kept": taking.handed.tokens,
        "asked": taking.asked,
        "missing": taking.missing,
        "limit": settings.MAX_UPLOAD_BYTES,
        "token": form_token(request),
    }
    return render(request, "portal/track/step.html", context, status=status)


def _errors(form: JudgedForm, rows: list[Row], file_ask: str, file_fault: str) -> list[tuple[str, str]]:
    found = [
        (f"#id_{name}", str(said))
        for name, faults in form.errors.items()
        for said in faults
        if name != file_ask
    ]
    if file_fault and rows:
        found.insert(0, (f"#{rows[0].input}", file_fault))
    return [*((f"#{row.input}", said) for row in rows for said in row.errors), *found]


def _atlas(move: Move) -> Atlas:
    return atlas(offices=True) if any(ask.type == "office" for ask in move.asks) else Atlas()


# --- papers without a step -------------------------------------------------------------------------


@needs(Permission.OWN_CASE)
@own_case
@require_http_methods(["GET", "POST"])
def bring_papers(request: HttpRequest, mine: Mine) -> HttpResponse:
    """Add papers to an open case, asked for or not."""
    if mine.case.stage == "done":
        messages.warning(request, _("这件事已经办结，不能再加材料。有话要说，请写在“留言”里。"))
        return see(mine.address())
    asked = asking(mine)
    rows = rows_of(mine, asked)
    if request.method == "GET":
        return _papers_page(request, mine, rows, Handed())
    handed = hand_in(request, mine, rows)
    if handed.errors or not handed.files:
        return _papers_page(request, mine, rows_of(mine, asked, handed), handed, status=422)
    try:
        _add(request, mine, handed)
    except papers.CaseDone:
        messages.warning(request, _("这件事刚刚办结，文件没有加上。"))
        return see(mine.address())
    except KeyReused:
        return see(mine.address("portal_case_papers"))
    messages.success(request, _("收到 %(n)d 个文件。") % {"n": len(handed.files)})
    return see(mine.address() + "#papers")


def _papers_page(
    request: HttpRequest, mine: Mine, rows: list[Row], handed: Handed, *, status: int = 200
) -> HttpResponse:
    errors = [(f"#{row.input}", said) for row in rows for said in row.errors]
    if status == 422 and not errors:
        errors = [(f"#{rows[0].input}", _("请至少上传一个文件。"))]
    context = mine.frame() | {
        "rows": rows,
        "errors": errors,
        "kept": handed.tokens,
        "limit": settings.MAX_UPLOAD_BYTES,
        "token": form_token(request),
    }
    return render(request, "portal/track/papers.html", context, status=status)
