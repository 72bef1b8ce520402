"""The look shared by the two web doors."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "qiaoqiao.ui"
    label = "ui"
