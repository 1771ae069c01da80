"""What to load next, and which page waits for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from twohats.service.doors import for_anyone_logged_in


@for_anyone_logged_in("An empty home holds nothing about anybody; the page names kinds of files, not their content.")
def steps(request: HttpRequest) -> HttpResponse:
    """The steps, those done marked."""
    return render(request, "first_steps/steps.html", {})
