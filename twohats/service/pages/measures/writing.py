"""Writing on a measure's chart: from when the process is another one, a note, a goal; and taking it back."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from twohats.service import releases
from twohats.service.actions import marks as actions
from twohats.service.doors import needs, not_yours, scope_of
from twohats.service.pages import wording
from twohats.service.pages.forms import PageForm
from twohats.service.pages.leader import page as overview
from twohats.service.pages.measures import marks, periods, saying
from twohats.service.pages.measures.numbers import Numbers, numbers_of
from twohats.service.pages.measures.series import Series, series_of
from twohats.service.policy import Permission
from twohats.service.records.marks import LONGEST, ChartNote, ChartRebase
from twohats.words.measures import Measure, MeasureKind, measures
from twohats.words.problems import Problem

TOO_SHORT = {"min_length": gettext_lazy("Some words are needed: 5 to 300 characters."),
             "required": gettext_lazy("Some words are needed: 5 to 300 characters.")}
NO_NAMES = gettext_lazy("No names of patients, and nothing by which one could be known. 300 characters at most.")


class AtAMonth(PageForm):
    """Something that is written at a month of a chart."""

    month = forms.ChoiceField(label=gettext_lazy("Month"))
    keep: Callable[..., None]
    """Each kind's own way to write it down; raises Problem."""

    def __init__(self, declared: Measure, months: list[tuple[str, str]], now: str, *args: Any) -> None:
        super().__init__(*args, initial={"month": now})
        self.declared = declared
        self.fields["month"].choices = months  # type: ignore[attr-defined]


class RebaseForm(AtAMonth):
    """From when the process is another one, and why."""

    reason = forms.CharField(label=gettext_lazy("Why is it another process?"), help_text=NO_NAMES, max_length=LONGEST,
                             min_length=actions.SHORTEST, error_messages=TOO_SHORT,
                             widget=forms.Textarea(attrs={"rows": 3}))

    def keep(self, **more: Any) -> None:
        actions.rebase(month=self.cleaned_data["month"], reason=self.cleaned_data["reason"], **more)


class NoteForm(AtAMonth):
    """What happened in a month."""

    words = forms.CharField(label=gettext_lazy("What happened?"), help_text=NO_NAMES, max_length=LONGEST,
                            min_length=actions.SHORTEST, error_messages=TOO_SHORT,
                            widget=forms.Textarea(attrs={"rows": 3}))

    def keep(self, **more: Any) -> None:
        actions.write_note(month=self.cleaned_data["month"], words=self.cleaned_data["words"], **more)


class GoalForm(AtAMonth):
    """A goal from a month on; empty: no goal any more."""

    value = forms.FloatField(required=False, min_value=0, widget=forms.NumberInput(attrs={"step": "any"}))

    def __init__(self, declared: Measure, months: list[tuple[str, str]], now: str, *args: Any) -> None:
        super().__init__(declared, months, now, *args)
        self.fields["month"].label = _("From this month on")
        self.fields["value"].label = _("Goal, in %(unit)s") % {"unit": self._unit()} if self._unit() else _("Goal")
        self.fields["value"].help_text = " ".join(
            (saying.better(declared), _("Leave it empty to say that there is no goal any more.")))

    def _unit(self) -> str:
        return "%" if self.declared.kind is MeasureKind.SHARE else saying.unit(self.declared)

    def keep(self, **more: Any) -> None:
        value = self.cleaned_data["value"]
        if value is not None and self.declared.kind is MeasureKind.SHARE:
            value /= 100
        actions.set_goal(month=self.cleaned_data["month"], value=value, **more)


FORMS: dict[str, type[AtAMonth]] = {"rebase": RebaseForm, "note": NoteForm, "goal": GoalForm}


