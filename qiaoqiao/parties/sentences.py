"""What happened to a person's file, said in plain sentences: every kind of ledger entry of a file has one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiaoqiao.parties import wording
from qiaoqiao.parties.consents import PURPOSES
from qiaoqiao.parties.consents import wording as consent_wording

Audience = Literal["staff", "person"]
Names = Mapping[str, str]


@dataclass(frozen=True)
class Step:
    """One ledger entry of a file; `facts` is empty when they have been erased."""

    kind: str
    actor: str
    office: str
    at: datetime
    facts: Mapping[str, object]


@dataclass(frozen=True)
class Teller:
    """Who is told, and what may be named: offices by code, officers by ledger name, sources by code."""

    language: str
    audience: Audience = "staff"
    offices: Names = field(default_factory=dict)
    officers: Names = field(default_factory=dict)
    sources: Names = field(default_factory=dict)

    @property
    def comma(self) -> str:
        return "、" if self.language.startswith("zh") else ", "


@dataclass(frozen=True)
class Sentence:
    """What one entry says; `state` is the look of the timeline."""

    title: str
    lines: tuple[str, ...] = ()
    state: str = ""


@dataclass(frozen=True)
class Told:
    """One moment of the journey: what happened, when, by whom, and what came with it."""

    title: str
    at: datetime
    by: str = ""
    text: str = ""
    state: str = ""
    url: str = ""


def tell(steps: Sequence[Step], teller: Teller) -> list[Told]:
    """Say what happened, newest first; what one person did in one moment is told together."""
    moments = []
    for (at, _actor), together in groupby(steps, key=lambda step: (step.at, step.actor)):
        moments.append(_moment(_gathered(list(together)), at, teller))
    return moments[::-1]


def _gathered(steps: Sequence[Step]) -> list[Step]:
    """Several facts learned at once are one sentence."""
    learned = [step for step in steps if step.kind in {"file.learned", "file.made"}]
    if len(learned) < 2:
        return list(steps)
    kinds = [kind for step in learned for kind in _kinds(step)]
    first = learned[0]
    whole = Step(first.kind, first.actor, first.office, first.at, {**first.facts, "facts": kinds})
    rest = [step for step in steps if step not in learned]
    return [whole, *rest]


def _moment(steps: Sequence[Step], at: datetime, teller: Teller) -> Told:
    said = [sentence(step, teller) for step in steps]
    head, *rest = said
    after = [line for one in rest for line in (one.title, *one.lines)]
    state = next((one.state for one in said if one.state), "")
    return Told(head.title, at, by_words(steps[0], teller), "\n".join([*head.lines, *after]), state)


def by_words(step: Step, teller: Teller) -> str:
    """Who did it: the person reads offices, not officers' names."""
    kind, _colon, _id = step.actor.partition(":")
    match kind:
        case "person":
            return _("您") if teller.audience == "person" else _("本人")
        case "law":
            return _("依照法律规定")
        case "system":
            return _("系统")
        case "client":
            return _("对接系统")
    office = teller.offices.get(step.office, step.office)
    if teller.audience == "person":
        return office
    return f"{office} {teller.officers.get(step.actor, '')}".strip()


def sentence(step: Step, teller: Teller) -> Sentence:
    """Say one entry. A kind that nobody wrote a sentence for is shown by its name."""
    head, _colon, rest = step.kind.partition(":")
    write = SENTENCES.get(step.kind) or SENTENCES.get(head)
    if write is None:
        return Sentence(_("有一项记录：%(kind)s") % {"kind": step.kind})
    return write(step, rest, teller)


def unsaid(kinds: Iterable[str]) -> set[str]:
    """The kinds nobody wrote a sentence for."""
    return {kind for kind in kinds if kind not in SENTENCES and kind.partition(":")[0] not in SENTENCES}


# --- one function a kind ----------------------------------------------------------------------------


def _kinds(step: Step) -> list[str]:
    """The kinds of facts an entry tells of: one, or a list."""
    several, one = step.facts.get("facts"), step.facts.get("kind")
    return [str(kind) for kind in several] if isinstance(several, list) else [str(one)] if one else []


