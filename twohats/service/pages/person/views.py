"""Find a person by their exact id, and one person's journey with both sides on one page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from twohats.service import hiding, releases
from twohats.service.actions import audit, break_glass
from twohats.service.actions.hats import hats_in_force, overrule_hat
from twohats.service.actions.hidden_kinds import hidden_kinds
from twohats.service.doors import may, needs, not_yours, scope_of
from twohats.service.pages.person import page, reads
from twohats.service.pages.person.voices import Reading
from twohats.service.policy import Permission, Scope
from twohats.words.hats import Hat

NAMED, MASKED, GLASS = Permission.SEE_JOURNEY, Permission.SEE_JOURNEY_MASKED, Permission.BREAK_GLASS
CHOICES = (Hat.PATIENT, Hat.CUSTOMER, Hat.MIXED)


@needs(NAMED, MASKED, GLASS)
def find(request: HttpRequest) -> HttpResponse:
    """A person by the exact id of their record, sent in the body so that it never stands in an address."""
    if releases.current() is None:
        return redirect("first_steps:steps")
    typed = request.POST.get("id", "").strip()
    may_name = may(request.user, NAMED, GLASS)
    if request.method == "POST" and typed and may_name:
        found = reads.keys_of(releases.current(), typed, _findable(request))
        if len(found) == 1:
            if not sight_of(request, found[0]).scope:  # an administrator gives a reason before seeing anything
                return redirect("audit:open", kind=break_glass.PERSON, thing=str(found[0]))
            return redirect("person:journey", key=found[0])
        audit.noted(request, "searched in vain", "person")
    context = {
        "trail": [(_("People"), None)], "typed": typed, "may_name": may_name,
        "finds_again": may(request.user, Permission.FIND_AGAIN),
        "not_found": bool(typed) and request.method == "POST",
        "may_look": may(request.user, Permission.LOOK_AT_SERVED),
        "some": page.a_few(releases.current(), scope_of(request.user, NAMED, MASKED)),
    }
    return render(request, "person/find.html", context)


@needs(NAMED, MASKED, GLASS)
def journey(request: HttpRequest, key: int) -> HttpResponse:
    """One person's journey. Looking at it is a trace in the audit."""
    reader = releases.current()
    sight = sight_of(request, key)
    person = reads.person(reader, key, sight.scope) if reader and sight.scope else None
    if person is None:
        not_yours(request, "journey", key)
    audit.noted(request, "looked at", "journey", key)
    known = hidden_kinds()
    rows = [hiding.labelled(row, known) for row in reads.moments(reader, key)]
    spoken = page.Spoken(reads.voices(reader, key), reads.clauses(reader, key),
                         hiding.hidden_voices(reader, known, key))
    said = {number: made.hat for number, made in hats_in_force([row["interaction"] for row in rows]).items()}
    context = page.journey(reader, person, rows, said, spoken, sight, request.GET.get("upto", ""))
    writes = reads.person(reader, key, scope_of(request.user, Permission.WRITE_TO_PEOPLE)) is not None
    context |= {"glass_address": _glass(request, key, sight), "choices": CHOICES, "writes": writes, "key": key,
                "asks": may(request.user, Permission.ASK_PEOPLE)}
    return render(request, "person/journey.html", context)


def sight_of(request: HttpRequest, key: int) -> page.Sight:
    """What this reader may see of a person: in which units, with a name or without, with sensitive kinds or without."""
    named = scope_of(request.user, NAMED)
    opened = may(request.user, GLASS) and break_glass.is_open(kind=break_glass.PERSON, thing=key, to=request.user)
    overrule, reading = may(request.user, Permission.OVERRULE_HAT), _reading(request, key)
    if opened:
        return page.Sight(Scope(everything=True), True, True, overrule, reading)
    if named:
        return page.Sight(named, True, may(request.user, Permission.SEE_SENSITIVE), overrule, reading)
    masked = Reading.MASKED if reading is Reading.WHOLE else reading
    return page.Sight(scope_of(request.user, MASKED), False, False, False, masked)


def _reading(request: HttpRequest, key: int) -> Reading:
    """How much this reader may read of what a person wrote, by the units in which they may read comments."""
    reader = releases.current()
    for reading, permission in ((Reading.WHOLE, Permission.SEE_COMMENTS),
                                (Reading.MASKED, Permission.SEE_COMMENTS_MASKED)):
        scope = scope_of(request.user, permission)
        if reader and scope and reads.person(reader, key, scope):
            return reading
    return Reading.LABELS


def _findable(request: HttpRequest) -> Scope:
    """Whom a reader may find by id: people of the units in which they may see names or open what is hidden."""
    return scope_of(request.user, NAMED, GLASS)


def _glass(request: HttpRequest, key: int, sight: page.Sight) -> str:
    if sight.sensitive or not may(request.user, GLASS):
        return ""
    try:
        return reverse("audit:open", kwargs={"kind": "person", "thing": str(key)})
    except NoReverseMatch:
        return ""


@needs(Permission.OVERRULE_HAT)
@require_POST
def overrule(request: HttpRequest, key: int) -> HttpResponse:
    """One press: somebody who was there says which hat it was."""
    reader = releases.current()
    sight = sight_of(request, key)
    person = reads.person(reader, key, sight.scope) if reader and sight.scope and sight.overrule else None
    rows = hiding.with_the_hospitals_list(reads.moments(reader, key)) if person else []
    row = _moment(rows, request.POST.get("interaction", ""))
    hat = request.POST.get("hat", "")
    if row is None or hat not in CHOICES or (row["sensitive"] and not sight.sensitive):
        not_yours(request, "interaction", request.POST.get("interaction", "")[:20])
    overrule_hat(interaction=row["interaction"], hat=Hat(hat), reason="Said on the journey page.",
                 release=reader.id, by=request.user, request_id=getattr(request, "request_id", ""))
    messages.success(request, _("Thank you. It is shown so at once, and in every release from the next one on."))
    upto, number = request.POST.get("upto", ""), request.POST.get("number", "")
    query = f"?upto={upto}" if upto.isdigit() else ""
    anchor = f"#m{number}" if number.isdigit() else ""
    return redirect(reverse("person:journey", kwargs={"key": key}) + query + anchor)


def _moment(rows: Sequence[Mapping[str, Any]], interaction: str) -> Mapping[str, Any] | None:
    return next((row for row in rows if str(row["interaction"]) == interaction), None)
