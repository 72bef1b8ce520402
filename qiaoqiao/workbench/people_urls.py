"""Addresses of the files of people."""

from django.urls import URLPattern, path

from qiaoqiao.workbench import caseperson, people, person, person_new, personfacts

FILE = "people/<str:number>/"
urlpatterns: list[URLPattern] = [
    path("people/", people.people, name="staff_people"),
    path("people/new/", person_new.new, name="staff_person_new"),
    path(FILE, person.person, name="staff_person"),
    path(f"{FILE}add/<str:kind>/", personfacts.add, name="staff_fact_add"),
    path(f"{FILE}end/<str:kind>/<uuid:row>/", personfacts.end, name="staff_fact_end"),
    path("cases/<str:reference>/person/", caseperson.link, name="staff_case_person"),
    path("cases/<str:reference>/person/unlink/", caseperson.unlink, name="staff_case_unlink"),
]