def _facts_words(step: Step, teller: Teller) -> str:
    return teller.comma.join(dict.fromkeys(wording.said(wording.FACTS, kind) for kind in _kinds(step)))


def _line(label: str, value: object) -> tuple[str, ...]:
    """A line `label：value`, where there is a value."""
    return (_("%(label)s：%(value)s") % {"label": label, "value": value},) if value else ()


def _reason(step: Step) -> tuple[str, ...]:
    return _line(_("理由"), step.facts.get("reason"))


def _made(step: Step, _rest: str, teller: Teller) -> Sentence:
    origin = str(step.facts.get("from") or "")
    known = wording.MADE_FROM.get(origin)
    roll = {"source": teller.sources.get(origin, origin)}
    title = str(known) if known else _("由名册建立：%(source)s") % roll
    return Sentence(_("建立档案（%(how)s）") % {"how": title}, _line(_("登记了"), _facts_words(step, teller)))


def _learned(step: Step, _rest: str, teller: Teller) -> Sentence:
    return Sentence(_("登记了：%(facts)s") % {"facts": _facts_words(step, teller) or _("一项情况")})


def _ended(step: Step, _rest: str, teller: Teller) -> Sentence:
    return Sentence(
        _("不再是这样，已记下到哪天为止：%(facts)s") % {"facts": _facts_words(step, teller) or _("一项情况")}
    )


def _opened(step: Step, purpose: str, _teller: Teller) -> Sentence:
    words = wording.said(wording.PURPOSES_OF_READING, purpose)
    return Sentence(_("打开了档案，用途：%(purpose)s") % {"purpose": words}, _reason(step))


def _by_reason(step: Step, _rest: str, _teller: Teller) -> Sentence:
    return Sentence(_("外单位写明理由，打开了档案（只限当天）"), _reason(step), state="soon")


def _consented(step: Step, purpose: str, teller: Teller) -> Sentence:
    return Sentence(_("同意：%(purpose)s") % {"purpose": _purpose(purpose, teller)}, _recipient(step))


def _withdrew(step: Step, purpose: str, teller: Teller) -> Sentence:
    return Sentence(_("撤回同意：%(purpose)s") % {"purpose": _purpose(purpose, teller)}, _recipient(step))


def _purpose(purpose: str, teller: Teller) -> str:
    return consent_wording(purpose, teller.language).title if purpose in PURPOSES else purpose


def _recipient(step: Step) -> tuple[str, ...]:
    return _line(_("接收方"), step.facts.get("recipient"))


def _asked(_step: Step, kind: str, _teller: Teller) -> Sentence:
    return Sentence(_("请求%(kind)s档案") % {"kind": wording.said(wording.CHANGE_KINDS, kind)}, state="soon")


def _answered(step: Step, rest: str, _teller: Teller) -> Sentence:
    kind, _colon, outcome = rest.partition(":")
    title = _("没有同意%(kind)s档案的请求") if outcome == "refused" else _("已办%(kind)s档案的请求")
    said = title % {"kind": wording.said(wording.CHANGE_KINDS, kind)}
    return Sentence(said, _reason(step), state="done" if outcome == "done" else "")


def _visited(step: Step, rest: str, _teller: Teller) -> Sentence:
    kind = wording.said(wording.VISITS, str(step.facts.get("kind") or rest))
    return Sentence(_("上门走访（%(kind)s）") % {"kind": kind} if kind else _("上门走访"), state="done")


def _case_linked(step: Step, _rest: str, _teller: Teller) -> Sentence:
    how = CHECKED_BY.get(str(step.facts.get("how")))
    lines = (*_line(_("编号"), step.facts.get("case")), *_line(_("怎样核对本人"), how() if how else ""))
    return Sentence(_("一件申请对上了这份档案"), lines)


