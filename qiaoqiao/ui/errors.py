"""Pages for what went wrong: what happened, that nothing is lost, what to do next."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from qiaoqiao.ui.language import here, language_of

log = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: no such page, or not one this person may know of."""
    return render(request, "ui/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: the page exists, this person may not use it."""
    return render(request, "ui/403.html", status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 when a form's token is missing or old; what was typed stands one step back."""
    log.warning("form token refused on %s: %s", request.path, reason)
    return render(request, "ui/form_expired.html", status=403)


def fault(request: HttpRequest) -> HttpResponse:
    """Answer 500 without the database, the session or any context processor."""
    with translation.override(language_of(request)):
        return HttpResponse(render_to_string("ui/500.html", {"here": here(request)}), status=500)
