"""Addresses of data quality."""

from django.urls import path

from . import views

app_name = "quality"
urlpatterns = [
    path("", views.reports, name="reports"),
    path("landing/<str:landing>", views.landing, name="landing"),
]
