"""What an office arranges around the cases: one page that leads to each area."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.workbench.frame import show


@dataclass(frozen=True)
class Area:
    """One area of an office's own work: the name of its first page, its words, its icon."""

    route: str
    name: Promise | str
    about: Promise | str
    icon: str


AREAS: list[Area] = []
"""In the order of the page; an area is added by a line."""


@needs(Permission.ORGANISE)
@require_GET
def affairs(request: HttpRequest) -> HttpResponse:
    """Every area with what it is for."""
    return show(request, "workbench/affairs.html", areas=AREAS)
