"""What people write on a measure's chart: a rebase with its reason, notes, goals; each names who said it."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from twohats.service.actions import audit
from twohats.service.records.marks import LONGEST, ChartNote, ChartRebase, Goal
from twohats.service.records.models import User
from twohats.words.measures import MeasureKind, measure
from twohats.words.problems import Problem

SHORTEST = 5
HIGHEST = {MeasureKind.SHARE: 1.0, MeasureKind.POINTS: 100.0}
"""The largest goal of a measure of that kind; others have none."""
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Chart:
    """The chart of a measure for a unit; '*' is the whole organisation. Whether `by` may write on it the page asked."""

    measure: str
    unit: str


@transaction.atomic
def rebase(*, chart: Chart, month: str, reason: str, by: User, request_id: str = "") -> ChartRebase:
    """Says that from this month on the process is another one: the limits start anew there."""
    made, new = ChartRebase.objects.get_or_create(
        measure=_known(chart), unit=chart.unit, month=_month(month), withdrawn_at=None,
        defaults={"reason": _words(reason, "reason"), "by": by, "made_at": timezone.now()})
    if not new:
        raise Problem(gettext_noop("The limits start anew in this month already."), "month",
                      "Withdraw the former one first.")
    audit.record(by=by, verb="said a new process", kind="rebase", thing=made.pk, request_id=request_id)
    return made


@transaction.atomic
def withdraw_rebase(*, number: int, by: User, request_id: str = "") -> None:
    """Takes a rebase back: it stays, shown as withdrawn, and the limits no longer start anew there."""
    held = ChartRebase.objects.filter(pk=number, withdrawn_at=None)
    if not held.update(withdrawn_by=by, withdrawn_at=timezone.now()):
        raise Problem(gettext_noop("This was withdrawn already."), "", "Nothing is left to do.")
    audit.record(by=by, verb="withdrew", kind="rebase", thing=number, request_id=request_id)


@transaction.atomic
def write_note(*, chart: Chart, month: str, words: str, by: User, request_id: str = "") -> ChartNote:
    """Writes a short note at a month."""
    made = ChartNote.objects.create(measure=_known(chart), unit=chart.unit, month=_month(month),
                                    words=_words(words, "words"), by=by, made_at=timezone.now())
    audit.record(by=by, verb="wrote", kind="note", thing=made.pk, request_id=request_id)
    return made


@transaction.atomic
def remove_note(*, number: int, by: User, request_id: str = "") -> None:
    """Removes a note: its words are gone from the records, since they may have named somebody."""
    held = ChartNote.objects.filter(pk=number, removed_at=None)
    if not held.update(words="", removed_by=by, removed_at=timezone.now()):
        raise Problem(gettext_noop("This was removed already."), "", "Nothing is left to do.")
    audit.record(by=by, verb="removed", kind="note", thing=number, request_id=request_id)


@transaction.atomic
def set_goal(*, chart: Chart, month: str, value: float | None, by: User, request_id: str = "") -> Goal:
    """Sets the goal from a month on, in the measure's own unit (a share from 0 to 1); None: no goal from then on."""
    most = HIGHEST.get(measure(_known(chart)).kind, math.inf)
    if value is not None and (not math.isfinite(value) or not 0 <= value <= most):
        raise Problem(gettext_noop("A goal is a number from 0 on; of a share or a score, up to 100."), "value",
                      "Write it anew.")
    if value is None and chart.measure not in goals_at(chart.unit, month):
        raise Problem(gettext_noop("There is no goal in this month that could end."), "value", "Write a number.")
    made = Goal.objects.create(measure=chart.measure, unit=chart.unit, month=_month(month), value=value, by=by,
                               made_at=timezone.now())
    audit.record(by=by, verb="set a goal" if value is not None else "ended a goal", kind="goal", thing=made.pk,
                 request_id=request_id)
    return made


def _known(chart: Chart) -> str:
    try:
        return measure(chart.measure).key
    except KeyError:
        raise Problem(gettext_noop("There is no such measure."), "measure", "Choose one of the list.") from None


def _month(month: str) -> str:
    if not MONTH.fullmatch(month):
        raise Problem(gettext_noop("There is no such month."), "month", "Choose one of the list.")
    return month


def _words(said: str, field: str) -> str:
    words = " ".join(said.split())
    if not SHORTEST <= len(words) <= LONGEST:
        raise Problem(gettext_noop("Some words are needed: 5 to 300 characters."), field,
                      "Say in a few words what happened, without names of patients.")
    return words


def rebases_of(chart: Chart) -> list[ChartRebase]:
    """Every rebase of a chart in the order of months, withdrawn ones too. One query."""
    return list(ChartRebase.objects.filter(measure=chart.measure, unit=chart.unit)
                .select_related("by", "withdrawn_by").order_by("month", "made_at", "id"))


def notes_of(chart: Chart) -> list[ChartNote]:
    """The notes on a chart in the order of months, without those removed. One query."""
    return list(ChartNote.objects.filter(measure=chart.measure, unit=chart.unit, removed_at=None)
                .select_related("by").order_by("month", "made_at", "id"))


def rebases_in(unit: str) -> dict[str, list[ChartRebase]]:
    """The rebases in force for every measure of a unit, in the order of months. One query."""
    found: dict[str, list[ChartRebase]] = {}
    for said in ChartRebase.objects.filter(unit=unit, withdrawn_at=None).select_related("by").order_by(
            "month", "made_at", "id"):
        found.setdefault(said.measure, []).append(said)
    return found


def notes_in(unit: str) -> dict[str, list[ChartNote]]:
    """The same of the notes that were not removed. One query."""
    found: dict[str, list[ChartNote]] = {}
    for said in ChartNote.objects.filter(unit=unit, removed_at=None).select_related("by").order_by(
            "month", "made_at", "id"):
        found.setdefault(said.measure, []).append(said)
    return found


def every_note() -> list[ChartNote]:
    """All notes on all charts without their words, the newest first. One query."""
    return list(ChartNote.objects.filter(removed_at=None).defer("words").select_related("by").order_by("-pk"))


def goals_of(chart: Chart) -> list[Goal]:
    """What was said of goals on a chart: of each month what holds, in order. One query."""
    held = Goal.objects.filter(measure=chart.measure, unit=chart.unit).select_related("by").order_by("made_at", "id")
    return sorted({said.month: said for said in held}.values(), key=lambda said: said.month)


def goals_in(unit: str) -> dict[str, list[Goal]]:
    """The same for every measure of a unit. One query."""
    found: dict[str, dict[str, Goal]] = {}
    for said in Goal.objects.filter(unit=unit).order_by("made_at", "id"):
        found.setdefault(said.measure, {})[said.month] = said
    return {key: [held[month] for month in sorted(held)] for key, held in found.items()}


def goal_in(goals: Iterable[Goal], month: str) -> float | None:
    """The goal in force in a month, of one chart's goals in order."""
    return next((said.value for said in reversed(list(goals)) if said.month <= month), None)


def goals_at(unit: str, month: str) -> dict[str, float]:
    """The goals in force in a unit in a month, by measure. One query."""
    held = {key: goal_in(goals, month) for key, goals in goals_in(unit).items()}
    return {key: value for key, value in held.items() if value is not None}
