"""Urgent comments: the list, one of them with its words, "I am on it", how it ended, and who is told by mail."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from twohats.service import releases
from twohats.service.actions import alert_recipients, audit
from twohats.service.actions import alerts as actions
from twohats.service.doors import may, needs, not_yours, scope_of
from twohats.service.pages import wording
from twohats.service.pages.alerts import reads
from twohats.service.pages.forms import PageForm
from twohats.service.pages.person import reads as people
from twohats.service.policy import WHOLE, Permission, Scope
from twohats.service.records.models import FIRST, NEXT, AlertRecipient, UrgentAlert, User
from twohats.words.problems import Problem

SEES, ANSWERS, CHOOSES = Permission.SEE_ALERTS, Permission.ANSWER_ALERT, Permission.CHOOSE_RECIPIENTS
NURSES = Permission.ANSWER_NURSE_CALL
"""Who holds ANSWERS answers comments, who holds NURSES calls for a nurse; who holds SEES sees that either waits."""
TURNS = {FIRST: gettext_lazy("at once"), NEXT: gettext_lazy("next, when nobody took it on in time")}


class Ending(PageForm):
    """How an urgent comment ended."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How did it end?"),
        choices=lambda: [("", _("Choose one")), *reads.OUTCOMES.items()],
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Say how it ended.")))
    note = forms.CharField(
        label=gettext_lazy("What was done, or to whom was it passed on?"), required=False, max_length=actions.LONGEST,
        help_text=gettext_lazy("In a few words, without names of people we serve."),
        error_messages={"max_length": gettext_lazy("At most 500 characters fit.")},
        widget=forms.Textarea(attrs={"rows": 3}))


class Old(PageForm):
    """Which alerts are too old for a call, and why."""

    days = forms.IntegerField(
        label=gettext_lazy("Words older than so many days"), min_value=actions.OLD_DAYS, max_value=36_500, initial=30,
        error_messages={"min_value": gettext_lazy("Words of less than 14 days are looked at one by one."),
                        "required": gettext_lazy("Say a number of days."),
                        "invalid": gettext_lazy("Say a number of days."),
                        "max_value": gettext_lazy("Say a number of days.")})
    note = forms.CharField(
        label=gettext_lazy("Why do they need no call any more?"), min_length=actions.SHORTEST,
        max_length=actions.LONGEST, help_text=gettext_lazy("In a few words, without names of people we serve."),
        error_messages=dict.fromkeys(("required", "min_length", "max_length"), gettext_lazy(
            "Say why they need no call any more, in 5 to 500 characters.")),
        widget=forms.Textarea(attrs={"rows": 3}))


class Recipient(PageForm):
    """Somebody who is told by mail."""

    user = forms.ChoiceField(label=gettext_lazy("Who"))
    unit = forms.ChoiceField(label=gettext_lazy("Of this unit and all below it"))
    address = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254,
                               error_messages={"invalid": gettext_lazy("Not an e-mail address.")})
    turn = forms.ChoiceField(label=gettext_lazy("When"), choices=lambda: list(TURNS.items()))

    def __init__(self, users: Sequence[tuple[str, str]], units: Sequence[tuple[str, str]], *args: Any) -> None:
        super().__init__(*args)
        self.fields["user"].choices = users  # type: ignore[attr-defined]
        self.fields["unit"].choices = units  # type: ignore[attr-defined]


@needs(SEES, ANSWERS, NURSES)
def waiting(request: HttpRequest) -> HttpResponse:
    """Which calls for a nurse and urgent comments wait: those nobody is on first, then by when they are due."""
    scope, now = scope_of(request.user, SEES, ANSWERS), timezone.now()
    page = reads.open_ones(scope, request.GET.get("page"))
    return render(request, "alerts/list.html", {
        "calls": reads.lines(reads.open_calls(scope_of(request.user, SEES, NURSES)), now),
        "may_nurse": may(request.user, NURSES), "sees_comments": bool(scope),
        "open_ones": reads.lines(page.object_list, now), "page": page,
        "ended": reads.lines(reads.ended_ones(scope), now), "warnings": reads.warnings(scope, now) if scope else [],
        "may_answer": may(request.user, ANSWERS),
        "has_old": actions.old_ones(scope_of(request.user, ANSWERS), actions.OLD_DAYS, now).exists(),
        "may_choose": may(request.user, CHOOSES),
        "sees_cases": may(request.user, Permission.SEE_CASES, Permission.OWN_CASES),
        "sees_messages": may(request.user, Permission.SEE_MESSAGES),
        "trail": [(_("Urgent"), None)]})


