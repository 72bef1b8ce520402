"""Addresses of following a request that was filed."""

from django.urls import URLPattern, path

from qiaoqiao.portal import alliance, answering, exchange, feedback, mailbox, mycase, notice, tracking

urlpatterns: list[URLPattern] = [
    path("track/", tracking.track, name="portal_track"),
    path("track/code/", tracking.code, name="portal_track_code"),
    path("track/leave/", tracking.leave, name="portal_track_leave"),
    path("cases/<str:reference>/", mycase.page, name="portal_case"),
    path("cases/<str:reference>/dates/<slug:limit>/<int:round_>/", mycase.dates, name="portal_case_dates"),
    path("cases/<str:reference>/notices/<uuid:paper_id>/", notice.read, name="portal_notice"),
    path("cases/<str:reference>/notices/<uuid:paper_id>/notice.pdf", notice.pdf, name="portal_notice_pdf"),
    path("cases/<str:reference>/papers/", answering.bring_papers, name="portal_case_papers"),
    path("cases/<str:reference>/papers/<uuid:paper_id>/", notice.brought, name="portal_case_paper"),
    path("cases/<str:reference>/messages/", exchange.messages, name="portal_case_messages"),
    path("cases/<str:reference>/steps/<slug:move_id>/", answering.step, name="portal_case_step"),
    path(
        "cases/<str:reference>/referrals/<uuid:referral_id>/", alliance.referral, name="portal_case_referral"
    ),
    path("cases/<str:reference>/rating/", feedback.rating, name="portal_case_rating"),
    path("cases/<str:reference>/not-solved/", feedback.not_solved, name="portal_case_not_solved"),
    path("demo/mailbox/", mailbox.mailbox, name="portal_mailbox"),
]
