"""What happened to a case, said in plain sentences: every kind of ledger entry has one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiaoqiao.casework.notices import long_date
from qiaoqiao.casework.referredtelling import referred_words
from qiaoqiao.casework.rules import is_task
from qiaoqiao.casework.tasktelling import KINDS as TASK_KINDS
from qiaoqiao.casework.tasktelling import task_words
from qiaoqiao.catalogue.entry import Ask, Entry, Move, words

Audience = Literal["staff", "person"]
Names = Mapping[str, str]


@dataclass(frozen=True)
class Step:
    """One ledger entry of a case; `facts` is empty when they have been erased."""

    seq: int
    kind: str
    actor: str
    office: str
    at: datetime
    facts: Mapping[str, object]


@dataclass(frozen=True)
class Known:
    """What the sentences may name: offices by code and id, officers by ledger name, papers by id."""

    offices: Names = field(default_factory=dict)
    officers: Names = field(default_factory=dict)
    papers: Names = field(default_factory=dict)


@dataclass(frozen=True)
class Teller:
    """Who is told, in which language, about which entry of the catalogue."""

    entry: Entry
    language: str
    known: Known = Known()
    audience: Audience = "staff"

    def seat(self, seat_id: str) -> str:
        if seat_id == "look":
            return _("重新查看")
        if is_task(seat_id):
            return _("联办任务")
        seat = self.entry.seats.get(seat_id)
        return words(seat.name, self.language) if seat else seat_id

    def office(self, step: Step) -> str:
        code = str(step.facts.get("office") or step.office)
        return self.known.offices.get(code, code)

    def paper(self, step: Step) -> str:
        return self.known.papers.get(str(step.facts.get("paper")), "") or _("一份材料")

    def notice(self, notice_id: str) -> str:
        notice = self.entry.notices.get(notice_id)
        return words(notice.title, self.language) if notice else notice_id


@dataclass(frozen=True)
class Sentence:
    """What one entry says. `internal` is not for the person; `state` is the look of the timeline."""

    title: str
    lines: tuple[str, ...] = ()
    internal: bool = False
    state: str = ""


@dataclass(frozen=True)
class Told:
    """One moment of the timeline: what happened, when, by whom, and what came with it."""

    title: str
    at: datetime
    by: str
    text: str
    state: str = ""


def tell(steps: Sequence[Step], teller: Teller) -> list[Told]:
    """Say what happened, newest first; what one person did in one moment is told together."""
    moments = []
    for (at, _actor), together in groupby(steps, key=lambda step: (step.at, step.actor)):
        group = list(together)
        said = [(step, sentence(step, teller)) for step in group]
        if teller.audience == "person":
            said = [(step, one) for step, one in said if not one.internal]
        if said:
            moments.append(_moment(said, at, teller))
    return moments[::-1]


def _moment(said: list[tuple[Step, Sentence]], at: datetime, teller: Teller) -> Told:
    first, head = said[0]
    after = [line for _step, one in said[1:] for line in (one.title, *one.lines)]
    state = next((one.state for _step, one in said if one.state), "")
    return Told(head.title, at, by_words(first, teller), "\n".join([*head.lines, *after]), state)


def by_words(step: Step, teller: Teller) -> str:
    """Who did it: the person reads offices, not officers' names."""
    kind, _colon, _id = step.actor.partition(":")
    match kind:
        case "person":
            return _("您") if teller.audience == "person" else _("当事人")
        case "law":
            return _("依照法律规定")
        case "system":
            return _("系统")
        case "client":
            return _("对接系统")
    office = teller.known.offices.get(step.office, step.office)
    if teller.audience == "person":
        return office
    officer = teller.known.officers.get(step.actor, "")
    return f"{office} {officer}".strip()


def sentence(step: Step, teller: Teller) -> Sentence:
    """Say one entry. A kind that nobody wrote a sentence for is shown by its name, to staff only."""
    head, _colon, rest = step.kind.partition(":")
    write = SENTENCES.get(step.kind) or SENTENCES.get(head)
    if write is None:
        return Sentence(_("有一项记录：%(kind)s") % {"kind": step.kind}, internal=True)
    return write(step, rest, teller)


# --- one function a kind ----------------------------------------------------------------------------


def _filed(step: Step, _rest: str, _teller: Teller) -> Sentence:
    title = FILED.get(str(step.facts.get("channel")), lambda: _("提出申请"))()
    reference = step.facts.get("reference")
    lines = [_("登记编号 %(reference)s") % {"reference": reference}] if reference else []
    if step.facts.get("by_helper"):
        lines.append(_("由他人代为提出"))
    return Sentence(title, tuple(lines))


FILED: Mapping[str, Callable[[], str]] = {
    "web": lambda: _("网上提出申请"),
    "counter": lambda: _("到窗口提出申请"),
    "phone": lambda: _("来电提出申请"),
    "letter": lambda: _("来信提出申请"),
    "api": lambda: _("通过对接系统提出申请"),
}


