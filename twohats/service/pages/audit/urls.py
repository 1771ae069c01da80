"""Addresses of these pages."""

from django.urls.resolvers import URLPattern

app_name = "audit"
urlpatterns: list[URLPattern] = []
