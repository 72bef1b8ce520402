"""Searching: a reference opens its case, a file's number its file, other words list the cases they stand in."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework import queues
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import visible_case
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.lines import line_of_case
from qiaoqiao.workbench.queue import mark_of

LONGEST = 100


@needs(Permission.CASE_READ)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What was looked for, among the cases this officer may see and no others."""
    actor, at, language = actor_of(request), timezone.now(), language_of(request)
    today = timezone.localdate(at)
    asked = " ".join(request.GET.get("q", "").replace("\x00", "")[:LONGEST].split())
    reference = tidy_reference(asked)
    if reference:
        try:
            visible_case(reference, actor, on=today)
        except Case.DoesNotExist:
            pass
        else:
            return HttpResponseRedirect(f"/staff/cases/{reference}/")
    if number := tidy_reference(asked, prefix="QF"):
        return HttpResponseRedirect(f"/staff/people/{number}/")
    before, after = (mark_of(request, name, queues.read_moment) for name in ("before", "after"))
    found = queues.search(asked, actor, on=today, before=before, after=after)
    return show(
        request,
        "workbench/search.html",
        asked=asked,
        lines=[line_of_case(case, at=at, language=language) for case in found.rows],
        previous=f"?{urlencode({'q': asked, 'before': str(found.before)})}" if found.before else None,
        next=f"?{urlencode({'q': asked, 'after': str(found.after)})}" if found.after else None,
    )
