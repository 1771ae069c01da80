"""The front door: everybody is led to the first of their places."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from twohats.service import releases
from twohats.service.doors import for_anyone_logged_in, open_to_all
from twohats.service.pages import navigation


@for_anyone_logged_in("Leads each reader to the first of their own places.")
def first_place(request: HttpRequest) -> HttpResponse:
    """The reader's first place; first steps while nothing is published; plain words for who has no place."""
    if releases.current() is None:
        return redirect("first_steps:steps")
    places = navigation.places_of(request)
    return redirect(places[0]["address"]) if places else render(request, "errors/no_place.html")


@open_to_all("Tells a watcher that the process answers; says nothing else.")
def alive(request: HttpRequest) -> HttpResponse:
    """Two words, for whoever watches the process."""
    return HttpResponse("alive\n", "text/plain")
