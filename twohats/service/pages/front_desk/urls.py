"""Addresses of these pages."""

from django.urls.resolvers import URLPattern

app_name = "front_desk"
urlpatterns: list[URLPattern] = []
