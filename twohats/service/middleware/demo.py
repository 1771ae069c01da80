"""A demo home answers only on this machine."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden


class DemoStaysHere:
    """Refuses requests from other machines while the home is the demo hospital's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers those on this machine."""
        if settings.CONFIGURATION.is_demo and not _from_here(request.META.get("REMOTE_ADDR", "")):
            return HttpResponseForbidden("A demo hospital answers only on its own machine.", "text/plain")
        return self.get_response(request)


def _from_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
