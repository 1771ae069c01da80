"""Addresses of the analyst's shelf."""

from django.urls import path

from . import views

app_name = "analyst"
urlpatterns = [
    path("", views.shelf, name="shelf"),
    path("new-extract", views.begin_extract, name="begin_extract"),
    path("<str:name>/", views.codebook, name="codebook"),
    path("<str:name>/<str:form>.<str:kind>", views.download, name="download"),
]
