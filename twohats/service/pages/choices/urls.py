"""The address of a person's own page about how we may reach them."""

from django.urls import path

from . import views

app_name = "choices"
urlpatterns = [path("<str:token>/", views.page, name="page")]
