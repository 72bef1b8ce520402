"""Addresses of a person's rights at the counter."""

from django.urls import URLPattern, path

from qiaoqiao.workbench import rights

FILE = "people/<str:number>/"
urlpatterns: list[URLPattern] = [
    path(f"{FILE}consents/", rights.consents, name="staff_consents"),
    path(f"{FILE}consents/<slug:purpose>/", rights.agree, name="staff_agree"),
    path(f"{FILE}consents/<uuid:consent_id>/withdraw/", rights.take_back, name="staff_consent_back"),
    path(f"{FILE}ask/", rights.ask, name="staff_right_ask"),
    path(f"{FILE}died/", rights.died, name="staff_died"),
]
