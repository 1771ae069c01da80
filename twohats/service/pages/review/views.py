"""The review pages: queues, one clause a screen, differences to settle, corrections as a file, how well all agree, and
drift.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.actions import audit, readings
from twohats.service.actions.hidden_kinds import hidden_kinds
from twohats.service.actions.readings import Label, Queue, Standing
from twohats.service.doors import may, needs, not_yours, scope_of
from twohats.service.pages.review import corrections as corrected
from twohats.service.pages.review import page, reads, strokes, tables
from twohats.service.pages.review import queues as lines
from twohats.service.pages.review.drift import ALL, drift_of
from twohats.service.pages.review.reads import Filters, Sight
from twohats.service.policy import Permission
from twohats.words.problems import Problem

READ, SEE, TAKE = Permission.READ_CLAUSES, Permission.SEE_READINGS, Permission.EXPORT_CORRECTIONS


@needs(READ, SEE)
def queues(request: HttpRequest) -> HttpResponse:
    """The three queues and how many clauses wait in each; how well all agree, for who may see that only."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    if not may(request.user, READ):
        return redirect("review:agreement")
    asked = _asked(request, reader)
    context = {
        "queues": page.queues(lines.waiting(asked), _query(asked.filters)), "trail": page.trail(),
        "filters": page.filters(reader, asked.sight.scope, asked.filters), "filtered": bool(asked.filters),
        "any_comment": reads.any_clause(reader, asked.sight), "differing": len(_differing(asked)),
        "may_take": may(request.user, TAKE),
    }
    return render(request, "review/queues.html", context)


@needs(READ)
def next_one(request: HttpRequest, name: str) -> HttpResponse:
    """Leads to the next clause of a queue; says so when it is finished."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    asked = _asked(request, reader)
    place = lines.next_of(name, asked)
    if place is None:
        return render(request, "review/finished.html", {
            "trail": page.trail(page.queue_word(name)), "queue": page.queue_word(name), "filtered": bool(asked.filters),
            "all_of_it": reverse("review:next", args=[name]), "any_comment": reads.any_clause(reader, asked.sight)})
    return redirect(_address(name, place.clause, asked.filters))


@needs(READ)
def clause(request: HttpRequest, name: str, key: int) -> HttpResponse:
    """One clause with the form; what is said is kept, and the next one comes. Opening it is a trace in the audit."""
    reader = releases.current()
    asked = _asked(request, reader) if reader else None
    row = reads.clause(reader, key, asked.sight) if asked else None
    if asked is None or row is None:
        not_yours(request, "clause", key)
    stands = readings.standing(key)
    mine = readings.own(stands.held, request.user) if stands else None
    if request.method == "POST":
        typed = _typed(request, name, row)
        problem = _kept(request, name, asked, row, typed)
        if problem is None:
            return redirect(f"{reverse('review:next', args=[name])}{_query(asked.filters)}")
    else:
        audit.noted(request, "looked at", "clause", key)
        typed, problem = strokes.chosen_of(readings.label_of(mine) if mine else None), None
    context = page.clause(reader, row, name, typed, problem, mine)
    before = readings.read_before(request.user, mine)
    context |= {
        "back": _address(name, before.clause, asked.filters) if before else "", "query": _query(asked.filters),
        "is_done": bool(stands and stands.is_finished and not mine),
    }
    return render(request, "review/clause.html", context, status=400 if problem else 200)


def _kept(request: HttpRequest, name: str, asked: lines.Asked, row: Mapping[str, Any],
          typed: dict[str, str]) -> page.Trouble | None:
    """Keeps what the form says; what is wrong with it otherwise."""
    missing, label = strokes.first_missing(typed), strokes.label_of(typed)
    if missing or label is None:
        return page.Trouble(_("One label is missing: choose it, and save again."), missing or "sentiment")
    place = lines.next_of(name, asked) if name == Queue.RANDOM else None
    drawn = place is not None and place.clause == row["clause"]
    try:
        readings.read_clause(
            told=reads.told_of(row, asked.reader.id), label=label, by=request.user, note=typed["note"],
            queue=place.queue if place and drawn else Queue(name), sampled=bool(place and drawn and place.sampled),
            request_id=request.request_id)
    except Problem as problem:
        return page.Trouble(_(problem.what), problem.where)
    if place and drawn:
        readings.count_as_sampled(place.passed)
    return None


def _typed(request: HttpRequest, name: str, row: Mapping[str, Any]) -> dict[str, str]:
    note = request.POST.get("note", "")
    if "as_model" in request.POST and name != Queue.RANDOM:
        return {**strokes.chosen_of(page.by_model(row)), "note": note}
    return {**{name: request.POST.get(name, "") for name in ("about_hat", "touchpoint", "sentiment", "speaker")},
            "note": note}


@needs(READ)
def differences(request: HttpRequest) -> HttpResponse:
    """Clauses on which two readers differ, and in what; their words are on the page of each."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    found = _differing(_asked(request, reader))
    return render(request, "review/differences.html", {
        "trail": page.trail(_("Where readers differ")), "rows": page.differences(reader, found)})


