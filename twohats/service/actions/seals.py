"""Sealing the audit: blocks of events, each chained to the one before; the head goes to a file to be kept elsewhere.

A digest of each event lies in its block, so that the first event that was changed can be named. What a chain alone
cannot see - that its last blocks were cut off - shows against the head file.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from twohats.service.actions import audit
from twohats.service.records.models import AuditEvent, AuditSeal

GENESIS = "0" * 64
BLOCK = 5000


def digest_of(event: AuditEvent) -> str:
    """SHA-256 over all that an event says, in one canonical form."""
    said = [event.pk, event.happened_at.isoformat(), event.user_number, event.roles, event.verb, event.kind,
            event.thing, event.request_id]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def block_digest(previous: str, events: list[list]) -> str:
    """SHA-256 over the block before and the digests of this block's events."""
    return hashlib.sha256(json.dumps([previous, events], separators=(",", ":")).encode()).hexdigest()


@transaction.atomic
def seal() -> AuditSeal | None:
    """Seals the events not yet sealed, at most one block; None when there is none."""
    audit.one_writer()
    before = AuditSeal.objects.order_by("-id").first()
    fresh = AuditEvent.objects.filter(pk__gt=before.last if before else 0).order_by("pk")[:BLOCK]
    events = [[event.pk, digest_of(event)] for event in fresh]
    if not events:
        return None
    previous = before.digest if before else GENESIS
    made = AuditSeal.objects.create(
        sealed_at=timezone.now(), first=events[0][0], last=events[-1][0], events=events, previous=previous,
        digest=block_digest(previous, events))
    transaction.on_commit(lambda: export_head(made))
    return made


def head_file() -> Path:
    """Where heads are appended; copy it to another machine each day."""
    return Path(settings.TWOHATS_HOME) / "audit_heads.ndjson"


def export_head(made: AuditSeal) -> None:
    """Appends the newest block's number, last event and digest, and waits for the disk."""
    line = json.dumps({"block": made.pk, "last": made.last, "digest": made.digest,
                       "at": made.sealed_at.isoformat()}, sort_keys=True)
    with head_file().open("a") as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())


@dataclass(frozen=True)
class Fault:
    """The first thing wrong with the audit."""

    event: int | None
    what: str


def first_fault(heads: Path | None = None) -> Fault | None:
    """Verifies every block and every event against it; None when nothing was changed, removed or put in between."""
    previous, after = GENESIS, 0
    for block in AuditSeal.objects.order_by("id").iterator(chunk_size=50):
        fault = _fault_in(block, previous, after)
        if fault:
            return fault
        previous, after = block.digest, block.last
    return _fault_in_heads(heads or head_file())


def _fault_in(block: AuditSeal, previous: str, after: int) -> Fault | None:
    there = {event.pk: digest_of(event)
             for event in AuditEvent.objects.filter(pk__gt=after, pk__lte=block.last).order_by("pk")}
    for number, digest in block.events:
        if number not in there:
            return Fault(number, f"Event {number} was removed.")
        if there.pop(number) != digest:
            return Fault(number, f"Event {number} was changed.")
    if there:
        return Fault(min(there), f"Event {min(there)} was put in later.")
    if block.previous != previous or block.digest != block_digest(previous, block.events):
        return Fault(block.first, f"The seal of block {block.pk} (events {block.first} to {block.last}) was changed, "
                                  "or the block before it was removed.")
    return None


def _heads(path: Path) -> Iterator[dict]:
    if path.exists():
        for line in path.read_text().splitlines():
            if line.endswith("}"):  # the last line may be torn by a crash
                yield json.loads(line)


def _fault_in_heads(path: Path) -> Fault | None:
    digests = dict(AuditSeal.objects.values_list("id", "digest"))
    for head in _heads(path):
        if digests.get(head["block"]) != head["digest"]:
            return Fault(head["last"], f"Block {head['block']} (up to event {head['last']}) is in the head file, "
                                       "but not in the records: they were cut or rewritten.")
    return None
