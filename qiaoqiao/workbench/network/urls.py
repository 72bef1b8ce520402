"""Addresses of the network's pages."""

from django.urls import URLPattern, path

from qiaoqiao.workbench.network import coverage, listing, page, uploads

ONE = "network/organisations/<str:organisation>/"
FILE = "network/import/<uuid:upload_id>/"
urlpatterns: list[URLPattern] = [
    path("network/", listing.listing, name="staff_network"),
    path("network/export.xlsx", listing.export, name="staff_network_export"),
    path("network/template.xlsx", listing.template, name="staff_network_template"),
    path("network/new/", page.new, name="staff_organisation_new"),
    path("network/tree/", page.tree, name="staff_network_tree"),
    path(ONE, page.page, name="staff_organisation"),
    path(f"{ONE}change/", page.change, name="staff_organisation_change"),
    path(f"{ONE}close/", page.close, name="staff_organisation_close"),
    path(f"{ONE}posts/", page.begin_post, name="staff_organisation_post"),
    path(f"{ONE}posts/<uuid:post_id>/end/", page.end_post, name="staff_organisation_post_end"),
    path("network/import/", uploads.send, name="staff_network_import"),
    path(FILE, uploads.upload, name="staff_network_upload"),
    path(f"{FILE}bring/", uploads.bring_in, name="staff_network_bring"),
    path(f"{FILE}report.xlsx", uploads.report, name="staff_network_report"),
    path("network/coverage/", coverage.page, name="staff_network_coverage"),
    path("network/coverage.csv", coverage.as_csv, name="staff_network_coverage_csv"),
]
