"""Addresses of this door."""

from django.urls import path

from qiaoqiao.api import cases, catalogue, filing
from qiaoqiao.api.service import api

api.add_router("", catalogue.router)
api.add_router("", filing.router)
api.add_router("", cases.router)

urlpatterns = [path("", api.urls)]