def _moved(step: Step, move_id: str, teller: Teller) -> Sentence:
    try:
        move = teller.entry.move(move_id)
    except KeyError:
        return Sentence(move_id, internal=True)
    given = step.facts.get("answers")
    answers = given if isinstance(given, Mapping) else {}
    told = [ask for ask in move.asks if answers.get(ask.id) and (ask.told or teller.audience == "staff")]
    lines = [
        _("%(label)s：%(value)s")
        % {"label": words(ask.label, teller.language), "value": answer_words(ask, answers[ask.id], teller)}
        for ask in told
    ]
    state = "done" if _ends(move, teller.entry) else ""
    return Sentence(
        words(move.name, teller.language), (words(move.says, teller.language), *lines), state=state
    )


def _ends(move: Move, entry: Entry) -> bool:
    return bool(move.to) and entry.states[move.to or ""].stage == "done"


def answer_words(ask: Ask, value: object, teller: Teller) -> str:
    """What was answered to one of a move's questions, in words."""
    chosen = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    match ask.type:
        case "choice":
            labels = {option.id: words(option.label, teller.language) for option in ask.options}
        case "materials":
            labels = {one.id: words(one.name, teller.language) for one in teller.entry.materials}
        case "refusal":
            labels = {one.id: words(one.name, teller.language) for one in teller.entry.refusals}
        case "office":
            labels = dict(teller.known.offices)
        case "papers":
            return _("%(n)d 份") % {"n": len(chosen)}
        case "date":
            return _date_words(str(value), teller.language)
        case _:
            labels = {}
    return ("、" if teller.language.startswith("zh") else "; ").join(labels.get(one, one) for one in chosen)


def _date_words(value: str, language: str) -> str:
    try:
        return long_date(date.fromisoformat(value), language)
    except ValueError:
        return value


def _offered(step: Step, seat: str, teller: Teller) -> Sentence:
    return Sentence(
        _("交给%(office)s（%(seat)s）") % {"office": teller.office(step), "seat": teller.seat(seat)}
    )


def _accepted(step: Step, seat: str, teller: Teller) -> Sentence:
    lapsed = step.facts.get("lapsed")
    words_ = _("%(office)s逾期未答复，视为接收") if lapsed else _("%(office)s接收，负责办理")
    if not lapsed and seat in teller.entry.seats and teller.entry.seats[seat].as_ != "lead":
        words_ = _("%(office)s接收，参与办理")
    return Sentence(words_ % {"office": teller.office(step)})


def _declined(step: Step, _seat: str, teller: Teller) -> Sentence:
    office = teller.known.offices.get(step.office, step.office)
    reason = str(step.facts.get("reason") or "")
    lines = (_("理由：%(reason)s") % {"reason": reason},) if reason and teller.audience == "staff" else ()
    return Sentence(_("%(office)s退回，没有接收") % {"office": office}, lines)


def _answered(step: Step, seat: str, teller: Teller) -> Sentence:
    return Sentence(
        _("%(office)s已答复（%(seat)s）") % {"office": teller.office(step), "seat": teller.seat(seat)}
    )


def _extended(step: Step, rest: str, teller: Teller) -> Sentence:
    limit_id, _colon, amount = rest.partition(":")
    limit = next((one for one in teller.entry.limits if one.id == limit_id), None)
    if limit is None:
        return Sentence(_("期限延长"))
    unit = UNITS[limit.unit](int(amount))
    return Sentence(
        _("“%(limit)s”延长 %(amount)s") % {"limit": words(limit.name, teller.language), "amount": unit},
        internal=limit.amount == 0,  # the move itself has said which day it named
    )


UNITS: Mapping[str, Callable[[int], str]] = {
    "working_day": lambda n: ngettext("%(n)s 个工作日", "%(n)s 个工作日", n) % {"n": n},
    "calendar_day": lambda n: ngettext("%(n)s 天", "%(n)s 天", n) % {"n": n},
    "month": lambda n: ngettext("%(n)s 个月", "%(n)s 个月", n) % {"n": n},
    "year": lambda n: ngettext("%(n)s 年", "%(n)s 年", n) % {"n": n},
    "hour": lambda n: ngettext("%(n)s 小时", "%(n)s 小时", n) % {"n": n},
}
FAULTS: Mapping[str, Callable[[], str]] = {
    "second_request": lambda: _("再次要求补材料，记为单位的过失"),
}


def _fault(step: Step, _rest: str, teller: Teller) -> Sentence:
    known = FAULTS.get(str(step.facts.get("fault")))
    return Sentence(known() if known else _("记为单位的过失"), internal=True)


def _notice(step: Step, _rest: str, teller: Teller) -> Sentence:
    notice_id = str(step.facts.get("notice") or "")
    to_office = notice_id in teller.entry.notices and teller.entry.notices[notice_id].to == "office"
    number = str(step.facts.get("number") or "")
    title = _("已发出《%(notice)s》") % {"notice": teller.notice(notice_id)}
    return Sentence(f"{title} {number}".strip(), internal=to_office)


