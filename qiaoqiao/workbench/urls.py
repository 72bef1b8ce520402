"""Addresses of this door."""

from django.urls import URLPattern, URLResolver, include, path

from qiaoqiao.workbench import affairs, keeping, picturing, queue, searching, signing_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/demo/", signing_in.demo, name="sign_in_demo"),
    path("sign-in/second/", signing_in.second, name="sign_in_second"),
    path("sign-in/passkey/", signing_in.passkey, name="sign_in_passkey"),
    path("sign-in/enrol/", signing_in.enrol, name="sign_in_enrol"),
    path("sign-in/enrol/passkey/", signing_in.enrol_passkey, name="sign_in_enrol_passkey"),
    path("sign-in/codes/", signing_in.codes, name="sign_in_codes"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("", queue.queue, {"tab": "mine"}, name="queue"),
    *(path(f"{tab}/", queue.queue, {"tab": tab}, name=f"queue_{tab}") for tab in queue.TABS if tab != "mine"),
    path("search/", searching.search, name="search"),
    path("affairs/", affairs.affairs, name="staff_affairs"),
    path("keeping/", keeping.keeping, name="staff_keeping"),
    path("services/", picturing.services, name="staff_services"),
    path("views/", queue.keep_view, name="view_keep"),
    path("views/<int:view_id>/remove/", queue.drop_view, name="view_drop"),
    path("", include("qiaoqiao.workbench.case_urls")),
    path("", include("qiaoqiao.workbench.kept_urls")),
    path("", include("qiaoqiao.workbench.review_urls")),
    path("", include("qiaoqiao.workbench.people_urls")),
    path("", include("qiaoqiao.workbench.rights_urls")),
    path("", include("qiaoqiao.workbench.source_urls")),
    path("", include("qiaoqiao.workbench.meetings.urls")),
    path("", include("qiaoqiao.workbench.figures")),
    path("", include("qiaoqiao.workbench.community")),
    path("", include("qiaoqiao.workbench.appointments.urls")),
    path("", include("qiaoqiao.workbench.knowledge.urls")),
    path("", include("qiaoqiao.workbench.network.urls")),
    path("", include("qiaoqiao.workbench.alliance.urls")),
    path("", include("qiaoqiao.workbench.pools.urls")),
    path("", include("qiaoqiao.workbench.fund.urls")),
    path("", include("qiaoqiao.workbench.activities.urls")),
]
