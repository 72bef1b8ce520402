"""Addresses of the case page, its moves and the intake."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
