"""Addresses of this door."""

from django.urls import URLPattern, URLResolver, include, path

from qiaoqiao.portal import (
    about,
    events,
    filing,
    finding,
    home,
    journeys,
    near,
    offices,
    receipt,
    relief,
    service,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="portal_home"),
    path("find/", finding.find, name="portal_find"),
    path("offices/", offices.offices, name="portal_offices"),
    path("near/", near.near_me, name="portal_near"),
    path("services/", finding.services, name="portal_services"),
    path("services/<slug:service>/", service.service, name="portal_service"),
    path("services/<slug:service>/picture/", service.picture, name="portal_picture"),
    path("services/<slug:service>/picture.svg", service.drawing, name="portal_drawing"),
    path("services/<slug:service>/dates/<slug:limit>/", service.dates, name="portal_service_dates"),
    path("services/<slug:service>/apply/", filing.start, name="portal_start"),
    path("services/<slug:service>/apply/<uuid:draft_id>/<slug:step_id>/", filing.apply, name="portal_apply"),
    path("events/", events.events, name="portal_events"),
    path("events/<slug:event>/", events.event, name="portal_event"),
    path("events/<slug:event>/start/", events.start, name="portal_event_start"),
    path("journeys/<str:reference>/", journeys.journey, name="portal_journey"),
    path("journeys/<str:reference>/<slug:service>/resume/", journeys.resume, name="portal_journey_resume"),
    path("journeys/<str:reference>/<slug:service>/leave/", journeys.leave_out, name="portal_journey_leave"),
    path("receipt/<str:reference>/", receipt.receipt, name="portal_receipt"),
    path("receipt/<str:reference>/paper.pdf", receipt.paper, name="portal_receipt_paper"),
    path("receipt/<str:reference>/date.ics", receipt.calendar, name="portal_receipt_calendar"),
    path("receipt/<str:reference>/dates/<slug:limit>/", receipt.dates, name="portal_receipt_dates"),
    path("relief/notices/", relief.notices, name="portal_relief_notices"),
    path("about/", about.about, name="portal_about"),
    path("privacy/", about.privacy, name="portal_privacy"),
    path("accessibility/", about.accessibility, name="portal_accessibility"),
    path("", include("qiaoqiao.portal.appointment_urls")),
    path("", include("qiaoqiao.portal.activity_urls")),
    path("", include("qiaoqiao.portal.file_urls")),
    path("", include("qiaoqiao.portal.tracking_urls")),
]
