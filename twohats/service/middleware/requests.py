"""Gives each request an id, and writes one line about it when it is answered."""

import logging
import secrets
import time
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse

log = logging.getLogger("twohats.requests")


class OneLineARequest:
    """The line names the route, not the path: ids and what was typed stay out of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers the request and says how it went."""
        request.request_id = secrets.token_hex(8)
        began = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id
        match = request.resolver_match
        if match is not None or response.status_code >= 400:
            log.info("request", extra={
                "event": "request", "request_id": request.request_id, "route": match.route if match else "",
                "method": request.method, "status": response.status_code,
                "milliseconds": round((time.perf_counter() - began) * 1000, 1)})
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """An error nobody expected: its kind and place go to the log, its text does not."""
        if not isinstance(exception, Http404 | PermissionDenied | SuspiciousOperation):
            log.error("failed", exc_info=exception, extra={"event": "failed", "request_id": request.request_id})
