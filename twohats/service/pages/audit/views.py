"""Who looked at what; opening what is hidden, with a reason; and somebody else's word on it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from twohats.service import doors, releases
from twohats.service.actions import break_glass as actions
from twohats.service.doors import needs, not_yours, scope_of
from twohats.service.pages.audit import reads
from twohats.service.pages.forms import PageForm
from twohats.service.policy import Permission
from twohats.service.records.models import BreakGlass
from twohats.words.problems import Problem


class Reason(PageForm):
    """Why it must be seen now."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you need to see it now?"), min_length=actions.SHORTEST, max_length=actions.LONGEST,
        help_text=gettext_lazy("15 characters or more, without names. An administrator reads it."),
        error_messages=dict.fromkeys(
            ("required", "min_length", "max_length"), gettext_lazy("A reason of 15 to 500 characters is needed.")),
        widget=forms.Textarea(attrs={"rows": 4}))


@needs(Permission.SEE_AUDIT)
def events(request: HttpRequest) -> HttpResponse:
    """The newest events, 50 a page; those of one thing or one person where asked."""
    asked = {name: request.GET.get(name, "").strip() for name in ("kind", "thing", "user", "before")}
    shown, more = reads.events(**asked)
    return render(request, "audit/events.html", {
        "events": shown, "asked": asked, "kinds": reads.kinds(), "before": shown[-1]["number"] if more else "",
        "to_review": BreakGlass.objects.filter(reviewed_at=None).count(), "seal": reads.last_seal(),
        "may_review": doors.may(request.user, Permission.REVIEW_BREAK_GLASS),
        "may_hide": doors.may(request.user, Permission.HIDE_KINDS),
        "may_remove_notes": doors.may(request.user, Permission.REMOVE_NOTES)})


@needs(Permission.BREAK_GLASS)
def open_glass(request: HttpRequest, kind: str, thing: str) -> HttpResponse:
    """Asks the reason, opens for an hour, and leads back to what was opened."""
    if not _may_be_opened(request, kind, thing):
        not_yours(request, kind if kind in (actions.PERSON, actions.LINES) else "glass", thing)
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.break_glass(kind=kind, thing=thing, reason=form.cleaned_data["reason"], by=request.user,
                                request_id=request.request_id)
        except Problem as problem:
            form.add_error("reason", _(problem.what))
        else:
            messages.success(request, _("Open to you for one hour. An administrator will review it."))
            return redirect("person:journey", key=int(thing)) if kind == actions.PERSON \
                else redirect("quality:landing", landing=thing)
    return render(request, "audit/open.html", {"form": form, "kind": kind, "back": _back(request, kind, thing)},
                  status=400 if form.errors else 200)


def _back(request: HttpRequest, kind: str, thing: str) -> str:
    """The page that stays as it is: the file, the journey for who sees it hidden, or the search for who does not."""
    if kind == actions.LINES:
        return reverse("quality:landing", kwargs={"landing": thing})
    if doors.may(request.user, Permission.SEE_JOURNEY, Permission.SEE_JOURNEY_MASKED):
        return reverse("person:journey", kwargs={"key": int(thing)})
    return reverse("person:find")


def _may_be_opened(request: HttpRequest, kind: str, thing: str) -> bool:
    """Persons of the reader's own units; lines of a landing for those who also look after the data."""
    if kind == actions.LINES:
        return doors.may(request.user, Permission.SEE_AUDIT) and (releases.home().landings / thing).is_dir() \
            and thing.isalnum()
    return kind == actions.PERSON and thing.isdigit() and reads.person_in(
        releases.current(), int(thing), scope_of(request.user, Permission.BREAK_GLASS))


@needs(Permission.REVIEW_BREAK_GLASS)
def openings(request: HttpRequest) -> HttpResponse:
    """Every opening, those that wait for a word first."""
    return render(request, "audit/openings.html", {"openings": reads.openings(request.user)})


@needs(Permission.REVIEW_BREAK_GLASS)
@require_POST
def review(request: HttpRequest, number: int) -> HttpResponse:
    """A word on one opening."""
    glass: Any = BreakGlass.objects.filter(pk=number).first()
    if glass is None:
        raise Http404
    try:
        actions.close_review(glass=glass, verdict=request.POST.get("verdict", ""), by=request.user,
                             request_id=request.request_id)
        messages.success(request, _("Reviewed. The opening is closed."))
    except Problem:
        messages.error(request, _("Not kept: it was reviewed already, or it is your own."))
    return redirect("audit:openings")
