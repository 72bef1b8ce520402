"""The officer's own calendar of each office: an address to subscribe to, and ending it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.catalogue.entry import words
from qiaoqiao.community.appointments.actions.feeds import feed_of_office, revoke
from qiaoqiao.community.appointments.links import feed_path, subscribable, whole
from qiaoqiao.community.appointments.models import Feed
from qiaoqiao.community.appointments.queries import visible_feeds
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.appointments.daysheet import tabs
from qiaoqiao.workbench.appointments.schedules import own_offices
from qiaoqiao.workbench.desk import actor_of
from qiaoqiao.workbench.frame import show


@needs(Permission.ORGANISE)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """My offices, each with my calendar of it or the button that makes one."""
    actor, at, language = actor_of(request), timezone.now(), language_of(request)
    offices = {office.pk: office for office in own_offices(request)}
    if request.method == "POST":
        chosen = (
            offices.get(int(request.POST["office"])) if request.POST.get("office", "").isdigit() else None
        )
        if chosen is None:
            raise Http404
        feed_of_office(chosen, actor=actor, at=at)
        messages.success(request, _("已开通。把地址加到您的日历里。"))
        return redirect("staff_appointments_feeds")
    held = {feed.office_id: feed for feed in visible_feeds(actor, on=timezone.localdate(at))}
    rows = []
    for office in offices.values():
        feed = held.get(office.pk)
        path = feed_path(feed) if feed else ""
        links = {"address": whole(path), "subscribe": subscribable(path)} if feed else {}
        rows.append({"office": office, "name": words(office.names, language), "feed": feed} | links)
    return show(request, "workbench/appointments/feeds.html", rows=rows, tabs=tabs("calendar"))


@needs(Permission.ORGANISE)
@require_POST
def stop(request: HttpRequest, feed_id: UUID) -> HttpResponse:
    """End a calendar: its address opens nothing any more."""
    try:
        revoke(feed_id, actor=actor_of(request), at=timezone.now())
    except Feed.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("已停用。旧地址不再有内容。"))
    return redirect("staff_appointments_feeds")
