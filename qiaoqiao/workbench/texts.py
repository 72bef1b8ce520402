"""An office's standard texts: reading, keeping and dropping them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.queries import CASE_ROLES, posts_of
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.texts import TextRefused, drop_text, keep_text
from qiaoqiao.casework.choosing import texts_of
from qiaoqiao.catalogue.entry import words
from qiaoqiao.catalogue.loader import current
from qiaoqiao.ui.faults import fault_words
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, typed
from qiaoqiao.workbench.frame import show

LONGEST_TYPED = 60_000


@needs(Permission.CASE_ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def standard_texts(request: HttpRequest) -> HttpResponse:
    """The wordings of the reader's offices, and a form to keep another."""
    language = language_of(request)
    offices = _offices(request, language)
    services = [(one.id, words(one.name, language)) for one in current()]
    faults: dict[str, str] = {}
    if request.method == "POST":
        office, service = request.POST.get("office", ""), request.POST.get("service", "")
        if office not in offices or service not in {"", *(one for one, _name in services)}:
            raise Http404
        try:
            keep_text(
                int(office), title=typed(request, "title", LONGEST_TYPED), body=typed(request, "body", LONGEST_TYPED),
                service=service,
            )  # fmt: skip
        except TextRefused as refused:
            labels = {"title": (_("名称"), 60), "body": (_("内容"), 2000)}
            faults = {
                name: fault_words(code, labels[name][0], most=labels[name][1])
                for name, code in refused.faults.items()
            }
        else:
            messages.success(request, _("已保存。"))
            return redirect("staff_texts")
    context: dict[str, Any] = {
        "offices": offices,
        "services": services,
        "texts": texts_of([int(one) for one in offices]),
        "service_names": dict(services),
        "faults": faults,
        "typed": {
            name: typed(request, name, LONGEST_TYPED) for name in ("title", "body", "office", "service")
        },
    }
    return show(request, "workbench/texts/page.html", status=422 if faults else 200, **context)


@needs(Permission.CASE_ACT)
@require_POST
def drop_standard_text(request: HttpRequest, text_id: int) -> HttpResponse:
    for office in _offices(request, "zh-hans"):
        if drop_text(int(office), text_id):
            messages.success(request, _("已删除。"))
            return redirect("staff_texts")
    raise Http404


def _offices(request: HttpRequest, language: str) -> dict[str, str]:
    """The offices in which the reader handles cases, by id as text."""
    posts = posts_of(actor_of(request).account_id or 0, on=timezone.localdate()).filter(role__in=CASE_ROLES)
    return {str(post.office_id): words(post.office.names, language) for post in posts}
