"""Public notices of help (公示): a number, a kind of hardship, a band of amount, a county; nobody's name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.services.relief import wording
from qiaoqiao.services.relief.models import PublicNotice
from qiaoqiao.ui.language import language_of
from qiaoqiao.ui.places import name_of

MOST = 200


@needs(Permission.PUBLIC)
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What is put up now, newest first, with whom to tell of a doubt."""
    today, language = timezone.localdate(), language_of(request)
    shown = PublicNotice.objects.filter(ended_on__isnull=True, shown_from__lte=today, shown_until__gte=today)
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
        for one in shown.select_related("office", "place").order_by("-shown_from", "-id")[:MOST]
    ]
    return render(request, "portal/relief_notices.html", {"rows": rows})
