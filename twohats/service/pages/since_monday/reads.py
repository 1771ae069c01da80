"""What the page since last Monday reads: the week's records and the release, by hat, in the reader's units."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from twohats.care.asking.forms import forms
from twohats.service.actions.alerts import has_clauses
from twohats.service.pages.alerts import reads as alerts
from twohats.service.pages.cases import reads as cases
from twohats.service.policy import Scope
from twohats.service.records.models import HatOverride, Outcome
from twohats.store.disclosure import FEWEST, hidden_cells, may_be_told
from twohats.store.estimates import bin_of, came_about, when
from twohats.words.hats import Hat

HATS = (Hat.PATIENT.value, Hat.CUSTOMER.value, Hat.MIXED.value, Hat.UNKNOWN.value)
ALL = "all"


def last_monday(now: datetime, zone: ZoneInfo) -> datetime:
    """The beginning of the last Monday before today, on this clock: on a Monday the one a week ago."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday() or 7)
    return datetime.combine(monday, time.min, zone).astimezone(UTC)


@dataclass(frozen=True)
class Urgent:
    """Urgent comments of one hat: how many were found, on how many somebody was, and after how many minutes."""

    found: int
    taken: int
    median: float | None
    """Minutes until a human was on it (Kaplan-Meier: who still waits counts); None with fewer than 11 comments."""
    longest: float | None
    """The longest that one waited, or waits still."""


@dataclass(frozen=True)
class Number:
    """A count that may be told, or hidden since few people stand behind it or it would give such a one away."""

    n: int
    hidden: bool = False


# ---- urgent words -----------------------------------------------------------------------------------------------
def urgent(reader: Any, scope: Scope, since: datetime, now: datetime) -> dict[str, Urgent]:
    """Urgent comments found since then, by the hat of their urgent words; what was too old for a clock is left out."""
    found = list(alerts.in_scope(scope).filter(found_at__gte=since, found_at__lte=now).exclude(
        outcome=Outcome.TOO_OLD.value).order_by("pk"))
    hats = _hats_of(reader, [alert.voice for alert in found])
    waits: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for alert in found:
        taken = alert.acknowledged_at is not None and alert.acknowledged_at <= now
        until = alert.acknowledged_at if taken else now
        waits[hats.get(alert.voice, Hat.UNKNOWN.value)].append(((until - alert.found_at).total_seconds() / 60, taken))
    return {hat: _waited(waits[hat]) for hat in HATS}


def _hats_of(reader: Any, voices: list[int]) -> dict[int, str]:
    """The hat of what each comment's urgent words are about; both hats are mixed, no hat is not known."""
    if reader is None or not has_clauses(reader):
        return {}
    told: dict[int, set[str]] = defaultdict(set)
    for row in reader.rows("SELECT voice, about_hat FROM clauses WHERE urgent IN ('now', 'day')"
                           " AND voice IN (SELECT value FROM json_each(?))", (json.dumps(voices),)):
        told[row["voice"]].add(row["about_hat"])
    return {voice: _one_hat(hats & {Hat.PATIENT.value, Hat.CUSTOMER.value}) for voice, hats in told.items()}


def _one_hat(hats: set[str]) -> str:
    if len(hats) == 1:
        return next(iter(hats))
    return Hat.MIXED.value if hats else Hat.UNKNOWN.value


def _waited(waits: list[tuple[float, bool]]) -> Urgent:
    if not waits:
        return Urgent(0, 0, None, None)
    done: dict[int, int] = defaultdict(int)
    still: dict[int, int] = defaultdict(int)
    for minutes, taken in waits:
        (done if taken else still)[bin_of(60 * minutes)] += 1
    seconds = when(came_about(done, {}, still), 0.5) if len(waits) >= FEWEST else None
    return Urgent(len(waits), sum(taken for _, taken in waits), None if seconds is None else seconds / 60,
                  max(minutes for minutes, _ in waits))


# ---- cases ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Late:
    """Open cases of one hat past their clock now, and those of them whose clock ran out since the day looked from."""

    now: int
    new: int


def late_cases(scope: Scope, since: datetime, now: datetime) -> dict[str, Late]:
    """Cases open and late, by the hat of what was asked: nobody spoke with the person, or it should have ended."""
    found: dict[str, list[datetime]] = defaultdict(list)
    late = Q(first_word_at=None, first_word_by__lte=now) | Q(first_word_at__isnull=False, end_by__lte=now)
    for case in cases.in_scope(scope).filter(late, closed_at=None, opened_at__lte=now):
        due = case.end_by if case.first_word_at else case.first_word_by
        found[forms()[case.request.form].hat.value].append(due)
    return {hat: Late(len(found[hat]), sum(due >= since for due in found[hat])) for hat in HATS}


# ---- hats overruled -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Overruled:
    """One moment of which somebody said since then that another hat was worn."""

    interaction: int
    person: int | None
    hat: str
    said_at: datetime
    unit: str
    act: str | None
    started_at: int | None
    rule: str | None
    sensitive: str | None
    touchpoint: str | None


def overruled(reader: Any, scope: Scope, since: datetime, now: datetime) -> list[Overruled]:
    """The moments overruled since then, by the latest word on each, the newest first.

    What is in no release yet, such as a live event, belongs to no unit: it counts for the whole organisation alone.
    """
    latest: dict[int, HatOverride] = {}
    for made in HatOverride.objects.filter(made_at__gte=since, made_at__lte=now).order_by("made_at", "pk"):
        latest[made.interaction] = made
    rows = {row["interaction"]: row for row in reader.rows(
        "SELECT interaction, person, unit, act, touchpoint, started_at, rule, sensitive FROM interactions"
        " WHERE interaction IN (SELECT value FROM json_each(?))", (json.dumps(sorted(latest)),))} if reader else {}
    told = [_overruled(made, rows.get(interaction)) for interaction, made in latest.items()]
    seen = [one for one in told if scope.everything or (one.unit and one.unit in scope)]
    return sorted(seen, key=lambda one: (one.said_at, one.interaction), reverse=True)


def _overruled(made: HatOverride, row: Mapping[str, Any] | None) -> Overruled:
    fields = ("unit", "act", "started_at", "rule", "sensitive", "touchpoint")
    told = {name: row[name] if row else None for name in fields}
    return Overruled(made.interaction, row["person"] if row else None, made.hat, made.made_at,
                     told.pop("unit") or "", **told)


def overruled_by_hat(found: list[Overruled], *, named: bool) -> dict[str, Number]:
    """How many were said to be of each hat; for who sees no names, none behind which fewer than 11 people stand. Their
    sum is told nowhere."""
    people = {hat: len({one.person or one.interaction for one in found if one.hat == hat}) for hat in HATS}
    return {hat: Number(sum(one.hat == hat for one in found), not named and not may_be_told(people[hat]))
            for hat in HATS}


def few_hidden(counts: Mapping[str, int]) -> dict[str, Number]:
    """Counts of comments, each somebody's, as they may be told to who may not read them."""
    hidden = hidden_cells({**counts, ALL: sum(counts.values())}, [(ALL, list(counts))])
    return {hat: Number(n, hat in hidden) for hat, n in counts.items()}


WORDS: dict[str, Promise] = {
    Hat.PATIENT.value: gettext_lazy("it was a patient"), Hat.CUSTOMER.value: gettext_lazy("it was a customer"),
    Hat.MIXED.value: gettext_lazy("it was both at once"), "none": gettext_lazy("nobody was being served"),
}
"""What somebody said of a moment, for the list."""
