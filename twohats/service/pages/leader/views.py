"""The leader's overview: both experiences side by side, by unit and month."""

from collections import OrderedDict
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.doors import needs, scope_of
from twohats.service.pages import wording, words
from twohats.service.pages.leader import page
from twohats.service.pages.leader.cube import ALL_MONTHS, WHOLE, Cube, cube_of
from twohats.service.pages.measures.marks import goals_listed
from twohats.service.policy import Permission, Scope

KEPT = 256
_PAGES: OrderedDict[tuple[str, ...], dict[str, Any]] = OrderedDict()
"""What the pages of a release say, by unit, month and language: sums only, nothing of a person or a reader."""


@needs(Permission.SEE_OVERVIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """Both hats as equals, for the unit and month in the address; without them, for all that the reader may see."""
    chosen = _chosen(request)
    if chosen is None:
        return redirect("first_steps:steps")
    cube, scope, unit, month = chosen
    said = _said(cube, unit, month)
    context = said | {"trail": _trail(cube, unit), "choices": page.choices(cube, scope, unit, month),
                      "sees_whole": page.is_seen(cube, scope, WHOLE),
                      "goals": goals_listed(unit, words.as_day(releases.current().release["as_of"]))}
    return render(request, "leader/overview.html", context)


@needs(Permission.SEE_OVERVIEW)
def picture_alone(request: HttpRequest, name: str) -> HttpResponse:
    """One picture of the overview with its numbers, to send or to print by itself."""
    chosen = _chosen(request)
    if chosen is None:
        return redirect("first_steps:steps")
    cube, _scope, unit, month = chosen
    picture = next((one for one in _said(cube, unit, month)["pictures"].values() if one["id"] == name), None)
    if picture is None:
        raise Http404
    query = urlencode({"unit": unit, "month": month})
    context = {
        "picture": {**picture, "address": ""}, "period": page.period(cube, month), "place": page.place(cube, unit),
        "trail": [*_trail(cube, unit)[:-1], (page.place(cube, unit), f"/overview/?{query}"), (_("One picture"), None)],
    }
    return render(request, "leader/picture.html", context)


def _chosen(request: HttpRequest) -> tuple[Cube, Scope, str, str] | None:
    """The release's sums, what the reader may see of them, and the unit and month asked for; 404 outside."""
    reader = releases.current()
    if reader is None:
        return None
    cube, scope = cube_of(reader), scope_of(request.user, Permission.SEE_OVERVIEW)
    tops = page.tops(cube, scope)
    unit = request.GET.get("unit") or (tops[0] if tops else "")
    month = request.GET.get("month") or ALL_MONTHS
    if not page.is_seen(cube, scope, unit) or (month != ALL_MONTHS and month not in cube.months):
        raise Http404
    return cube, scope, unit, month


def _said(cube: Cube, unit: str, month: str) -> dict[str, Any]:
    reader = releases.current()
    key = (reader.id, unit, month, wording.language())
    if key not in _PAGES:
        _PAGES[key] = page.overview(reader, cube, unit, month)
        while len(_PAGES) > KEPT:
            _PAGES.popitem(last=False)
    return _PAGES[key]


def _trail(cube: Cube, unit: str) -> list[tuple[str, str | None]]:
    above = [key for key in reversed(cube.above(unit)) if key not in (unit, WHOLE)]
    trail: list[tuple[str, str | None]] = [(_("Both experiences"), "/overview/")]
    trail += [(cube.units[key].name, "/overview/?" + urlencode({"unit": key})) for key in above]
    place = page.place(cube, unit)
    return [*trail, (place[0].upper() + place[1:], None)]
