"""Addresses of messages to people and of the gate's rules."""

from django.urls import path

from . import rules_views, strategies_views, views

app_name = "messages"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("<int:number>/", views.message, name="message"),
    path("<int:number>/done/", views.done, name="done"),
    path("to/<int:key>/", views.person, name="person"),
    path("to/<int:key>/write/", views.write, name="write"),
    path("to/<int:key>/end-all/", views.end_all, name="end_all"),
    path("rules/", rules_views.rules, name="rules"),
    path("strategies/", strategies_views.in_force, name="strategies"),
    path("strategies/change/", strategies_views.change, name="draft"),
    path("strategies/tested/<int:number>/", strategies_views.tested, name="tested"),
    path("strategies/back/", strategies_views.back, name="strategies_back"),
]
