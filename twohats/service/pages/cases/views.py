"""Cases of service recovery: the list, one of them with what was said and its script, how it ended, grievances."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from twohats.care.asking import recovery
from twohats.service import releases
from twohats.service.actions import audit
from twohats.service.actions import cases as actions
from twohats.service.doors import may, needs, not_yours, scope_of
from twohats.service.pages import wording
from twohats.service.pages.alerts.reads import unit_names
from twohats.service.pages.cases import reads
from twohats.service.pages.forms import PageForm
from twohats.service.pages.person import reads as people
from twohats.service.policy import Permission
from twohats.service.records.cases import LONGEST, GrievanceAnswer, RecoveryCase
from twohats.words.problems import Problem

SEES, OWNS = Permission.SEE_CASES, Permission.OWN_CASES
NOTE = gettext_lazy("For us, in a few words, without names of people we serve.")
SAID = gettext_lazy("The person reads this by their link, in the language you write. No name, nothing clinical.")


class Spoke(PageForm):
    """What came of a call."""

    reached = forms.ChoiceField(label=gettext_lazy("Did you reach them?"), choices=lambda: [
        ("yes", _("Yes, we spoke")), ("no", _("No, not yet"))])
    note = forms.CharField(label=gettext_lazy("What was found, what is to be done"), required=False,
                           max_length=LONGEST, help_text=NOTE, widget=forms.Textarea(attrs={"rows": 3}))


class Ending(PageForm):
    """How a case ended."""

    outcome = forms.ChoiceField(label=gettext_lazy("How did it end?"), choices=lambda: [
        ("", _("Choose one")), *((one.key, one.text.read_in(wording.language()))
                                 for one in recovery.shipped().outcomes.values() if one.key != recovery.AUTO_CLOSED)],
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Say how it ended.")))
    said = forms.CharField(label=gettext_lazy("What we did, said to the person"), max_length=LONGEST, help_text=SAID,
                           error_messages={"required": gettext_lazy("Say to the person what was done.")},
                           widget=forms.Textarea(attrs={"rows": 3}))
    end_note = forms.CharField(label=gettext_lazy("A note for us"), required=False, max_length=LONGEST, help_text=NOTE,
                               widget=forms.Textarea(attrs={"rows": 2}))


class Letter(PageForm):
    """The parts that the law asks for in the written answer to a grievance."""

    contact_person = forms.CharField(
        label=gettext_lazy("Name of the hospital's contact person, with how to reach them"), max_length=200)
    steps_taken = forms.CharField(
        label=gettext_lazy("Steps taken on behalf of the patient to investigate"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}))
    results = forms.CharField(label=gettext_lazy("Results"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    completed_on = forms.DateField(label=gettext_lazy("Day of completion"),
                                   widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


@needs(SEES, OWNS)
def waiting(request: HttpRequest) -> HttpResponse:
    """Which cases wait: nobody's first, then by what is due."""
    scope, now = scope_of(request.user, SEES, OWNS), timezone.now()
    page, names = reads.open_ones(scope, request.GET.get("page")), unit_names()
    return render(request, "cases/list.html", {
        "lines": reads.lines(page.object_list, names, now), "page": page,
        "ended": reads.lines(reads.ended_ones(scope), names, now), "ending": reads.how_they_ended(scope, now),
        "asks": may(request.user, Permission.ASK_PEOPLE), "trail": [(_("Cases"), None)]})


@needs(SEES, OWNS)
def case(request: HttpRequest, number: int) -> HttpResponse:
    """One case. Looking at it leaves a trace."""
    return _page(request, _one(request, number, SEES, OWNS))


@needs(OWNS)
@require_POST
def take(request: HttpRequest, number: int) -> HttpResponse:
    """One press: I have it from now on."""
    return _done(request, number, lambda held, told: actions.take(case=held, **told))


@needs(OWNS)
@require_POST
def spoke(request: HttpRequest, number: int) -> HttpResponse:
    """Writes down a call that was made or tried."""
    form = Spoke(request.POST)
    if not form.is_valid():
        return _page(request, _one(request, number, OWNS), spoke=form)
    said = form.cleaned_data
    return _done(request, number, lambda held, told: actions.spoke(
        case=held, reached=said["reached"] == "yes", note=said["note"], said="", **told))


