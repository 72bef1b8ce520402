"""Limits in plain words: how long, from when, under which article, and how a date was reached."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiaoqiao.casework.rules import Run
from qiaoqiao.catalogue.entry import Citation, Entry, Limit, words
from qiaoqiao.clock.rules import SHANGHAI
from qiaoqiao.ui.moments import day_words

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Law:
    """A citation as a page shows it; titles stay in Chinese, as they are looked up."""

    title: str
    article: str
    note: str = ""


def law(entry: Entry, cited: Citation) -> Law:
    source = entry.sources[cited.source]
    return Law(source.title, article_words(cited.article), source.note)


def article_words(article: str) -> str:
    """“第38条” where only a number is given; other wording stays as the entry has it."""
    if not article:
        return ""
    if re.fullmatch(r"[\d、,，\- –.]+", article):
        return _("第%(article)s条") % {"article": article}
    return article


def length_words(amount: int, unit: str) -> str:
    """A limit's length: “20 个工作日”."""
    match unit:
        case "working_day":
            said = ngettext("%(n)d 个工作日", "%(n)d 个工作日", amount)
        case "calendar_day":
            said = ngettext("%(n)d 天（自然日）", "%(n)d 天（自然日）", amount)
        case "month":
            said = ngettext("%(n)d 个月", "%(n)d 个月", amount)
        case "year":
            said = ngettext("%(n)d 年", "%(n)d 年", amount)
        case _:
            said = ngettext("%(n)d 小时", "%(n)d 小时", amount)
    return said % {"n": amount}


def length_of(limit: Limit) -> str:
    """A limit's length as the catalogue has it; empty when the office sets it."""
    if limit.amount == 0 and limit.extension:  # such as a court's date: entered in each case
        return _("逐案指定")
    return length_words(limit.amount, limit.unit) if limit.amount is not None else ""


def starts_words(entry: Entry, limit: Limit, language: str) -> str:
    """From when a limit counts, in the words of the steps that start it."""
    moves = {move.id: words(move.name, language) for move in entry.moves}
    seats = {name: words(seat.name, language) for name, seat in entry.seats.items()}
    said = []
    for event in limit.starts:
        kind, _colon, what = event.partition(":")
        said.append(
            {
                "filed": _("提交申请"),
                "promised": _("承诺补交材料"),
                "move": _("“%(step)s”") % {"step": moves.get(what, what)},
                "offered": _("转给“%(office)s”") % {"office": seats.get(what, what)},
                "accepted": _("“%(office)s”接收") % {"office": seats.get(what, what)},
                "answered": _("“%(office)s”答复") % {"office": seats.get(what, what)},
                "declined": _("“%(office)s”退回") % {"office": seats.get(what, what)},
                "served": _("通知书送达"),
            }.get(kind, event)
        )
    return _("、或").join(dict.fromkeys(said))


def reasoning(entry: Entry, run: Run, at: datetime, language: str) -> dict[str, object]:
    """What the page “how this date was reached” shows."""
    limit = run.limit
    amount = sum(1 for day in run.reckoning.days if day.ordinal is not None)
    due_at = run.reckoning.due_at
    cited = law(entry, limit.law)
    return {
        "entry": entry,
        "service_name": words(entry.name, language),
        "run": run,
        "name": words(limit.name, language),
        "obliges": words(limit.obliges, language),
        "length": length_words(limit.amount or amount, limit.unit),
        "law": cited,
        "filed_at": at,
        "last_moment": due_at - A_MINUTE if due_at else None,
        "sentence": _("从 %(day)s 起算，当天不算；%(length)s。《%(title)s》%(article)s。")
        % {
            "day": day_words(at.astimezone(SHANGHAI).date(), weekday=False),
            "length": length_words(limit.amount or amount, limit.unit),
            "title": cited.title,
            "article": cited.article,
        },
    }
