"""Addresses of the pools."""

from django.urls import URLPattern, path

from qiaoqiao.workbench.pools import listing, member, nominating, overview, registers, rota, steps

MEMBER = "pools/members/<uuid:member_id>/"
urlpatterns: list[URLPattern] = [
    path("pools/", overview.overview, name="staff_pools"),
    path("pools/members/", listing.members, name="staff_pool_members"),
    path("pools/nominate/", nominating.nominating, name="staff_pool_nominate"),
    path("pools/fitting/", listing.fitting, name="staff_pool_fitting"),
    path("pools/expiring/", registers.expiring_terms, name="staff_pool_expiring"),
    path("pools/training/", registers.training, name="staff_pool_training"),
    path("pools/rota/", rota.rota, name="staff_pool_rota"),
    path("pools/rota/<uuid:shift_id>/remove/", rota.remove, name="staff_pool_shift_remove"),
    path(
        "pools/engagements/<uuid:engagement_id>/end/", steps.end_engagement, name="staff_pool_engagement_end"
    ),
    path("pools/posts/<uuid:other_post_id>/end/", steps.end_post, name="staff_pool_post_end"),
    path(MEMBER, member.page, name="staff_pool_member"),
    path(f"{MEMBER}letter/", member.letter, name="staff_pool_letter"),
    path(f"{MEMBER}change/", nominating.change, name="staff_pool_change"),
    path(f"{MEMBER}<slug:step_id>/", steps.step, name="staff_pool_step"),
]
