"""Addresses of asking people how it was, and of writing down what they answer."""

from django.urls import path

from . import supplemental_views, views

app_name = "asking"
urlpatterns = [
    path("", views.requests, name="requests"),
    path("to/<int:key>/", views.person, name="person"),
    path("to/<int:key>/ask/", views.ask, name="ask"),
    path("<int:number>/write-down/", views.write_down, name="write_down"),
    path("supplemental/", supplemental_views.items, name="supplemental"),
    path("supplemental/<int:number>/drop/", supplemental_views.drop, name="drop"),
]
