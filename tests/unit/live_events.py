"""Events as a hospital's registration system sends them, for tests."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from twohats.service.actions import senders
from twohats.service.records.live import TOKEN


def minutes_ago(minutes: float) -> datetime:
    return timezone.now() - timedelta(minutes=minutes)


def body(**more: Any) -> dict[str, Any]:
    """Ben is registered at the front desk of the north clinic, two minutes ago."""
    began = more.pop("began", minutes_ago(2))
    given = {"id": "adt-1", "person": {"system": "patient", "value": "ben"}, "unit": "north-clinic", "act": "register",
             "zone": "front_desk", "role": "clerical", "channel": "in_person",
             "started_at": began.isoformat(), "sent_at": began.isoformat()}
    return {name: value for name, value in (given | more).items() if value is not None}


def token(name: str = "registration") -> str:
    return senders.make_sender(name=name, way=TOKEN)[1]


def send(content: bytes | dict[str, Any], secret: str, **headers: str) -> Any:
    """What the service answers to this body from who holds this token."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Client(enforce_csrf_checks=True).post("/api/events", raw, "application/json",
                                                 headers={"Authorization": f"Bearer {secret}"} | headers)
