"""Addresses of people we lost track of."""

from django.urls import path

from . import views

app_name = "lost_track"
urlpatterns = [
    path("", views.lists, name="lists"),
    path("list/<slug:kind>/", views.one_list, name="list"),
    path("<int:hand_off>/", views.one, name="one"),
    path("<int:hand_off>/<slug:says>/", views.word, name="word"),
]
