"""Addresses of the audit and of break-glass."""

from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("", views.events, name="events"),
    path("open/<str:kind>/<str:thing>", views.open_glass, name="open"),
    path("openings/", views.openings, name="openings"),
    path("openings/<int:number>", views.review, name="review"),
]
