"""The only way out to people: what is due is leased, asked at the gate, put together, asked once more, handed over.

Nothing is sent by two workers at once: who sends holds a lease. SMTP cannot promise "exactly once": where the server
fell silent after it had a mail, the message ends as "may have left" and is shown to staff, never sent a second time;
one survey lost is better than one asked twice. Gateways know a repeated message by its key, so those are tried again.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop

from twohats.care.contact import gate, letters
from twohats.care.contact.rules import Rules
from twohats.service import releases
from twohats.service.actions import audit, contact, links, standing, ways
from twohats.service.records.contact import DEAD, HANDED, SENT, UNSURE, WAITING, LedgerLine, PersonMessage
from twohats.service.records.models import User
from twohats.words.languages import Text
from twohats.words.problems import Problem

A_ROUND = 500
LEASE = timedelta(minutes=5)
MOST_TRIES = 12
LONGEST_PAUSE = timedelta(hours=1)
BY_HAND = ("letter", "call")


def send_waiting(*, clock: Callable[[], datetime] = timezone.now) -> dict[str, int]:
    """One round: ends what may not go any more, sends what is due. Returns how many messages ended how."""
    done: Counter[str] = Counter(swept=contact.sweep(clock()))
    due: dict[int, list[int]] = defaultdict(list)
    for number, person in _due(clock()).order_by("next_try_at", "pk").values_list("pk", "person")[:A_ROUND]:
        due[person].append(number)
    for person, numbers in due.items():
        done.update(_to_one_person(person, numbers, clock))
    return dict(done)


def mark_done(*, message: PersonMessage, by: User, now: datetime, request_id: str = "") -> PersonMessage:
    """Somebody posted the letter or made the call; the gate is asked once more, before they do.

    Problem where the message is not in anybody's hands, or may not go any more.
    """
    held = PersonMessage.objects.get(pk=message.pk)
    if held.state != HANDED:
        raise Problem(gettext_noop("This message is not waiting for a letter or a call."), "message",
                      "Look at its line in the ledger.")
    book = contact.rules_in_force()
    if not _passes(held, book, "send", now):
        raise Problem(gettext_noop("It may not go any more. Please keep it back."), "message",
                      "The ledger says why.")
    with transaction.atomic():
        ended = PersonMessage.objects.filter(pk=held.pk, state=HANDED).update(state=SENT, ended_at=now)
        if ended:
            _tried(held, book, "sent", "", now)
            audit.record(by=by, verb="sent by hand", kind="message", thing=held.pk, request_id=request_id)
    held.refresh_from_db()
    return held


@dataclass(frozen=True)
class ByHand:
    """What somebody posts or says, and the number to call; letters go to the address in the hospital's own system."""

    text: str
    language: str
    address: str


def words_by_hand(held: PersonMessage, now: datetime) -> ByHand:
    """The words of a message that is in somebody's hands; a letter's link is made when it is shown to be printed."""
    found = standing.reached(held.person, contact.rules_in_force())
    number = found.addresses.get("call", "") if found and held.channel == "call" else ""
    letter = letters.letters()[held.letter]
    if held.channel == "call" and letter.call:
        return ByHand(letter.call.read_in(held.language), held.language, number)
    words = f"{letter.subject.read_in(held.language)}\n\n{_filled(held, letter.long, now)}"
    return ByHand(words, held.language, number)


def _due(now: datetime) -> "QuerySet[PersonMessage]":
    return PersonMessage.objects.filter(
        Q(leased_until=None) | Q(leased_until__lte=now), state=WAITING, next_try_at__lte=now)


def _to_one_person(person: int, numbers: Sequence[int], clock: Callable[[], datetime]) -> Counter[str]:
    done: Counter[str] = Counter()
    book = contact.rules_in_force()
    ours = [held for number in numbers if (held := _leased(number, clock()))]
    for held in ours:
        _move(held, book, clock())
    ready = {held.key: held for held in ours if ways.can_leave(held.channel) and _passes(held, book, "lease", clock())}
    for held in ours:
        if not ways.can_leave(held.channel):
            _let_wait(held, "no server for this channel is set up", clock())
    for bundle in gate.bundles(map(contact.asked, ready.values()), book):
        first, carried = ready[bundle.first.key], [ready[one.key] for one in bundle.carried]
        going = [held for held in (first, *carried) if _passes(held, book, "send", clock())]
        if going:
            done[_leave(going, book, clock())] += len(going)
    return done


def _leased(number: int, now: datetime) -> PersonMessage | None:
    """The message, ours for a while; None when somebody else has it. One statement decides."""
    lease = secrets.token_hex(16)
    ours = _due(now).filter(pk=number).update(lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1)
    return PersonMessage.objects.get(pk=number) if ours else None


@transaction.atomic
def _move(held: PersonMessage, book: Rules, now: datetime) -> None:
    """Gives it the way that the strategies in force this moment say."""
    found = standing.reached(held.person, book)
    way = contact.way_of(held, found, now) if found else None
    if way:
        contact.move(held, way, book, now)


