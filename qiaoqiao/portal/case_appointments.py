"""The appointments of one's own case: what is booked, booking another, and a calendar of them all."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from qiaoqiao.access.doors import needs
from qiaoqiao.access.rules import Permission
from qiaoqiao.community.appointments.actions.feeds import feed_of_case, revoke
from qiaoqiao.community.appointments.links import booking_path, feed_path, subscribable, waiting_path, whole
from qiaoqiao.community.appointments.queries import visible_bookings, visible_feeds, visible_waiting
from qiaoqiao.community.appointments.wording import KINDS, STATE_TAGS, STATES
from qiaoqiao.portal.ownership import Mine, own_case, see
from qiaoqiao.ui.places import name_of


@needs(Permission.OWN_CASE)
@own_case
@require_safe
def page(request: HttpRequest, mine: Mine) -> HttpResponse:
    """Every booking of the case, latest first, with where to make one."""
    rows = (
        visible_bookings(mine.actor, on=mine.today).filter(case=mine.case).order_by("-starts_at", "-id")[:100]
    )
    waits = visible_waiting(mine.actor, on=mine.today).filter(
        case=mine.case, state__in=["waiting", "offered"]
    )
    feed = visible_feeds(mine.actor, on=mine.today).filter(case=mine.case).first()
    context = mine.frame() | {
        "rows": [
            {
                "booking": one,
                "href": booking_path(one),
                "office": name_of(one.office.names, mine.language),
                "kind": KINDS[one.slot.kind],
                "state": STATES[one.state],
                "tag": STATE_TAGS[one.state],
            }
            for one in rows
        ],
        "waits": [(waiting_path(one), name_of(one.office.names, mine.language), one) for one in waits],
        "feed": subscribable(feed_path(feed)) if feed else "",
        "feed_address": whole(feed_path(feed)) if feed else "",
        "book": "/appointments/?" + urlencode({"service": mine.case.service, "case": mine.case.reference}),
    }
    return render(request, "portal/appointments/case.html", context)


@needs(Permission.OWN_CASE)
@own_case
@require_POST
def subscribe(request: HttpRequest, mine: Mine) -> HttpResponse:
    """Make the calendar's address, or end it: a new one is another."""
    if "stop" in request.POST:
        for feed in visible_feeds(mine.actor, on=mine.today).filter(case=mine.case):
            revoke(feed.pk, actor=mine.actor, at=mine.at)
    else:
        feed_of_case(mine.case.pk, actor=mine.actor, at=mine.at)
    return see(mine.address("portal_case_appointments") + "#calendar")
