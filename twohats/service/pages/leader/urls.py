"""Addresses of these pages."""

from django.urls.resolvers import URLPattern

app_name = "leader"
urlpatterns: list[URLPattern] = []
