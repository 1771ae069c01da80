"""What the pages of urgent comments read: alerts of the reader's units from the records, words from the release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from twohats.service import policy, releases
from twohats.service.actions import alert_recipients, mail
from twohats.service.actions import alerts as actions
from twohats.service.actions.answering import comment_id
from twohats.service.actions.letters import age
from twohats.service.pages import wording
from twohats.service.policy import WHOLE, Permission, Role, Scope
from twohats.service.records.asking import SurveyAnswer
from twohats.service.records.models import Outcome, RoleAssignment, UrgentAlert

A_PAGE, ENDED_SHOWN, NAMED_AT_MOST = 50, 20, 3
OUTCOMES: dict[str, Promise] = {
    Outcome.REACHED: gettext_lazy("somebody spoke with the person"),
    Outcome.ALREADY_KNOWN: gettext_lazy("it was known and is being dealt with"),
    Outcome.FALSE_ALARM: gettext_lazy("false alarm: nobody is in danger"),
    Outcome.PASSED_ON: gettext_lazy("passed on to somebody who can help"),
}
ENDED: dict[str, Promise] = OUTCOMES | {Outcome.TOO_OLD: gettext_lazy("too old for a call: ended with others")}
SPEAKERS: dict[str, Promise] = {
    "patient": gettext_lazy("the person themselves"), "family": gettext_lazy("family or friends"),
    "other": gettext_lazy("somebody else"),
}


@dataclass(frozen=True)
class Line:
    """An alert in words: how much time is left, how old the words are, where, who has it, how it ended."""

    number: int
    time: str
    is_late: bool
    clock: str
    age: str
    where: str
    who: str
    outcome: str
    is_open: bool
    is_taken: bool


@dataclass(frozen=True)
class Clause:
    """A piece of the comment, and whether it is urgent."""

    words: str
    urgent: bool


def in_scope(scope: Scope) -> "QuerySet[UrgentAlert]":
    """The urgent comments of these units; those of no unit are the whole organisation's."""
    return _of(scope).filter(asked_by=None)


def calls_in(scope: Scope) -> "QuerySet[UrgentAlert]":
    """The calls for a nurse from desks of these units."""
    return _of(scope).filter(voice=None)


def _of(scope: Scope) -> "QuerySet[UrgentAlert]":
    found = UrgentAlert.objects.select_related("acknowledged_by", "closed_by")
    return found if scope.everything else found.filter(unit__in=scope.units)


def open_calls(scope: Scope) -> list[UrgentAlert]:
    """Calls for a nurse that have not ended: those nobody is on first, the oldest first."""
    return list(calls_in(scope).filter(closed_at=None).order_by(F("acknowledged_at").asc(nulls_first=True), "found_at"))


def open_ones(scope: Scope, page: str | None) -> Page:
    """A page of those not ended: those nobody is on first, then by when they are due, then the newest words."""
    return Paginator(in_scope(scope).filter(closed_at=None).order_by(
        F("acknowledged_at").asc(nulls_first=True), "due_at", F("said_at").desc(nulls_first=True), "pk"),
        A_PAGE).get_page(page)


def ended_ones(scope: Scope) -> list[UrgentAlert]:
    """The last that ended, the newest first."""
    return list(in_scope(scope).exclude(closed_at=None).order_by("-closed_at", "-pk")[:ENDED_SHOWN])


def lines(alerts: Sequence[UrgentAlert], now: datetime) -> list[Line]:
    """Alerts in words, as of now."""
    names = unit_names()
    return [line(alert, names, now) for alert in alerts]


def unit_names() -> dict[str, str]:
    """Every unit of the release with its name."""
    reader = releases.current()
    return {row["unit"]: row["path"] or row["name"]
            for row in (reader.rows("SELECT unit, name, path FROM units ORDER BY path") if reader else ())}


def line(alert: UrgentAlert, names: Mapping[str, str], now: datetime) -> Line:
    """One alert in words, as of now."""
    left = (alert.due_at - now).total_seconds() / 60
    waits = alert.acknowledged_at is None
    return Line(
        number=alert.pk, time=_time(left) if waits else "", is_late=waits and left <= 0,
        clock=_clock(alert), age=_since(alert, now) if alert.asked_by_id else age(alert.said_at, now),
        where=names.get(alert.unit, alert.unit) or _("no unit known"),
        who=_who(alert, now), outcome=str(ENDED[alert.outcome]) if alert.outcome else "",
        is_open=alert.closed_at is None, is_taken=not waits)


def _clock(alert: UrgentAlert) -> str:
    if alert.asked_by_id:
        return _("a nurse at the desk")
    if actions.is_soon(alert.clock, alert.said_at, alert.found_at):
        return _("a human within 15 minutes")
    return _("a human the same day")


def _since(alert: UrgentAlert, now: datetime) -> str:
    return _("Asked for %(length)s ago.") % {"length": wording.length((now - alert.found_at).total_seconds() / 60)}


