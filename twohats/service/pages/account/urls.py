"""Addresses of logging in and of one's own account."""

from django.urls import path

from . import views

app_name = "account"
urlpatterns = [
    path("log-in", views.log_in, name="log_in"),
    path("log-in/demo", views.log_in_to_the_demo, name="log_in_demo"),
    path("log-out", views.log_out, name="log_out"),
    path("account", views.account, name="account"),
]
