"""How a field from a machine is read; and the fields of an event and of a report, with what each holds and means."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from twohats.care.contact.messages import TOLD
from twohats.care.contact.rules import shipped
from twohats.store.pages_file import KNOWN_BY
from twohats.words.acts import acts
from twohats.words.cues import Channel, Event, Evidence, Role, Speaker, Zone
from twohats.words.desk import questions

INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")


@dataclass(frozen=True)
class Field:
    """One field of a body: how it is read, what it means, whether it must be there."""

    read: Callable[[Any], Any]
    says: str
    """What a value must be, in words; for the docs and for who sent another one."""
    meaning: str
    needed: bool = False


def text(longest: int, pattern: str = r"[^\x00-\x1f\x7f]+") -> Callable[[Any], str]:
    """Reads a text of so many characters at most."""
    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest or not re.fullmatch(pattern, value):
            raise ValueError
        return value
    return read


def one_of(values: Any) -> Callable[[Any], str]:
    """Reads one of these words."""
    known = frozenset(str(value) for value in values)

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise ValueError
        return value
    return read


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _acuity(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 5:
        raise ValueError
    return value


def instant(value: Any) -> datetime:
    """Reads an instant with its zone, as UTC."""
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise ValueError
    return datetime.fromisoformat(value).astimezone(UTC)


def _questions(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value) or set(value) - set(questions()):
        raise ValueError
    return frozenset(value)


def _person(value: Any) -> tuple[str, str]:
    if not isinstance(value, dict) or set(value) != {"system", "value"} or value["system"] not in KNOWN_BY:
        raise ValueError
    return value["system"], text(200)(value["value"]).strip()


def _words(values: type[StrEnum]) -> str:
    return "one of " + ", ".join(values)


FLAG = "true or false; leave it out where it is not known"
INSTANT_SAYS = "an instant with its zone, such as 2026-11-23T13:00:00-05:00"
FIELDS: dict[str, Field] = {
    "id": Field(text(200), "a text of 1 to 200 characters",
                "Id of the event, given by the sender: the same id is the same event.", needed=True),
    "person": Field(_person, "an object with system (" + ", ".join(KNOWN_BY) + ") and value",
                    "Whose interaction it is, by an exact identifier.", needed=True),
    "started_at": Field(instant, INSTANT_SAYS, "When it began.", needed=True),
    "sent_at": Field(instant, INSTANT_SAYS, "When the sender sent it.", needed=True),
    "unit": Field(text(200), "a text of 1 to 200 characters", "Unit of the tree."),
    "place": Field(text(300), "a text of 1 to 300 characters",
                   "Location, such as Location/front: tells zone and unit where they are not given."),
    "resource": Field(text(300, r"[A-Za-z]+/[A-Za-z0-9.\-]{1,64}"), "a reference such as Encounter/7",
                      "Source id of the same interaction in your files, so that what staff say of it holds in the "
                      "next release."),
    "act": Field(one_of(act.key for act in acts()), "an act of the list", "What is being done."),
    "event": Field(one_of(Event), _words(Event), "A clinical event in progress in these very minutes."),
    "role": Field(one_of(Role), _words(Role), "Kind of work of the other person."),
    "zone": Field(one_of(Zone), _words(Zone), "Kind of place."),
    "status": Field(text(30, r"[a-z-]+"), "a status such as arrived", "Status of the visit."),
    "channel": Field(one_of(Channel), _words(Channel), "Through what the two sides met."),
    "class_code": Field(text(10, r"[A-Z]+"), "a class such as EMER", "Class of the visit."),
    "speaker": Field(one_of(Speaker), _words(Speaker), "Who takes part."),
    "evidence": Field(one_of(Evidence), _words(Evidence), "How much the source told."),
    "acuity": Field(_acuity, "a whole number from 1 to 5", "ESI level, 1 the most urgent."),
    "clinical_talk": Field(_flag, FLAG, "A clinical conversation with the speaker is going on."),
    "severe": Field(_flag, FLAG, "Severe pain or labour."),
    "distress": Field(_flag, FLAG, "Visible distress, or the person says so."),
    "red_flag": Field(_flag, FLAG, "Words of danger to life or health."),
    "abnormal": Field(_flag, FLAG, "The result looked at is abnormal."),
    "money": Field(_flag, FLAG, "Money is talked about during care."),
    "unserved": Field(_flag, FLAG, "A booked care visit in which no clinician appears."),
    "answered": Field(_questions, "a list of questions of the list", "Questions of the desk answered before."),
    "missing": Field(_questions, "a list of questions of the list", "Questions of the desk not answered yet."),
    "screening_recorded": Field(_flag, FLAG, "The medical screening exam is recorded; not known counts as false."),
}
REPORT_FIELDS: dict[str, Field] = {
    "id": Field(text(200), "a text of 1 to 200 characters",
                "Id of the report, given by the sender: the same id is the same report.", needed=True),
    "says": Field(one_of(TOLD), "one of " + ", ".join(TOLD), "What became of the message.", needed=True),
    "told_at": Field(instant, INSTANT_SAYS, "When it happened.", needed=True),
    "message": Field(text(64, r"[0-9a-f]{64}"), "the 64 characters that came as key with the message",
                     "Which message of ours. Left out only for a STOP of which the provider knows the number alone."),
    "channel": Field(one_of(shipped().channels), "one of " + ", ".join(shipped().channels),
                     "With address: by which way."),
    "address": Field(text(200), "a text of 1 to 200 characters",
                     "For opted_out or answered without message: the address just as it came with the message. It "
                     "is not kept."),
    "text": Field(text(1600, r"[^\x00]+"), "a text of 1 to 1600 characters",
                  "With answered: the reply. A STOP in it is obeyed; nothing of it is kept."),
}
