"""Addresses of the front desk."""

from django.urls import path

from . import views

app_name = "front_desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("nurse", views.nurse_for_somebody, name="somebody"),
    path("<int:key>/", views.card, name="card"),
    path("<int:key>/now", views.card_now, name="card_now"),
    path("<int:key>/hat", views.overrule, name="overrule"),
    path("<int:key>/nurse", views.nurse, name="nurse"),
    path("<int:key>/log", views.log, name="log"),
]
