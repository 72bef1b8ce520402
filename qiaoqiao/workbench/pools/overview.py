"""How many are in which pool; every number opens its list."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.community.pools import wording
from qiaoqiao.community.pools.queries import expiring, figures
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show


@dataclass(frozen=True)
class Figure:
    """A number, what it counts, and the list it opens."""

    number: int
    words: str
    query: str


@needs(Permission.ORGANISE)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """The pools of my offices in numbers, the committees, and what is due."""
    actor, language, today = actor_of(request), language_of(request), timezone.localdate()
    found = figures(actor, on=today)
    kinds = [
        Figure(number, wording.said(wording.KINDS, kind), urlencode({"kind": kind, "state": "active"}))
        for kind, number in found.by_kind.items()
    ]
    committees = [
        Figure(
            number,
            name_of(names, language),
            urlencode({"kind": "adviser", "state": "active", "organisation": str(pk)}),
        )
        for pk, names, number in found.committees
    ]
    return show(
        request,
        "workbench/pools/overview.html",
        kinds=kinds,
        committees=committees,
        in_committees=found.advisers_in_committees,
        supervisors=found.supervisors_recommended,
        arbitrators=found.arbitrators_recommended,
        candidates=found.candidates,
        ending=expiring(actor, on=today).count(),
    )
