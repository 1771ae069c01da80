"""Pages for when something is not there, not for you, or broken: each says what to do next, none quotes anything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_understood(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    return render(request, "errors/not_understood.html", status=400)


def not_for_you(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: none of the reader's roles opens this page."""
    return render(request, "errors/not_for_you.html", status=403)


def not_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or nothing the reader may know of."""
    return render(request, "errors/not_here.html", status=404)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open too long or came from another site."""
    return render(request, "errors/form_too_old.html", status=403)


def our_fault(request: HttpRequest) -> HttpResponse:
    """500: stands on nothing that may be broken: no records, no release, no frame."""
    return render(None, "errors/our_fault.html", {"request_id": getattr(request, "request_id", "")}, status=500)
