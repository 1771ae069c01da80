"""Addresses for machines."""

from django.urls import path

from . import events, reports

app_name = "api"
urlpatterns = [
    path("events", events.events, name="events"),
    path("reports", reports.take, name="reports"),
]
