"""What a move asks, as a form: only the materials and offices that come into question here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from qiaoqiao.access.models import Office
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.catalogue.entry import Ask, Entry, Move, Refusal, words
from qiaoqiao.ui.entryforms import JudgedForm, move_answers, move_form
from qiaoqiao.ui.places import Atlas

LONGEST = 5000
NUMBERS = re.compile(r"[0-9、]+")


@dataclass(frozen=True)
class Ground:
    """A reason to refuse, with what the person must be told."""

    id: str
    name: str
    tell: str
    law: str
    chosen: bool


@dataclass(frozen=True)
class Question:
    """One of the move's questions as the page draws it; `grounds` only where reasons to refuse are chosen from."""

    bound: forms.BoundField
    grounds: tuple[Ground, ...]
    insert: bool


def form_of(
    file: CaseFile,
    move: Move,
    answers: Mapping[str, object],
    *,
    language: str,
    offices: Sequence[Office],
    faults: Mapping[str, str] | None = None,
) -> JudgedForm:
    """The move's form. `offices` are those the seat may go to, the nearest first."""
    form = move_form(file.entry, move, answers, atlas=Atlas(), language=language, faults=faults)
    for ask in move.asks:
        if ask.type == "papers":
            form.fields[ask.id] = handed_over(form.fields[ask.id], file, language)
        elif ask.type == "materials":
            form.fields[ask.id].choices = materials(file, language)  # type: ignore[attr-defined]
        elif ask.type == "office":
            form.fields[ask.id].choices = office_choices(file, offices, language)  # type: ignore[attr-defined]
        elif ask.type == "number" and move.extends:
            extended(form.fields[ask.id], file, move)
    return form


def handed_over(field: forms.Field, file: CaseFile, language: str) -> forms.Field:
    """At the window papers are ticked as they are handed over; scans can be attached to the case besides."""
    return forms.MultipleChoiceField(
        choices=materials(file, language),
        widget=forms.CheckboxSelectMultiple,
        label=field.label,
        help_text=_("逐件勾选当事人这次交来的材料。"),
        required=field.required,
    )


def questions(file: CaseFile, move: Move, form: JudgedForm, language: str) -> list[Question]:
    """The questions in order, each with what its drawing needs."""
    return [
        Question(form[ask.id], grounds(file.entry, form[ask.id], language) if ask.type == "refusal" else (),
                 ask.type == "longtext")
        for ask in move.asks
    ]  # fmt: skip


def materials(file: CaseFile, language: str) -> list[tuple[str, str]]:
    """The materials asked for in this case, each with what has become of it so far."""
    wanted = set(file.wanted_materials())
    verdicts = {paper.kind: paper.verdict for paper in file.papers if paper.direction == "in"}
    said = {"fits": _("已交，符合要求"), "wanting": _("已交，不符合要求"), "": _("已交，还没看")}
    return [
        (
            one.id,
            _("%(name)s（%(state)s）") % {"name": words(one.name, language), "state": said[verdicts[one.id]]},
        )
        if one.id in verdicts
        else (one.id, words(one.name, language))
        for one in file.entry.materials
        if one.id in wanted
    ]


def office_choices(file: CaseFile, offices: Sequence[Office], language: str) -> list[tuple[str, object]]:
    """Offices in groups by how near they are, so that the usual one stands first."""
    near = [
        (str(one.pk), words(one.names, language))
        for one in offices
        if one.place_id == file.case.office.place_id
    ]
    far = [
        (str(one.pk), words(one.names, language))
        for one in offices
        if one.place_id != file.case.office.place_id
    ]
    groups: list[tuple[str, object]] = [("", _("请选择"))]
    groups += [(_("本地"), near)] if near else []
    groups += [(_("上级和其他地方"), far)] if far else []
    return groups


def extended(field: forms.Field, file: CaseFile, move: Move) -> None:
    """Say by how much the limit may still be extended."""
    limit = file.entry.limit(move.extends or "")
    most = limit.extension.most if limit.extension else 0
    used = sum(
        term.extension
        for term in file.terms
        if term.limit == limit.id and term.state in {"running", "paused"}
    )
    field.most = most - used  # type: ignore[attr-defined]
    field.help_text = _("最多还能延长 %(n)d。") % {"n": most - used}


def grounds(entry: Entry, bound: forms.BoundField, language: str) -> tuple[Ground, ...]:
    return tuple(
        Ground(
            one.id,
            words(one.name, language),
            words(one.tell, language),
            law_words(entry, one),
            bound.value() == one.id,
        )
        for one in entry.refusals
    )


def law_words(entry: Entry, said: Refusal | Move) -> str:
    """The article a move or a refusal rests on, with the paper's name."""
    if said.law is None:
        return ""
    return f"《{entry.sources[said.law.source].title}》{article_words(said.law.article)}"


def article_words(article: str) -> str:
    return _("第%(n)s条") % {"n": article} if NUMBERS.fullmatch(article) else article


def answers_of(move: Move, sent: QueryDict) -> dict[str, object]:
    """The answers as they were sent; a choice that is no office at all is no answer."""
    answers = move_answers(move, sent)
    answers |= {ask.id: sent.getlist(ask.id) for ask in move.asks if ask.type == "papers" and ask.id in sent}
    return {
        name: value[: LONGEST * 12] if isinstance(value, str) else value for name, value in answers.items()
    }


def office_faults(move: Move, answers: Mapping[str, object], offices: Sequence[Office]) -> dict[str, str]:
    """An office that was not offered cannot be chosen."""
    known = {str(one.pk) for one in offices}
    asks = [ask.id for ask in move.asks if ask.type == "office"]
    return {name: "not_offered" for name in asks if name in answers and answers[name] not in known}


def as_text(ask: Ask, value: object) -> str:
    """An answer as text that can be copied out of a refused form."""
    return "、".join(str(one) for one in value) if isinstance(value, list) else str(value)
