"""Addresses of keeping files current; `due` stands before the numbers of files."""

from django.urls import URLPattern, path

from qiaoqiao.workbench import changes, duelist, visits

FILE = "people/<str:number>/"
CHANGE = f"{FILE}changes/<uuid:change_id>/"
urlpatterns: list[URLPattern] = [
    path("people/due/", duelist.due, {"tab": "review"}, name="staff_due"),
    path("people/due/changes/", duelist.due, {"tab": "changes"}, name="staff_due_changes"),
    path("people/due/unvisited/", duelist.due, {"tab": "unvisited"}, name="staff_due_unvisited"),
    path(f"{FILE}visit/", visits.visit, name="staff_visit"),
    path(f"{FILE}check/", visits.check, name="staff_check"),
    path(f"{FILE}changes/ask/", changes.ask, name="staff_change_ask"),
    path(CHANGE, changes.change, name="staff_change"),
    path(f"{CHANGE}evidence/", changes.evidence, name="staff_change_evidence"),
]
