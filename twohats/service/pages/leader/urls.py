"""Addresses of the overview: one per unit and month, so that it can be sent to somebody."""

from django.urls import path

from . import views

app_name = "leader"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("picture/<slug:name>", views.picture_alone, name="picture"),
]