def _time(left: float) -> str:
    if left <= 0:
        return _("Late by %(length)s") % {"length": wording.length(-left)}
    return _("%(length)s left") % {"length": wording.length(left)}


def _who(alert: UrgentAlert, now: datetime) -> str:
    if alert.acknowledged_at is None:
        return _("Nobody is on it yet; it was passed up.") if alert.escalated_at else _("Nobody is on it yet.")
    since = (now - alert.acknowledged_at).total_seconds() / 60
    if alert.closed_at is None and alert.asked_again_at:
        return _("%(name)s has been on it for %(length)s; others were told that it has not ended.") % {
            "name": alert.acknowledged_by.display_name, "length": wording.length(max(since, 1))}
    if alert.closed_at is None:
        return _("%(name)s has been on it for %(length)s.") % {
            "name": alert.acknowledged_by.display_name, "length": wording.length(max(since, 1))}
    return _("Ended by %(name)s.") % {"name": alert.closed_by.display_name}


def clauses(reader: Any, voice: int) -> list[Mapping[str, Any]]:
    """The whole comment, clause by clause; as it was written to us where this release does not hold it; else empty."""
    return _in_the_release(reader, voice) or _written_to_us(voice)


def _written_to_us(voice: int) -> list[Mapping[str, Any]]:
    written = SurveyAnswer.objects.filter(voice=voice).exclude(clock="no").select_related("request").order_by("pk")
    return [{"words": one.words, "urgent": one.clock, "person": one.request.person, "service": "",
             "speaker": "patient" if one.request.respondent in ("", "self") else "family", "language": one.language,
             "source_id": comment_id(one.request, one.question)} for one in written]


def _in_the_release(reader: Any, voice: int) -> list[Mapping[str, Any]]:
    if reader is None or not actions.has_clauses(reader):
        return []
    return reader.rows(
        "SELECT clauses.words, clauses.urgent, clauses.person, clauses.speaker, clauses.service, voices.source_id, "
        "voices.language FROM clauses LEFT JOIN voices USING (voice) WHERE voice = ? ORDER BY clause_no", (voice,))


def as_said(rows: Sequence[Mapping[str, Any]]) -> list[Clause]:
    """The comment as it was written, what is urgent in it marked."""
    return [Clause(row["words"], row["urgent"] in ("now", "day")) for row in rows]


def who_speaks(rows: Sequence[Mapping[str, Any]]) -> str:
    """Who tells it, in words."""
    return ", ".join(dict.fromkeys(str(SPEAKERS.get(row["speaker"], SPEAKERS["other"])) for row in rows))


def who_may_answer(unit: str, asked: Permission = Permission.ANSWER_ALERT) -> list[str]:
    """The names of those who may answer what is urgent in a unit, so that one can ring them. Two queries at most."""
    roles = [role.value for role in Role if asked in policy.permissions_of(role)]
    held = RoleAssignment.objects.filter(role__in=roles, user__is_active=True).select_related("user").order_by(
        "user__display_name", "pk")
    parents = releases.parents()
    return list(dict.fromkeys(one.user.display_name for one in held
                              if one.unit == WHOLE or unit in policy.below([one.unit], parents)))


# ---- what would keep an urgent comment from being seen ------------------------------------------------------
def warnings(scope: Scope, now: datetime) -> list[str]:
    """What the reader must know before trusting in a mail; empty when mails tell of everything here."""
    return list(filter(None, (_nobody_is_told(scope), _no_mail_leaves(now), _nobody_looks(now))))


def _nobody_is_told(scope: Scope) -> str:
    units = [unit for unit in releases.parents() if unit in scope] + ([""] if scope.everything else [])
    silent = alert_recipients.units_nobody_is_told_of(units)
    if not silent:
        return ""
    if len(silent) == len(units):
        return _("No mail tells anybody of urgent comments here: this page is the only place where they are seen.")
    names = unit_names()
    told = sorted(names.get(unit, "") or _("no unit known") for unit in silent)
    more = len(told) - NAMED_AT_MOST
    if more > 0:
        told = [*told[:NAMED_AT_MOST], ngettext("%(n)s more", "%(n)s more", more) % {"n": more}]
    return _("No mail tells anybody of urgent comments of: %(units)s. This page is the only place where they are "
             "seen.") % {"units": "; ".join(told)}


def _no_mail_leaves(now: datetime) -> str:
    if settings.CONFIGURATION.mail is None:
        return _("No mail server is set, so no mail leaves: look at this page.")
    late = mail.unsent(now)
    if late is None:
        return ""
    return ngettext("%(n)s mail has not left for %(length)s.", "%(n)s mails have not left; the oldest waits for "
                    "%(length)s.", late.count) % {
        "n": late.count, "length": wording.length((now - late.since).total_seconds() / 60)}


def _nobody_looks(now: datetime) -> str:
    return "" if actions.worker_is_there(now) else _(
        "The worker that looks for urgent comments has said nothing for some minutes: new ones may be missing here.")
