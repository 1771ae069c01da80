"""Addresses of the sample of visits and calls that people look at."""

from django.urls import path

from . import views

app_name = "served"
urlpatterns = [
    path("", views.sample, name="sample"),
    path("next/", views.next_one, name="next"),
    path("<int:thing>/<slug:side>/", views.one, name="one"),
]