@needs(OWNS)
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Says how it ended, and what the person is told."""
    held, form = _one(request, number, OWNS), Ending(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.end(case=held, outcome=told["outcome"], note=told["end_note"], said=told["said"], by=request.user,
                        now=timezone.now(), request_id=request.request_id)
        except Problem as problem:
            form.add_error(problem.where if problem.where in form.fields else None, _(problem.what))
        else:
            messages.success(request, _("Kept. The person is told, as far as the gate lets it go."))
            return redirect("cases:list")
    return _page(request, held, end=form)


@needs(OWNS)
@require_POST
def open_again(request: HttpRequest, number: int) -> HttpResponse:
    """It is not solved after all."""
    return _done(request, number, lambda held, told: actions.open_again(case=held, **told))


@needs(OWNS)
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """A person decides whether it is a grievance."""
    yes = request.POST.get("is") == "grievance"
    return _done(request, number, lambda held, told: actions.decide_grievance(case=held, yes=yes, **told))


@needs(SEES, OWNS)
def grievances(request: HttpRequest) -> HttpResponse:
    """The register of grievances, to print."""
    scope = scope_of(request.user, SEES, OWNS)
    return render(request, "cases/grievances.html", {
        "lines": reads.register(scope, unit_names(), timezone.now()), "days": recovery.shipped().grievance_days,
        "trail": [(_("Cases"), reverse("cases:list")), (_("Grievances"), None)]})


@needs(OWNS)
def letter(request: HttpRequest, number: int) -> HttpResponse:
    """The written answer: its parts first; once kept, the letter itself, in the person's language, to print."""
    held = _one(request, number, OWNS)
    audit.noted(request, "looked at", "case", held.pk)
    if not held.grievance:
        not_yours(request, "grievance", number)
    made = GrievanceAnswer.objects.filter(case=held).first()
    if made:
        return _letter(request, held, made)
    form = Letter(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_grievance(case=held, by=request.user, now=timezone.now(), request_id=request.request_id,
                                     **form.cleaned_data)
        except Problem as problem:
            form.add_error(problem.where if problem.where in form.fields else None, _(problem.what))
        else:
            return redirect("cases:letter", number=number)
    return render(request, "cases/write_letter.html", {
        "form": form, "language": wording.language_name(held.request.language), "trail": _trail(held)},
        status=400 if form.errors else 200)


def _letter(request: HttpRequest, held: RecoveryCase, made: GrievanceAnswer) -> HttpResponse:
    zone = releases.clock_on_the_wall(held.unit)
    with translation.override(made.language):
        received = wording.plain_day(held.received_at.astimezone(zone))
        written = {"dated": wording.plain_day(made.made_at.astimezone(zone)), "received": received,
                   "completed": wording.plain_day(made.completed_on),
                   "phone": settings.CONFIGURATION.phone or _("the number on your papers"), "made": made,
                   "name": _name(request, held)}
        letter_ = render(request, "cases/letter_words.html", written).content.decode()
    return render(request, "cases/letter.html", {
        "letter": letter_, "language": made.language, "number": held.pk, "trail": _trail(held)})


def _trail(held: RecoveryCase) -> list[tuple[str, str | None]]:
    return [(_("Cases"), reverse("cases:list")),
            (_("Case %(n)s") % {"n": held.pk}, reverse("cases:case", kwargs={"number": held.pk})),
            (_("Written answer"), None)]


def _one(request: HttpRequest, number: int, *asked: Permission) -> RecoveryCase:
    found = reads.in_scope(scope_of(request.user, *asked)).filter(pk=number).first()
    return found if found is not None else not_yours(request, "case", number)


def _done(request: HttpRequest, number: int, deed: Any) -> HttpResponse:
    held = _one(request, number, OWNS)
    try:
        deed(held, {"by": request.user, "now": timezone.now(), "request_id": request.request_id})
        messages.success(request, _("Kept. Thank you."))
    except Problem as problem:
        messages.error(request, _(problem.what))
    return redirect("cases:case", number=number)


def _page(request: HttpRequest, held: RecoveryCase, **filled: PageForm) -> HttpResponse:
    audit.noted(request, "looked at", "case", held.pk)
    owns = held.unit in scope_of(request.user, OWNS)
    errors = any(form.errors for form in filled.values())
    return render(request, "cases/case.html", {
        "case": reads.line(held, unit_names(), timezone.now()), "owns": owns,
        "mine": held.owner_id == request.user.pk, "speaks": reads.who_speaks(held),
        "said": reads.said(held) if owns else [], "steps": reads.steps(held) if owns else [],
        "script": recovery.shipped().scripts[held.script].read_in(wording.language()),
        "grounds": reads.grounds(held), "grievance": held.grievance, "language": held.request.language,
        "decided_by": held.decided_by.display_name if held.decided_by else "",
        "answered": GrievanceAnswer.objects.filter(case=held).exists(),
        "name": _name(request, held), "person": held.request.person,
        "spoke": filled.get("spoke") or Spoke(), "end": filled.get("end") or Ending(),
        "trail": [(_("Cases"), reverse("cases:list")), (_("Case %(n)s") % {"n": held.pk}, None)],
    }, status=400 if errors else 200)


def _name(request: HttpRequest, held: RecoveryCase) -> str:
    """The person's name, for a reader who may see it on their journey."""
    reader, scope = releases.current(), scope_of(request.user, Permission.SEE_JOURNEY)
    row = people.person(reader, held.request.person, scope) if reader and scope else None
    return (" ".join(filter(None, (row["given"], row["family"]))) or _("No name recorded")) if row else ""
