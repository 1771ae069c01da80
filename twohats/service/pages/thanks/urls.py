"""Addresses of praise that is passed on."""

from django.urls import path

from . import views

app_name = "thanks"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("passed-on/", views.passed_on, name="passed_on"),
    path("pass-on/<int:clause>/", views.pass_on, name="pass_on"),
]