@transaction.atomic
def _passes(held: PersonMessage, book: Rules, step: str, now: datetime) -> bool:
    """Asks the gate with what is known this moment; writes its answer down and obeys it."""
    found = standing.reached(held.person, book)
    if found is None:
        _let_wait(held, "the person is in no release", now)
        return False
    way = contact.way_of(held, found, now)
    said = gate.decide(contact.asked(held), found.standing, standing.went_to([held.person])[held.person], now,
                       rules=book, site_zone=str(releases.clock_on_the_wall(held.unit)), way=way)
    contact.note(held, step, said, book, now, way)
    if step == "send" and held.state == WAITING and way and way.channel != held.channel:
        _let_wait(held, "other strategies went live this moment", now)
        return False
    contact.obey(held, said, now)
    return said.verdict is gate.Verdict.SEND


def _leave(going: Sequence[PersonMessage], book: Rules, now: datetime) -> str:
    """Hands the first over with the words of all; all end alike."""
    first = going[0]
    found = standing.reached(first.person, book)
    if found is None:  # a release went by since the gate was asked, and the person with it
        for held in going:
            _let_wait(held, "the person is in no release", now)
        return "waits"
    subject, text = _words(going, now)
    leaving = ways.Leaving(
        key=first.key, patient=found.patient, channel=first.channel, address=found.addresses[first.channel],
        language=first.language, subject=subject, text=text)
    numbers = [one.pk for one in going]
    PersonMessage.objects.filter(pk__in=numbers).update(
        went_to=standing.digest_of(first.channel, found.addresses[first.channel]))
    if first.channel == "email":  # if we die from here on nobody knows whether it left: it is not sent again
        _end(numbers, UNSURE, now, first)
    with transaction.atomic():
        left, problem = ways.leave(leaving, now)
        _settle(going, left, problem, book, now)
    return left.value


def _settle(going: Sequence[PersonMessage], left: ways.Left, problem: str, book: Rules, now: datetime) -> None:
    numbers, first = [one.pk for one in going], going[0]
    if left is ways.Left.FAILED:
        dead = first.attempts >= MOST_TRIES
        pause = min(timedelta(minutes=2 ** min(first.attempts - 1, 10)), LONGEST_PAUSE)
        PersonMessage.objects.filter(pk__in=numbers).update(
            state=DEAD if dead else WAITING, ended_at=now if dead else None, carried_by=None, leased_until=None,
            lease="", next_try_at=now + pause, problem=problem[:60])
    elif left is ways.Left.HANDED:
        PersonMessage.objects.filter(pk__in=numbers).update(state=HANDED, leased_until=None, lease="")
    else:
        _end(numbers, SENT if left is ways.Left.SENT else UNSURE, now, first)
    for one in going:
        _tried(one, book, "send" if left is ways.Left.HANDED else
               "dead" if left is ways.Left.FAILED and first.attempts >= MOST_TRIES else left.value, problem, now)


def _end(numbers: Sequence[int], state: str, now: datetime, first: PersonMessage) -> None:
    ended = PersonMessage.objects.filter(pk__in=numbers)
    ended.update(state=state, ended_at=now, leased_until=None, lease="", problem="")
    ended.exclude(pk=first.pk).update(carried_by=first)


def _let_wait(held: PersonMessage, problem: str, now: datetime) -> None:
    PersonMessage.objects.filter(pk=held.pk, state=WAITING).update(
        leased_until=None, lease="", attempts=F("attempts") - 1, next_try_at=now + timedelta(minutes=1),
        problem=problem[:60])


def _tried(held: PersonMessage, book: Rules, verdict: str, reason: str, now: datetime) -> None:
    LedgerLine.objects.create(message=held, step="tried", verdict=verdict, reason=reason[:60], rules=book.version,
                              made_at=now)


def _phone(language: str) -> str:
    with translation.override(language):
        return settings.CONFIGURATION.phone or gettext("the number on your papers")


def _words(going: Sequence[PersonMessage], now: datetime) -> tuple[str, str]:
    """Subject and text of what leaves, made now: the words of each, and once how we may be told to stop."""
    language, channel = going[0].language, going[0].channel
    said = [letters.letters()[one.letter] for one in going]
    short = channel in ("sms", "automated_call")
    texts = [_filled(held, one.short if short else one.long, now) for held, one in zip(going, said, strict=True)]
    text = ("\n" if short else "\n\n").join(texts)
    if not short and channel != "call":
        text += letters.CHOICES.read_in(language).format(choices=links.choices_url(going[0], now))
    return said[0].subject.read_in(language), text


def _filled(held: PersonMessage, words: Text, now: datetime) -> str:
    """The words of one message with the number to call and, where it leads somewhere, a link of the person's own."""
    link = links.survey_url(held, now) if letters.letters()[held.letter].link == "survey" else ""
    return words.read_in(held.language).format(phone=_phone(held.language), link=link)
