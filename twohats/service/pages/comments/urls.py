"""Addresses of the search in comments."""

from django.urls import path

from . import views

app_name = "comments"
urlpatterns = [
    path("", views.search, name="search"),
    path("comments.csv", views.download, name="download"),
]
