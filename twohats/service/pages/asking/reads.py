"""What the pages of asking show: whom we asked and how far the answers are, what may be asked about, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from twohats.care.asking import worth
from twohats.care.asking.forms import forms
from twohats.service import releases
from twohats.service.actions import answering, asking
from twohats.service.pages import wording
from twohats.service.policy import Scope
from twohats.service.records.asking import SurveyRequest
from twohats.service.records.contact import REFUSED

A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """A request in words; none of its answers."""

    number: int
    hat: str
    form: str
    where: str
    when: str
    state: str
    takes_answers: bool


@dataclass(frozen=True)
class Matter:
    """Something somebody could be asked about, and for each form why not; empty where they may be asked."""

    key: str
    hat: str
    when: str
    what: str
    where: str
    forms: tuple[tuple[str, str, str, str], ...]
    """Key, name, hat, and why not."""

    @property
    def may_ask(self) -> bool:
        """Whether one of the forms may go."""
        return any(not why for *_form, why in self.forms)


def in_scope(scope: Scope) -> "QuerySet[SurveyRequest]":
    """The requests about these units; those of no unit are the whole organisation's."""
    return SurveyRequest.objects.all() if scope.everything else SurveyRequest.objects.filter(unit__in=scope.units)


def page_of(scope: Scope, number: str | None) -> Page:
    """A page of requests, the newest first."""
    return Paginator(in_scope(scope).select_related("message").annotate(
        kept=Count("answers", filter=Q(answers__holds=True))).order_by("-made_at", "-pk"), A_PAGE).get_page(number)


def lines(requests: Sequence[SurveyRequest], names: Mapping[str, str], now: datetime) -> list[Line]:
    """Requests in words."""
    return [Line(one.pk, forms()[one.form].hat.value, forms()[one.form].name.read_in(wording.language()),
                 names.get(one.unit, one.unit) or _("no unit known"), _day(one.made_at), _state(one, now),
                 answering.is_open(one, now)) for one in requests]


def _state(one: SurveyRequest, now: datetime) -> str:
    if one.finished_at is not None:
        return _("sent back")
    if one.message is not None and one.message.state == REFUSED:
        return _("the gate let none of it go")
    if one.kept:  # type: ignore[attr-defined]
        return _("half filled in; what was answered is kept")
    return _("no answer yet") if now < one.answer_by else _("not answered in time")


def matters(person: int, now: datetime, names: Mapping[str, str]) -> list[Matter]:
    """What somebody could be asked about. Whether it is solved a member of staff still has to say."""
    stands = asking.where_they_stand(person, now)
    return [_matter(one, stands, now, names) for one in asking.candidates(person, now)]


def _matter(one: asking.Candidate, stands: worth.Asked, now: datetime, names: Mapping[str, str]) -> Matter:
    language = wording.language()
    what = wording.touchpoint(one.touchpoint) if one.kind == "contact" else _("A visit")
    return Matter(one.key, one.hat, _day(one.started_at), what, names.get(one.unit, one.unit), tuple(
        (form.key, form.name.read_in(language), form.hat.value,
         reason(asking.why_not(form, one, stands, now, solved=True))) for form in forms().values()))


def reason(key: str) -> str:
    """Why not to ask, in the reader's words."""
    return worth.shipped().reasons[key].read_in(wording.language()) if key else ""


def _day(instant: datetime) -> str:
    return wording.plain_day(instant.astimezone(releases.clock_on_the_wall("")))
