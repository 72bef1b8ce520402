"""One line of the queue in words: what is due, who asks, for what, where it stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from qiaoqiao.casework.models import Assignment, Case
from qiaoqiao.casework.queues import SOON_WORKING_DAYS
from qiaoqiao.casework.rules import ABROAD, AGED, HOME, TASK
from qiaoqiao.casework.sentences import Step, Teller, sentence
from qiaoqiao.catalogue.entry import Entry, Stage, words
from qiaoqiao.catalogue.loader import entry as catalogue_entry
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import SHANGHAI, working_days_between
from qiaoqiao.lib.countries import name as country_name
from qiaoqiao.ui.language import zones
from qiaoqiao.workbench.filtering import categories_of
from qiaoqiao.workbench.words import GREEN, SEATS, told_to_staff

SHAPES = {Stage.RECEIVED: "active", Stage.WAITING: "waiting", Stage.WORKING: "active", Stage.DONE: "done"}
LOOK = "look"


@dataclass(frozen=True)
class Due:
    """When it is due, as the badge shows it."""

    on: date | None
    days: int | None
    state: str
    working: bool
    provisional: bool


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    reference: str
    due: Due | None
    name: str
    country: str
    zone: str  # empty where the clock shows Beijing's hour
    green: str
    service: str
    category: str
    state: str
    shape: str
    seat: str
    seat_shape: str
    office: str
    officer: str
    last: str
    last_at: datetime
    task: str = ""


def due_of(
    on: date | None, today: date, *, working: bool, paused: bool = False, provisional: bool = False
) -> Due | None:
    """The badge: days left, or past, in the unit its limit counts in; None when nothing runs."""
    if on is None:
        return Due(None, None, "paused", False, False) if paused else None
    left = working_days_between(today, on, calendar=official())
    state = "overdue" if on < today else "soon" if left <= SOON_WORKING_DAYS else "open"
    return Due(on, left if working else (on - today).days, state, working, provisional)


def counts_working(case: Case, limit: str) -> bool:
    """Whether the limit that is due first is one of working days, as the case page says it too."""
    return (
        limit not in {"", TASK}
        and catalogue_entry(case.service, case.edition).limit(limit).unit == "working_day"
    )


def line_of_seat(seat: Assignment, *, at: datetime, language: str) -> Line:
    """A line for an office's seat at a case."""
    today = at.astimezone(SHANGHAI).date()
    paused, provisional = bool(getattr(seat, "paused", False)), bool(getattr(seat, "provisional", False))
    working = counts_working(seat.case, seat.due_limit)
    due = due_of(seat.due_on, today, working=working, paused=paused, provisional=provisional)
    if seat.seat == LOOK:
        words_, shape = _("再看一次"), "soon"
    elif seat.task:
        words_, shape = (
            (_("待接下的任务"), "waiting") if seat.state == "offered" else (_("联办任务"), "plain")
        )
    elif seat.state == "offered":
        words_, shape = _("待接收（%(seat)s）") % {"seat": SEATS.get(seat.role, seat.role)}, "waiting"
    else:
        words_, shape = str(SEATS.get(seat.role, seat.role)), "plain"
    officer = seat.officer.name if seat.officer else ""
    office = words(seat.office.names, language)
    line = _line(seat.case, due, (words_, shape), office, officer, at, language)
    return replace(line, task=seat.task)


def line_of_case(case: Case, *, at: datetime, language: str) -> Line:
    """A line for a case by itself: closed, or found by its words."""
    today = at.astimezone(SHANGHAI).date()
    done = Due(None, None, "done", False, False)
    working = counts_working(case, case.due_limit)
    due = due_of(case.due_on, today, working=working, provisional=case.provisional)
    if case.stage == Stage.DONE:
        due = done
    return _line(
        case, due, (str(SEATS["lead"]), "plain"), words(case.office.names, language), "", at, language
    )


def _line(
    case: Case, due: Due | None, seat: tuple[str, str], office: str, officer: str, at: datetime, language: str
) -> Line:
    entry = catalogue_entry(case.service, case.edition)
    state = entry.states[case.state]
    options = {one.id: words(one.label, language) for one in categories_of(entry)}
    return Line(
        reference=case.reference,
        due=due,
        name=case.person.name,
        country=country_name(case.country, language) if case.country else "",
        zone=elsewhere(case.person.timezone, at),
        green=green_words(case),
        service=words(entry.name, language),
        category=options.get(case.category, ""),
        state=told_to_staff(state.name, language),
        shape=SHAPES[state.stage],
        seat=seat[0],
        seat_shape=seat[1],
        office=office,
        officer=officer,
        last=last_words(entry, case, language),
        last_at=case.last_at,
    )


def green_words(case: Case) -> str:
    """Why a case goes through the green channel, as far as a line knows: abroad, else aged; else nothing."""
    if not case.priority:
        return ""
    return str(GREEN[AGED if case.country in HOME else ABROAD])


def elsewhere(zone: str, at: datetime) -> str:
    """The zone's name when the hour there is not Beijing's; else nothing."""
    if zone not in zones():
        return ""
    return zone if at.astimezone(ZoneInfo(zone)).utcoffset() != at.astimezone(SHANGHAI).utcoffset() else ""


LAST: Mapping[str, Callable[[], str]] = {
    "notice": lambda: _("发出文书"),
    "served": lambda: _("文书已送达"),
    "served.again": lambda: _("文书又送达一次"),
    "paper": lambda: _("收到材料"),
    "paper.judged": lambda: _("看过一份材料"),
    "handed": lambda: _("交给经办人"),
    "rated": lambda: _("当事人已评价"),
    "offered": lambda: _("交出，等对方接收"),
    "accepted": lambda: _("已接收"),
    "declined": lambda: _("对方退回"),
    "answered": lambda: _("协办单位已答复"),
    "task.given": lambda: _("交办一项任务"),
    "task.taken": lambda: _("任务已接下"),
    "task.declined": lambda: _("任务被退回"),
    "task.answered": lambda: _("任务已完成"),
    "task.withdrawn": lambda: _("撤回一项任务"),
}
"""Kinds whose sentence would need facts that a line does not read."""


def last_words(entry: Entry, case: Case, language: str) -> str:
    """The last thing that happened, from its kind alone."""
    known = LAST.get(case.last_kind) or LAST.get(case.last_kind.partition(":")[0])
    if known:
        return known()
    return sentence(Step(0, case.last_kind, "", "", case.last_at, {}), Teller(entry, language)).title
