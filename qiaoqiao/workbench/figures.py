"""The overview of an office's head: what came in, how it went, what is late; every number opens its cases."""

from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.queries import offices_read_by
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import Entry, words
from qiaoqiao.catalogue.loader import NoSuchEntry, current, entry
from qiaoqiao.reporting.figures import Filter, Overview, Tally, filter_of, longest_overdue, overview, page
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.words import CHANNELS, told_to_staff

OVERDUE_SHOWN = 10
MOST_SHOWN = 10


def scope(request: HttpRequest) -> tuple[list[int], str]:
    """The offices meant: all that the head reads, or one of them chosen by its code."""
    read = offices_read_by(request.user.pk or 0, on=timezone.localdate())
    code = request.GET.get("office", "")
    chosen = Office.objects.filter(pk__in=read, code=code).first() if code else None
    return ([chosen.pk], code) if chosen else (read, "")


@needs(Permission.FIGURES)
def figures(request: HttpRequest) -> HttpResponse:
    """The overview page."""
    offices, code = scope(request)
    language, today = language_of(request), timezone.localdate()
    period = request.GET.get("period", "")
    since, until = within(period, today)
    wanted = filter_of(request.GET.dict())
    wanted = wanted.only(since=since or wanted.since, until=until or wanted.until)
    found = overview(offices, wanted, today=today)
    late = longest_overdue(offices, wanted, today=today, most=OVERDUE_SHOWN)

    row = partial(tally_row, code=code)
    context: dict[str, Any] = {
        "wanted": wanted,
        "office": code,
        "periods": [(key, label, key == period) for key, label in periods().items()],
        "offices": office_options(request, language),
        "services": [(one.id, words(one.name, language)) for one in current()],
        "heads": [row(tally, label) for tally, label in heads(found)],
        "share": found.on_time_share,
        "share_of": row(found.on_time, _("按期办结")),
        "tables": [
            (title, rows[:MOST_SHOWN], rows[MOST_SHOWN:])
            for key, title in titles().items()
            for rows in [[row(one, label) for one, label in labelled(key, found, language)]]
        ],
        "months": [
            {"month": filed.wanted.month, "filed": row(filed, ""), "late": row(late_ones, "")}
            for filed, late_ones in found.months
        ],
        "chart": chart(found),
        "overdue": [case_row(case, language, today) for case in late],
        "overdue_all": link(wanted.only(overdue=True), code),
    }
    return show(request, "workbench/figures.html", **context)


def tally_row(tally: Tally, label: str, *, code: str) -> dict[str, object]:
    """A number with its words and the address that lists its cases."""
    return {"label": label, "number": tally.number, "href": link(tally.wanted, code)}


def heads(found: Overview) -> list[tuple[Tally, str]]:
    """The big numbers on top."""
    return [
        (found.filed, _("收到")),
        (found.open, _("在办")),
        (found.done, _("办结")),
        (found.overdue, _("已逾期")),
        (found.late, _("逾期办结")),
        (found.faults, _("重复要材料等单位责任")),
        (found.not_solved, _("当事人说未解决")),
    ]


def chart(found: Overview) -> dict[str, object]:
    """What the script draws; the table beside it says the same."""
    return {
        "months": [filed.wanted.month for filed, _late in found.months],
        "filed": [filed.number for filed, _late in found.months],
        "late": [late.number for _filed, late in found.months],
        "words": {"filed": _("收到"), "late": _("其中逾期办结")},
    }


@needs(Permission.FIGURES)
def figure_cases(request: HttpRequest) -> HttpResponse:
    """The cases behind one number."""
    offices, code = scope(request)
    language, today = language_of(request), timezone.localdate()
    wanted = filter_of(request.GET.dict())
    after = request.GET.get("after", "").partition("~")
    rows, following = page(offices, wanted, today=today, after=(after[0], after[2]) if after[2] else None)
    next_href = f"?{urlencode(address(wanted, code) | {'after': '~'.join(following)})}" if following else None
    return show(
        request,
        "workbench/figure_cases.html",
        rows=[case_row(case, language, today) for case in rows],
        said=[text for text in described(wanted, language) if text],
        next=next_href,
        back=f"/staff/figures/?{urlencode(address(Filter(since=wanted.since, until=wanted.until), code))}",
    )


def periods() -> dict[str, str]:
    return {
        "": _("全部时间"),
        "month": _("本月"),
        "quarter": _("本季度"),
        "year": _("今年"),
        "last_year": _("去年"),
        "twelve": _("近十二个月"),
    }


