"""Messages to people: put down, held, ended; what people say of them. Nothing leaves from here (sending.py does that).

Every message is asked at the gate when it is put down, when it is taken up, and just before it leaves; each answer is
a line of the ledger. A silence ends what waits, what is held and what is printed in the same transaction.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from twohats.care.contact import gate, letters, rules, strategies
from twohats.care.contact.messages import Message, Silence, Standing
from twohats.service import releases
from twohats.service.actions import audit, standing
from twohats.service.actions.worn import worn_last
from twohats.service.records.contact import (
    CHANNELS,
    CLASSES,
    HANDED,
    LIFTED,
    MOVED,
    REFUSED,
    WAITING,
    Choice,
    LedgerLine,
    PersonMessage,
    RuleBook,
    SilenceWord,
)
from twohats.service.records.models import User
from twohats.words.hats import Hat
from twohats.words.problems import Problem

OPEN = (WAITING, HANDED)


# ---- the rules in force ------------------------------------------------------------------------------------
def rules_in_force() -> rules.Rules:
    """The hospital's own rules, the latest version; those shipped where it wrote none."""
    own = _own("gate")
    return rules.read(own.book) if own else rules.shipped()


def book_in_force() -> dict[str, Any]:
    """The same as data, for a form that changes them."""
    own = _own("gate")
    return dict(own.book) if own else dict(rules.shipped_book())


def strategies_in_force() -> strategies.Strategies:
    """The hospital's own strategies, the latest version; those shipped where it wrote none."""
    own = _own("strategies")
    return strategies.read(own.book) if own else strategies.shipped()


def strategy_book_in_force() -> dict[str, Any]:
    """The same as data, for a form that changes them."""
    own = _own("strategies")
    return dict(own.book) if own else strategies.shipped_book()


def _own(kind: str) -> RuleBook | None:
    return RuleBook.objects.filter(kind=kind).order_by("made_at", "pk").last()


@transaction.atomic
def change_rules(*, book: dict[str, Any], reason: str, by: User, request_id: str = "") -> RuleBook:
    """A new version of the gate's rules, in force from now on; Problem where it cannot hold."""
    try:
        rules.read(book)
    except (ValueError, KeyError, TypeError) as problem:
        where = "version" if not book.get("version") else "book"
        raise Problem(str(problem), where, "Nothing was changed.") from problem
    return keep_version(kind="gate", book=book, reason=reason, by=by, request_id=request_id)


def keep_version(*, kind: str, book: dict[str, Any], reason: str, by: User, request_id: str = "",
                 **why: Any) -> RuleBook:
    """A version that was found to hold, in force from now on; Problem without a reason or with a name that is taken."""
    if not reason.strip():
        raise Problem(gettext_noop("Say why the rules change."), "reason", "One sentence is enough.")
    taken = rules.shipped().version if kind == "gate" else strategies.shipped().version
    if book["version"] == taken or RuleBook.objects.filter(kind=kind, version=book["version"]).exists():
        raise Problem(gettext_noop("This version is taken."), "version", "Name the new version otherwise.")
    kept = RuleBook.objects.create(kind=kind, version=book["version"], book=book, reason=reason.strip(), by=by,
                                   made_at=timezone.now(), **why)
    audit.record(by=by, verb="changed rules", kind=f"{kind} rules", thing=kept.pk, request_id=request_id)
    return kept


# ---- put down ----------------------------------------------------------------------------------------------
@transaction.atomic
def put(*, person: int, letter: str, channel: str, about: str, now: datetime, sensitive: bool = False, hat: str = "",
        unit: str = "", expires_at: datetime | None = None, by: User | None = None,
        request_id: str = "") -> PersonMessage:
    """Puts a message down, asked at the gate at once. The same letter about the same thing by one channel is put once.

    The strategies in force may give a message about something of a known hat another channel than the one asked for.
    KeyError for a letter or channel that is not declared; Problem for a person whom the release does not know.
    """
    key = hashlib.sha256("\n".join((letter, about, channel, str(person))).encode()).hexdigest()
    known = PersonMessage.objects.filter(key=key).first()
    if known:
        return known
    book, kind = rules_in_force(), letters.letters()[letter].kind
    found = standing.reached(person, book)
    if found is None:
        raise Problem(gettext_noop("Nobody of this release is meant."), "person", "Look the person up again.")
    way = _way(person, channel, kind, hat, found.standing, now)
    goes = way.channel if way else channel
    wanted = Message(key, kind, goes, now, sensitive, expires_at, standing.thing(letter, about))
    said = gate.decide(wanted, found.standing, standing.went_to([person])[person], now, rules=book,
                       site_zone=str(releases.clock_on_the_wall(unit)), way=way)
    message, new = PersonMessage.objects.get_or_create(key=key, defaults={
        "person": person, "kind": kind, "channel": goes, "letter": letter, "about": about,
        "language": found.language, "sensitive": sensitive, "hat": hat, "unit": unit, "made_at": now,
        "expires_at": gate.expires(wanted, book), "next_try_at": now})
    if new:
        if way and goes != channel:
            _moved(message, "put", channel, way, book, now)
        note(message, "put", said, book, now, way)
        obey(message, said, now)
        audit.record(by=by, verb="put down", kind="message", thing=message.pk, request_id=request_id)
        message.refresh_from_db()
    return message


