"""Address of the hospital's list of hidden kinds."""

from django.urls import path

from . import views

app_name = "hidden_kinds"
urlpatterns = [path("", views.hidden_list, name="list")]
