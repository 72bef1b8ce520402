"""The case page: who, what was asked, what happened, what is due, what may be done now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions import looking
from qiaoqiao.casework.models import Assignment, Delivery, Message, Paper
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.casework.rules import PERSON, SeatState, is_task
from qiaoqiao.casework.sentences import DELIVERED, Teller, by_words, tell
from qiaoqiao.casework.sentences import Step as LedgerStep
from qiaoqiao.catalogue.entry import words
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.alliance.beside import referrals_of
from qiaoqiao.workbench.asked import parts
from qiaoqiao.workbench.caseperson import file_number
from qiaoqiao.workbench.clocks import clocks, days_left
from qiaoqiao.workbench.desk import new_token, page, read_case
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.identity import who
from qiaoqiao.workbench.journeys import journey_of
from qiaoqiao.workbench.whynot import offers
from qiaoqiao.workbench.words import SEATS, told_to_staff

HTML_LANG = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
OPEN_SEATS = {SeatState.OFFERED, SeatState.ACCEPTED}
STAGES = {"received": "waiting", "waiting": "waiting", "working": "active", "done": "done"}


@needs(Permission.CASE_READ)
@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    file = read_case(request, reference)
    noticed_reading(request, file)
    return case_page(request, file)


def noticed_reading(request: HttpRequest, file: CaseFile) -> None:
    """Put the reading into the ledger, where the person sees it, unless it stands there since this morning."""
    at = timezone.now()
    name = request.actor.ledger_name  # type: ignore[attr-defined]
    since = at - looking.ONCE_IN
    if not any(step.kind == looking.KIND and step.actor == name and step.at > since for step in file.steps):
        looking.note(file.case.pk, actor=request.actor, at=at)  # type: ignore[attr-defined]


def case_page(request: HttpRequest, file: CaseFile, *, status: int = 200, **more: Any) -> HttpResponse:
    """Draw the page of a case; `more` are forms that were sent and must be mended."""
    language, today = language_of(request), timezone.localdate()
    opened, shut = offers(file, language)
    running, over = clocks(file, language, today)
    table = seats(file, language, today)
    context = page(
        file,
        who=who(file, language),
        state=told_to_staff(file.entry.states[file.case.state].name, language),
        plain=told_to_staff(file.entry.states[file.case.state].plain, language),
        shape=STAGES[file.case.stage],
        service=words(file.entry.name, language),
        parts=parts(file, language),
        brought=brought(file, language),
        issued=issued(file, language),
        thread=thread(file, language, internal=False),
        notes=thread(file, language, internal=True),
        timeline=tell(told_steps(file), Teller(file.entry, language, file.known(language))),
        seats=table,
        running=running,
        over=over,
        opened=opened,
        shut=shut,
        offered=[one for one in table if one.decides],
        tasks=[one for one in table if one.task and one.mine],
        leads=leads(file),
        look=any(one.seat == "look" for one in file.mine()),
        token=new_token(),
        file_number=file_number(file),
        journey=journey_of(file, language),
        acts=bool(file.mine()),
        referrals=referrals_of(file.case.pk, language),
    )
    return show(request, "workbench/case/page.html", status=status, **{**context, **more})


def leads(file: CaseFile) -> bool:
    """Whether the reader's own office is responsible for this open case, and so gives tasks."""
    return file.case.stage != "done" and any(
        one.role == "lead" and one.state == "accepted" for one in file.mine()
    )


def told_steps(file: CaseFile) -> list[LedgerStep]:
    """What officers are told: all but who read the case, which is for the person."""
    return [step for step in file.steps if step.kind != looking.KIND]


@dataclass(frozen=True)
class Brought:
    """A paper that came in."""

    id: str
    title: str
    file_name: str
    size: int
    on: date
    verdict: str
    remark: str
    stored: bool


