"""Addresses of a person's own form; nothing in them tells of anybody."""

from django.urls import path

from . import views

app_name = "answering"
urlpatterns = [
    path("<str:token>/", views.form, name="form"),
    path("<str:token>/<int:number>/", views.step, name="step"),
    path("<str:token>/again/", views.again, name="again"),
]
