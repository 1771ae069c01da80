"""A body from a machine, read strictly: what is not as declared is refused whole, with words for who sends it."""

from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from twohats.service.actions import live_events
from twohats.service.api.fields import FIELDS, Field
from twohats.store import strict
from twohats.words.live import EVIDENCE, Told
from twohats.words.problems import Problem
from twohats.words.situation import Situation

LONGEST = 64 * 1024
STRICT: dict[str, tuple[str, str]] = {
    "not_utf8": ("The body is not UTF-8.", "Send UTF-8."),
    "not_a_number": ("The body holds NaN, Infinity or a number too large to hold.", "Leave out what is not known."),
    "lone_surrogate": ("The body holds half of a surrogate pair.", "Send UTF-8 without escapes."),
    "null_character": ("The body holds U+0000, which not every database can hold.", "Leave the character out."),
    "big_integer": ("The body holds a whole number beyond 64 bits.", "Send identifiers as strings."),
    "duplicate_key": ("A key stands twice: which one is meant cannot be told.", "Send each field once."),
    "too_deep": ("The body is nested too deep.", "Send the fields as documented."),
    "too_long": ("The body is longer than 64 KiB.", "Send one thing at a time."),
}


def event_of(body: bytes, sender: str, now: datetime) -> live_events.Event:
    """The event that a body tells; Problem, with words for the sender, where it is not as declared."""
    given = object_of(body)
    sent = fields_of(given, FIELDS)
    live_events.not_ahead(sent, ("started_at", "sent_at"), now)
    return _event(sent, given, sender)


def object_of(body: bytes) -> dict[str, Any]:
    """The one JSON object that a body is."""
    try:
        value = strict.parse(body, LONGEST)
    except strict.Refused as refused:
        what, try_this = STRICT.get(refused.code, ("The body is not one whole JSON value.", "Send one JSON object."))
        raise Problem(what, "body", try_this) from None
    if unkeepable := strict.unkeepable(value):
        what, try_this = STRICT[unkeepable]
        raise Problem(what, "body", try_this)
    if not isinstance(value, dict):
        raise Problem("The body is not a JSON object.", "body", "Send one thing as one object.")
    return value


def fields_of(given: Mapping[str, Any], declared: Mapping[str, Field]) -> dict[str, Any]:
    """The fields as read; a field that is not declared, not there though needed, or not as it should is refused."""
    if unknown := sorted(set(given) - set(declared)):
        # Its name is not repeated: what a sender made up may be anybody's.
        meant = get_close_matches(unknown[0], declared, 1)
        raise Problem("A field that we do not know; nothing was kept, so that no misspelt word is lost unseen.", "body",
                      f"Did you mean {meant[0]}?" if meant else "The docs list the fields.")
    sent: dict[str, Any] = {}
    for name, field in declared.items():
        if given.get(name) is None:
            if field.needed:
                raise Problem("This field is needed.", name, f"Send {field.says}.")
            continue
        try:
            sent[name] = field.read(given[name])
        except (ValueError, OverflowError):
            raise Problem("This is not what the field holds.", name, f"Send {field.says}.") from None
    return sent


def _event(sent: Mapping[str, Any], body: Mapping[str, Any], sender: str) -> live_events.Event:
    zone, unit = live_events.place_of(sent["place"]) if "place" in sent else (None, "")
    seen = {name: sent.get(name) for name in EVIDENCE} | {"zone": sent.get("zone") or zone}
    told = Told(
        started_at=sent["started_at"], act=sent.get("act"), seen=Situation(**seen),
        resource=sent.get("resource") or f"events/{sender}/{sent['id']}", unit=sent.get("unit") or unit,
        answered=sent.get("answered", frozenset()), missing=sent.get("missing", frozenset()),
        screened=sent.get("screening_recorded"))
    system, value = sent["person"]
    identifier = f"Patient/{value.removeprefix('Patient/')}" if system == "patient" else value
    return live_events.Event(sent["id"], system, identifier, told, sent["sent_at"], body)
