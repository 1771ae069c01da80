"""The trace of what was done: who, with which roles, what, to which thing, when. No value, no name."""

from typing import Any

from django.db import connection
from django.utils import timezone

from twohats.service.records.models import AuditEvent, User

LOCK = 0x74776F68
"""Taken while an event is written on PostgreSQL, so that numbers follow the order in which events appear:
without it a seal could pass over an event whose transaction ends late. SQLite has one writer at a time anyway."""


def record(*, by: User | None, verb: str, kind: str, thing: object = "", request_id: str = "") -> AuditEvent:
    """Writes one event, in the transaction that is open if one is. `thing` is an id of ours, never a value."""
    one_writer()
    return AuditEvent.objects.create(
        happened_at=timezone.now(), user_number=by.pk if by else None, roles=by.roles if by else "",
        verb=verb, kind=kind, thing=str(thing)[:200], request_id=request_id)


def one_writer() -> None:
    """Waits until no other transaction writes to the audit; let go at the end of this one."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def noted(request: Any, verb: str, kind: str, thing: object = "") -> AuditEvent:
    """Writes that the reader of this request looked at, exported or was refused a thing."""
    user = request.user if request.user.is_authenticated else None
    return record(by=user, verb=verb, kind=kind, thing=thing, request_id=getattr(request, "request_id", ""))
