"""The green channel's audit: the rule, how long people waited, and each time it was passed over."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.rules import GREEN_CHANNEL
from qiaoqiao.catalogue.entry import words
from qiaoqiao.reporting.green import audit
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show

PERIODS = (30, 90, 180, 365)


@needs(Permission.ORGANISE)
@require_GET
def green_channel(request: HttpRequest) -> HttpResponse:
    """The audit over the last so many days."""
    text = request.GET.get("days", "")
    days = int(text) if text.isdecimal() and int(text) in PERIODS else 90
    today, language = timezone.localdate(), language_of(request)
    since = today - timedelta(days=days - 1)
    found = audit(actor_of(request), since=since, until=today, on=today)
    named = Office.objects.filter(pk__in={one.office for one in found.passed_over})
    offices = {one.pk: words(one.names, language) for one in named}
    ages = Office.objects.filter(
        settings__has_key=GREEN_CHANNEL, posts__account=actor_of(request).account_id
    ).distinct()
    return show(
        request,
        "workbench/green.html",
        audit=found,
        rows=[(one, offices[one.office]) for one in found.passed_over],
        days=days,
        periods=PERIODS,
        since=since,
        until=today,
        ages=[(words(one.names, language), one.settings[GREEN_CHANNEL].get("age")) for one in ages],
    )
