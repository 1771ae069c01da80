"""Addresses of the people who may log in."""

from django.urls import path

from . import views

app_name = "users"
urlpatterns = [
    path("", views.everybody, name="everybody"),
    path("<int:number>/role", views.change_role, name="change_role"),
    path("<int:number>/staff", views.say_staff, name="say_staff"),
    path("<int:number>/out", views.shut_out, name="shut_out"),
]
