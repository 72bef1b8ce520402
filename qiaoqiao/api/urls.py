"""Addresses of this door."""

from django.urls import path

from qiaoqiao.api import cases, catalogue, filing, offices, people, problems
from qiaoqiao.api.service import api as api

api.add_router("", catalogue.router)
api.add_router("", filing.router)
api.add_router("", offices.router)
api.add_router("", cases.router)
api.add_router("", people.router)
problems.say_plainly()

urlpatterns = [path("", api.urls)]