@needs(READ)
def settle(request: HttpRequest, key: int) -> HttpResponse:
    """Both labels side by side, and the form that says which holds."""
    reader = releases.current()
    asked = _asked(request, reader) if reader else None
    row = reads.clause(reader, key, asked.sight) if asked else None
    stands = readings.standing(key) if row else None
    if row is None or stands is None or not stands.waits_to_be_settled:
        not_yours(request, "clause", key)
    if request.method == "POST":
        label = strokes.label_of({name: request.POST.get(name, "") for name in (
            "about_hat", "touchpoint", "sentiment", "speaker")} | _whole(request, stands))
        if label is not None and _settled(request, reader, row, label):
            return redirect("review:differences")
        messages.error(request, _("One label is missing: choose it, and save again."))
    else:
        audit.noted(request, "looked at", "clause", key)
    return render(request, "review/settle.html", page.settling(reader, row, stands, request.user))


def _whole(request: HttpRequest, stands: Standing) -> dict[str, str]:
    """All labels of one of the two readers, where its button was pressed."""
    taken = {"first": stands.first, "second": stands.second}.get(request.POST.get("as_reader", ""))
    return strokes.chosen_of(readings.label_of(taken)) if taken else {}


def _settled(request: HttpRequest, reader: Any, row: Mapping[str, Any], label: Label) -> bool:
    try:
        readings.settle(told=reads.told_of(row, reader.id), label=label, by=request.user,
                        request_id=request.request_id)
    except Problem:
        return False
    messages.success(request, _("Settled. It holds in every release from the next one on."))
    return True


@needs(TAKE)
def corrections(request: HttpRequest) -> HttpResponseBase:
    """The corrections of the reader's units as a file; written down first."""
    reader = releases.current()
    if reader is None:
        raise Http404
    asked = replace(_asked(request, reader), filters=Filters(), sight=_sight(request, TAKE))
    told = corrected.corrections_for(asked)
    audit.noted(request, "took csv", "corrections", reader.id)
    made = corrected.as_csv(asked, told, scope_of(request.user, Permission.SEE_COMMENTS))
    response = StreamingHttpResponse(made, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="corrections-{reader.id}.csv"'
    return response


@needs(READ, SEE)
def agreement(request: HttpRequest) -> HttpResponse:
    """Kappa between first and second readers, and how often the model says what readers say of a random sample."""
    scope = scope_of(request.user, READ, SEE)
    twice = [one for one in readings.read_more_than_once().values() if one.first.unit in scope]
    sampled = [made for made in readings.sampled_readings() if made.unit in scope]
    return render(request, "review/agreement.html", {
        "trail": page.trail(_("How well readers agree")), **tables.agreement(twice, sampled)})


@needs(READ, SEE)
def drift(request: HttpRequest) -> HttpResponse:
    """By service and month how the labels move; the table knows no units, so only for the whole organisation."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    context: dict[str, Any] = {"trail": page.trail(_("How labels move")), "whole": False}
    if scope_of(request.user, READ, SEE).everything:
        told = drift_of(reader)
        service = request.GET.get("service", ALL)
        if service != ALL and service not in told.services:
            raise Http404
        context |= {"whole": True, **tables.drift(told, service)}
    return render(request, "review/drift.html", context)


def _asked(request: HttpRequest, reader: Any) -> lines.Asked:
    """What this reader may read and asks for; a filter that we do not know counts as none."""
    sight = _sight(request, READ)
    return lines.Asked(reader, request.user, sight, page.filters_of(reader, sight.scope, request.GET))


def _sight(request: HttpRequest, asked: Permission) -> Sight:
    return Sight(scope_of(request.user, asked), hidden_kinds(), may(request.user, Permission.SEE_SENSITIVE))


def _differing(asked: lines.Asked) -> list[Standing]:
    waiting = {clause: one for clause, one in readings.read_more_than_once().items() if one.waits_to_be_settled}
    return [waiting[clause] for clause in lines.allowed(asked, sorted(waiting))]


def _query(filters: Filters) -> str:
    asked = {name: value for name, value in (
        ("service", filters.service), ("month", filters.month), ("hat", filters.hat)) if value}
    return f"?{urlencode(asked)}" if asked else ""


def _address(name: str, key: int, filters: Filters) -> str:
    return reverse("review:clause", args=[name, key]) + _query(filters)
