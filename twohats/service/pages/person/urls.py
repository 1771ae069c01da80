"""Addresses of a person's pages. Nothing personal stands in them: the key is a number of ours."""

from django.urls import path

from . import views

app_name = "person"
urlpatterns = [
    path("", views.find, name="find"),
    path("<int:key>/", views.journey, name="journey"),
    path("<int:key>/hat", views.overrule, name="overrule"),
]
