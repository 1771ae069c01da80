"""Today's people for the front desk, and the card of one of them. No clinical word ever enters the answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from twohats.service import releases
from twohats.service.actions import alerts, audit, live_events
from twohats.service.actions.hats import hats_in_force, overrule_hat
from twohats.service.doors import may, needs, not_yours, scope_of
from twohats.service.pages.front_desk import cards, happened
from twohats.service.pages.front_desk.live import Now, now_of
from twohats.service.policy import Permission, Scope
from twohats.words.hats import Hat

CHOICES = (Hat.PATIENT, Hat.CUSTOMER, Hat.MIXED)


@dataclass(frozen=True)
class Seen:
    """One person of the reader's desks as of now."""

    reader: Any
    row: dict[str, Any]
    now: Now
    at: datetime

    @property
    def unit(self) -> str:
        """The unit whose desk it is; empty where nobody told."""
        return self.row["unit"] or ""


@needs(Permission.SEE_CARD)
def today(request: HttpRequest) -> HttpResponse:
    """Who is here or expected today at the reader's desks."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    people = cards.people_of_today(reader, scope_of(request.user, Permission.SEE_CARD), timezone.now())
    context = {"people": people, "day": cards.today(reader), "trail": [(_("Front desk"), None)],
               "units": _units(reader, scope_of(request.user, Permission.WORK_AT_DESK))}
    return render(request, "front_desk/today.html", context)


def _units(reader: Any, scope: Scope) -> list[dict[str, str]]:
    rows = reader.rows("SELECT unit, name FROM units WHERE merged_into IS NULL ORDER BY path")
    return [{"unit": row["unit"], "name": row["name"]} for row in rows if row["unit"] in scope]


@needs(Permission.SEE_CARD)
def card(request: HttpRequest, key: int) -> HttpResponse:
    """One person's card: six lines to read in five seconds."""
    seen = _seen(request, key)
    audit.noted(request, "looked at", "card", key)
    context = _context(request, key, seen)
    return render(request, "front_desk/card.html", context | {
        "trail": [(_("Front desk"), reverse("front_desk:today")), (context["card"].name, None)]})


@needs(Permission.SEE_CARD)
def card_now(request: HttpRequest, key: int) -> HttpResponse:
    """The card's part that changes, where it has changed since `seen`; asked for by the page itself."""
    seen = _seen(request, key)
    if request.GET.get("seen") == _mark(key, seen):
        return HttpResponse(status=204)
    audit.noted(request, "looked at", "card", key)
    return render(request, "front_desk/card_now.html", _context(request, key, seen))


card_now.asked_by_the_page = True  # type: ignore[attr-defined]


def _seen(request: HttpRequest, key: int) -> Seen:
    reader, at = releases.current(), timezone.now()
    scope = scope_of(request.user, Permission.SEE_CARD)
    now = now_of(key, scope, at) if key < 2**63 else Now()
    row = cards.row_of(reader, key, scope, now) if reader and key < 2**63 else None
    if row is None:
        not_yours(request, "card", key)
    return Seen(reader, row, now, at)


def _context(request: HttpRequest, key: int, seen: Seen) -> dict[str, Any]:
    interaction = seen.row["interaction"]
    made = hats_in_force([interaction]).get(interaction) if interaction else None
    shown = cards.card_of(seen.row, made.hat if made else None, cards.clock_of(seen.reader, seen.row["unit"]), seen.now)
    others = [hat for hat in CHOICES if hat != shown.hat] if interaction else []
    return {"card": shown, "person_key": key, "mark": _mark(key, seen), "interaction": interaction,
            "choices": others if may(request.user, Permission.OVERRULE_HAT) else [],
            "works": seen.unit in scope_of(request.user, Permission.WORK_AT_DESK), "call": _call(key)}


def _call(key: int) -> dict[str, str] | None:
    """The nurse who was asked for: who is on it."""
    call = alerts.nurse_call_of(key)
    if call is None:
        return None
    return {"on_it": call.acknowledged_by.display_name if call.acknowledged_by else ""}


