"""Public notices of help (公示): a number, a kind of hardship, a band of amount, a county; nobody's name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.lib.paging import cut_by_id
from qiaoqiao.portal.alliance import mark_in
from qiaoqiao.services.relief import wording
from qiaoqiao.services.relief.models import PublicNotice
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of

PAGE = 50


@needs(Permission.PUBLIC)
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What is put up now, newest first, with whom to tell of a doubt."""
    today, language = timezone.localdate(), language_of(request)
    shown = PublicNotice.objects.filter(ended_on__isnull=True, shown_from__lte=today, shown_until__gte=today)
    page = cut_by_id(
        shown.select_related("office", "place"), ("-shown_from", "-id"), PAGE,
        before=mark_in(request, "before"), after=mark_in(request, "after"),
    )  # fmt: skip
    rows = [
        {
            "number": one.number,
            "purpose": wording.said(wording.PURPOSES, one.purpose),
            "form": wording.said(wording.FORMS, one.form),
            "band": wording.band_words(one.from_fen, one.upto_fen),
            "place": name_of(one.place.names, language) if one.place else "",
            "office": name_of(one.office.names, language),
            "phone": one.office.phone,
            "until": one.shown_until,
        }
        for one in page.rows
    ]
    turning = {
        "previous": f"?before={page.before}" if page.before else None,
        "next": f"?after={page.after}" if page.after else None,
    }
    return render(request, "portal/relief_notices.html", {"rows": rows} | turning)
