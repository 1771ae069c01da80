"""Addresses of the zones."""

from django.urls import path

from . import views

app_name = "places"
urlpatterns = [
    path("", views.zones, name="zones"),
    path("one/", views.one_place, name="place"),
]
