"""Sessions end: after 15 minutes without a click, and after 12 hours in any case."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
NOTE_EVERY = timedelta(minutes=1)
"""The last click is written at most once a minute, so that reading stays reading."""

BEGAN, LAST_SEEN = "began_at", "seen_at"


class SessionsEnd:
    """Logs out whoever stayed too long; the page asked for then asks to log in again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Ends a session that is too old, then answers."""
        if request.user.is_authenticated:
            now = timezone.now()
            if ended(request.session, now):
                logout(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_asked: object) -> None:
        """Notes the click; what a page asks for by itself, with nobody there, is none."""
        now = timezone.now()
        if getattr(view, "asked_by_the_page", False) or not request.user.is_authenticated:
            return
        if now - _instant(request.session[LAST_SEEN]) >= NOTE_EVERY:
            request.session[LAST_SEEN] = now.isoformat()


def began(session: dict, now: datetime) -> None:
    """Notes that a session begins now."""
    session[BEGAN] = session[LAST_SEEN] = now.isoformat()


def ended(session: dict, now: datetime) -> bool:
    """True when the session is too old or was left alone too long, or never said when it began."""
    if BEGAN not in session or LAST_SEEN not in session:
        return True
    return now - _instant(session[BEGAN]) >= ABSOLUTE or now - _instant(session[LAST_SEEN]) >= IDLE


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