def within(period: str, today: date) -> tuple[date | None, date | None]:
    """The first and last filing day that a period means; None where it is open."""
    this_year = date(today.year, 1, 1)
    match period:
        case "month":
            return today.replace(day=1), None
        case "quarter":
            return date(today.year, (today.month - 1) // 3 * 3 + 1, 1), None
        case "year":
            return this_year, None
        case "last_year":
            return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        case "twelve":
            return date(today.year - 1, today.month, 1), None
        case _:
            return None, None


def titles() -> dict[str, str]:
    return {
        "service": _("按事项"),
        "state": _("按状态"),
        "category": _("按类别"),
        "channel": _("按渠道"),
        "outcome": _("按结果"),
    }


def address(wanted: Filter, code: str) -> dict[str, str]:
    return wanted.query() | ({"office": code} if code else {})


def link(wanted: Filter, code: str) -> str:
    return f"/staff/figures/cases/?{urlencode(address(wanted, code))}"


def office_options(request: HttpRequest, language: str) -> list[tuple[str, str]]:
    read = offices_read_by(request.user.pk or 0, on=timezone.localdate())
    offices = Office.objects.filter(pk__in=read).order_by("path")[:500]
    return [(office.code, words(office.names, language)) for office in offices]


def known(service: str) -> Entry | None:
    try:
        return entry(service)
    except NoSuchEntry:
        return None


def say(key: str, tally: Tally, language: str) -> str:
    """Put what a row counts in words."""
    wanted = tally.wanted
    if key == "channel":
        return str(CHANNELS.get(wanted.channel, wanted.channel))
    found = known(wanted.service)
    if found is None:
        return wanted.service
    name = words(found.name, language)
    if key == "service":
        return name
    return f"{name}{_('：')}{part(found, key, wanted, language)}"


def labelled(key: str, found: Overview, language: str) -> list[tuple[Tally, str]]:
    """The rows of a table, most first; the service is named only where there are several."""
    rows = sorted(found.by[key], key=lambda one: -one.number)
    entry_of = known(rows[0].wanted.service) if rows else None
    if key in {"channel", "service"} or entry_of is None or len({one.wanted.service for one in rows}) > 1:
        return [(one, say(key, one, language)) for one in rows]
    return [(one, part(entry_of, key, one.wanted, language)) for one in rows]


def part(found: Entry, key: str, wanted: Filter, language: str) -> str:
    if key == "state":
        state = found.states.get(wanted.state)
        return told_to_staff(state.name, language) if state else wanted.state
    if key == "outcome":
        ended = next((one for one in found.states.values() if one.outcome == wanted.outcome), None)
        return words(ended.name, language) if ended else wanted.outcome
    field = next(one for one in found.fields if one.id == found.category)
    option = next((one for one in field.options if one.id == wanted.category), None)
    return words(option.label, language) if option else _("未分类")


def described(wanted: Filter, language: str) -> list[str]:
    """The filter in words, for the head of the list."""
    tally = Tally(0, wanted)
    flags = {
        "done": (_("已办结"), _("在办")),
        "on_time": (_("按期办结"), _("逾期办结")),
        "overdue": (_("已逾期"), _("未逾期")),
        "faults": (_("有单位责任记录"), _("无单位责任记录")),
        "not_solved": (_("当事人说未解决"), _("没有再提出")),
    }
    keys = [key for key in ("state", "category", "outcome") if getattr(wanted, key)]
    said = [say(key, tally, language) for key in keys] or (
        [say("service", tally, language)] if wanted.service else []
    )
    said += [say("channel", tally, language)] if wanted.channel else []
    said += [flags[name][0 if value else 1] for name in flags if (value := getattr(wanted, name)) is not None]
    said += [wanted.month] if wanted.month else []
    return said


def case_row(case, language: str, today) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """One line of the list of cases."""
    found = entry(case.service, case.edition)
    return {
        "reference": case.reference,
        "href": f"/staff/cases/{case.reference}/",
        "service": words(found.name, language),
        "state": told_to_staff(found.states[case.state].name, language),
        "office": words(case.office.names, language),
        "person": case.person.name,
        "filed_on": case.filed_on,
        "due_on": case.due_on,
        "days": (case.due_on - today).days if case.due_on else None,
        "due_state": "done"
        if case.stage == "done"
        else "overdue"
        if case.due_on and case.due_on < today
        else "open",
    }


urlpatterns = [
    path("figures/", figures, name="figures"),
    path("figures/cases/", figure_cases, name="figure_cases"),
]
