"""Since last Monday: the week in four numbers for each hat, and the list of moments whose hat was overruled."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from twohats.service import hiding, releases
from twohats.service.actions import audit
from twohats.service.actions.hidden_kinds import hidden_kinds
from twohats.service.doors import may, needs, scope_of
from twohats.service.pages import wording
from twohats.service.pages.alerts.reads import unit_names
from twohats.service.pages.lost_track import reads as lost
from twohats.service.pages.since_monday import page, reads
from twohats.service.policy import Permission

OVERVIEW, NAMED = Permission.SEE_OVERVIEW, Permission.SEE_JOURNEY
ALERTS = (Permission.SEE_ALERTS, Permission.ANSWER_ALERT)
CASES = (Permission.SEE_CASES, Permission.OWN_CASES)


@needs(OVERVIEW)
def week(request: HttpRequest) -> HttpResponse:
    """The same numbers for both hats; each that the reader may see the list of leads to it."""
    reader, now = releases.current(), timezone.now()
    if reader is None:
        return redirect("first_steps:steps")
    zone = releases.clock_on_the_wall("")
    since = reads.last_monday(now, zone)
    lead, facts = _said(request.user, reader, since, now)
    return render(request, "since_monday/week.html", {
        "lead": lead, "day": wording.day(since.astimezone(zone)), "zone": str(zone).replace("_", " "),
        "patient": [fact["patient"] for fact in facts], "customer": [fact["customer"] for fact in facts],
        "beside": page.beside(*facts), "trail": [(_("Since last Monday"), None)]})


def _said(user: Any, reader: Any, since: datetime, now: datetime) -> tuple[str, list[dict[str, page.Fact]]]:
    facts, urgent, late = [], None, None
    if scope := scope_of(user, *ALERTS):
        urgent = reads.urgent(reader, scope, since, now)
        facts.append(page.urgent_facts(urgent, reads_words=may(user, Permission.ANSWER_ALERT)))
    if scope := scope_of(user, *CASES):
        late = reads.late_cases(scope, since, now)
        facts.append(page.late_facts(late))
    if reader.holds("hand_offs"):
        known = lost.known_until(reader) > since
        facts.append(page.lost_facts(lost.Listed(reader, lost.sight_of(user)).lost_since(since) if known else None))
    named = scope_of(user, NAMED)
    found = reads.overruled(reader, named or scope_of(user, OVERVIEW), since, now)
    facts.append(page.overruled_facts(reads.overruled_by_hat(found, named=bool(named)), named=bool(named)))
    return page.lead(urgent, late), facts


@needs(NAMED)
def overrules(request: HttpRequest) -> HttpResponse:
    """Moments whose hat was overruled since last Monday, in the reader's units, by name."""
    reader, now = releases.current(), timezone.now()
    if reader is None:
        return redirect("first_steps:steps")
    zone = releases.clock_on_the_wall("")
    since = reads.last_monday(now, zone)
    audit.noted(request, "looked at", "list", "overrules")
    found, known = reads.overruled(reader, scope_of(request.user, NAMED), since, now), hidden_kinds()
    if not may(request.user, Permission.SEE_SENSITIVE):
        found = [one for one in found if not hiding.labelled(vars(one), known)["sensitive"]]
    names = lost.names_of(reader, {one.person for one in found if one.person is not None})
    return render(request, "since_monday/overrules.html", {
        "lines": list(page.listed(found, unit_names(), names)), "day": wording.day(since.astimezone(zone)),
        "labelled": may(request.user, Permission.SEE_SENSITIVE),
        "trail": [(_("Since last Monday"), reverse("since_monday:week")), (_("Hats overruled"), None)]})
