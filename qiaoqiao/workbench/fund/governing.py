"""Where a case of relief has a grant, the fund makes its moves: the case's page leads there instead."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.models import Case
from qiaoqiao.casework.queries import visible_case
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.services.relief.governing import governing_grant
from qiaoqiao.services.relief.models import Grant
from qiaoqiao.workbench.desk import actor_of


def made_by_the_fund(case: Case, move_id: str) -> str:
    """The address of the grant whose steps make this move; empty when the case makes it itself."""
    grant = governing_grant(case.service, case.pk, move_id)
    return reverse("staff_fund_grant", args=[grant]) if grant else ""


@needs(Permission.FUND)
@require_GET
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Go on from a case to its grant, or to drafting one."""
    try:
        case = visible_case(
            tidy_reference(reference) or reference[:16], actor_of(request), on=timezone.localdate()
        )
    except Case.DoesNotExist:
        raise Http404 from None
    grant = Grant.objects.filter(case=case.pk).values_list("pk", flat=True).first()
    if grant:
        return redirect("staff_fund_grant", grant)
    return redirect(f"{reverse('staff_fund_grant_new')}?case={case.reference}")
