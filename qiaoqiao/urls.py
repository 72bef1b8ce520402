"""Which door answers which address."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("qiaoqiao.api.urls")),
    path("staff/", include("qiaoqiao.workbench.urls")),
    path("", include("qiaoqiao.portal.urls")),
]
handler404 = "qiaoqiao.ui.errors.not_found"
handler403 = "qiaoqiao.ui.errors.forbidden"
handler500 = "qiaoqiao.ui.errors.fault"
