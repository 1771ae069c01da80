"""Links that one person gets: nobody guesses one, the records cannot give one back, and it opens one thing only."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from twohats.service.records.contact import Link, PersonMessage

SIGNS = 24
"""Bytes of chance in a token: 192 bits."""
LIVES = {"choices": timedelta(days=365), "survey": timedelta(days=180)}
"""A survey's link takes answers for a shorter time (care/asking/worth.toml), and then shows what became of them."""


def make(*, purpose: str, person: int, about: str, language: str, now: datetime) -> str:
    """A new token for one purpose and person; only its digest is kept."""
    token = secrets.token_urlsafe(SIGNS)
    Link.objects.create(digest=digest_of(token), purpose=purpose, person=person, about=about, language=language,
                        made_at=now, expires_at=now + LIVES[purpose])
    return token


def opened(token: str, purpose: str, now: datetime) -> Link | None:
    """What a token opens; None for one that is guessed, expired or for something else. No more is told than that."""
    return Link.objects.filter(digest=digest_of(token), purpose=purpose, expires_at__gt=now).first()


def digest_of(token: str) -> str:
    """How a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def survey_url(message: PersonMessage, now: datetime) -> str:
    """The address of the form that a message asks the person to fill in."""
    token = make(purpose="survey", person=message.person, about=message.about, language=message.language, now=now)
    return settings.CONFIGURATION.site + reverse("answering:form", args=[token])


def choices_url(message: PersonMessage, now: datetime) -> str:
    """The address of the page where the person says how we may reach them."""
    token = make(purpose="choices", person=message.person, about="", language=message.language, now=now)
    return settings.CONFIGURATION.site + reverse("choices:page", args=[token])
