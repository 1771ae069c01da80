"""Addresses of the front desk."""

from django.urls import path

from . import views

app_name = "front_desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("<int:key>/", views.card, name="card"),
    path("<int:key>/hat", views.overrule, name="overrule"),
]
