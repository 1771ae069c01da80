"""Systems that may send events or reports: made and revoked on the machine itself; nothing kept gives a token back."""

import hashlib
import hmac
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from twohats.service.actions import audit
from twohats.service.records.live import EVENTS, SIGNATURE, TOKEN, EventSender
from twohats.words.problems import Problem

BYTES = 32
FRESH_SECONDS = 300
"""A signature older than this, or so far ahead, is not taken: who listens in cannot send it again tomorrow."""


@transaction.atomic
def make_sender(*, name: str, way: str, sends: str = EVENTS) -> tuple[EventSender, str]:
    """A system that may send one kind of thing, and the token or key that it gets: told once, here."""
    if not name.strip():
        raise Problem("A sender has a name.", "name", "Name the system, such as: registration")
    if EventSender.objects.filter(name=name, revoked_at=None).exists():
        raise Problem("This sender has a token or a key already.", "name", "Revoke it first: --revoke")
    chance = secrets.token_urlsafe(BYTES)
    kept = {"digest": _digest(chance)} if way == TOKEN else {"salt": secrets.token_hex(BYTES)}
    sender = EventSender.objects.create(name=name, way=way, sends=sends, made_at=timezone.now(), **kept)
    audit.record(by=None, verb="let in", kind="event sender", thing=sender.pk)
    return sender, chance if way == TOKEN else key_of(sender)


@transaction.atomic
def revoke_sender(*, name: str) -> EventSender:
    """Takes the token or key of a system back: its next event is refused; what it sent stays."""
    sender = EventSender.objects.filter(name=name, revoked_at=None).first()
    if sender is None:
        raise Problem("No sender of this name is let in.", "name", "Look at the spelling.")
    sender.revoked_at = timezone.now()
    sender.save(update_fields=["revoked_at"])
    audit.record(by=None, verb="shut out", kind="event sender", thing=sender.pk)
    return sender


def sender_by_token(token: str) -> EventSender | None:
    """Whose token this is; None for one that is guessed or revoked."""
    return EventSender.objects.filter(way=TOKEN, sends=EVENTS, digest=_digest(token), revoked_at=None).first()


def sender_by_signature(name: str, instant: str, signature: str, body: bytes, now: datetime,
                        sends: str = EVENTS) -> EventSender | None:
    """Whose signature this is, over the instant, a full stop and the body; None where it is stale or does not fit."""
    if not (instant.isascii() and instant.isdigit() and len(instant) <= 12):
        return None
    sender = EventSender.objects.filter(name=name, way=SIGNATURE, sends=sends, revoked_at=None).first()
    if sender is None or abs(now.timestamp() - int(instant)) > FRESH_SECONDS:
        return None
    made = hmac.new(key_of(sender).encode(), instant.encode() + b"." + body, hashlib.sha256).hexdigest()
    return sender if hmac.compare_digest(f"sha256={made}".encode(), signature.encode()) else None


def key_of(sender: EventSender) -> str:
    """The key a system signs with: made from the key of the site and the sender's salt, so no record holds it."""
    return hmac.new(settings.SECRET_KEY.encode(), f"twohats events {sender.salt}".encode(), hashlib.sha256).hexdigest()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
