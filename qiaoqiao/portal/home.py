"""The first page: one large field, the services in plain words, tracking and the nearest window."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.portal.drafts import held_ids, open_ones
from qiaoqiao.portal.journey import address
from qiaoqiao.portal.steps import APPLICANT
from qiaoqiao.ui.language import language_of


@needs(Permission.PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    """Ask what the person wants to get done."""
    language = language_of(request)
    continuing = []
    if held_ids(request):
        request.personal = True  # type: ignore[attr-defined]
        continuing = [
            {
                "name": words(entry.name, language),
                "href": address(entry.id, draft.pk, APPLICANT),
                "until": draft.until,
            }
            for draft, entry in open_ones(request, at=timezone.now())
        ]
    services = [{"id": entry.id, "name": words(entry.name, language)} for entry in current()]
    return render(request, "portal/home.html", {"services": services, "continuing": continuing})
