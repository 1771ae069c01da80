"""Address of the first steps."""

from django.urls import path

from . import views

app_name = "first_steps"
urlpatterns = [path("", views.steps, name="steps")]