@needs(SEES, ANSWERS, NURSES)
def alert(request: HttpRequest, number: int) -> HttpResponse:
    """One urgent comment or call for a nurse. Looking at it leaves a trace."""
    return _page(request, _one(request, number, SEES), Ending())


@needs(ANSWERS)
def end_old(request: HttpRequest) -> HttpResponse:
    """Ends together the alerts that nobody is on and whose words are too old for any clock, with one reason."""
    scope, now = scope_of(request.user, ANSWERS), timezone.now()
    form = Old(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ended = actions.close_old(scope=scope, days=form.cleaned_data["days"], note=form.cleaned_data["note"],
                                  by=request.user, now=now, request_id=request.request_id)
        messages.success(request, ngettext("%(n)s urgent comment ended.", "%(n)s urgent comments ended.", ended) % {
            "n": wording.whole(ended)})
        return redirect("alerts:list")
    counts = [(days, actions.old_ones(scope, days, now).count()) for days in (actions.OLD_DAYS, 30, 90, 365)]
    return render(request, "alerts/old.html", {
        "form": form, "counts": [{"days": days, "count": wording.whole(count)} for days, count in counts],
        "trail": [(_("Urgent"), reverse("alerts:list")), (_("Old ones"), None)],
    }, status=400 if form.errors else 200)


def _one(request: HttpRequest, number: int, *also: Permission) -> UrgentAlert:
    found = reads.in_scope(scope_of(request.user, ANSWERS, *also)).filter(pk=number).first() \
        or reads.calls_in(scope_of(request.user, NURSES, *also)).filter(pk=number).first()
    if found is None:
        not_yours(request, "alert", number)
    return found


def _page(request: HttpRequest, held: UrgentAlert, form: Ending) -> HttpResponse:
    audit.noted(request, "looked at", "alert", held.pk)
    return _call(request, held, form) if held.asked_by_id else _comment(request, held, form)


def _call(request: HttpRequest, held: UrgentAlert, form: Ending) -> HttpResponse:
    """A call for a nurse: where, for whom as far as it is known, who is on it."""
    reader, answers = releases.current(), held.unit in scope_of(request.user, NURSES)
    row = reader.row("SELECT given FROM people WHERE person = ?", (held.person,)) if reader and answers else None
    return render(request, "alerts/call.html", {
        "alert": reads.line(held, reads.unit_names(), timezone.now()), "answers": answers, "form": form,
        "mine": held.acknowledged_by_id == request.user.pk, "asked_by": held.asked_by.display_name,
        "note": held.note if answers else "", "name": (row["given"] or "") if row else "",
        "journey": _journey(request, held.person),
        "may_answer_it": [] if answers else reads.who_may_answer(held.unit, NURSES),
        "trail": [(_("Urgent"), reverse("alerts:list")), (_("A nurse is asked for"), None)],
    }, status=400 if form.errors else 200)


def _comment(request: HttpRequest, held: UrgentAlert, form: Ending) -> HttpResponse:
    reader, answers = releases.current(), held.unit in scope_of(request.user, ANSWERS)
    rows = reads.clauses(reader, held.voice) if answers else []
    zone = releases.clock_on_the_wall(held.unit)
    return render(request, "alerts/alert.html", {
        "alert": reads.line(held, reads.unit_names(), timezone.now()), "answers": answers, "form": form,
        "mine": held.acknowledged_by_id == request.user.pk, "note": held.note if answers else "",
        "clauses": reads.as_said(rows), "comment": rows[0] if rows else None, "speaks": reads.who_speaks(rows),
        "said_at": wording.instant(held.said_at.astimezone(zone)) if held.said_at else "",
        "due_at": wording.instant(held.due_at.astimezone(zone)), "found_in": held.release,
        "about": _about_whom(request, reader, rows),
        "may_answer_it": [] if answers else reads.who_may_answer(held.unit),
        "trail": [(_("Urgent"), reverse("alerts:list")), (_("Urgent comment %(n)s") % {"n": held.pk}, None)],
    }, status=400 if form.errors else 200)


def _about_whom(request: HttpRequest, reader: Any, rows: Sequence[Mapping[str, Any]]) -> dict[str, str] | None:
    """The person whose comment it is, for a reader who may see their journey with its name."""
    key = rows[0]["person"] if rows else None
    person = _person(request, reader, key)
    if person is None:
        return None
    return {"name": " ".join(filter(None, (person["given"], person["family"]))) or _("No name recorded"),
            "address": reverse("person:journey", kwargs={"key": key})}


def _person(request: HttpRequest, reader: Any, key: int | None) -> Mapping[str, Any] | None:
    scope = scope_of(request.user, Permission.SEE_JOURNEY)
    return people.person(reader, key, scope) if reader and key is not None and scope else None


def _journey(request: HttpRequest, key: int | None) -> str:
    """Where a person's journey is, for a reader who may see it."""
    found = _person(request, releases.current(), key)
    return reverse("person:journey", kwargs={"key": key}) if found is not None else ""


@needs(ANSWERS, NURSES)
@require_POST
def on_it(request: HttpRequest, number: int) -> HttpResponse:
    """One press: I am on it."""
    held = _one(request, number)
    try:
        actions.acknowledge(alert=held, by=request.user, request_id=request.request_id)
        messages.success(request, _("Thank you. Everybody now sees that you are on it."))
    except Problem as problem:
        messages.error(request, _(problem.what))
    return redirect("alerts:alert", number=number)


@needs(ANSWERS, NURSES)
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Says how it ended."""
    held, form = _one(request, number), Ending(request.POST)
    if form.is_valid():
        try:
            actions.close_alert(alert=held, outcome=form.cleaned_data["outcome"], note=form.cleaned_data["note"],
                                by=request.user, request_id=request.request_id)
        except Problem as problem:
            form.add_error(problem.where, _(problem.what))
        else:
            messages.success(request, _("Kept. Thank you."))
            return redirect("alerts:list")
    return _page(request, held, form)


@needs(CHOOSES)
def recipients(request: HttpRequest) -> HttpResponse:
    """Who is told by mail in the reader's units, and the form to choose one more."""
    scope = scope_of(request.user, CHOOSES)
    users, units = _users(scope), _units(scope)
    form = Recipient(users, units, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            alert_recipients.choose_recipient(
                user=User.objects.get(username=said["user"]), unit=said["unit"], address=said["address"],
                turn=int(said["turn"]), by=request.user, request_id=request.request_id)
        except Problem as problem:
            form.add_error(problem.where, _(problem.what))
        else:
            messages.success(request, _("Kept. It holds from the next urgent comment on."))
            return redirect("alerts:recipients")
    names = dict(units)
    return render(request, "alerts/recipients.html", {
        "form": form, "users": users,
        "chosen": [{"number": one.pk, "name": one.user.display_name, "address": one.address,
                    "where": names.get(one.unit, one.unit), "when": TURNS[one.turn],
                    "is_told": bool(alert_recipients.hears_of(one))} for one in _chosen(scope)],
        "trail": [(_("Urgent"), reverse("alerts:list")), (_("Who is told"), None)],
    }, status=400 if form.errors else 200)


@needs(CHOOSES)
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Takes somebody off the list."""
    found = next((one for one in _chosen(scope_of(request.user, CHOOSES)) if one.pk == number), None)
    if found is None:
        not_yours(request, "recipient", number)
    alert_recipients.drop_recipient(recipient=found, by=request.user, request_id=request.request_id)
    messages.success(request, _("Kept. It holds from the next urgent comment on."))
    return redirect("alerts:recipients")


def _chosen(scope: Scope) -> list[AlertRecipient]:
    return [one for one in alert_recipients.recipients()
            if scope.everything or (one.unit != WHOLE and one.unit in scope)]


def _users(scope: Scope) -> list[tuple[str, str]]:
    """Those who may be told of something in the scope."""
    found = User.objects.filter(is_active=True).prefetch_related("assignments").order_by("display_name", "pk")
    return [(user.username, user.display_name) for user in found if alert_recipients.sees_some_of(user, scope)]


def _units(scope: Scope) -> list[tuple[str, str]]:
    named = [(unit, name) for unit, name in reads.unit_names().items() if unit in scope]
    return [(WHOLE, _("the whole organisation")), *named] if scope.everything else named
