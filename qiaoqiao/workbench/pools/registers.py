"""Two registers over all pools: terms that end soon, and trainings of a year."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.community.pools import wording
from qiaoqiao.community.pools.queries import expiring, trainings
from qiaoqiao.community.pools.rules import POOLS, WARN_DAYS, PoolKind
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.pools.listing import in_words

MOST = 500
YEARS_BACK = 5


@needs(Permission.ORGANISE)
@require_GET
def expiring_terms(request: HttpRequest) -> HttpResponse:
    """Terms ending within the chosen days, the nearest first; who may not be renewed is said."""
    today, language = timezone.localdate(), language_of(request)
    steps = sorted(WARN_DAYS.values(), reverse=True)
    asked = request.GET.get("days", "")
    days = int(asked) if asked.isdecimal() and int(asked) in steps else steps[0]
    rows = list(expiring(actor_of(request), on=today, within=days)[: MOST + 1])
    lines = [
        {
            **in_words(term.member, language),
            "term": term,
            "left": (term.ends_on - today).days if term.ends_on else None,
            "badge": "overdue" if term.ends_on and term.ends_on < today else "soon",
            "last": term.most is not None and term.number >= term.most,
            "cite": wording.cited(POOLS[PoolKind(term.member.kind)].cites("term")),
        }
        for term in rows[:MOST]
    ]
    return show(
        request,
        "workbench/pools/expiring.html",
        lines=lines,
        more=len(rows) > MOST,
        choices=[(one, one == days) for one in steps],
    )


@needs(Permission.ORGANISE)
@require_GET
def training(request: HttpRequest) -> HttpResponse:
    """Who was trained in what, in a year."""
    year = timezone.localdate().year
    years = [year - back for back in range(YEARS_BACK)]
    asked = request.GET.get("year", "")
    chosen = int(asked) if asked.isdecimal() and int(asked) in years else year
    rows = list(trainings(actor_of(request), on=timezone.localdate(), year=chosen)[:MOST])
    lines = [(wording.said(wording.KINDS, one.member.kind), one) for one in rows]
    return show(
        request,
        "workbench/pools/training.html",
        lines=lines,
        year=chosen,
        years=[(one, one == chosen) for one in years],
        hours=sum(one.hours for one in rows),
        people=len({one.member_id for one in rows}),
    )
