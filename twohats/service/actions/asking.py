"""Asking somebody how it was: whether it is worth it, through the gate only; and what the official survey carries.

Whether to ask is decided in care/asking/worth.py; here the facts are put together: what the release tells of the
matter, of stays and of requests of other programmes, and what our own records hold.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from twohats.care.asking import worth
from twohats.care.asking.forms import Form, forms
from twohats.service import releases
from twohats.service.actions import audit, contact, standing
from twohats.service.records.asking import SupplementalItem, SurveyRequest
from twohats.service.records.cases import RecoveryCase
from twohats.service.records.contact import REFUSED, PersonMessage
from twohats.service.records.models import UrgentAlert, User
from twohats.words.problems import Problem
from twohats.words.touchpoints import survey_item

LETTERS = {"patient": "survey_care", "customer": "survey_getting_care"}
"""What a request's message says, by the hat of its form."""
ON_PAPER = ("mail", "desk")
"""Answers that somebody handed in: nobody is asked, so nothing is refused."""


@dataclass(frozen=True)
class Candidate:
    """Something of a person's that they could be asked about: a visit or a contact."""

    kind: str
    key: str
    hat: str
    touchpoint: str
    started_at: datetime
    ended_at: datetime | None
    unit: str
    visit: int | None = None
    encounter: str = ""
    contact: str = ""
    is_open: bool = False
    """The release tells that nobody solved it: left unseen, or a matter still open."""
    worth_it: bool = True
    told: bool = False


# ---- the facts -----------------------------------------------------------------------------------------------
def candidates(person: int, now: datetime) -> list[Candidate]:
    """What they could be asked about, the newest first; older than the rules allow is left out."""
    reader = releases.current()
    if reader is None:
        return []
    since = _micros(now - timedelta(days=worth.shipped().not_after_days + 1))
    asked = _asked_about(person)
    found = [*_visits(reader, person, since, asked), *_contacts(reader, person, since, asked)]
    return sorted(found, key=lambda one: (one.started_at, one.key), reverse=True)


def _visits(reader: Any, person: int, since: int, asked: set[str]) -> list[Candidate]:
    rows = reader.rows(
        "SELECT visit, encounters, class_code, started_at, ended_at, unit, seen_by_clinician,"
        " EXISTS (SELECT 1 FROM voices WHERE voices.visit = visits.visit AND kind = 'answer') AS told,"
        " EXISTS (SELECT 1 FROM interactions WHERE interactions.visit = visits.visit AND sensitive <> '') AS labelled"
        " FROM visits WHERE person = ? AND coalesce(ended_at, started_at) >= ?", (person, since))
    return [Candidate(
        "visit", f"visit-{row['visit']}", "patient", row["class_code"] or "", _instant(row["started_at"]),
        _instant(row["ended_at"]) if row["ended_at"] is not None else None, row["unit"] or "", row["visit"],
        json.loads(row["encounters"])[-1], is_open=row["seen_by_clinician"] == 0,
        told=bool(row["told"]) or f"visit-{row['visit']}" in asked) for row in rows if not row["labelled"]]


def _contacts(reader: Any, person: int, since: int, asked: set[str]) -> list[Candidate]:
    rows = reader.rows(
        "SELECT interaction, resource, hat, touchpoint, started_at, ended_at, unit, role, act,"
        " EXISTS (SELECT 1 FROM voices AS said WHERE said.interaction = interactions.interaction"
        " AND said.kind = 'answer') AS told,"
        " EXISTS (SELECT 1 FROM measured WHERE measure = 'time_to_resolution' AND thing = resource AND ended = 'open')"
        " AS still_open FROM interactions WHERE person = ? AND kind = 'contact' AND resource LIKE 'contacts/%'"
        " AND coalesce(sensitive, '') = '' AND started_at >= ?", (person, since))
    return [Candidate(
        "contact", f"contact-{row['interaction']}", row["hat"], row["touchpoint"], _instant(row["started_at"]),
        _instant(row["ended_at"] or row["started_at"]), row["unit"] or "",
        contact=row["resource"].removeprefix("contacts/"), is_open=bool(row["still_open"]),
        worth_it=row["role"] != "automated" and row["act"] not in ("ask_opinion", "remind"),
        told=bool(row["told"]) or f"contact-{row['resource'].removeprefix('contacts/')}" in asked) for row in rows]