def asked(message: PersonMessage) -> Message:
    """A message as the gate looks at it."""
    return Message(message.key, message.kind, message.channel, message.made_at, message.sensitive, message.expires_at,
                   standing.thing(message.letter, message.about))


def way_of(message: PersonMessage, found: standing.Reached, now: datetime) -> strategies.Way | None:
    """How the strategies in force say that a message goes; None for one that is about nothing of a known hat."""
    return _way(message.person, message.channel, message.kind, message.hat, found.standing, now)


def _way(person: int, channel: str, kind: str, hat: str, stand: Standing, now: datetime) -> strategies.Way | None:
    if not hat:
        return None
    worn = worn_last(person, now)
    return strategies.way_of(
        channel, kind, Hat(hat), worn=worn.followed, worst_day=worn.hard_day, preferred=stand.preferred,
        reachable=stand.reachable, strategies=strategies_in_force())


def move(message: PersonMessage, way: strategies.Way, book: rules.Rules, now: datetime) -> None:
    """Gives a message that waits the way that the strategies say; what is in somebody's hands stays there."""
    if way.channel != message.channel and PersonMessage.objects.filter(pk=message.pk, state=WAITING).update(
            channel=way.channel):
        _moved(message, "lease", message.channel, way, book, now)
        message.channel = way.channel


def _moved(message: PersonMessage, step: str, was: str, way: strategies.Way, book: rules.Rules, now: datetime) -> None:
    LedgerLine.objects.create(
        message=message, step=step, verdict=MOVED, reason=f"{was}>{way.channel} {way.strategy.key}"[:60],
        rules=book.version, strategies=way.version, made_at=now)


def note(message: PersonMessage, step: str, said: gate.Decision, book: rules.Rules, now: datetime,
         way: strategies.Way | None = None) -> None:
    """A line of the ledger: what the gate said, under which rules and strategies."""
    LedgerLine.objects.create(message=message, step=step, verdict=said.verdict.value, reason=said.reason,
                              until=said.until, warnings=list(said.warnings), rules=book.version,
                              strategies=way.version if way else "", made_at=now)


def obey(message: PersonMessage, said: gate.Decision, now: datetime) -> None:
    """Ends a refused message, lets a held one wait."""
    if said.verdict is gate.Verdict.REFUSE:
        PersonMessage.objects.filter(pk=message.pk, state__in=OPEN).update(
            state=REFUSED, ended_at=now, leased_until=None, lease="")
    elif said.verdict is gate.Verdict.HOLD:
        PersonMessage.objects.filter(pk=message.pk, state__in=OPEN).update(
            state=WAITING, next_try_at=said.until, leased_until=None, lease="")


# ---- what people say ---------------------------------------------------------------------------------------
@transaction.atomic
def end_all(*, person: int, says: str, by: User, request_id: str = "") -> SilenceWord:
    """Writes down a death, a hospice note or the family's word: every message to this person ends now; or lifts it."""
    if says not in {*(one.value for one in Silence), LIFTED}:
        raise Problem(gettext_noop("Say why every message ends."), "says", "Choose one of those shown.")
    now = timezone.now()
    word = SilenceWord.objects.create(person=person, says=says, by=by, made_at=now)
    audit.record(by=by, verb="lifted silence" if says == LIFTED else "ended all messages", kind="person",
                 thing=person, request_id=request_id)
    sweep(now, people=[person])
    return word


@transaction.atomic
def choose(*, person: int, of: str, value: str, yes: bool, said_on: str, by: User | None = None,
           request_id: str = "") -> Choice:
    """Writes down yes or no to a class or a channel. A no ends what waits of it at once."""
    if value not in {"class": CLASSES, "channel": CHANNELS}.get(of, ()):
        raise Problem(gettext_noop("That is nothing one can choose."), "value", "Choose one of those shown.")
    now = timezone.now()
    said = Choice.objects.create(person=person, of=of, value=value, yes=yes, said_on=said_on, by=by, made_at=now)
    audit.record(by=by, verb=f"said {'yes' if yes else 'no'} to {of} {value}", kind="person", thing=person,
                 request_id=request_id)
    sweep(now, people=[person])
    return said


def sweep(now: datetime, people: list[int] | None = None) -> int:
    """Ends what may never go any more: of these people everything is asked again; of all others, who is silenced.

    The worker does it each minute, so that a death that came with a release ends queued, held and printed messages
    within one. Returns how many ended.
    """
    waiting = PersonMessage.objects.filter(state__in=OPEN)
    whom = set(people) if people is not None else standing.silenced(waiting.values_list("person", flat=True).distinct())
    return sum(_asked_again(message, now) for message in waiting.filter(person__in=whom).order_by("pk"))


@transaction.atomic
def _asked_again(message: PersonMessage, now: datetime) -> bool:
    book = rules_in_force()
    found = standing.reached(message.person, book)
    if found is None:
        return False
    said = gate.decide(asked(message), found.standing, [], now, rules=book,
                       site_zone=str(releases.clock_on_the_wall(message.unit)))
    if said.verdict is not gate.Verdict.REFUSE:
        return False
    note(message, "sweep", said, book, now)
    obey(message, said, now)
    return True
