"""Addresses of the week."""

from django.urls import path

from . import views

app_name = "since_monday"
urlpatterns = [
    path("", views.week, name="week"),
    path("overruled/", views.overrules, name="overrules"),
]
