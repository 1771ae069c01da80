"""How each hat is engaged: the version in force, a draft, what last month would have been under it, live, and back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from twohats.care.contact.strategies import BadStrategies
from twohats.service.actions import contact, strategies
from twohats.service.doors import needs
from twohats.service.pages.forms import PageForm
from twohats.service.pages.messages import strategy_form, strategy_words
from twohats.service.policy import Permission
from twohats.service.records.contact import RuleTest
from twohats.words.problems import Problem


class Live(PageForm):
    """A name for the version, and why."""

    version = forms.CharField(label=gettext_lazy("Name of the new version"), max_length=40, required=False)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500, required=False,
                             widget=forms.Textarea(attrs={"rows": 2}))


class Back(PageForm):
    """Which former version, and why."""

    version = forms.ChoiceField(label=gettext_lazy("Which version"))
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500, required=False,
                             widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, versions: list[strategies.Version], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = [  # type: ignore[attr-defined]
            (one.version, one.version) for one in versions if not one.holds]


@needs(Permission.CHANGE_RULES)
def in_force(request: HttpRequest) -> HttpResponse:
    """The strategies in force, the two hats side by side, and every version that was before."""
    return _in_force(request, None)


@needs(Permission.CHANGE_RULES)
@require_POST
def back(request: HttpRequest) -> HttpResponse:
    """Goes back to a former version, at once."""
    form = Back(strategies.versions(), request.POST)
    if form.is_valid():
        try:
            strategies.go_back(**form.cleaned_data, by=request.user, request_id=request.request_id)
        except Problem as problem:
            form.add_error(problem.where if problem.where in form.fields else None, _(problem.what))
        else:
            messages.success(request, _("The former strategies hold from this moment."))
            return redirect("messages:strategies")
    return _in_force(request, form)


def _in_force(request: HttpRequest, form: Back | None) -> HttpResponse:
    book, rules, versions = contact.strategies_in_force(), contact.rules_in_force(), strategies.versions()
    return render(request, "messages/strategies.html", {
        "version": book.version, "pair": strategy_words.pair(book, rules),
        "others": strategy_words.others(book, rules), "versions": versions,
        "form": (form or Back(versions)) if len(versions) > 1 else None,
        "trail": [(_("Messages"), reverse("messages:ledger")), (_("How each hat is engaged"), None)]},
        status=400 if form is not None else 200)


@needs(Permission.CHANGE_RULES)
def change(request: HttpRequest) -> HttpResponse:
    """Edits a draft; kept together with its test against last month, or told what is wrong with it."""
    draft, rules = strategies.last_draft(), contact.rules_in_force()
    book = draft.book if draft else contact.strategy_book_in_force()
    every = strategy_form.parts(book, rules, request.POST if request.method == "POST" else None)
    wrong: list[str] = []
    whole = [one.is_valid() for one in every]  # each is asked, so that each says what is missing
    if request.method == "POST" and all(whole):
        try:
            test = strategies.draft_and_test(
                book={**book, "strategy": [one.as_row() for one in every]}, by=request.user, now=timezone.now(),
                request_id=request.request_id)
        except BadStrategies as faults:
            wrong = strategy_form.tell(every, faults.faults)
        except Problem as problem:
            wrong = [_(problem.what)]
        else:
            return redirect("messages:tested", number=test.pk)
    return render(request, "messages/strategies_change.html", {
        **strategy_form.side_by_side(every), "wrong": wrong, "is_wrong": wrong or any(one.errors for one in every),
        "version": contact.strategies_in_force().version,
        "trail": [*_trail(), (_("Change them"), None)]}, status=400 if request.method == "POST" else 200)


@needs(Permission.CHANGE_RULES)
def tested(request: HttpRequest, number: int) -> HttpResponse:
    """What last month would have been under a draft; from here, and only from here, it goes live."""
    test = RuleTest.objects.select_related("draft", "by").filter(pk=number).first()
    if test is None:
        raise Http404
    form = Live(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            strategies.go_live(test=test, **form.cleaned_data, by=request.user, request_id=request.request_id)
        except Problem as problem:
            form.add_error(problem.where if problem.where in form.fields else None, _(problem.what))
        else:
            messages.success(request, _("The new strategies hold from this moment."))
            return redirect("messages:strategies")
    strategies.see(test=test, now=timezone.now())
    tables = strategy_words.tables(test.month, contact.rules_in_force())
    return render(request, "messages/strategies_tested.html", {
        "test": test, "form": form, "caption": strategy_words.caption(test.month),
        "changes": strategy_words.changes(test.month), "rest": tables["rest"],
        "pair": [(hat, tables[hat]) for hat in ("patient", "customer")],
        "trail": [*_trail(), (_("Tested against last month"), None)]},
        status=400 if request.method == "POST" else 200)


def _trail() -> list[tuple[str, str | None]]:
    return [(_("Messages"), reverse("messages:ledger")),
            (_("How each hat is engaged"), reverse("messages:strategies"))]