def _asked_about(person: int) -> set[str]:
    """The matters that a request of ours was about, unless the gate let none of it go."""
    rows = _requests(person).values_list("visit", "contact")
    return {f"contact-{contact_}" if contact_ else f"visit-{visit}" for visit, contact_ in rows}


def _requests(person: int) -> Any:
    return SurveyRequest.objects.filter(person=person).exclude(message__state=REFUSED)


def where_they_stand(person: int, now: datetime) -> worth.Asked:
    """Requests of every programme, one a day, open cases and alerts, and stays that HCAHPS may ask about."""
    reader = releases.current()
    days = {when.date(): when for when in _requests(person).values_list("made_at", flat=True)}
    days |= {when.date(): when for when in PersonMessage.objects.filter(person=person, kind="survey").exclude(
        state=REFUSED).values_list("made_at", flat=True)}
    if reader:
        days |= {when.date(): when for when in map(_instant, (row["started_at"] for row in reader.rows(
            "SELECT started_at FROM interactions WHERE person = ? AND act = 'ask_opinion' AND started_at >= ?",
            (person, _micros(now - timedelta(days=366))))))}
    return worth.Asked(tuple(days.values()), _has_open_case(reader, person), tuple(_stays(reader, person, now)))


def _has_open_case(reader: Any, person: int) -> bool:
    if RecoveryCase.objects.filter(request__person=person, closed_at=None).exists():
        return True
    voices = [row["voice"] for row in reader.rows("SELECT voice FROM voices WHERE person = ?", (person,))] \
        if reader else []
    return UrgentAlert.objects.filter(voice__in=voices, closed_at=None).exists()


def _stays(reader: Any, person: int, now: datetime) -> list[worth.Stay]:
    """Stays over at least one night of an adult, the strict way: what no source tells against counts as eligible."""
    rules = worth.shipped()
    rows = reader.rows(
        "SELECT started_at, ended_at, unit, EXISTS (SELECT 1 FROM voices WHERE voices.visit = visits.visit"
        " AND survey = 'HCAHPS') AS answered FROM visits JOIN people USING (person)"
        " WHERE person = ? AND class_code IN ('IMP', 'ACUTE', 'NONAC')"
        " AND age_band IN (SELECT value FROM json_each(?)) AND (ended_at IS NULL OR ended_at >= ?)",
        (person, json.dumps(rules.hcahps_adult_bands), _micros(now - timedelta(days=rules.hcahps_days)))) \
        if reader else []
    return [worth.Stay(_instant(row["ended_at"]) if row["ended_at"] is not None else None, bool(row["answered"]))
            for row in rows if row["ended_at"] is None or _over_a_night(row)]


def _over_a_night(row: Any) -> bool:
    zone = releases.clock_on_the_wall(row["unit"] or "")
    began, ended = (_instant(row[name]).astimezone(zone).date() for name in ("started_at", "ended_at"))
    return bool(began < ended)


def why_not(form: Form, matter: Candidate, person: worth.Asked, now: datetime, *, solved: bool) -> str:
    """Why not to ask; empty where they may be asked. `solved`: somebody of ours says that the matter is."""
    told = worth.Matter(matter.ended_at, solved and not matter.is_open, matter.worth_it, matter.told)
    return worth.why_not(form, told, person, now, worth.shipped())


