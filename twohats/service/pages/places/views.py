"""Which zone each place counts as, where that was read from, and the hospital's own word on it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twohats.service import doors, releases
from twohats.service.actions import places as actions
from twohats.service.doors import needs, not_yours, scope_of
from twohats.service.pages.forms import PageForm
from twohats.service.policy import Permission, Scope

ZONES: dict[str, Promise] = {
    "discharge_lounge": gettext_lazy("discharge lounge"),
    "billing": gettext_lazy("billing"),
    "pharmacy": gettext_lazy("pharmacy"),
    "front_desk": gettext_lazy("front desk"),
    "triage": gettext_lazy("triage"),
    "waiting": gettext_lazy("waiting area"),
    "pickup": gettext_lazy("pick-up, parking"),
    "theatre": gettext_lazy("operating room"),
    "imaging": gettext_lazy("imaging"),
    "ward": gettext_lazy("ward, bed"),
    "treatment": gettext_lazy("treatment"),
}
A_PAGE = 50
FROM: dict[str, Promise] = {
    "hospital": gettext_lazy("said by the hospital"),
    "name": gettext_lazy("read from the name"),
    "unknown": gettext_lazy("not known"),
}


class Zone(PageForm):
    """The zone a place counts as."""

    zone = forms.ChoiceField(label=gettext_lazy("Counts as"),
                             choices=lambda: [(zone, ZONES.get(zone, zone)) for zone in actions.zones()])


@needs(Permission.SEE_PLACES)
def zones(request: HttpRequest) -> HttpResponse:
    """The places in the reader's units, 50 a page: those not understood first, then those used most."""
    reader = releases.current()
    if reader is None:
        return redirect("first_steps:steps")
    said = actions.zones_in_force()
    names = {row["unit"]: row["name"] for row in reader.rows("SELECT unit, name FROM units", ())}
    rows = [{**_shown(row, said), "where": names.get(row["unit"], "")}
            for row in places_in(reader, scope_of(request.user, Permission.SEE_PLACES))]
    unknown = [row for row in rows if not row["zone"]]
    asked = {"name": request.GET.get("name", "").strip(), "zone": request.GET.get("zone", "")}
    page = Paginator([row for row in rows if _fits(row, **asked)], A_PAGE).get_page(request.GET.get("page"))
    return render(request, "places/zones.html", {
        "rows": page.object_list, "page": page, "asked": asked, "any_place": bool(rows), "unknown": len(unknown),
        "waiting": sum(row["changed"] for row in rows), "choices": [("unknown", _("not known")), *ZONES.items()],
        "may_correct": doors.may(request.user, Permission.CORRECT_PLACE)})


def _fits(row: dict[str, Any], name: str, zone: str) -> bool:
    """Whether a place has this in its name or id, and counts as this kind; nothing asked fits all."""
    named = name.lower() in f"{row['name'] or ''} {row['place']}".lower()
    return named and zone in ("", row["key"] or "unknown")


def places_in(reader: Any, scope: Scope) -> list[Any]:
    """The places of a scope; those that no rule understood first, then by how much they are used."""
    condition, parameters = scope.clause("unit")
    return reader.rows(
        "SELECT place, name, zone, zone_from, unit, segments FROM places "
        f"WHERE {condition} ORDER BY (zone IS NULL) DESC, segments DESC, name, place", parameters)


def _shown(row: Any, said: dict[str, Any]) -> dict:
    corrected = said.get(row["place"])
    zone = corrected.zone if corrected else row["zone"]
    return {
        "place": row["place"], "name": row["name"], "segments": row["segments"], "key": zone,
        "zone": ZONES.get(zone, zone) if zone and zone != "unknown" else "",
        "from": FROM["hospital"] if corrected else FROM.get(row["zone_from"], row["zone_from"]),
        "changed": bool(corrected) and corrected.zone != row["zone"],
    }


@needs(Permission.SEE_PLACES)
def one_place(request: HttpRequest) -> HttpResponse:
    """One place, and the form to correct it for those who may."""
    name = request.GET.get("place", "")
    reader = releases.current()
    found = [row for row in places_in(reader, scope_of(request.user, Permission.SEE_PLACES))
             if row["place"] == name] if reader else []
    if not found:
        not_yours(request, "place", "")
    shown = _shown(found[0], actions.zones_in_force())
    may_correct = doors.may(request.user, Permission.CORRECT_PLACE)
    form = Zone(request.POST or None, initial={"zone": shown["key"]}) if may_correct else None
    if request.method == "POST":
        if found[0] not in places_in(reader, scope_of(request.user, Permission.CORRECT_PLACE)):
            not_yours(request, "place", name)
        if form and form.is_valid():
            actions.correct_zone(place=name, zone=form.cleaned_data["zone"], by=request.user,
                                 request_id=request.request_id)
            messages.success(request, _("Kept. The next release counts this place so."))
            return redirect("places:zones")
    return render(request, "places/place.html", {"place": shown, "form": form},
                  status=400 if form and form.errors else 200)
