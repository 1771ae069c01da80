"""What the pages of cases show: cases of the reader's units in words, and to who owns them what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Case, Q, QuerySet, When
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twohats.care.asking import recovery
from twohats.care.asking.forms import forms, respondents
from twohats.service import releases
from twohats.service.actions import answering
from twohats.service.actions import cases as actions
from twohats.service.pages import wording
from twohats.service.policy import Scope
from twohats.service.records.cases import BAD_ANSWER, URGENT, WISH, RecoveryCase
from twohats.store.disclosure import FEWEST
from twohats.store.estimates import wilson

A_PAGE, ENDED_SHOWN, LOOKED_BACK = 50, 20, 90
"""Cases a page, ended ones shown beside them, and days looked back for how they ended."""
WHY: dict[str, Promise] = {
    BAD_ANSWER: gettext_lazy("a bad answer"), WISH: gettext_lazy("they want to be answered"),
    URGENT: gettext_lazy("urgent words"),
}
DID: dict[str, Promise] = {
    "opened": gettext_lazy("opened"), "taken": gettext_lazy("taken over"),
    "spoke": gettext_lazy("spoke with the person"), "tried": gettext_lazy("tried to reach the person"),
    "told": gettext_lazy("the person is told, with a link to what became of it"), "ended": gettext_lazy("ended"),
    "auto_closed": gettext_lazy("closed by itself, unsolved"), "reopened": gettext_lazy("opened again"),
    "proposed": gettext_lazy("the rule says: this may be a grievance"),
    "grievance": gettext_lazy("decided: a grievance"), "no_grievance": gettext_lazy("decided: no grievance"),
}


@dataclass(frozen=True)
class Line:
    """A case in words: what is due and when, why it is there, who has it; no word of what was said."""

    number: int
    hat: str
    time: str
    is_late: bool
    clock: str
    why: str
    where: str
    who: str
    outcome: str
    is_open: bool
    may_be_grievance: bool
    is_grievance: bool


@dataclass(frozen=True)
class Step:
    """One thing that was done."""

    when: str
    did: str
    by: str
    note: str
    said: str


@dataclass(frozen=True)
class Registered:
    """A line of the register of grievances."""

    number: int
    received: str
    answer_by: str
    state: str
    is_late: bool
    where: str
    completed: str


def in_scope(scope: Scope) -> "QuerySet[RecoveryCase]":
    """The cases of these units; those of no unit are the whole organisation's."""
    found = RecoveryCase.objects.select_related("owner", "request", "decided_by")
    return found if scope.everything else found.filter(unit__in=scope.units)


def open_ones(scope: Scope, page: str | None) -> Page:
    """A page of those not ended: nobody's first, then those nobody spoke with, then by what is due next."""
    return Paginator(in_scope(scope).filter(closed_at=None).order_by(
        Case(When(owner=None, then=0), When(first_word_at=None, then=1), default=2),
        Case(When(first_word_at=None, then="first_word_by"), default="end_by"), "pk"), A_PAGE).get_page(page)


def ended_ones(scope: Scope) -> list[RecoveryCase]:
    """The last that ended, the newest first."""
    return list(in_scope(scope).exclude(closed_at=None).order_by("-closed_at", "-pk")[:ENDED_SHOWN])


def lines(cases: Sequence[RecoveryCase], names: Mapping[str, str], now: datetime) -> list[Line]:
    """Cases in words, as of now."""
    return [line(case, names, now) for case in cases]


def line(case: RecoveryCase, names: Mapping[str, str], now: datetime) -> Line:
    """One case in words, as of now."""
    due, clock = (case.end_by, _("it should have ended")) if case.first_word_at else \
        (case.first_word_by, _("somebody should have spoken with them"))
    left = (due - now).total_seconds() / 60
    return Line(
        number=case.pk, hat=forms()[case.request.form].hat.value, is_late=left <= 0, clock=clock,
        time=_("Late by %(length)s") % {"length": wording.length(-left)} if left <= 0
        else _("%(length)s left") % {"length": wording.length(left)},
        why=str(WHY[case.why]), where=names.get(case.unit, case.unit) or _("no unit known"),
        who=case.owner.display_name if case.owner else "",
        outcome=recovery.shipped().outcomes[case.outcome].text.read_in(wording.language()) if case.outcome else "",
        is_open=case.closed_at is None, may_be_grievance=bool(case.grounds) and case.grievance is None,
        is_grievance=bool(case.grievance))


def how_they_ended(scope: Scope, now: datetime) -> str:
    """Of the cases that ended lately, how many failed, with its range; auto-closed ones are failures."""
    ended, failed = actions.failures(Q(closed_at__gte=now - timedelta(days=LOOKED_BACK)), scope)
    if ended < FEWEST or 0 < failed < FEWEST or 0 < ended - failed < FEWEST:
        return _("Of the last %(days)s days too few cases ended, or too few of one kind, to say how many failed.") % {
            "days": LOOKED_BACK}
    low, high = wilson(failed, ended)
    return _("%(share)s of 100 cases that ended in the last %(days)s days failed (%(low)s to %(high)s; n = %(n)s). "
             "Lower is better. What closed by itself, unsolved, counts as failed.") % {
        "share": wording.hundredths(failed, ended), "days": LOOKED_BACK, "low": round(100 * low),
        "high": round(100 * high), "n": wording.whole(ended)}


def said(case: RecoveryCase) -> list[tuple[str, str, bool]]:
    """Each question with what was answered, and whether it is the person's own words."""
    form, language = answering.form_of(case.request), wording.language()
    held = answering.given(case.request)
    found = []
    for question in form.questions:
        if question.key in held:
            choice = question.choice(held[question.key].value)
            found.append((question.text.read_in(language),
                          choice.text.read_in(language) if choice else held[question.key].words, choice is None))
    return found


def who_speaks(case: RecoveryCase) -> str:
    """Who answered, in words."""
    return respondents()[case.request.respondent or "self"].read_in(wording.language())


def steps(case: RecoveryCase) -> list[Step]:
    """All that was done, the oldest first."""
    zone = releases.clock_on_the_wall(case.unit)
    return [Step(wording.instant(one.made_at.astimezone(zone)), str(DID[one.did]),
                 one.by.display_name if one.by else "", one.note, one.said)
            for one in case.steps.select_related("by").order_by("made_at", "pk")]


def grounds(case: RecoveryCase) -> list[str]:
    """Why the rule says that it may be a grievance."""
    known = recovery.shipped().grounds
    return [known[one].read_in(wording.language()) for one in case.grounds if one in known]


def register(scope: Scope, names: Mapping[str, str], now: datetime) -> list[Registered]:
    """The register of grievances: decided ones and those a rule proposes, the newest first."""
    found = in_scope(scope).filter(Q(grievance=True) | Q(grievance=None)).select_related("answer").order_by("-pk")
    return [_registered(case, names, now) for case in found if case.grievance or case.grounds]


def _registered(case: RecoveryCase, names: Mapping[str, str], now: datetime) -> Registered:
    answer = getattr(case, "answer", None)
    late = case.answer_by is not None and answer is None and case.answer_by <= now
    state = _("answered in writing") if answer else _("nobody has decided") if case.grievance is None else \
        _("the written answer is late") if late else _("the written answer is due")
    return Registered(case.pk, _day(case.received_at, case), _day(case.answer_by, case), state, late,
                      names.get(case.unit, case.unit) or _("no unit known"),
                      wording.plain_day(answer.completed_on) if answer else "")


def _day(when: datetime | None, case: RecoveryCase) -> str:
    return wording.plain_day(when.astimezone(releases.clock_on_the_wall(case.unit))) if when else ""