# ---- asked ---------------------------------------------------------------------------------------------------
@transaction.atomic
def ask(*, person: int, form: str, matter: str, channel: str, solved: bool, by: User, now: datetime,
        request_id: str = "") -> SurveyRequest:
    """Asks somebody, by a message through the gate; whether and when it goes the gate says. Problem where not to ask.

    Whether `by` may ask this person was settled before, by the page.
    """
    asked, about = _form(form), _matter(person, matter, now)
    reason = why_not(asked, about, where_they_stand(person, now), now, solved=solved)
    if reason:
        raise Problem(worth.shipped().reasons[reason].en, reason, "Nothing was sent.")
    made = _made(person, asked, about, by, now)
    made.message = contact.put(
        person=person, letter=LETTERS[asked.hat.value], channel=channel, about=str(made.pk), now=now,
        hat=asked.hat.value, unit=about.unit, by=by, request_id=request_id)
    made.save(update_fields=["message"])
    audit.record(by=by, verb="asked", kind="survey", thing=made.pk, request_id=request_id)
    return made


@transaction.atomic
def begin_on_paper(*, person: int, form: str, matter: str, by: User, now: datetime,
                   request_id: str = "") -> SurveyRequest:
    """A form that somebody handed in on paper: nothing is sent, nothing refused; staff write down what stands on it."""
    made = _made(person, _form(form), _matter(person, matter, now), by, now)
    audit.record(by=by, verb="began to write down", kind="survey", thing=made.pk, request_id=request_id)
    return made


def _made(person: int, form: Form, about: Candidate, by: User, now: datetime) -> SurveyRequest:
    found = standing.reached(person, contact.rules_in_force())
    if found is None:
        raise Problem(gettext_noop("Nobody of this release is meant."), "person", "Look the person up again.")
    return SurveyRequest.objects.create(
        person=person, form=form.key, visit=about.visit, encounter=about.encounter, contact=about.contact,
        unit=about.unit, language=found.language, by=by, made_at=now,
        answer_by=now + timedelta(days=worth.shipped().answers_days))


def _form(key: str) -> Form:
    found = forms().get(key)
    if found is None:
        raise Problem(gettext_noop("There is no such form."), "form", "Choose one of those shown.")
    return found


def _matter(person: int, key: str, now: datetime) -> Candidate:
    found = next((one for one in candidates(person, now) if one.key == key), None)
    if found is None:
        raise Problem(gettext_noop("Nothing of theirs is meant by that."), "matter", "Choose one of those shown.")
    return found


# ---- items of ours on the official survey -----------------------------------------------------------------------
def supplemental_items() -> Sequence[SupplementalItem]:
    """The items of ours that the official survey carries now."""
    return list(SupplementalItem.objects.filter(dropped_at=None).order_by("place"))


@transaction.atomic
def add_supplemental(*, survey: str, item: str, by: User, now: datetime, request_id: str = "") -> SupplementalItem:
    """Puts an item of ours on the official survey; the 13th is refused."""
    if survey_item(survey, item) is None:
        raise Problem(gettext_noop("There is no such item."), "item", "Choose one of those shown.")
    held = supplemental_items()
    if any((one.survey, one.item) == (survey, item) for one in held):
        raise Problem(gettext_noop("It is on the survey already."), "item", "Choose another.")
    free = next((place for place in range(1, len(held) + 2) if place not in {one.place for one in held}), 0)
    if not worth.may_be_supplemental(free, worth.shipped()):
        raise Problem(gettext_noop("The official survey may carry 12 items of ours, and no more."), "item",
                      "Take one off first.")
    made = SupplementalItem.objects.create(place=free, survey=survey, item=item, by=by, made_at=now)
    audit.record(by=by, verb="added", kind="supplemental item", thing=made.pk, request_id=request_id)
    return made


@transaction.atomic
def drop_supplemental(*, number: int, by: User, now: datetime, request_id: str = "") -> None:
    """Takes an item of ours off the official survey."""
    if not SupplementalItem.objects.filter(pk=number, dropped_at=None).update(dropped_at=now):
        raise Problem(gettext_noop("It is off the survey already."), "", "Nothing is left to do.")
    audit.record(by=by, verb="dropped", kind="supplemental item", thing=number, request_id=request_id)


def _micros(when: datetime) -> int:
    return int(when.timestamp() * 1_000_000)


def _instant(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)