def _served(step: Step, notice_id: str, teller: Teller) -> Sentence:
    channel = DELIVERED.get(str(step.facts.get("channel")), lambda: "")()
    facts = {"notice": teller.notice(notice_id) if notice_id else teller.paper(step), "channel": channel}
    by_carrier = step.facts.get("channel") in {
        "email",
        "sms",
    }  # their proof is the carrier's number, for no reader
    proof = "" if by_carrier else str(step.facts.get("proof") or "")
    lines = (_("送达凭证：%(proof)s") % {"proof": proof},) if proof and teller.audience == "staff" else ()
    return Sentence(_("《%(notice)s》已送达（%(channel)s）") % facts, lines)


def _served_again(step: Step, _rest: str, teller: Teller) -> Sentence:
    return _replaced(_served(step, "", teller), internal=True)


def _replaced(one: Sentence, *, internal: bool) -> Sentence:
    return Sentence(one.title, one.lines, internal=internal, state=one.state)


DELIVERED: Mapping[str, Callable[[], str]] = {
    "page": lambda: _("本人在网上查看"),
    "email": lambda: _("电子邮件"),
    "sms": lambda: _("短信"),
    "counter": lambda: _("窗口领取"),
    "post": lambda: _("邮寄"),
}


def _paper(step: Step, _rest: str, teller: Teller) -> Sentence:
    return Sentence(_("提交材料：%(paper)s") % {"paper": teller.paper(step)})


def _judged(step: Step, _rest: str, teller: Teller) -> Sentence:
    fits = step.facts.get("verdict") == "fits"
    title = _("%(paper)s：符合要求") if fits else _("%(paper)s：还不符合要求")
    remark = str(step.facts.get("remark") or "")
    return Sentence(title % {"paper": teller.paper(step)}, (remark,) if remark else ())


def _closed(step: Step, _rest: str, teller: Teller) -> Sentence:
    outcome = step.facts.get("outcome")
    state = next((one for one in teller.entry.states.values() if outcome and one.outcome == outcome), None)
    lines = (words(state.name, teller.language),) if state else ()
    return Sentence(_("办结"), lines, state="done")


def _rated(step: Step, _rest: str, teller: Teller) -> Sentence:
    remark = str(step.facts.get("remark") or "")
    return Sentence(
        _("评价：%(rating)s 分（满分 5 分）") % {"rating": step.facts.get("rating", "—")},
        (remark,) if remark else (),
    )


def _not_solved(step: Step, _rest: str, teller: Teller) -> Sentence:
    reason = str(step.facts.get("reason") or "")
    return Sentence(_("反映问题没有解决，请单位重新查看"), (reason,) if reason else (), state="overdue")


def _handed(step: Step, _rest: str, teller: Teller) -> Sentence:
    return Sentence(_("交给%(officer)s经办") % {"officer": step.facts.get("officer", "")}, internal=True)


def _read(step: Step, _rest: str, teller: Teller) -> Sentence:
    return Sentence(_("%(office)s为办理这件事查看了您的材料") % {"office": teller.office(step)})


def _task(step: Step, _rest: str, teller: Teller) -> Sentence:
    to_staff, office = teller.audience == "staff", teller.office(step)
    return Sentence(
        *task_words(step.kind.partition(":")[0], step.facts, office, teller.language, to_staff=to_staff)
    )


def _referred(step: Step, rest: str, teller: Teller) -> Sentence:
    return Sentence(*referred_words(rest, step.facts, teller.language))


def _plain(title: Callable[[], str], *, internal: bool = False) -> Callable[[Step, str, Teller], Sentence]:
    return lambda _step, _rest, _teller: Sentence(title(), internal=internal)


SENTENCES: Mapping[str, Callable[[Step, str, Teller], Sentence]] = {
    "filed": _filed,
    "move": _moved,
    "offered": _offered,
    "accepted": _accepted,
    "declined": _declined,
    "answered": _answered,
    "extended": _extended,
    "fault": _fault,
    "notice": _notice,
    "served": _served,
    "served.again": _served_again,
    "paper": _paper,
    "paper.judged": _judged,
    "closed": _closed,
    "rated": _rated,
    "not_solved": _not_solved,
    "read": _read,
    "promised": _plain(lambda: _("有材料以后补交：先收件，请在期限内补齐")),
    "promise_kept": _plain(lambda: _("承诺补交的材料已交齐")),
    "looked": _plain(lambda: _("已重新查看并答复")),
    "handed": _handed,
    "referred": _referred,
    "message.person": _plain(lambda: _("当事人留言")),
    "message.office": _plain(lambda: _("单位留言")),
    "message.internal": _plain(lambda: _("内部留言"), internal=True),
    **dict.fromkeys(TASK_KINDS, _task),
    "code": _plain(lambda: _("发送查询验证码"), internal=True),
    "ledger.facts_erased": _plain(lambda: _("按规定删除了部分个人信息"), internal=True),
}
"""By the kind itself, or by what stands before its first colon."""


def unsaid(kinds: Iterable[str]) -> set[str]:
    """The kinds nobody wrote a sentence for."""
    return {kind for kind in kinds if kind not in SENTENCES and kind.partition(":")[0] not in SENTENCES}
