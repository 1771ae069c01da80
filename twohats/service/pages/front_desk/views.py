"""Today's people for the front desk, and the card of one of them. No clinical word ever enters the answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from twohats.service import releases
from twohats.service.actions import audit
from twohats.service.actions.hats import hats_in_force, overrule_hat
from twohats.service.doors import may, needs, not_yours, scope_of
from twohats.service.pages.front_desk import cards
from twohats.service.policy import Permission
from twohats.words.hats import Hat

CHOICES = (Hat.PATIENT, Hat.CUSTOMER, Hat.MIXED)


@needs(Permission.SEE_CARD)
def today(request: HttpRequest) -> HttpResponse:
    """Who is here or expected today at the reader's desks."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    people = cards.people_of_today(reader, scope_of(request.user, Permission.SEE_CARD))
    context = {"people": people, "day": cards.today(reader), "trail": [(_("Front desk"), None)]}
    return render(request, "front_desk/today.html", context)


@needs(Permission.SEE_CARD)
def card(request: HttpRequest, key: int) -> HttpResponse:
    """One person's card: six lines to read in five seconds."""
    reader = releases.current()
    row = cards.row_of(reader, key, scope_of(request.user, Permission.SEE_CARD)) if reader else None
    if row is None:
        not_yours(request, "card", key)
    audit.noted(request, "looked at", "card", key)
    made = hats_in_force([row["interaction"]]).get(row["interaction"]) if row["interaction"] else None
    shown = cards.card_of(row, made.hat if made else None, cards.clock_of(reader, row["unit"]))
    others = [hat for hat in CHOICES if hat != shown.hat] if row["interaction"] else []
    context = {
        "card": shown, "choices": others if may(request.user, Permission.OVERRULE_HAT) else [], "person_key": key,
        "trail": [(_("Front desk"), "/desk/"), (shown.name, None)],
    }
    return render(request, "front_desk/card.html", context)


@needs(Permission.OVERRULE_HAT)
@require_POST
def overrule(request: HttpRequest, key: int) -> HttpResponse:
    """One press at the desk: it is rather the other hat."""
    reader = releases.current()
    row = cards.row_of(reader, key, scope_of(request.user, Permission.SEE_CARD)) if reader else None
    hat = request.POST.get("hat", "")
    if row is None or row["interaction"] is None or hat not in CHOICES:
        not_yours(request, "card", key)
    overrule_hat(interaction=row["interaction"], hat=Hat(hat), reason="Seen at the front desk.", release=reader.id,
                 by=request.user, request_id=getattr(request, "request_id", ""))
    messages.success(request, _("Thank you. The card now says so."))
    return redirect("front_desk:card", key=key)