def _mark(key: int, seen: Seen) -> str:
    """Changes whenever the card does."""
    interaction, newest, call = seen.row["interaction"], seen.now.newest, alerts.nurse_call_of(key)
    made = hats_in_force([interaction]).get(interaction) if interaction else None
    return "-".join(str(part) for part in (
        seen.reader.id, newest.pk if newest else 0, len(seen.now.events), made.pk if made else 0,
        f"{call.pk}.{call.acknowledged_by_id or 0}" if call else 0))


@needs(Permission.OVERRULE_HAT)
@require_POST
def overrule(request: HttpRequest, key: int) -> HttpResponse:
    """One press at the desk: it is rather the other hat, in the moment that the card showed."""
    seen, hat = _seen(request, key), request.POST.get("hat", "")
    known = {str(one) for one in (seen.row["interaction"], *(event.interaction for event in seen.now.events)) if one}
    pressed = request.POST.get("interaction") or str(seen.row["interaction"] or "")
    if pressed not in known or hat not in CHOICES:
        not_yours(request, "card", key)
    overrule_hat(interaction=int(pressed), hat=Hat(hat), reason="Seen at the front desk.", release=seen.reader.id,
                 by=request.user, request_id=getattr(request, "request_id", ""))
    messages.success(request, _("Thank you. The card now says so."))
    return redirect("front_desk:card", key=key)


@needs(Permission.WORK_AT_DESK)
@require_POST
def nurse(request: HttpRequest, key: int) -> HttpResponse:
    """One press: a nurse, now; whatever the hat, and also where there is none yet."""
    seen = _worked_on(request, key)
    alerts.call_nurse(person=key, unit=seen.unit, by=request.user, request_id=request.request_id)
    messages.success(request, _("A nurse is asked for. Stay with the person; the card says who comes."))
    return redirect("front_desk:card", key=key)


@needs(Permission.WORK_AT_DESK)
def nurse_for_somebody(request: HttpRequest) -> HttpResponse:
    """One press for somebody at the desk whom no list holds; who works at several desks says at which."""
    unit, reader = request.POST.get("unit", ""), releases.current()
    if request.method == "GET" and reader:
        return render(request, "front_desk/nurse.html", {
            "units": _units(reader, scope_of(request.user, Permission.WORK_AT_DESK)),
            "trail": [(_("Front desk"), reverse("front_desk:today")), (_("Nurse now"), None)]})
    if not unit or unit not in scope_of(request.user, Permission.WORK_AT_DESK):
        not_yours(request, "desk", "nurse")
    alerts.call_nurse(person=None, unit=unit, by=request.user, request_id=request.request_id)
    messages.success(request, _("A nurse is asked for. Stay with the person."))
    return redirect("front_desk:today")


@needs(Permission.WORK_AT_DESK)
def log(request: HttpRequest, key: int) -> HttpResponse:
    """Says what happened at the desk; filled in beforehand with what the feed told."""
    seen = _worked_on(request, key)
    money = seen.now.may_speak_of_money(seen.unit)
    form = happened.Happened(request.POST or None, initial=happened.filled_in(seen.now), money=money)
    if request.method == "POST" and form.is_valid():
        event = happened.event_of(form.cleaned_data, seen.now, seen.unit, seen.at)
        live_events.log(event=event, person=key, by=request.user, now=seen.at, request_id=request.request_id)
        messages.success(request, _("Kept. The card goes by it from now on."))
        return redirect("front_desk:card", key=key)
    name = seen.row["given"] or _("No name recorded")
    return render(request, "front_desk/log.html", {
        "form": form, "person_key": key, "name": name, "from_feed": seen.now.newest is not None,
        "trail": [(_("Front desk"), reverse("front_desk:today")), (name, reverse("front_desk:card", args=[key])),
                  (_("What happened"), None)]}, status=400 if form.errors else 200)


def _worked_on(request: HttpRequest, key: int) -> Seen:
    seen = _seen(request, key)
    if seen.unit not in scope_of(request.user, Permission.WORK_AT_DESK):
        not_yours(request, "card", key)
    return seen
