"""Addresses of cases of service recovery and of grievances."""

from django.urls import path

from . import views

app_name = "cases"
urlpatterns = [
    path("", views.waiting, name="list"),
    path("grievances/", views.grievances, name="grievances"),
    path("<int:number>/", views.case, name="case"),
    path("<int:number>/take/", views.take, name="take"),
    path("<int:number>/spoke/", views.spoke, name="spoke"),
    path("<int:number>/end/", views.end, name="end"),
    path("<int:number>/open-again/", views.open_again, name="open_again"),
    path("<int:number>/grievance/", views.decide, name="decide"),
    path("<int:number>/letter/", views.letter, name="letter"),
]