def brought(file: CaseFile, language: str) -> list[Brought]:
    rows = [paper for paper in file.papers if paper.direction == "in"]
    return [
        Brought(
            str(one.pk), file.title(one, language), one.file_name, one.size, timezone.localdate(one.added_at),
            one.verdict, one.remark, bool(one.file),
        )
        for one in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Way:
    """One way a notice goes to the person, and the proof that it arrived; `by_hand` ways are recorded here."""

    id: str
    name: str
    state: str
    words: str
    on: date | None
    proof: str
    by_hand: bool


@dataclass(frozen=True)
class Issued:
    id: str
    title: str
    number: str
    on: date
    office: str
    to_office: bool
    ways: tuple[Way, ...]


def issued(file: CaseFile, language: str) -> list[Issued]:
    """The notices, newest first, with how each reached the person."""
    rows = [paper for paper in file.papers if paper.direction == "out"]
    return [_issued(file, one, language) for one in reversed(rows)]


def _issued(file: CaseFile, paper: Paper, language: str) -> Issued:
    office = file.offices.get(paper.office_id or 0)
    return Issued(
        id=str(paper.pk),
        title=file.title(paper, language),
        number=paper.number,
        on=timezone.localdate(paper.added_at),
        office=words(office.names, language) if office else "",
        to_office=not paper.seen_by_person,
        ways=tuple(_way(one) for one in file.deliveries.get(paper.pk, ())),
    )


def _way(one: Delivery) -> Way:
    known = DELIVERED.get(one.channel)
    said = {"waiting": _("待送达"), "sent": _("已发出"), "served": _("已送达"), "failed": _("没有送到")}
    shapes = {"waiting": "waiting", "sent": "active", "served": "done", "failed": "overdue"}
    at = one.served_at or one.sent_at
    by_hand = one.channel in {"counter", "post"} and one.state != "served"
    return Way(
        str(one.pk), known() if known else one.channel, shapes[one.state], said[one.state],
        timezone.localdate(at) if at else None, one.proof, by_hand,
    )  # fmt: skip


def thread(file: CaseFile, language: str, *, internal: bool) -> list[dict[str, object]]:
    """The words said, oldest first, in the language they were said in."""
    return [_said(file, one, language) for one in file.messages if one.internal == internal]


def _said(file: CaseFile, message: Message, language: str) -> dict[str, object]:
    office = file.offices.get(message.office_id or 0)
    by = file.case.person.name
    if message.sender != PERSON:
        step = LedgerStep(0, "", message.sender, office.code if office else "", message.sent_at, {})
        by = by_words(step, Teller(file.entry, language, file.known(language)))
    return {
        "by": by,
        "at": message.sent_at,
        "text": message.body,
        "mine": message.sender != PERSON,
        "lang": HTML_LANG.get(message.language, message.language),
    }


@dataclass(frozen=True)
class Seated:
    """An office's seat as the page shows it; `decides` when the reader's own office must take it or decline."""

    seat: str
    name: str
    office: str
    role: str
    state: str
    shape: str
    reason: str
    officer: str
    due: dict[str, object] | None
    mine: bool
    decides: bool
    task: str


def seats(file: CaseFile, language: str, today: date) -> list[Seated]:
    mine = {one.pk for one in file.mine()}
    return [_seated(file, one, language, today, mine=one.pk in mine) for one in file.seats]


def _seated(file: CaseFile, one: Assignment, language: str, today: date, *, mine: bool) -> Seated:
    said = {
        "offered": _("等它接收"),
        "accepted": _("负责中") if one.role == "lead" else _("参与中"),
        "declined": _("已退回"),
        "answered": _("已答复") if one.role != "lead" else _("已办结"),
        "withdrawn": _("已撤回"),
        "released": _("已移交"),
    }
    shapes = {"offered": "waiting", "accepted": "active", "declined": "overdue", "answered": "done"}
    by_move = any(one.seat in {move.accepts, move.declines} for move in file.entry.moves)
    seat = file.entry.seats.get(one.seat)
    return Seated(
        seat=one.seat,
        name=words(seat.name, language) if seat else _("联办任务") if one.task else _("重新查看"),
        office=words(file.offices[one.office_id].names, language),
        role=str(SEATS[one.role]),
        state=TASK_STATES[one.state]() if one.task else said[one.state],
        shape=shapes.get(one.state, "plain"),
        reason=one.reason,
        officer=file.officers.get(one.officer_id or 0, ""),
        due=_due(file, one, today) if one.ended_at is None and one.state in OPEN_SEATS else None,
        mine=mine,
        decides=mine and one.state == SeatState.OFFERED and not by_move and not is_task(one.seat),
        task=one.task,
    )


TASK_STATES: Mapping[str, Callable[[], str]] = {
    "offered": lambda: _("等它接下"),
    "accepted": lambda: _("办理中"),
    "declined": lambda: _("已退回"),
    "answered": lambda: _("已完成"),
    "withdrawn": lambda: _("已撤回"),
}


def _due(file: CaseFile, one: Assignment, today: date) -> dict[str, object] | None:
    if one.due_on is None:
        return None
    limit = next((limit for limit in file.entry.limits if limit.id == one.due_limit), None)
    working = limit is not None and limit.unit == "working_day"
    days = days_left(one.due_on, today, working=working)
    state = "overdue" if one.due_on < today else "soon" if days <= 3 else "open"
    return {"on": one.due_on, "days": days, "state": state, "working": working}
