"""Urgent comments and calls for a nurse wait for a human: found in the release or asked for at a desk, told by mail,
taken on, passed up when late, answered.

The records hold which comment it is and when what was done, none of its words. What the build finds is a proposal:
found again it changes nothing, and what somebody closed stays closed, whatever is built anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from twohats.service import releases
from twohats.service.actions import alert_recipients, audit, letters, mail
from twohats.service.policy import Scope
from twohats.service.records.models import DAY, FIRST, NEXT, NOW, AlertRecipient, Heartbeat, Outcome, UrgentAlert, User
from twohats.words.problems import Problem

SOON, FRESH = timedelta(minutes=15), timedelta(hours=48)
NURSE_SOON = timedelta(minutes=3)
"""Nobody came to the desk in this time: those next in turn are told."""
MISSED = timedelta(minutes=5)
"""A worker that has said nothing for so long is not there."""
AT_ONCE = 100
"""Alerts a transaction: a first load of years of comments must not keep others from writing."""
EACH_ALONE = 5
"""More than these at once, and a recipient gets one mail about the list: twenty mails hide the one that matters."""
SHORTEST, LONGEST = 5, 500
END_SOON, END_LATER = timedelta(hours=1), timedelta(hours=24)
"""Who took on danger is asked again after an hour how it ended, who took on another urgent comment after a day."""
WRITTEN = "none yet"
"""In place of a release: the words came before the first."""
OLD_DAYS = 14
"""Words of fewer days are never ended together: somebody must have looked at each."""


@dataclass(frozen=True)
class Found:
    """An urgent comment of the release: its sternest clock, its unit, when it was written (None: nobody knows)."""

    voice: int
    clock: str
    unit: str
    said_at: datetime | None


# ---- found ------------------------------------------------------------------------------------------------
def open_alerts(now: datetime) -> int:
    """Opens an alert for each urgent comment of the current release that has none on this clock; tells by mail."""
    reader = releases.current()
    found = unopened(reader) if reader else []
    return sum(_open(found[at:at + AT_ONCE], reader.id, now) for at in range(0, len(found), AT_ONCE)) if reader else 0


def open_written(*, voice: int, clock: str, unit: str, now: datetime) -> int:
    """Opens an alert for words that somebody wrote to us this moment, before any release holds them."""
    reader = releases.current()
    return _open([Found(voice, clock, unit, now)], reader.id if reader else WRITTEN, now)


def unopened(reader: Any) -> list[Found]:
    """Urgent comments of a release that have no alert yet; those for now first, then the newest.

    A comment whose words for now were told is not told again for the same day; the other way round it is.
    """
    known = set(UrgentAlert.objects.values_list("voice", "clock"))
    return [one for one in _urgent(reader)
            if (one.voice, one.clock) not in known and (one.voice, NOW) not in known]


def _urgent(reader: Any) -> list[Found]:
    if not has_clauses(reader):
        return []
    rows = reader.rows(
        "SELECT voice, max(urgent = 'now') AS is_now, min(unit) AS unit, min(said_at) AS said_at FROM clauses "
        "WHERE urgent IN ('now', 'day') GROUP BY voice ORDER BY is_now DESC, said_at DESC NULLS FIRST, voice")
    return [Found(row["voice"], NOW if row["is_now"] else DAY, row["unit"] or "",
                  datetime.fromtimestamp(row["said_at"] / 1_000_000, UTC) if row["said_at"] is not None else None)
            for row in rows]


def has_clauses(reader: Any) -> bool:
    """False for a release of an older version, which held none."""
    return bool(reader.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'clauses'"))


@transaction.atomic
def _open(found: Sequence[Found], release: str, now: datetime) -> int:
    audit.one_writer()
    opened = []
    for one in found:
        alert, new = UrgentAlert.objects.get_or_create(voice=one.voice, clock=one.clock, defaults={
            "unit": one.unit, "said_at": one.said_at, "found_at": now, "release": release,
            "due_at": due_at(one.clock, one.said_at, now, one.unit)})
        if new:  # False when another worker was quicker
            audit.record(by=None, verb="opened", kind="alert", thing=alert.pk)
            opened.append(alert)
    _tell(opened, (FIRST, NEXT), letters.ALERT, now)
    return len(opened)


@transaction.atomic
def call_nurse(*, person: int | None, unit: str, by: User, request_id: str = "") -> UrgentAlert:
    """Asks for a nurse at a desk, whatever the hat. Pressed again while one is asked for it is the same call."""
    audit.one_writer()
    now, reader = timezone.now(), releases.current()
    waiting = UrgentAlert.objects.filter(asked_by__isnull=False, closed_at=None, person=person)
    if person is None:
        waiting = waiting.filter(unit=unit, asked_by=by)
    if (call := waiting.first()) is not None:
        return call
    call = UrgentAlert.objects.create(
        person=person, asked_by=by, clock=NOW, unit=unit, said_at=now, found_at=now, due_at=now + NURSE_SOON,
        release=reader.id if reader else "none")
    audit.record(by=by, verb="asked for a nurse", kind="alert", thing=call.pk, request_id=request_id)
    _tell([call], (FIRST, NEXT), letters.NURSE, now)
    return call


def nurse_call_of(person: int) -> UrgentAlert | None:
    """The call for a nurse that is open for a person."""
    return UrgentAlert.objects.select_related("acknowledged_by").filter(
        person=person, asked_by__isnull=False, closed_at=None).first()


def is_soon(clock: str, said_at: datetime | None, found_at: datetime) -> bool:
    """True when a human is needed within 15 minutes: danger, in words under 48 hours old.

    The clock is for danger that may still be going on. Words of which nobody knows the age count as new: a human too
    many costs minutes, one too late a life. Older words, and what is urgent without danger (neglect, a threat to
    complain), are looked at the same day: 15-minute calls about last month would teach people not to run.
    """
    return clock == NOW and (said_at is None or found_at - said_at < FRESH)


def due_at(clock: str, said_at: datetime | None, found_at: datetime, unit: str) -> datetime:
    """By when somebody must have said that they are on it: 15 minutes after it was found, or the end of that day on
    the wall of the unit. Found at ten to midnight it is due in ten minutes: somebody more is told rather than nobody.
    """
    if is_soon(clock, said_at, found_at):
        return found_at + SOON
    zone = releases.clock_on_the_wall(unit)
    tomorrow = found_at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, zone).astimezone(UTC)


# ---- taken on, passed up, answered ------------------------------------------------------------------------
@transaction.atomic
def acknowledge(*, alert: UrgentAlert, by: User, request_id: str = "") -> UrgentAlert:
    """Says "I am on it". Whether `by` may answer it was asked before, by the page. Pressing twice changes nothing."""
    held = _locked(alert)
    if held.closed_at:
        raise Problem(gettext_noop("It was answered already."), "alert", "Nothing is left to do.")
    if held.acknowledged_at and held.acknowledged_by_id != by.pk:
        raise Problem(gettext_noop("Somebody else is on it already."), "alert", "Ask them if you can help.")
    if held.acknowledged_at is None:
        _take_on(held, by, request_id)
    return held


def _locked(alert: UrgentAlert) -> UrgentAlert:
    # The audit first, here as in _open and _escalate: two locks taken in two orders would wait for one another.
    audit.one_writer()
    return UrgentAlert.objects.select_for_update().get(pk=alert.pk)


def _take_on(held: UrgentAlert, by: User, request_id: str) -> None:
    held.acknowledged_by, held.acknowledged_at = by, timezone.now()
    held.save(update_fields=["acknowledged_by", "acknowledged_at"])
    audit.record(by=by, verb="took on", kind="alert", thing=held.pk, request_id=request_id)


def escalate_overdue(now: datetime) -> int:
    """Tells those next in turn of each alert whose time has passed while nobody was on it, once. Returns how many."""
    late = list(_waiting_for_somebody().filter(due_at__lte=now, escalated_at=None).order_by("due_at", "pk"))
    return sum(_escalate(late[at:at + AT_ONCE], now) for at in range(0, len(late), AT_ONCE))


@transaction.atomic
def _escalate(late: Sequence[UrgentAlert], now: datetime) -> int:
    audit.one_writer()
    passed_up = [alert for alert in late  # asked again: somebody may have taken it on, or another worker been quicker
                 if _waiting_for_somebody().filter(pk=alert.pk, escalated_at=None).update(escalated_at=now)]
    for alert in passed_up:
        audit.record(by=None, verb="escalated", kind="alert", thing=alert.pk)
    _tell(passed_up, (NEXT, FIRST), letters.ALERT_LATE, now)
    return len(passed_up)


def ask_again(now: datetime) -> int:
    """Tells those next in turn, and who took it on, of each alert that was taken on and did not end in its time, once.
    Returns how many.
    """
    held = UrgentAlert.objects.filter(closed_at=None, asked_again_at=None, acknowledged_at__lte=now - END_SOON)
    late = [alert for alert in held.order_by("acknowledged_at", "pk") if end_by(alert) <= now]
    return sum(_ask_again(late[at:at + AT_ONCE], now) for at in range(0, len(late), AT_ONCE))


def end_by(alert: UrgentAlert) -> datetime:
    """By when an alert that was taken on should have ended."""
    soon = is_soon(alert.clock, alert.said_at, alert.found_at)
    return alert.acknowledged_at + (END_SOON if soon else END_LATER)


@transaction.atomic
def _ask_again(late: Sequence[UrgentAlert], now: datetime) -> int:
    audit.one_writer()
    asked = [alert for alert in late
             if UrgentAlert.objects.filter(pk=alert.pk, closed_at=None, asked_again_at=None).update(asked_again_at=now)]
    for alert in asked:
        audit.record(by=None, verb="asked again", kind="alert", thing=alert.pk)
    _tell(asked, (NEXT, FIRST), letters.ALERT_UNENDED, now)
    return len(asked)


def overdue(now: datetime) -> int:
    """How many wait past their time with nobody on them."""
    return _waiting_for_somebody().filter(due_at__lte=now).count()


def worker_is_there(now: datetime) -> bool:
    """False when no round of the worker has ended for some minutes."""
    return Heartbeat.objects.filter(name="worker", seen_at__gt=now - MISSED).exists()


def unseen(now: datetime) -> int:
    """Urgent comments of the release that no round of the worker has seen though some minutes have gone by."""
    reader = None if worker_is_there(now) else releases.current()
    return len(unopened(reader)) if reader else 0


def somebody_is_not_told_of() -> bool:
    """True when an urgent comment waits of which no mail tells anybody."""
    units = set(_waiting_for_somebody().order_by("unit").values_list("unit", flat=True).distinct())
    return bool(alert_recipients.units_nobody_is_told_of(units))


def _waiting_for_somebody() -> Any:
    return UrgentAlert.objects.filter(acknowledged_at=None)


@transaction.atomic
def close_alert(*, alert: UrgentAlert, outcome: str, note: str, by: User, request_id: str = "") -> UrgentAlert:
    """Says how it ended. Who closes what nobody was on, was on it."""
    said = note.strip()
    if outcome not in set(Outcome) - {Outcome.TOO_OLD}:
        raise Problem(gettext_noop("Say how it ended."), "outcome", "Choose one of the four.")
    if len(said) > LONGEST:
        raise Problem(gettext_noop("At most 500 characters fit."), "note", "Say it in fewer words, without names.")
    if outcome == Outcome.PASSED_ON and len(said) < SHORTEST:
        raise Problem(gettext_noop("Say to whom it was passed on."), "note", "Name the office or the role.")
    held = _locked(alert)
    if held.closed_at:
        raise Problem(gettext_noop("It was answered already."), "outcome", "Nothing is left to do.")
    if held.acknowledged_at is None:
        _take_on(held, by, request_id)
    held.outcome, held.note, held.closed_by, held.closed_at = outcome, said, by, timezone.now()
    held.save(update_fields=["outcome", "note", "closed_by", "closed_at"])
    audit.record(by=by, verb=f"closed: {outcome}", kind="alert", thing=held.pk, request_id=request_id)
    return held


# ---- told ---------------------------------------------------------------------------------------------------
def _tell(alerts: Sequence[UrgentAlert], turns: tuple[int, int], kind: str, now: datetime) -> None:
    """Puts mails out to those of the first turn, and to those of the other for what nobody of the first hears of."""
    left = list(alerts)
    recipients = alert_recipients.recipients() if alerts else []
    for turn in turns:
        scopes = [(one, alert_recipients.hears_of(one)) for one in recipients if one.turn == turn]
        for one, scope in scopes:
            _put_out(one, [alert for alert in left if alert.unit in scope], kind, now)
        left = [alert for alert in left if not any(alert.unit in scope for _one, scope in scopes)]


def _put_out(recipient: AlertRecipient, alerts: Sequence[UrgentAlert], kind: str, now: datetime) -> None:
    soon = [alert for alert in alerts if is_soon(alert.clock, alert.said_at, alert.found_at)]
    for some in (soon, [alert for alert in alerts if alert not in soon]):
        if len(some) <= EACH_ALONE:
            for alert in some:
                _mail(recipient, kind, alert.pk, now)
        elif not mail.waits(kind=letters.ALERTS, about=recipient.pk, address=recipient.address):
            _mail(recipient, letters.ALERTS, recipient.pk, now, once=f"{kind} {some[0].pk}")


def _mail(recipient: AlertRecipient, kind: str, about: object, now: datetime, once: str = "") -> None:
    mail.put(kind=kind, about=about, address=recipient.address, now=now, once=once,
             language=recipient.user.language or settings.LANGUAGE_CODE)


def old_ones(scope: Scope, days: int, now: datetime) -> Any:
    """The urgent comments of these units that nobody is on and whose words are older than so many days."""
    found = _waiting_for_somebody().filter(said_at__lt=now - timedelta(days=days), asked_by=None)
    return found if scope.everything else found.filter(unit__in=scope.units)


@transaction.atomic
def close_old(*, scope: Scope, days: int, note: str, by: User, now: datetime, request_id: str = "") -> int:
    """Ends together what is too old for any clock, with one reason; each leaves its own trace. Returns how many.

    Never words of which nobody knows the age, nor what somebody is on.
    """
    said = note.strip()
    if days < OLD_DAYS:
        raise Problem(gettext_noop("Words of less than 14 days are looked at one by one."), "days",
                      "Choose 14 days or more.")
    if not SHORTEST <= len(said) <= LONGEST:
        raise Problem(gettext_noop("Say why they need no call any more, in 5 to 500 characters."), "note",
                      "For example: comments of earlier years, read by the quality office.")
    audit.one_writer()
    ended = list(old_ones(scope, days, now).select_for_update().order_by("pk"))
    for alert in ended:
        alert.acknowledged_by = alert.closed_by = by
        alert.acknowledged_at = alert.closed_at = now
        alert.outcome, alert.note = Outcome.TOO_OLD.value, said
        alert.save(update_fields=["acknowledged_by", "closed_by", "acknowledged_at", "closed_at", "outcome", "note"])
        audit.record(by=by, verb="closed: too_old", kind="alert", thing=alert.pk, request_id=request_id)
    return len(ended)
