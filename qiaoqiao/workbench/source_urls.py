"""Addresses of sources and their imports."""

from django.urls import URLPattern, path

from qiaoqiao.workbench import imports, sources

IMPORT = "sources/<slug:source>/imports/<uuid:batch_id>/"
urlpatterns: list[URLPattern] = [
    path("sources/", sources.sources, name="staff_sources"),
    path("sources/new/", sources.new, name="staff_source_new"),
    path("sources/<slug:source>/", sources.source_page, name="staff_source"),
    path("sources/<slug:source>/send/", sources.send, name="staff_source_send"),
    path(IMPORT, imports.import_page, name="staff_import"),
    path(f"{IMPORT}columns/", imports.columns, name="staff_import_columns"),
    path(f"{IMPORT}again/", imports.again, name="staff_import_again"),
    path(f"{IMPORT}bring/", imports.bring_in, name="staff_import_bring"),
    path(f"{IMPORT}undo/", imports.undo, name="staff_import_undo"),
    path(f"{IMPORT}report/<slug:shape>/", imports.report, name="staff_import_report"),
]
