"""Placeholder."""

from django.http import HttpRequest, HttpResponse

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.workbench.frame import show


@needs(Permission.CASE_READ)
def queue(request: HttpRequest, tab: str) -> HttpResponse:
    return show(request, "workbench/queue.html")
