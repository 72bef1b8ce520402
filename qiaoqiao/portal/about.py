"""What this is, what happens to people's data, and how well it can be used by everybody."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission


@needs(Permission.PUBLIC)
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")


@needs(Permission.PUBLIC)
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html", {"guest_days": settings.GUESTS_KEPT_DAYS})


@needs(Permission.PUBLIC)
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")
