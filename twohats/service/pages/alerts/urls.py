"""Addresses of the urgent comments."""

from django.urls import path

from . import views

app_name = "alerts"
urlpatterns = [
    path("", views.waiting, name="list"),
    path("old", views.end_old, name="end_old"),
    path("<int:number>/", views.alert, name="alert"),
    path("<int:number>/on-it", views.on_it, name="on_it"),
    path("<int:number>/end", views.end, name="end"),
    path("recipients/", views.recipients, name="recipients"),
    path("recipients/<int:number>/drop", views.drop, name="drop"),
]
