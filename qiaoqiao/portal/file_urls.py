"""Addresses of one's own file."""

from django.urls import URLPattern, path

from qiaoqiao.portal import agreeing, filedoor, myfile, requesting

urlpatterns: list[URLPattern] = [
    path("my-file/", filedoor.door, name="portal_file_door"),
    path("my-file/code/", filedoor.code, name="portal_file_code"),
    path("my-file/leave/", filedoor.leave, name="portal_file_leave"),
    path("cases/<str:reference>/my-file/", filedoor.from_case, name="portal_case_file"),
    path("my-file/<str:number>/", myfile.page, name="portal_file"),
    path("my-file/<str:number>/looks/", myfile.looks, name="portal_file_looks"),
    path("my-file/<str:number>/copy/", myfile.copy, name="portal_file_copy"),
    path("my-file/<str:number>/copy/file.json", myfile.copy_json, name="portal_file_json"),
    path("my-file/<str:number>/copy/file.pdf", myfile.copy_pdf, name="portal_file_pdf"),
    path("my-file/<str:number>/consents/", agreeing.consents, name="portal_file_consents"),
    path("my-file/<str:number>/consents/<slug:purpose>/", agreeing.agree, name="portal_file_agree"),
    path(
        "my-file/<str:number>/consents/<uuid:consent_id>/withdraw/",
        agreeing.take_back,
        name="portal_file_take_back",
    ),
    path("my-file/<str:number>/correct/", requesting.correct, name="portal_file_correct"),
    path("my-file/<str:number>/ask/<slug:kind>/", requesting.ask, name="portal_file_ask"),
]
