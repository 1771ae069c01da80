"""Mail that must leave: kept in the transaction of what it tells of, sent by the worker, tried again until it is gone.

Not the outbox of lines for files (outbox.py). Nothing is lost while mail is down: a mail stays until the server has
said that it took it. Nothing is sent by two workers at once: who sends holds a lease. The limit, honestly: when we die,
or the line breaks, after the server took a mail and before we wrote that down, it leaves a second time once the lease
has run out - with the same Message-ID, by which most mailboxes show it once; not all do. SMTP knows no better.
"""

import hashlib
import secrets
import smtplib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import Enum
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from twohats.service.actions.letters import Letter, letter_of
from twohats.service.actions.smtp import code_of, connection_to
from twohats.service.records.models import Mail

A_ROUND = 200
LEASE = timedelta(minutes=5)
"""Longer than one mail can take: a dead server is given up after smtp.ANSWER_SECONDS at each of its few steps."""
LONGEST_PAUSE, LONGEST_PAUSE_REFUSED = timedelta(minutes=5), timedelta(hours=1)
"""Short while the server is not reached, since a clock of 15 minutes runs; longer when it is and says no."""
LATE = timedelta(minutes=5)


class Ended(Enum):
    """How one try ended; cut off: the server is not there, the other mails wait for the next round."""

    SENT = "sent"
    FAILED = "failed"
    CUT_OFF = "cut off"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Unsent:
    """Mail that should have left by now: how many, the oldest, and what the last try said (no address in it)."""

    count: int
    since: datetime
    problem: str


def put(*, kind: str, about: object, address: str, language: str, now: datetime, once: str = "") -> Mail:
    """Keeps a mail in the transaction that is open. The same kind about the same thing to one address is kept once,
    unless `once` says another occasion.
    """
    key = hashlib.sha256("\n".join((kind, str(about), address, once)).encode()).hexdigest()[:32]
    kept, _new = Mail.objects.get_or_create(key=key, defaults={
        "kind": kind, "about": str(about), "address": address, "language": language, "made_at": now,
        "next_try_at": now})
    return kept


def waits(*, kind: str, about: object, address: str) -> bool:
    """True while a mail of this kind waits that nobody is sending: what is new by then, it will tell too."""
    return _waiting().filter(kind=kind, about=str(about), address=address, leased_until=None).exists()


def send_waiting(*, clock: Callable[[], datetime] = timezone.now) -> dict[str, int]:
    """Sends what is due; stops at a server that is not reached. Returns how many were sent, failed, dropped."""
    done: Counter[str] = Counter(sent=0, failed=0, dropped=0)
    server = settings.CONFIGURATION.mail
    due = list(_due(clock()).order_by("next_try_at", "pk").values_list("pk", flat=True)[:A_ROUND]) if server else []
    if due:
        with connection_to(server) as line:
            for number in due:
                ended = _lease_and_send(line, number, clock)
                done.update([ended.value] if ended else [])
                if ended is Ended.CUT_OFF:
                    break
    return {"sent": done["sent"], "failed": done["failed"] + done["cut off"], "dropped": done["dropped"]}


def unsent(now: datetime) -> Unsent | None:
    """What should have left and has not; None when all is well."""
    late = list(_waiting().filter(made_at__lte=now - LATE).order_by("made_at", "pk"))
    return Unsent(len(late), late[0].made_at, late[0].problem) if late else None


def _waiting() -> "QuerySet[Mail]":
    return Mail.objects.filter(sent_at=None, dropped_at=None)


def _due(now: datetime) -> "QuerySet[Mail]":
    return _waiting().filter(Q(leased_until=None) | Q(leased_until__lte=now), next_try_at__lte=now)


def _lease_and_send(line: Any, number: int, clock: Callable[[], datetime]) -> Ended | None:
    held = _lease(number, clock())
    return _send(line, held, clock) if held else None


def _lease(number: int, now: datetime) -> Mail | None:
    """The mail, ours for a while; None when somebody else sends it or has sent it. One statement decides."""
    lease = secrets.token_hex(16)
    ours = _due(now).filter(pk=number).update(lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1)
    return Mail.objects.get(pk=number) if ours else None


def _send(line: Any, held: Mail, clock: Callable[[], datetime]) -> Ended:
    letter = letter_of(held, clock())
    if letter is None:
        _settle(held, dropped_at=clock())
        return Ended.DROPPED
    try:
        line.open()
        line.send_messages([_message(held, letter, line)])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refusal:
        _try_later(held, f"refused {code_of(refusal)}", LONGEST_PAUSE_REFUSED, clock())
        return Ended.FAILED
    except OSError as silence:  # not reached, no log-in, no TLS, a certificate nobody vouches for, broke off
        _try_later(held, f"server: {type(silence).__name__}", LONGEST_PAUSE, clock())
        return Ended.CUT_OFF
    except ValueError:  # after OSError: a bad certificate is both
        _try_later(held, "not an address that mail can be sent to", LONGEST_PAUSE_REFUSED, clock())
        return Ended.FAILED
    _mark_sent(held, clock())
    return Ended.SENT


def _mark_sent(held: Mail, now: datetime) -> None:
    _settle(held, sent_at=now)


def _settle(held: Mail, **ended: datetime) -> None:
    # By number, not by lease: where ours ran out meanwhile, what was sent is sent all the same.
    _waiting().filter(pk=held.pk).update(leased_until=None, problem="", **ended)


def _try_later(held: Mail, problem: str, longest: timedelta, now: datetime) -> None:
    pause = min(timedelta(minutes=2 ** min(held.attempts - 1, 10)), longest)
    _waiting().filter(pk=held.pk, lease=held.lease).update(
        leased_until=None, next_try_at=now + pause, problem=problem[:60])


def _message(held: Mail, letter: Letter, line: Any) -> EmailMessage:
    sender = settings.CONFIGURATION.mail.sender
    return EmailMessage(letter.subject, letter.text, sender, [held.address], connection=line, headers={
        "Message-ID": f"<{held.key}@{sender.rpartition('@')[2].rstrip('>')}>",
        "Date": format_datetime(held.made_at), "Auto-Submitted": "auto-generated"})
