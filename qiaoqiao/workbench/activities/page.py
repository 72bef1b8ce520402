"""One activity at the desk: when and where, who signed up, what is kept of it, what happened."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Account
from qiaoqiao.access.rules import Permission
from qiaoqiao.community.activities import sentences, wording
from qiaoqiao.community.activities.codes import code_of_day, is_today
from qiaoqiao.community.activities.models import Activity, Minutes
from qiaoqiao.community.activities.queries import people_of, visible_activities
from qiaoqiao.ledger.models import Entry
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.activities.listing import in_words
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show

MOST_HISTORY = 40
STEPS = {
    "scheduled": ("held", "change", "postpone", "cancel"),
    "postponed": ("change", "cancel"),
    "held": (),
    "cancelled": (),
}
"""The steps that each state allows."""


def activity_of(request: HttpRequest, activity_id: UUID) -> Activity:
    """An activity this officer keeps; a stranger gets 404."""
    seen = visible_activities(actor_of(request), on=timezone.localdate())
    try:
        return seen.select_related("organisation", "keeper").get(pk=activity_id)
    except Activity.DoesNotExist:
        raise Http404 from None


@needs(Permission.ORGANISE)
@require_GET
def page(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """The activity's page."""
    activity, at = activity_of(request, activity_id), timezone.now()
    return show(
        request,
        "workbench/activities/page.html",
        **in_words(activity, language_of(request)),
        people=people_of(activity),
        steps=STEPS[activity.state],
        minutes=Minutes.objects.filter(activity=activity).first(),
        photos=[
            {"photo": one, "how": wording.said(wording.HOW_AGREED, one.agreed_how)}
            for one in activity.photos.order_by("added_at")
        ],
        materials=activity.materials.order_by("added_at"),
        code=code_of_day(activity, timezone.localdate(at)) if is_today(activity, at) else "",
        public=f"{settings.PUBLIC_URL}/activities/{activity.pk}/" if activity.open else "",
        history=history_of(activity),
    )


def history_of(activity: Activity) -> list[dict[str, Any]]:
    """What happened, newest first, by whom."""
    entries = list(
        Entry.objects.filter(subject=activity.pk).select_related("fact").order_by("-seq")[:MOST_HISTORY]
    )
    ids = {entry.actor.partition(":")[2] for entry in entries if entry.actor.startswith("staff:")}
    names = {f"staff:{one.pk}": one.name for one in Account.objects.filter(pk__in=ids)} if ids else {}
    return [
        {
            "title": wording.said(sentences.SAID, entry.kind),
            "at": entry.at,
            "by": names.get(entry.actor, ""),
            "text": str((getattr(getattr(entry, "fact", None), "facts", None) or {}).get("reason", "")),
        }
        for entry in entries
    ]
