"""Logging in: slowly for who guesses, and with a new session each time."""

import hashlib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.utils import timezone

from twohats.service.actions import audit
from twohats.service.middleware import sessions
from twohats.service.records.models import LogInAttempt, User

WINDOW = timedelta(minutes=15)
TRIES_A_NAME = 5
TRIES_IN_ALL = 100
"""Over all names: stops who tries one password on many names."""


def name_hash(username: str) -> str:
    """A name as it is kept of failed tries: somebody may type a password into the wrong field."""
    return hashlib.sha256(f"{settings.SECRET_KEY}|{username.strip().lower()}".encode()).hexdigest()


def must_wait(*, username: str) -> bool:
    """True when this name, or the site as a whole, had too many failed tries of late."""
    since = timezone.now() - WINDOW
    recent = LogInAttempt.objects.filter(tried_at__gte=since)
    return (recent.filter(name_hash=name_hash(username)).count() >= TRIES_A_NAME
            or recent.count() >= TRIES_IN_ALL)


def log_in(*, request: Any, username: str, password: str) -> User | None:
    """Logs in and gives the user; None when name and password do not fit or the name must wait."""
    if must_wait(username=username):
        return None
    user = authenticate(request, username=username.strip(), password=password)
    if not isinstance(user, User):
        _note_failure(request, username)
        return None
    _enter(request, user)
    return user


def log_in_to_the_demo(*, request: Any, username: str) -> User | None:
    """In a demo home only: logs in as one of its people without a password."""
    if not settings.CONFIGURATION.is_demo:
        return None
    user = User.objects.filter(username=username, is_demo=True, is_active=True).first()
    if user:
        user.backend = settings.AUTHENTICATION_BACKENDS[0]  # type: ignore[attr-defined]
        _enter(request, user)
    return user


@transaction.atomic
def _enter(request: Any, user: User) -> None:
    request.session.flush()
    login(request, user)
    sessions.began(request.session, timezone.now())
    LogInAttempt.objects.filter(name_hash=name_hash(user.username)).delete()
    audit.record(by=user, verb="logged in", kind="session", request_id=request.request_id)


@transaction.atomic
def _note_failure(request: Any, username: str) -> None:
    now = timezone.now()
    LogInAttempt.objects.filter(tried_at__lt=now - WINDOW).delete()
    LogInAttempt.objects.create(name_hash=name_hash(username), tried_at=now)
    audit.record(by=None, verb="refused", kind="session", request_id=request.request_id)


@transaction.atomic
def log_out(*, request: Any) -> None:
    """Ends the session on the server, not only in the browser."""
    if request.user.is_authenticated:
        audit.record(by=request.user, verb="logged out", kind="session", request_id=request.request_id)
    logout(request)
