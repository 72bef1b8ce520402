"""How a date was reached: every day from the start, and why it counts or not, in Beijing and where the person is."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.clocks import reckon_case
from qiaoqiao.casework.actions.grounds import ended_on
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.casework.rules import Run
from qiaoqiao.casework.sentences import UNITS
from qiaoqiao.catalogue.entry import words
from qiaoqiao.clock.rules import Reason
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.moments import city, day, fill, instant
from qiaoqiao.workbench.clocks import days_left, who_words
from qiaoqiao.workbench.desk import page, read_case
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.identity import who
from qiaoqiao.workbench.moveform import article_words


@dataclass(frozen=True)
class Rest:
    """Days on which the clock stood still, first and last; `last` None while it still stands."""

    first: date
    last: date | None


@needs(Permission.CASE_READ)
@require_GET
def reached(request: HttpRequest, reference: str, limit: str, round_: int) -> HttpResponse:
    file = read_case(request, reference)
    run = _run(file, limit, round_)
    language, today = language_of(request), timezone.localdate()
    law = run.limit.law
    source = file.entry.sources[law.source]
    working = run.limit.unit == "working_day"
    context = page(
        file,
        run=run,
        name=words(run.limit.name, language),
        obliges=words(run.limit.obliges, language),
        bound=who_words(file, run.limit.binds, language),
        amount=UNITS[run.limit.unit](_amount(file, run)),
        extension=UNITS[run.limit.unit](run.extension) if run.extension else "",
        rests=rests(run),
        law=f"《{source.title}》{article_words(law.article)}",
        days_left=days_left(run.due_on, today, working=working) if run.due_on and run.open else None,
        due_state="overdue" if run.due_on and run.due_on < today else "open",
        working=working,
        until=run.limit.unit == "hour",
        last_day=day(run.due_on) if run.due_on else "",
        there=there(run, file.case.person.timezone),
        who=who(file, language),
    )
    return show(request, "workbench/case/date.html", **context)


def there(run: Run, zone: str) -> str:
    """The end of the last day where the person is; nothing where the clocks show the same."""
    ends = run.reckoning.due_at
    if ends is None or ends.astimezone(ZoneInfo(zone)).utcoffset() == ends.utcoffset():
        return ""
    when = instant(ends, ZoneInfo(zone), weekday=False, year=False)
    return fill(_("%(city)s %(time)s前"), city=city(zone), time=when)


def _run(file: CaseFile, limit: str, round_: int) -> Run:
    reckoned = reckon_case(file.case, file.entry, file.events, closed_on=ended_on(file.case))
    found = next((one for one in reckoned if one.limit.id == limit and one.round == round_), None)
    if found is None:
        raise Http404
    return found


def _amount(file: CaseFile, run: Run) -> int:
    promised = file.case.office.settings.get(file.case.service, {}).get(run.limit.setting or "")
    return int(promised if promised is not None else run.limit.amount or 0)


def rests(run: Run) -> list[Rest]:
    """The stretches of paused days, in order."""
    found: list[Rest] = []
    before: date | None = None
    for one in run.reckoning.days:
        if one.reason is not Reason.PAUSED:
            continue
        if found and before is not None and (one.on - before).days == 1:
            found[-1] = Rest(found[-1].first, one.on)
        else:
            found.append(Rest(one.on, one.on))
        before = one.on
    if found and run.due_on is None:
        found[-1] = Rest(found[-1].first, None)
    return found
