"""The catalogue for staff: each service with the picture of its moves."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.frame import show


@needs(Permission.CASE_READ)
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """Every service with its edition and where its picture hangs."""
    language = language_of(request)
    listed = [
        {"id": entry.id, "name": words(entry.name, language), "summary": words(entry.summary, language),
         "edition": entry.edition, "since": entry.since}
        for entry in current()
    ]  # fmt: skip
    return show(request, "workbench/services.html", services=listed)