CHECKED_BY: Mapping[str, Callable[[], str]] = {
    "paper": lambda: _("当面看了证件原件"),
    "number": lambda: _("证件号码一致"),
    "known": lambda: _("本人来过，承办人认识"),
    "asked": lambda: _("电话里核对了只有本人知道的情况"),
}
"""How an officer made sure that an applicant is the person of a file."""


def _case_unlinked(step: Step, _rest: str, _teller: Teller) -> Sentence:
    lines = (*_line(_("编号"), step.facts.get("case")), *_reason(step))
    return Sentence(_("一件申请不再对着这份档案"), lines)


def _imported(step: Step, _rest: str, teller: Teller) -> Sentence:
    source = str(step.facts.get("source") or "")
    return Sentence(_("从名册导入了一行记录"), _line(_("名册"), teller.sources.get(source, source)))


def _proposal(_step: Step, state: str, _teller: Teller) -> Sentence:
    words = wording.said(wording.PROPOSAL_STATES, state)
    return Sentence(_("和另一份档案是不是同一个人：%(state)s") % {"state": words})


def _merged(step: Step, _rest: str, _teller: Teller) -> Sentence:
    return Sentence(_("和另一份档案合成了一份"), _line(_("另一份档案"), step.facts.get("other")))


def _unmerged(step: Step, _rest: str, _teller: Teller) -> Sentence:
    lines = (*_line(_("另一份档案"), step.facts.get("other")), *_reason(step))
    return Sentence(_("撤回合并，两份档案分开"), lines)


def _died(step: Step, _rest: str, _teller: Teller) -> Sentence:
    return Sentence(_("登记去世"), _line(_("日期"), step.facts.get("on")))


def _reach_given(step: Step, rest: str, teller: Teller) -> Sentence:
    office = str(step.facts.get("office") or "")
    why = wording.said(wording.REACH, str(step.facts.get("why") or rest))
    return Sentence(
        _("让另一个单位也能查看：%(office)s") % {"office": teller.offices.get(office, office)},
        _line(_("为什么"), why),
    )


def _erased_facts(step: Step, _rest: str, _teller: Teller) -> Sentence:
    seqs = step.facts.get("seqs")
    number = len(seqs) if isinstance(seqs, list) else 0
    lines = (ngettext("共 %(n)s 条", "共 %(n)s 条", number) % {"n": number},) if number else ()
    return Sentence(_("按规定删除了部分个人信息"), lines)


def _plain(title: Callable[[], str], *, state: str = "") -> Callable[[Step, str, Teller], Sentence]:
    return lambda step, _rest, _teller: Sentence(title(), _reason(step), state=state)


SENTENCES: Mapping[str, Callable[[Step, str, Teller], Sentence]] = {
    "file.made": _made,
    "file.learned": _learned,
    "file.ended": _ended,
    "file.opened": _opened,
    "file.opened_by_reason": _by_reason,
    "file.checked": _plain(lambda: _("核对过，情况没有变"), state="done"),
    "file.visited": _visited,
    "file.merged": _merged,
    "file.unmerged": _unmerged,
    "file.consented": _consented,
    "file.withdrew": _withdrew,
    "file.asked": _asked,
    "file.answered": _answered,
    "file.frozen": _plain(lambda: _("档案已冻结，不再改动"), state="soon"),
    "file.thawed": _plain(lambda: _("档案解除冻结")),
    "file.erased": _plain(lambda: _("档案内容已删除")),
    "file.code": _plain(lambda: _("发出了打开档案的验证码")),
    "file.to_review": _plain(lambda: _("保存期限到了，等待单位查看")),
    "file.copied": _plain(lambda: _("给本人一份档案副本")),
    "file.case_linked": _case_linked,
    "file.case_unlinked": _case_unlinked,
    "file.died": _died,
    "file.reach_given": _reach_given,
    "file.imported": _imported,
    "file.import_undone": _plain(lambda: _("撤回了导入的一行记录")),
    "file.proposal": _proposal,
    "ledger.facts_erased": _erased_facts,
}
"""By the kind itself, or by what stands before its first colon."""
