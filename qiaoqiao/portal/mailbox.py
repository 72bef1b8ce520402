"""The demonstration's mailbox: what would have gone out by e-mail and text message, so that a visitor has the code."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.gateways import mail, sms
from qiaoqiao.lib.ids import tidy_reference
from qiaoqiao.portal.ownfile import PREFIX

MOST = 200
SHOWN = 20


@needs(Permission.DEMO)
@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the last messages, newest first; with `ref` those about one request. Only in the demo."""
    if not settings.DEMO:
        raise Http404
    request.personal = True  # type: ignore[attr-defined]
    typed = request.GET.get("ref", "")[:40]
    reference = tidy_reference(typed) or tidy_reference(typed, prefix=PREFIX)
    letters = sorted([*mail.recent(MOST), *sms.recent(MOST)], key=lambda letter: letter.sent_at, reverse=True)
    shown = [one for one in letters if reference in one.subject + one.body][:SHOWN]
    return render(request, "portal/track/mailbox.html", {"letters": shown, "reference": reference})
