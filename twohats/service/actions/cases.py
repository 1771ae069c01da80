"""Cases of service recovery: opened by a bad answer or urgent words, owned, timed, ended, told; opened again by whom it
is about. What nobody ended closes by itself and counts as a failure.

A case may be a grievance: a rule proposes, a person decides; it then has its own clock and a written answer.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_noop

from twohats.care.asking import recovery
from twohats.care.asking.forms import CALL_BACK, forms
from twohats.service import policy, releases
from twohats.service.actions import audit, contact, standing
from twohats.service.policy import WHOLE, Permission, Role
from twohats.service.records.asking import SurveyRequest
from twohats.service.records.cases import LONGEST, URGENT, WISH, CaseStep, GrievanceAnswer, RecoveryCase
from twohats.service.records.contact import REFUSED
from twohats.service.records.models import RoleAssignment, User
from twohats.words.hats import Hat
from twohats.words.problems import Problem

SHORTEST = 5
WAYS_BACK = ("portal", "email", "sms", "letter")
"""How the person is told what was done, where nothing tells how they were asked."""
TOLD_BY = "recovery_done"


# ---- opened ---------------------------------------------------------------------------------------------------
def open_for(*, request: SurveyRequest, why: str, hat: Hat, now: datetime) -> RecoveryCase:
    """The case of a request: opened with an owner and its clocks; made urgent, or opened again, by what came since."""
    urgent = why == URGENT
    clocks = recovery.clocks(now, urgent=urgent, rules=recovery.shipped())
    case, new = RecoveryCase.objects.get_or_create(request=request, defaults={
        "unit": request.unit, "why": why, "script": "urgent" if urgent else hat.value,
        "owner": owner_for(request.unit), "opened_at": now, "first_word_by": clocks.first_word_by,
        "end_by": clocks.end_by, "closes_at": clocks.closes_at})
    if new:
        _step(case, "opened", None, now)
        audit.record(by=None, verb="opened", kind="case", thing=case.pk)
    elif case.closed_at is not None:
        _open_again(case, None, now)
    if urgent and case.why != URGENT:
        case.why, case.script = URGENT, "urgent"
        case.first_word_by, case.first_word_at = clocks.first_word_by, None
        case.save(update_fields=["why", "script", "first_word_by", "first_word_at"])
    return case


def owner_for(unit: str) -> User | None:
    """Who owns a new case of a unit: of those who may, whoever has the fewest open ones. None where nobody may."""
    roles = [role.value for role in Role if Permission.OWN_CASES in policy.permissions_of(role)]
    parents = releases.parents()
    may_own = {held.user_id for held in RoleAssignment.objects.filter(role__in=roles, user__is_active=True)
               if held.unit == WHOLE or unit in policy.below([held.unit], parents)}
    has = dict(RecoveryCase.objects.filter(closed_at=None, owner__in=may_own).order_by().values_list("owner").annotate(
        Count("pk")))
    chosen = min(may_own, key=lambda number: (has.get(number, 0), number), default=None)
    return User.objects.get(pk=chosen) if chosen is not None else None


# ---- worked on ------------------------------------------------------------------------------------------------
@transaction.atomic
def take(*, case: RecoveryCase, by: User, now: datetime, request_id: str = "") -> RecoveryCase:
    """Somebody takes the case over from whoever had it."""
    held = _open(case)
    held.owner = by
    held.save(update_fields=["owner"])
    _done(held, "taken", by, now, request_id)
    return held


@transaction.atomic
def spoke(*, case: RecoveryCase, reached: bool, note: str, said: str, by: User, now: datetime,
          request_id: str = "") -> RecoveryCase:
    """Somebody spoke with the person, or tried to. `said` the person reads by their link."""
    held = _mine(case, by)
    _fits(note, said)
    if reached and held.first_word_at is None:
        held.first_word_at = now
        held.save(update_fields=["first_word_at"])
    _done(held, "spoke" if reached else "tried", by, now, request_id, note.strip(), said.strip())
    return held


@transaction.atomic
def end(*, case: RecoveryCase, outcome: str, note: str, said: str, by: User, now: datetime,
        request_id: str = "") -> RecoveryCase:
    """Ends a case with its outcome, and tells the person what was done, through the gate."""
    held = _mine(case, by)
    if outcome not in recovery.shipped().outcomes or outcome == recovery.AUTO_CLOSED:
        raise Problem(gettext_noop("Say how it ended."), "outcome", "Choose one of those shown.")
    if len(said.strip()) < SHORTEST:
        raise Problem(gettext_noop("Say to the person what was done."), "said", "One sentence is enough.")
    _fits(note, said)
    held.outcome, held.closed_at = outcome, now
    held.save(update_fields=["outcome", "closed_at"])
    _done(held, "ended", by, now, request_id, note.strip(), said.strip())
    _tell(held, by, now, request_id)
    return held


@transaction.atomic
def open_again(*, case: RecoveryCase, now: datetime, by: User | None = None, request_id: str = "") -> RecoveryCase:
    """It is not solved: said by the person through their link, or by staff. The clocks begin anew."""
    audit.one_writer()
    held = RecoveryCase.objects.select_for_update().get(pk=case.pk)
    if held.closed_at is None:
        return held
    if held.reopened >= recovery.shipped().most_reopenings and by is None:
        raise Problem(gettext_noop("It was opened again several times. Please call us."), "case", "A person answers.")
    _open_again(held, by, now, request_id)
    return held


def _open_again(held: RecoveryCase, by: User | None, now: datetime, request_id: str = "") -> None:
    clocks = recovery.clocks(now, urgent=False, rules=recovery.shipped())
    held.outcome, held.closed_at, held.first_word_at = "", None, None
    held.reopened += 1
    held.opened_at, held.first_word_by = now, clocks.first_word_by
    held.end_by, held.closes_at = clocks.end_by, clocks.closes_at
    held.owner = held.owner if held.owner and held.owner.is_active else owner_for(held.unit)
    held.save()
    _done(held, "reopened", by, now, request_id)


@transaction.atomic
def auto_close(now: datetime) -> int:
    """Closes what nobody ended in time, as the failure it is, and tells the person so. Returns how many."""
    audit.one_writer()
    late = list(RecoveryCase.objects.select_for_update().filter(closed_at=None, closes_at__lte=now).order_by("pk"))
    for held in late:
        held.outcome, held.closed_at = recovery.AUTO_CLOSED, now
        held.save(update_fields=["outcome", "closed_at"])
        _done(held, "auto_closed", None, now)
        _tell(held, None, now)
    return len(late)


# ---- grievances -----------------------------------------------------------------------------------------------
def propose_grievance(*, request: SurveyRequest, now: datetime) -> None:
    """Writes down on what grounds the case of a request may be a grievance. Grounds alone open a case too."""
    held = {answer.question: answer for answer in request.answers.filter(holds=True)}
    words = " ".join(answer.words for answer in held.values() if answer.words)
    wants = CALL_BACK in held and held[CALL_BACK].value == "yes"
    grounds = recovery.grievance_grounds(words, wants_answer=wants, about_care=_is_about_care(request))
    if not grounds:
        return
    case = open_for(request=request, why=WISH, hat=_hat(request), now=now)
    new = [ground for ground in grounds if ground not in case.grounds]
    if new:
        case.grounds = [*case.grounds, *new]
        case.save(update_fields=["grounds"])
        _done(case, "proposed", None, now)


@transaction.atomic
def decide_grievance(*, case: RecoveryCase, yes: bool, by: User, now: datetime, request_id: str = "") -> RecoveryCase:
    """A person decides. Its clock runs from the day it was said, not from the decision."""
    audit.one_writer()
    held = RecoveryCase.objects.select_for_update().select_related("request").get(pk=case.pk)
    if GrievanceAnswer.objects.filter(case=held).exists():
        raise Problem(gettext_noop("It was answered in writing already."), "case", "Nothing is left to do.")
    first = held.steps.order_by("made_at", "pk").first()
    held.grievance, held.decided_by, held.decided_at = yes, by, now
    held.received_at = (first.made_at if first else held.opened_at) if yes else None
    held.answer_by = held.received_at + timedelta(days=recovery.shipped().grievance_days) if held.received_at else None
    held.save()
    _done(held, "grievance" if yes else "no_grievance", by, now, request_id)
    return held


@transaction.atomic
def answer_grievance(*, case: RecoveryCase, contact_person: str, steps_taken: str, results: str, completed_on: date,
                     by: User, now: datetime, request_id: str = "") -> GrievanceAnswer:
    """The written answer with its required parts; Problem names the one that is missing. It cannot be changed after."""
    audit.one_writer()
    held = RecoveryCase.objects.select_for_update().select_related("request").get(pk=case.pk)
    if not held.grievance:
        raise Problem(gettext_noop("Nobody has said that this is a grievance."), "case", "Decide that first.")
    if GrievanceAnswer.objects.filter(case=held).exists():
        raise Problem(gettext_noop("It was answered in writing already."), "case", "Nothing is left to do.")
    for name, words in (("contact_person", contact_person), ("steps_taken", steps_taken), ("results", results)):
        if len(words.strip()) < SHORTEST:
            raise Problem(gettext_noop("The law asks for this part of the letter."), name, "42 CFR 482.13(a)(2)(iii)")
    if completed_on > now.astimezone(releases.clock_on_the_wall(held.unit)).date():
        raise Problem(gettext_noop("This day is still to come."), "completed_on", "Give the day it was completed.")
    made = GrievanceAnswer.objects.create(
        case=held, contact_person=contact_person.strip(), steps_taken=steps_taken.strip(), results=results.strip(),
        completed_on=completed_on, language=held.request.language, by=by, made_at=now)
    audit.record(by=by, verb="answered in writing", kind="case", thing=held.pk, request_id=request_id)
    return made


def _hat(request: SurveyRequest) -> Hat:
    return forms()[request.form].hat


def _is_about_care(request: SurveyRequest) -> bool:
    return _hat(request) is Hat.PATIENT


# ---- told, and written down --------------------------------------------------------------------------------------
def _tell(held: RecoveryCase, by: User | None, now: datetime, request_id: str = "") -> None:
    """A message of class recovery with the link to what became of it; nobody is told twice of one end."""
    found = standing.reached(held.request.person, contact.rules_in_force())
    asked_by = held.request.message.channel if held.request.message else ""
    way = next((one for one in (asked_by, *WAYS_BACK) if found and one in found.addresses and one != "call"), None)
    if way is None:
        return
    put = contact.put(person=held.request.person, letter=TOLD_BY, channel=way,
                      about=f"{held.request.pk} {held.reopened}", now=now, unit=held.unit, by=by,
                      request_id=request_id)
    if put.state != REFUSED:
        _step(held, "told", by, now)


def _open(case: RecoveryCase) -> RecoveryCase:
    audit.one_writer()
    held = RecoveryCase.objects.select_for_update().select_related("request__message", "owner").get(pk=case.pk)
    if held.closed_at is not None:
        raise Problem(gettext_noop("This case has ended."), "case", "Open it again first.")
    return held


def _mine(case: RecoveryCase, by: User) -> RecoveryCase:
    held = _open(case)
    if held.owner_id != by.pk:
        raise Problem(gettext_noop("Somebody else has this case."), "case", "Take it over first.")
    return held


def _fits(note: str, said: str) -> None:
    for name, words in (("note", note), ("said", said)):
        if len(words.strip()) > LONGEST:
            raise Problem(gettext_noop("At most 1,000 characters fit."), name, "Say it in fewer words.")


def _done(held: RecoveryCase, did: str, by: User | None, now: datetime, request_id: str = "", note: str = "",
          said: str = "") -> None:
    _step(held, did, by, now, note, said)
    audit.record(by=by, verb=did.replace("_", " "), kind="case", thing=held.pk, request_id=request_id)


def _step(held: RecoveryCase, did: str, by: User | None, now: datetime, note: str = "", said: str = "") -> None:
    CaseStep.objects.create(case=held, did=did, note=note, said=said, by=by, made_at=now)


def failures(ended: Q, scope: policy.Scope) -> tuple[int, int]:
    """Of the cases that ended so, how many there are and how many of them are failures; auto-closed ones always are."""
    good = [key for key, outcome in recovery.shipped().outcomes.items() if outcome.good]
    found = RecoveryCase.objects.filter(ended, closed_at__isnull=False)
    found = found if scope.everything else found.filter(unit__in=scope.units)
    return found.count(), found.exclude(outcome__in=good).count()
