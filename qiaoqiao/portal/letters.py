"""Checking a letter of recommendation by its QR code: which office wrote it, and when; nothing of the person."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.community.pools.letters import LETTER
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of


@needs(Permission.HOLDER, purpose=LETTER)
@require_safe
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """What the ledger says of the letter; its number stands on the paper, and is compared there."""
    written = Entry.objects.filter(subject=request.held, kind="pool.recommended").order_by("-seq")  # type: ignore[attr-defined]
    rows = list(written.values_list("at", "office"))
    if not rows:
        raise Http404
    offices = {one.code: one for one in Office.objects.filter(code__in=[office for _at, office in rows])}
    language = language_of(request)
    told = [
        {"at": at, "office": name_of(offices[office].names, language), "phone": offices[office].phone}
        for at, office in rows
        if office in offices
    ]
    return render(request, "portal/letter.html", {"rows": told})
