"""A reckoning drawn as months: every day with its mark, its words and why it counts or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qiaoqiao.clock.rules import Day, Reason
from qiaoqiao.ui.moments import day_words, month_words

ONE_DAY = timedelta(days=1)
# The clock names holidays in Chinese; listed here so that they are translated.
HOLIDAYS = (
    gettext_noop("元旦"),
    gettext_noop("春节"),
    gettext_noop("清明节"),
    gettext_noop("劳动节"),
    gettext_noop("端午节"),
    gettext_noop("中秋节"),
    gettext_noop("国庆节"),
    gettext_noop("抗战胜利纪念日"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One day as the calendar shows it; `kind` names its look, `mark` stands in the cell, `words` say all."""

    on: date
    kind: str
    mark: str
    words: str
    date_words: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    weeks: tuple[tuple[Cell | None, ...], ...]


def kind_of(day: Day) -> str:
    if day.reason in {Reason.START, Reason.PAUSED, Reason.ROLLED}:
        return day.reason.value
    if day.reason is Reason.MAKE_UP:
        return "make_up"
    if day.counted:
        return "counted"
    return "holiday" if day.reason is Reason.HOLIDAY else "weekend"


def reason_words(day: Day) -> str:
    """Say in one plain phrase why a day counts or does not."""
    holiday = {"holiday": _(day.holiday) if day.holiday else ""}
    match day.reason:
        case Reason.START:
            return _("起算的当天，不计入")
        case Reason.WORKING:
            return _("工作日，计入")
        case Reason.MAKE_UP:
            return _("%(holiday)s调休上班，计入") % holiday if day.holiday else _("调休上班，计入")
        case Reason.CALENDAR:
            return _("自然日，计入")
        case Reason.HOLIDAY:
            return _("%(holiday)s放假，不计入") % holiday if day.holiday else _("放假，不计入")
        case Reason.PAUSED:
            return _("暂停计时，不计入")
        case Reason.ROLLED:
            return _("末日遇休息日，顺延到这一天")
        case _:
            return _("周末，不计入")


def short_mark(day: Day, due: bool) -> str:
    """Return the few signs that stand under the day's number, so that colour is never alone."""
    if due:
        return _("到期")
    if day.ordinal is not None:
        return str(day.ordinal)
    marks = {Reason.START: _("起"), Reason.PAUSED: _("停"), Reason.ROLLED: _("延"), Reason.HOLIDAY: _("假")}
    return marks.get(day.reason, _("休"))


def cell(day: Day, *, due: bool) -> Cell:
    parts = [reason_words(day)]
    if day.ordinal is not None:
        parts.append(_("第 %(n)d 天") % {"n": day.ordinal})
    if due:
        parts.append(_("到期日"))
    if day.provisional:
        parts.append(_("当年放假安排尚未公布，暂按推算"))
    kind = "due" if due else kind_of(day)
    words = _("；").join(parts)
    return Cell(day.on, kind, short_mark(day, due), words, day_words(day.on), day.provisional)


def cells(days: Sequence[Day], due_on: date | None = None) -> list[Cell]:
    """Word every day; without `due_on` the last day is the due day unless it is paused."""
    if due_on is None and days and days[-1].reason is not Reason.PAUSED:
        due_on = days[-1].on
    return [cell(day, due=day.on == due_on) for day in days]


def weeks(known: dict[date, Cell], first: date, last: date) -> Iterable[tuple[Cell | None, ...]]:
    """Yield Monday-to-Sunday rows that cover first to last; days outside the reckoning are None."""
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        yield tuple(known.get(monday + ahead * ONE_DAY) for ahead in range(7))
        monday += 7 * ONE_DAY


def months(drawn: Sequence[Cell]) -> list[Month]:
    """Group the days by month, each month a grid of weeks."""
    result = []
    for (year, month), group in groupby(drawn, key=lambda one: (one.on.year, one.on.month)):
        known = {one.on: one for one in group}
        first, last = min(known), max(known)
        result.append(Month(month_words(date(year, month, 1)), tuple(weeks(known, first, last))))
    return result


def legend(drawn: Sequence[Cell]) -> list[tuple[str, str, str]]:
    """Return the kinds that really occur, each with a mark as it stands in a cell and its words."""
    words = {
        "start": _("起算日（不计入）"),
        "counted": _("计入的日子"),
        "make_up": _("调休上班（计入）"),
        "weekend": _("周末（不计入）"),
        "holiday": _("节假日（不计入）"),
        "paused": _("暂停（不计入）"),
        "rolled": _("顺延到的日子"),
        "due": _("到期日"),
    }
    marks = {one.kind: one.mark for one in reversed(drawn)}
    return [(kind, marks[kind], said) for kind, said in words.items() if kind in marks]
