"""What providers and call centres tell of our messages: once however often it comes, and obeyed in one transaction.

STOP ends the class of the message, and of those it carried, for everybody who is reached there, on every channel. An
address that takes nothing is remembered by a digest until a provider tells that it does, or the hospital has another.
No word of a reply and no address is kept.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from twohats.care.contact.messages import ANSWERED, BOUNCED, DELIVERED, OPTED_OUT
from twohats.care.contact.replies import is_stop
from twohats.care.contact.strategies import BY_MACHINE
from twohats.service.actions import audit, contact, standing
from twohats.service.actions.live_events import AnotherBody
from twohats.service.records.contact import HANDED, SENT, AddressMark, DeliveryReport, LedgerLine, PersonMessage
from twohats.service.records.live import EventSender
from twohats.words.problems import Problem


class UnknownMessage(Problem):
    """No message of ours is meant."""


@dataclass(frozen=True)
class Report:
    """A report as it came: its id, what it says, of which message or from which address, when, the whole body."""

    report_id: str
    says: str
    key: str
    channel: str
    address: str
    text: str
    told_at: datetime
    body: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """The same for the same content."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def take(*, report: Report, sender: EventSender, now: datetime) -> DeliveryReport:
    """Keeps a report and does what it asks. The same report again is what was kept; AnotherBody where it says something
    else, UnknownMessage where no message of ours is meant.
    """
    audit.one_writer()
    known = DeliveryReport.objects.filter(sender=sender, report_id=report.report_id).first()
    if known is None:
        message = _meant(report)
        says = OPTED_OUT if report.says == ANSWERED and is_stop(report.text) else report.says
        known, new = DeliveryReport.objects.get_or_create(sender=sender, report_id=report.report_id, defaults={
            "digest": report.digest, "message": message, "says": says, "told_at": report.told_at, "received_at": now})
        if new:
            _obey(known, report, now)
    if known.digest != report.digest:
        raise AnotherBody("Another report with this id was taken before; the first is kept.", "id",
                          "Give each report an id of its own.")
    return known


def _meant(report: Report) -> PersonMessage:
    """The message by its key; else the last that went to the address."""
    if report.key:
        found = PersonMessage.objects.filter(key=report.key).first()
    else:
        found = PersonMessage.objects.filter(
            went_to=standing.digest_of(report.channel, report.address)).order_by("ended_at", "pk").last()
    if found is None:
        raise UnknownMessage("We know of no such message; nothing was kept.", "message" if report.key else "address",
                             "Send the key that came with the message, or the address just as it stood there.")
    return found


def _obey(kept: DeliveryReport, report: Report, now: datetime) -> None:
    message = kept.message
    LedgerLine.objects.create(message=message, step="told", verdict=kept.says,
                              rules=contact.rules_in_force().version, made_at=now)
    audit.record(by=None, verb=f"told: {kept.says}", kind="message", thing=message.pk)
    if kept.says == OPTED_OUT:
        _stop(message, report)
    elif kept.says in (BOUNCED, DELIVERED):
        _mark(message, works=kept.says == DELIVERED, now=now)
    if kept.says in (ANSWERED, OPTED_OUT, DELIVERED) and message.state == HANDED:  # a call that somebody else made
        PersonMessage.objects.filter(pk=message.pk, state=HANDED).update(state=SENT, ended_at=now)


def _stop(message: PersonMessage, report: Report) -> None:
    kinds = PersonMessage.objects.filter(Q(pk=message.pk) | Q(carried_by=message)).values_list("kind", flat=True)
    for person in _reached_there(message, report):
        for kind in sorted(set(kinds)):
            contact.choose(person=person, of="class", value=kind, yes=False, said_on=message.channel)


def _reached_there(message: PersonMessage, report: Report) -> list[int]:
    """Everybody who is reached where the message went: a phone of four people has one voice."""
    found = {message.person}
    if message.went_to:
        found |= set(PersonMessage.objects.filter(went_to=message.went_to).values_list("person", flat=True))
    reached = standing.reached(message.person, contact.rules_in_force())
    address = report.address or (reached.addresses.get(message.channel, "") if reached else "")
    if address and standing.digest_of(message.channel, address) == message.went_to:
        found |= set(standing.people_at(message.channel, address))
    return sorted(found)


def _mark(message: PersonMessage, *, works: bool, now: datetime) -> None:
    """Remembers whether the address took it; ends what waits for one that does not. Letters go by a ZIP code here."""
    if message.channel not in BY_MACHINE or not message.went_to:
        return
    last = AddressMark.objects.filter(digest=message.went_to).order_by("made_at", "pk").last()
    if works == (last is None or last.works):
        return
    AddressMark.objects.create(channel=message.channel, digest=message.went_to, works=works, made_at=now)
    contact.sweep(now, people=[message.person])