@needs(Permission.MARK_MEASURES)
def write(request: HttpRequest, key: str, what: str) -> HttpResponse:
    """The form for one thing that is written on a chart, and writing it."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    numbers, declared = numbers_of(reader), next((one for one in measures() if one.key == key), None)
    unit = request.GET.get("unit", "")
    if declared is None or what not in FORMS or not overview.is_seen(
            numbers.cube, scope_of(request.user, Permission.MARK_MEASURES), unit):
        raise Http404
    series = series_of(numbers, declared, unit)
    if not may_be_written(series, what):
        raise Http404
    form = FORMS[what](declared, marks.months_of(numbers, series, what), f"{numbers.as_of:%Y-%m}",
                       request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            form.keep(chart=actions.Chart(key, unit), by=request.user, request_id=request.request_id)
        except Problem as problem:
            form.add_error(problem.where if problem.where in form.fields else None, _(problem.what))
        else:
            messages.success(request, _("Kept. It stands on the chart from now on, with your name and the day."))
            return redirect(address_of(key, unit))
    return _page(request, numbers, declared, unit, what, form)


def may_be_written(series: Series, what: str) -> bool:
    """Limits start anew only where there is a chart; years have none."""
    return bool(series.row) and (what != "rebase" or series.kind != periods.YEAR)


def _page(request: HttpRequest, numbers: Numbers, declared: Measure, unit: str, what: str,
          form: AtAMonth) -> HttpResponse:
    name, place = declared.name.read_in(wording.language()), overview.place(numbers.cube, unit)
    return render(request, "measures/write.html", {
        "what": what, "form": form, "measure": name, "place": place, "back": address_of(declared.key, unit),
        "trail": [(_("Measures"), "/measures/?" + urlencode({"unit": unit})),
                  (name, address_of(declared.key, unit)), (_("Write on the chart"), None)],
    }, status=400 if form.errors else 200)


def address_of(key: str, unit: str) -> str:
    """A measure's page at what was written on its chart."""
    return reverse("measures:one", args=[key]) + "?" + urlencode({"unit": unit}) + "#written"


@needs(Permission.MARK_MEASURES)
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Takes a rebase back."""
    held = ChartRebase.objects.filter(pk=number).first()
    if held is None or held.unit not in scope_of(request.user, Permission.MARK_MEASURES):
        not_yours(request, "rebase", number)
    try:
        actions.withdraw_rebase(number=number, by=request.user, request_id=request.request_id)
    except Problem as problem:
        messages.error(request, _(problem.what))
    else:
        messages.success(request, _("Withdrawn. It stays in the list; the limits no longer start anew there."))
    return redirect(address_of(held.measure, held.unit))


@needs(Permission.MARK_MEASURES, Permission.REMOVE_NOTES)
@require_POST
def remove_note(request: HttpRequest, number: int) -> HttpResponse:
    """Removes a note: its author does, or an administrator of the unit."""
    held = ChartNote.objects.filter(pk=number).first()
    if held is None or not _may_remove(request.user, held):
        not_yours(request, "note", number)
    try:
        actions.remove_note(number=number, by=request.user, request_id=request.request_id)
    except Problem as problem:
        messages.error(request, _(problem.what))
    else:
        messages.success(request, _("Removed. Its words are gone; who wrote and who removed it stays in the audit."))
    if held.unit in scope_of(request.user, Permission.SEE_OVERVIEW):
        return redirect(address_of(held.measure, held.unit))
    return redirect("measures:notes")


def _may_remove(user: Any, held: ChartNote) -> bool:
    return held.unit in scope_of(user, Permission.REMOVE_NOTES) or (
        held.by_id == user.pk and held.unit in scope_of(user, Permission.MARK_MEASURES))


@needs(Permission.REMOVE_NOTES)
def notes(request: HttpRequest) -> HttpResponse:
    """Every note on a chart of the reader's units, without its words, and the button that removes it."""
    scope, reader, language = scope_of(request.user, Permission.REMOVE_NOTES), releases.current(), wording.language()
    cube = numbers_of(reader).cube if reader else None
    names = {one.key: one.name.read_in(language) for one in measures()}
    shown = [{"number": one.pk, "measure": names.get(one.measure, one.measure),
              "place": overview.place(cube, one.unit) if cube and one.unit in {*cube.units, overview.WHOLE}
              else one.unit,
              "month": wording.month(one.month), "by": marks.name(one.by), "day": wording.plain_day(one.made_at)}
             for one in actions.every_note() if one.unit in scope]
    return render(request, "measures/notes.html", {
        "notes": shown, "trail": [(_("Audit"), reverse("audit:events")), (_("Notes on charts"), None)]})
