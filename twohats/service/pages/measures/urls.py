"""Addresses of the measures: one per measure, unit and period, so that it can be sent to somebody."""

from django.urls import path

from . import views

app_name = "measures"
urlpatterns = [
    path("", views.all_measures, name="all"),
    path("told.csv", views.as_csv, name="csv"),
    path("who-is-heard/", views.who_is_heard, name="heard"),
    path("among-hospitals/", views.among_hospitals, name="among"),
    path("<slug:key>/", views.one_measure, name="one"),
]
