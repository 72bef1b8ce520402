"""Addresses of following a request that was filed."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
