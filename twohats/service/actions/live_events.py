"""Live events: one interaction each, kept whole before anybody is told that it was taken, once however often it comes.

The codebook decides the hat at once. Order does not matter: the newest by its instant is shown. What could be tied to
nobody is kept, and tied when a later release knows the identifier.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count

from twohats.service import releases
from twohats.service.actions import audit, outbox
from twohats.service.actions.tying import person_of
from twohats.service.policy import Scope
from twohats.service.records.live import PERSON, EventSender, LiveEvent
from twohats.service.records.models import User, ZoneCorrection
from twohats.store.keys import key
from twohats.words.live import Told, decided, touchpoint_of
from twohats.words.problems import Problem

SHOWN = timedelta(hours=12)
"""Live for so long: a day at a desk, not yesterday's visit."""
AHEAD = timedelta(minutes=5)
"""Clocks differ; what lies further ahead comes from a clock that is wrong."""
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
AT_ONCE = 500
LISTED = 200
"""Of the newest events so many are looked through for people whom no list of the day holds."""


class AnotherBody(Problem):
    """The same event id came before with other content; the first is kept."""


@dataclass(frozen=True)
class Event:
    """An event as it came: its id, whose it is said to be, what it tells, the sender's instant, the whole body."""

    event_id: str
    system: str
    identifier: str
    told: Told
    sent_at: datetime
    body: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """The same for the same content; a repetition may bear a later instant of sending."""
        content = {name: value for name, value in self.body.items() if name != "sent_at"}
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def not_ahead(sent: Mapping[str, Any], names: Iterable[str], now: datetime) -> None:
    """Problem where one of these instants lies ahead of our clock."""
    for name in names:
        if sent[name] - now > AHEAD:
            raise Problem("This lies more than 5 minutes ahead of our clock; nothing was kept.", name,
                          "Look at the sender's clock and time zone, then send it again.")


def take(*, event: Event, sender: EventSender, now: datetime) -> LiveEvent:
    """Keeps what a system sent. The same event again is what was kept; AnotherBody where it says something else."""
    found, person = person_of(event.system, event.identifier)
    kept, _new = LiveEvent.objects.get_or_create(
        sender=sender, event_id=event.event_id, defaults={**_columns(event, now), "found": found, "person": person})
    if kept.digest != event.digest:
        raise AnotherBody("Another event with this id was taken before; the first is kept.", "id",
                          "Give each interaction an id of its own.")
    return kept


@transaction.atomic
def log(*, event: Event, person: int, by: User, now: datetime, request_id: str = "") -> LiveEvent:
    """Keeps what somebody of ours says has happened, once however often the button was pressed."""
    kept, new = LiveEvent.objects.get_or_create(
        by=by, event_id=event.event_id, defaults={**_columns(event, now), "found": PERSON, "person": person})
    if new:
        outbox.put(file="logged", line={"kind": "logged", "person": person, "resource": kept.resource, **event.body,
                                        "by": f"user/{by.pk}"})
        audit.record(by=by, verb="logged what happened", kind="person", thing=person, request_id=request_id)
    return kept


def _columns(event: Event, now: datetime) -> dict[str, Any]:
    told = event.told
    decision = decided(told)
    return {
        "digest": event.digest, "body": dict(event.body), "system": event.system, "identifier": event.identifier,
        "interaction": moment_key(told), "resource": told.resource, "unit": told.unit, "started_at": told.started_at,
        "sent_at": event.sent_at, "received_at": now, "act": told.act or "", "hat": decision.hat.value,
        "about_hat": decision.about_hat.value,
        "rule": decision.rule, "about_rule": decision.about_rule, "p": decision.p, "confidence": decision.confidence,
        "vulnerable": decision.vulnerable, "urgent": decision.urgent, "answered": sorted(told.answered),
        "missing": sorted(told.missing), "screened": told.screened,
    }


def moment_key(told: Told) -> int:
    """The key that the build gives the same moment: what staff say of it now still holds in the next release."""
    micros = (told.started_at - EPOCH) // MICROSECOND
    return key(f"{told.resource}|{touchpoint_of(told)}|{micros}")


def place_of(place: str) -> tuple[str | None, str]:
    """The zone and the unit of a place: the hospital's own word on its zone first; not known where nobody told."""
    reader = releases.current()
    row = reader.row("SELECT zone, unit FROM places WHERE place = ?", (place,)) if reader else None
    said = ZoneCorrection.objects.filter(place=place).order_by("made_at", "pk").last()
    return (said.zone if said else row["zone"] if row else None), (row["unit"] or "" if row else "")


# ---- read ---------------------------------------------------------------------------------------------------
def events_of(person: int, scope: Scope, now: datetime) -> list[LiveEvent]:
    """What happens with a person now, in these units or in none that is known, in the order lived."""
    return in_order(one for one in LiveEvent.objects.filter(person=person, started_at__gt=now - SHOWN)
                    if one.unit in scope or not one.unit)


def in_order(events: Iterable[LiveEvent]) -> list[LiveEvent]:
    """By when it happened, whenever it came."""
    return sorted(events, key=lambda one: (one.started_at, one.sent_at, one.pk))


def newest_of_each(people: Iterable[int], scope: Scope, now: datetime) -> dict[int, LiveEvent]:
    """The newest event of each of these people in these units. One query for every 500 people."""
    wanted = list(people)
    newest: dict[int, LiveEvent] = {}
    for at in range(0, len(wanted), AT_ONCE):
        found = LiveEvent.objects.defer("body").filter(person__in=wanted[at:at + AT_ONCE], started_at__gt=now - SHOWN)
        newest |= {one.person: one for one in in_order(found) if one.unit in scope and one.person is not None}
    return newest


def people_who_came(scope: Scope, now: datetime) -> dict[int, LiveEvent]:
    """The newest event of each person of whom these units were told last, as many as one list can hold. One query."""
    found = LiveEvent.objects.defer("body").filter(started_at__gt=now - SHOWN, person__isnull=False).exclude(unit="")
    if not scope.everything:
        found = found.filter(unit__in=scope.units)
    return {one.person: one for one in in_order(found.order_by("-started_at")[:LISTED]) if one.person is not None}


def newest_of(person: int, now: datetime) -> LiveEvent | None:
    """The newest event of a person, wherever it was."""
    found = LiveEvent.objects.filter(person=person, started_at__gt=now - SHOWN)
    return found.order_by("started_at", "sent_at", "pk").last()


def untied() -> dict[str, int]:
    """How many events are tied to nobody yet, by what their identifier led to."""
    waiting = LiveEvent.objects.filter(person__isnull=True)
    return dict(waiting.values_list("found").annotate(n=Count("pk")).order_by("found"))


def tie_again(now: datetime) -> int:
    """Ties events of late that led to nobody, where the current release knows their identifier. Returns how many."""
    tied = 0
    waiting = LiveEvent.objects.filter(person__isnull=True, received_at__gt=now - SHOWN).order_by("pk")
    for event in waiting[:AT_ONCE]:
        _found, person = person_of(event.system, event.identifier)
        if person is not None:
            tied += LiveEvent.objects.filter(pk=event.pk).update(person=person)
    return tied
