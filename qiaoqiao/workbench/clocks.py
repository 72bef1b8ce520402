"""The clocks of a case as its page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from qiaoqiao.casework.models import Term
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.casework.rules import LAW, PERSON
from qiaoqiao.casework.sentences import UNITS
from qiaoqiao.catalogue.entry import Limit, words
from qiaoqiao.clock.calendar import official
from qiaoqiao.clock.rules import working_days_between

SOON = 3


@dataclass(frozen=True)
class Clock:
    """One run of a limit: what must be done by when, by whom, and how that was reached."""

    name: str
    who: str
    obliges: str
    due_on: date | None
    days: int | None
    state: str
    working: bool
    provisional: bool
    href: str
    extension: str
    ended: str
    ended_on: date | None
    late: bool


def clocks(file: CaseFile, language: str, today: date) -> tuple[list[Clock], list[Clock]]:
    """The clocks that run or rest, the soonest first, and those that are over."""
    known = {limit.id: limit for limit in file.entry.limits}
    shown = [
        (term, _clock(file, term, known[term.limit], language, today))
        for term in file.terms
        if term.limit in known
    ]
    open_ = [(term, one) for term, one in shown if term.state in {"running", "paused"}]
    open_.sort(key=lambda pair: (pair[0].due_on is None, pair[0].due_on or date.max))
    return [one for _term, one in open_], [
        one for term, one in shown if term.state not in {"running", "paused"}
    ]


def _clock(file: CaseFile, term: Term, limit: Limit, language: str, today: date) -> Clock:
    working = limit.unit == "working_day"
    days = days_left(term.due_on, today, working=working) if term.due_on else None
    return Clock(
        name=words(limit.name, language),
        who=who_words(file, limit.binds, language),
        obliges=words(limit.obliges, language),
        due_on=term.due_on,
        days=days,
        state=_state(term, today, days),
        working=working,
        provisional=term.provisional,
        href=reverse("staff_date", args=[file.case.reference, term.limit, term.round]),
        extension=UNITS[limit.unit](term.extension) if term.extension else "",
        ended={"met": _("按时完成"), "late": _("逾期完成"), "stopped": _("随案件结束")}.get(term.state, ""),
        ended_on=term.ended_on,
        late=term.state == "late",
    )


def days_left(due_on: date, today: date, *, working: bool) -> int:
    """How many days are left, negative when the date is past; in working days where the limit counts those."""
    return working_days_between(today, due_on, calendar=official()) if working else (due_on - today).days


def _state(term: Term, today: date, days: int | None) -> str:
    if term.state == "paused":
        return "paused"
    if term.due_on and term.due_on < today:
        return "overdue"
    return "soon" if days is not None and days <= SOON else "open"


def who_words(file: CaseFile, binds: str, language: str) -> str:
    """Whom a limit binds: the office that sits there, else the seat's name."""
    if binds == PERSON:
        return _("当事人")
    if binds == LAW:
        return ""
    sitting: Sequence[int] = [
        one.office_id for one in file.seats if one.seat == binds and one.ended_at is None
    ]
    if sitting:
        return words(file.offices[sitting[0]].names, language)
    return words(file.entry.seats[binds].name, language) if binds in file.entry.seats else binds
