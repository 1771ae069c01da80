"""The rules of the gate on a page: what holds, what last month would have been under a draft, and a new version."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twohats.care.contact import rules as gate_rules
from twohats.service.actions import contact
from twohats.service.actions.last_month import Month, last_month
from twohats.service.doors import needs
from twohats.service.pages import wording
from twohats.service.pages.forms import PageForm
from twohats.service.pages.messages import reads
from twohats.service.pages.messages.strategy_words import WENT
from twohats.service.policy import Permission
from twohats.words.problems import Problem


class Draft(PageForm):
    """The numbers of the rules that a hospital changes, a name for the version, and why."""

    quiet_from = forms.IntegerField(label=gettext_lazy("No texts or calls from this hour on"), min_value=0,
                                    max_value=24)
    quiet_to = forms.IntegerField(label=gettext_lazy("... until this hour of the morning"), min_value=0, max_value=24)
    sms = forms.IntegerField(label=gettext_lazy("Texts a person may get in a year"), min_value=0)
    automated_call = forms.IntegerField(label=gettext_lazy("Automated calls a person may get in a year"), min_value=0)
    on_spent_budget = forms.ChoiceField(label=gettext_lazy("When that is spent"), choices=[
        ("warn", gettext_lazy("send, and tell our people")), ("hold", gettext_lazy("wait until it is not"))])
    version = forms.CharField(label=gettext_lazy("Name of the new version"), max_length=40, required=False)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500, required=False,
                             widget=forms.Textarea(attrs={"rows": 2}))


NUMBERS = ("quiet_from", "quiet_to", "sms", "automated_call", "on_spent_budget")


@needs(Permission.CHANGE_RULES)
def rules(request: HttpRequest) -> HttpResponse:
    """Shows and tries rules, or keeps as a new version those of which somebody saw what last month would have been."""
    book = contact.book_in_force()
    typed = request.POST or (request.GET if "quiet_from" in request.GET else None)
    form = Draft(typed, initial=_numbers(book))
    draft = _read(form, book) if typed and form.is_valid() else None
    now = contact.rules_in_force()
    months = [last_month(now), last_month(draft) if draft else None]
    seen = _seen(form, now, months[0]) if draft else ""
    if request.method == "POST" and draft and not (seen and constant_time_compare(seen, request.POST.get("seen", ""))):
        form.add_error(None, _("Nobody has seen yet what last month would have been under these numbers. "
                               "Look at it below, then keep them."))
    if request.method == "POST" and draft and not form.errors:
        try:
            contact.change_rules(book=_changed(book, form.cleaned_data),
                                 reason=form.cleaned_data["reason"], by=request.user, request_id=request.request_id)
        except Problem as problem:
            form.add_error(problem.where if problem.where in form.fields else None, _(problem.what))
        else:
            messages.success(request, _("The new rules hold from this moment."))
            return redirect("messages:rules")
    return render(request, "messages/rules.html", {
        "form": form, "rules": now, "tables": _tables(now, months),
        "seen": seen,
        "trail": [(_("Messages"), reverse("messages:ledger")), (_("Rules of the gate"), None)]},
        status=400 if request.method == "POST" else 200)


def _seen(form: Draft, now: gate_rules.Rules, month: Month | None) -> str:
    """Says that a page showed last month, of this release, under these numbers beside the version in force."""
    if month is None:
        return ""
    numbers = [str(form.cleaned_data[name]) for name in NUMBERS]
    return salted_hmac("messages.rules", "\n".join([now.version, month.release, *numbers])).hexdigest()


def _numbers(book: Mapping[str, Any]) -> dict[str, Any]:
    return {name: book[name] for name in ("quiet_from", "quiet_to", "on_spent_budget")} | dict(book["budget"])


def _changed(book: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """The book in force with the typed numbers in it."""
    return {**book, **{name: typed[name] for name in ("quiet_from", "quiet_to", "on_spent_budget")},
            "budget": {**book["budget"], "sms": typed["sms"], "automated_call": typed["automated_call"]},
            "version": typed["version"].strip()}


def _read(form: Draft, book: Mapping[str, Any]) -> gate_rules.Rules | None:
    try:
        return gate_rules.read(_changed(book, form.cleaned_data) | {"version": "draft"})
    except gate_rules.BadRules as problem:
        form.add_error("quiet_to", str(problem))
        return None


def _tables(now: gate_rules.Rules, months: list[Month | None]) -> list[dict[str, Any]]:
    """Last month under the rules in force, and under the draft where there is one: one row a class and end."""
    first = months[0]
    if first is None:
        return []
    columns = [{"name": _("Class of message")}, {"name": _("what becomes of it")},
               {"name": _("rules in force"), "is_number": True}]
    if months[1]:
        columns.append({"name": _("these rules"), "is_number": True})
    keys = sorted({key for month in months if month for key in month.by_class})
    rows = [[{"text": reads.kind(kind, now)}, {"text": _end(end, now)},
             *({"text": wording.whole(month.by_class[kind, end]), "is_number": True} for month in months if month)]
            for kind, end in keys]
    return [{"caption": _caption(first), "columns": columns, "rows": rows}]


def _caption(month: Month) -> str:
    return _("What the hospital itself sent from %(since)s to %(until)s. Messages: %(n)s. People: %(people)s.") % {
        "since": wording.plain_day(month.since), "until": wording.plain_day(month.until),
        "n": wording.whole(len(month.ended)), "people": wording.whole(month.people)}


def _end(end: str, rules: gate_rules.Rules) -> str:
    return str(WENT[end]) if end in WENT else _("never: %(why)s") % {"why": reads.reason(end, rules)}
