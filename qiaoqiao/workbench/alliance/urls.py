"""Addresses of the alliance's pages."""

from django.urls import URLPattern, path

from qiaoqiao.workbench.alliance import offers, referrals, referring

urlpatterns: list[URLPattern] = [
    path("alliance/", offers.listing, name="staff_alliance"),
    path("alliance/offers/new/", offers.new, name="staff_offer_new"),
    path("alliance/offers/<uuid:offer_id>/", offers.change, name="staff_offer"),
    path("alliance/offers/<uuid:offer_id>/close/", offers.close, name="staff_offer_close"),
    path("alliance/referrals/", referrals.listing, name="staff_referrals"),
    path("alliance/referrals/<uuid:referral_id>/", referrals.page, name="staff_referral"),
    path("cases/<str:reference>/partners/", referring.refer, name="staff_refer"),
]
