"""What became of what somebody told us, in words for them: no name of anybody, none of their own words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from twohats.care.asking import recovery
from twohats.service import releases
from twohats.service.pages import wording
from twohats.service.records.asking import SurveyRequest
from twohats.service.records.cases import CaseStep, RecoveryCase

SHOWN = ("opened", "spoke", "tried", "ended", "auto_closed", "reopened", "grievance")
"""Steps that the person sees; what is only ours stays with us."""


@dataclass(frozen=True)
class Step:
    """One thing that happened, and what we say to the person about it."""

    when: str
    what: str
    said: str


@dataclass(frozen=True)
class Told:
    """What became of one form."""

    lead: str
    steps: tuple[Step, ...]
    may_say_again: bool


def of(request: SurveyRequest, case: RecoveryCase | None, language: str) -> Told:
    """What the page says of it now."""
    if case is None:
        return Told(_("Thank you. What you answered is kept, and read together with what others say."), (), False)
    steps = tuple(_step(one, case, language) for one in case.steps.filter(did__in=SHOWN).order_by("made_at", "pk"))
    return Told(_lead(case, language), steps, case.closed_at is not None)


def _lead(case: RecoveryCase, language: str) -> str:
    if case.closed_at is not None:
        return recovery.shipped().outcomes[case.outcome].said.read_in(language)
    if case.first_word_at is not None:
        return _("Somebody of ours has spoken with you and is working on it.")
    return _("Thank you for telling us. Somebody of ours has it and will be in touch by %(when)s.") % {
        "when": wording.instant(case.first_word_by.astimezone(releases.clock_on_the_wall(case.unit)))}


def _step(step: CaseStep, case: RecoveryCase, language: str) -> Step:
    what = {
        "opened": _("You told us that something was not right."),
        "spoke": _("We spoke with you."),
        "tried": _("We tried to reach you."),
        "ended": _("We ended it."),
        "auto_closed": _("It was not ended in time. That is our failure."),
        "reopened": _("It was opened again."),
        "grievance": _("We treat it as a formal complaint: you get our answer in writing."),
    }[step.did]
    when = wording.plain_day(step.made_at.astimezone(releases.clock_on_the_wall(case.unit)))
    return Step(when, what, step.said)
