"""The sample of visits and calls: how far it is, the next one, and what somebody says who looked."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.actions import audit, served
from twohats.service.actions.hidden_kinds import hidden_kinds
from twohats.service.actions.served import Side
from twohats.service.doors import needs, not_yours, scope_of
from twohats.service.pages import wording
from twohats.service.pages.person.reads import clocks
from twohats.service.pages.served import page, reads
from twohats.service.policy import Permission
from twohats.words.problems import Problem

LOOK = Permission.LOOK_AT_SERVED


@needs(LOOK)
def sample(request: HttpRequest) -> HttpResponse:
    """How many of the sample were looked at, how well people agree, and the way to the next one."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    sides, held = reads.drawn(reader, scope_of(request.user, LOOK), hidden_kinds()), served.every_held()
    told = page.progress(sides, held)
    return render(request, "served/sample.html", {
        "trail": page.trail(), **told, "agreement": page.kappa_sentence(told["kappa"]),
        "waits": page.next_for(sides, held, request.user) is not None})


@needs(LOOK)
def next_one(request: HttpRequest) -> HttpResponse:
    """Leads to the next side that this reader may look at, or back when there is none."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    sides = reads.drawn(reader, scope_of(request.user, LOOK), hidden_kinds())
    side = page.next_for(sides, served.every_held(), request.user)
    if side is None:
        messages.info(request, _("Nothing waits for you: thank you."))
        return redirect("served:sample")
    return redirect("served:one", thing=side.thing, side=side.side)


@needs(LOOK)
def one(request: HttpRequest, thing: int, side: str) -> HttpResponse:
    """One side: its course without the hats, and the form. Opening it is a trace in the audit."""
    reader = releases.current()
    told = reads.side_of(reader, thing, side, scope_of(request.user, LOOK), hidden_kinds()) if reader else None
    if reader is None or told is None:
        not_yours(request, "served", thing)
    held = served.held_of(thing, side)
    mine = next((one for one in held if one.by_id == request.user.pk), None)
    problem = None
    if request.method == "POST":
        problem = _said(request, told)
        if problem is None:
            return redirect("served:next")
    else:
        audit.noted(request, "looked at", "served", thing)
    whole = reads.whole(reader, thing)
    known = clocks(reader)
    began = wording.local(whole["happened_at"], known.units.get(whole["unit"] or "", known.home))
    context: dict[str, Any] = {
        "trail": page.trail(str(page.KINDS.get(whole["kind"], whole["kind"]))), "side": side,
        "kind": page.KINDS.get(whole["kind"], whole["kind"]), "unit": known.names.get(whole["unit"] or "", ""),
        "began": began, "person": whole["person"], "table": page.course_table(reads.course(reader, whole)),
        "answers": page.answers(side, mine), "mine": mine, "problem": problem,
        "is_done": mine is None and not served.waits_for_another(held),
    }
    return render(request, "served/one.html", context, status=400 if problem else 200)


def _said(request: HttpRequest, told: Side) -> str | None:
    """Keeps what was chosen; what is wrong with it otherwise."""
    label = page.label(request.POST.get("answer", ""))
    if label is None:
        return _("Choose one of the five, and save again.")
    try:
        served.look(side=told, label=label, by=request.user, request_id=request.request_id)
    except Problem as problem:
        return _(problem.what)
    return None
