"""Addresses for machines."""

from django.urls import path

from . import events

app_name = "api"
urlpatterns = [
    path("events", events.events, name="events"),
]
