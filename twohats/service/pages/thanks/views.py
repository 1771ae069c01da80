"""Passing praise on, what one was thanked for, and the sheet of what was passed on."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.actions import praise
from twohats.service.actions.praise import Praise
from twohats.service.doors import for_anyone_logged_in, may, needs, not_yours, scope_of
from twohats.service.pages.comments import page, reads
from twohats.service.pages.comments.sight import sights_of
from twohats.service.pages.thanks.receivers import STAFF, UNIT, Receiver, receivers
from twohats.service.policy import Permission
from twohats.service.records.models import PraisePassedOn, User
from twohats.words.problems import Problem

HIGHEST_KEY = 2**63 - 1
LONGEST_NAME = 100
MOST_SHOWN = 200


@for_anyone_logged_in("Everybody may read what people thanked them for, and nobody else's thanks.")
def mine(request: HttpRequest) -> HttpResponse:
    """What people thanked the reader for, the newest first; who only passes praise on is led to what was passed."""
    staff, may_pass_on = request.user.staff, may(request.user, Permission.PASS_ON_PRAISE)
    if may_pass_on and not staff:
        return redirect("thanks:passed_on")
    made = _newest(PraisePassedOn.objects.filter(to_staff=staff)) if staff else []
    return render(request, "thanks/mine.html", {
        "thanks": _shown(made), "is_staff": bool(staff), "may_pass_on": may_pass_on})


@needs(Permission.PASS_ON_PRAISE)
def passed_on(request: HttpRequest) -> HttpResponse:
    """What was passed on to units of the reader, to be printed; and what the reader passed on to a colleague."""
    scope = scope_of(request.user, Permission.PASS_ON_PRAISE)
    to_units = Q() if scope.everything else Q(to_unit__in=scope.units)
    by_unit: dict[str, list[dict[str, Any]]] = {}
    for one in _shown(_newest(PraisePassedOn.objects.filter(to_units).exclude(to_unit=""))):
        by_unit.setdefault(one["to_unit"], []).append(one)
    of_reader = _newest(PraisePassedOn.objects.filter(by=request.user).exclude(to_staff=""))
    called = dict(User.objects.filter(staff__in={made.to_staff for made in of_reader})
                  .values_list("staff", "display_name"))
    names = _unit_names()
    return render(request, "thanks/passed_on.html", {
        "units": [{"name": page.place(unit, names), "thanks": thanks} for unit, thanks in by_unit.items()],
        "to_colleagues": [one | {"to": called.get(one["to_staff"], one["to_staff"])} for one in _shown(of_reader)],
        "trail": [(_("Thanks"), "/thanks/"), (_("Passed on"), None)]})


@needs(Permission.PASS_ON_PRAISE)
def pass_on(request: HttpRequest, clause: int) -> HttpResponse:
    """One clause of praise: to whom it may go, and the press that sends it."""
    reader = releases.current()
    found = _praise(request, reader, clause)
    names = page.unit_names(reader)
    typed = (request.POST.get("find") or request.GET.get("find", "")).strip()[:LONGEST_NAME]
    offered = receivers(reader, found, typed, names)
    problem = ""
    if request.method == "POST":
        problem = _passed(request, found, offered)
        if not problem:
            messages.success(request, _("Passed on. Thank you."))
            return redirect("thanks:passed_on")
    return render(request, "thanks/pass_on.html", {
        "clause": clause, "words": found["masked"].strip(), "hat": page.mark(found["hat"]),
        "hat_name": page.hat_name(found["likely"]), "where": page.place(found["unit"], names),
        "when": page.period(found["month"], found["month"]), "offered": offered, "typed": typed, "problem": problem,
        "found_nobody": bool(typed) and not any(one.kind == STAFF for one in offered),
        "trail": [(_("What people say"), "/comments/"), (_("Pass it on"), None)],
    }, status=400 if problem else 200)


def _praise(request: HttpRequest, reader: Any, clause: int) -> Mapping[str, Any]:
    """The clause, if it is praise, lies where the reader may pass praise on, and they may read it."""
    if reader is None or clause > HIGHEST_KEY or not reads.is_searchable(reader):
        not_yours(request, "clause", clause)
    seen = [reads.clause_of_praise(reader, clause, sight) for sight in sights_of(request.user) if sight.every]
    passing = scope_of(request.user, Permission.PASS_ON_PRAISE)
    found = next((row for row in seen if row is not None and row["unit"] in passing), None)
    if found is None:
        not_yours(request, "clause", clause)
    return found


def _passed(request: HttpRequest, found: Mapping[str, Any], offered: list[Receiver]) -> str:
    """Passes it on to whom the form names; returns what is wrong, empty when nothing is."""
    to = next((one for one in offered if one.key == request.POST.get("to")), None)
    if to is None:
        return _("Choose whom it is about.")
    said = Praise(clause=found["clause"], words=found["masked"], hat=found["likely"], sentiment=found["sentiment"],
                  unit=found["unit"] or "", month=found["month"], release=releases.current().id)
    try:
        praise.pass_on(praise=said, by=request.user, to_staff=to.reference if to.kind == STAFF else "",
                       to_unit=to.reference if to.kind == UNIT else "", request_id=request.request_id)
    except Problem as problem:
        return _(problem.what)
    return ""


def _newest(made: Any) -> list[PraisePassedOn]:
    return list(made.order_by("-made_at", "-pk")[:MOST_SHOWN])


def _shown(made: Iterable[PraisePassedOn]) -> list[dict[str, Any]]:
    names = _unit_names()
    return [{"words": one.words, "hat": page.mark(one.hat), "hat_name": page.hat_name(one.hat), "to_unit": one.to_unit,
             "to_staff": one.to_staff, "where": page.place(one.unit, names), "when": page.period(one.month, one.month)}
            for one in made]


def _unit_names() -> dict[str, str]:
    reader = releases.current()
    return page.unit_names(reader) if reader else {}
