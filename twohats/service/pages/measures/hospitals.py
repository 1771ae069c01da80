"""The page of our hospitals among all those of the public HCAHPS file: the newest period of each."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from twohats.service import releases
from twohats.service.doors import needs, scope_of
from twohats.service.pages import wording
from twohats.service.pages.charts import svg
from twohats.service.pages.charts.svg import ACROSS
from twohats.service.pages.leader import page as overview
from twohats.service.pages.measures import among, cells, choosing
from twohats.service.pages.measures.leaving import Item, Page, Part
from twohats.service.pages.measures.numbers import Numbers, numbers_of
from twohats.service.policy import Permission
from twohats.words.facilities import ccn

NUMBERED = ("SELECT unit, name, facility_id FROM units WHERE facility_id <> '' AND merged_into IS NULL "
            "ORDER BY name, unit")


@needs(Permission.SEE_OVERVIEW)
def among_hospitals(request: HttpRequest) -> HttpResponse:
    """Our hospitals among all those of the public HCAHPS file: the newest period of each that the reader may see."""
    hospitals = _hospitals(request)
    if hospitals is None:
        return redirect("first_steps:steps")
    return render(
        request,
        "measures/among.html",
        {
            "hospitals": hospitals[1],
            "absent": hospitals[2],
            "files": choosing.files("among", {}),
            "trail": [
                (_("Both experiences"), "/overview/"),
                (_("Measures"), "/measures/"),
                (_("Among other hospitals"), None),
            ],
        },
    )


def leaves(request: HttpRequest) -> tuple[Numbers, Page] | None:
    """The page as it leaves; None where there is nothing to take."""
    hospitals = _hospitals(request)
    if hospitals is None:
        return None
    numbers, told, absent = hospitals
    return numbers, Page(
        "among", "*", _("Where do we stand among other hospitals?"), ", ".join(one["name"] for one in told), "",
        [_("HCAHPS as CMS published it: best answers of every hundred, beside all hospitals with at least 100 "
           "completed surveys."),
         _("These numbers are CMS's own, adjusted by CMS for who answers and how. Our own scores are not adjusted "
           "so: do not hold one against the other. There are no stars here: their cut points are CMS's alone.")],
        [Part(one["name"], [Item(picture=one["picture"])], [one["about"]]) for one in told],
        [said for said in (absent, _how_to_read()) if said])


def _how_to_read() -> str:
    return _("The diamond is our hospital, the box holds the middle half of all hospitals, its inner line the "
             "middle one, the long line the lowest to the highest. A place of 60 means: 60 of 100 other hospitals have "
             "a lower number (those alike count half).")


def _hospitals(request: HttpRequest) -> tuple[Numbers, list[dict[str, Any]], str] | None:
    """The release's measures, each hospital that the reader may see, and which are absent; None without a release."""
    reader = releases.current()
    if reader is None:
        return None
    numbers, scope = numbers_of(reader), scope_of(request.user, Permission.SEE_OVERVIEW)
    places: dict[str, list[among.Place]] = {}
    for place in among.places_of(reader):
        if overview.is_seen(numbers.cube, scope, place.unit):
            places.setdefault(place.unit, []).append(place)
    absent = [f"{row['name']} ({ccn(row['facility_id'])})" for row in reader.rows(NUMBERED, ())
              if row["unit"] not in places and overview.is_seen(numbers.cube, scope, row["unit"])]
    return numbers, [_hospital(numbers, unit, of_unit) for unit, of_unit in places.items()], _absent(absent)


def _absent(names: list[str]) -> str:
    """Which hospitals of ours stand nowhere, and what to look at; '' where none is absent."""
    if not names:
        return ""
    return _("Not among them: %(names)s. No row of a public file with at least 100 completed surveys and a result has "
             "the CMS number that the units file gives (zeros that a spreadsheet dropped at its beginning are put "
             "back). Look whether the number in the units file is right.") % {"names": ", ".join(names)}


def _hospital(numbers: Numbers, unit: str, places: list[among.Place]) -> dict[str, Any]:
    """One hospital of ours: its last period, as a picture with its table."""
    period = places[-1].period
    last = [place for place in places if place.period == period]
    upper = sum(place.percentile > 75 for place in last)
    lower = sum(place.percentile < 25 for place in last)
    title = _("Of %(n)s measures, %(upper)s are in the upper quarter of all hospitals and %(lower)s in the lower.") % {
        "n": len(last), "upper": upper, "lower": lower}
    said = svg.Said(title, _("A strip per measure, from 0 to 100. The numbers stand in the table."))
    own = among.names()
    heads = [{"name": name, "is_number": True, "key": key} for key, name in (
        ("ours", _("Ours")), ("middle_half", _("Middle half")), ("middle", _("Middle")), ("place", _("Place")))]
    return {
        "name": numbers.cube.units[unit].name,
        "about": _("%(period)s; %(completes)s completed surveys; %(hospitals)s hospitals.") % {
            "period": period, "completes": wording.whole(last[0].completes),
            "hospitals": wording.whole(max(place.hospitals for place in last))},
        "picture": {
            "id": f"among-{unit}",
            "title": title,
            "address": "",
            "drawings": [
                # Built by our own strokes, every text escaped there.
                (name, mark_safe(among.picture(f"among-{unit}-{name}", last, width, said)))  # noqa: S308
                for name, width in ACROSS
            ],
            "table": {
                "caption": _("Best answers of every hundred, and our place"),
                "key": unit,
                "columns": [{"name": _("Measure")}, *heads],
                "rows": [_row(own[place.measure], place) for place in last],
            },
        },
    }


def _row(name: str, place: among.Place) -> list[dict[str, Any]]:
    """One measure of one hospital."""
    half = _("%(low)s to %(high)s") % {"low": f"{place.lower_quarter:.0f} %", "high": f"{place.upper_quarter:.0f} %"}
    return [
        {"text": name, "key": place.measure},
        _percent(place.value),
        cells.between(half, place.lower_quarter / 100, place.upper_quarter / 100, cells.PERCENT),
        _percent(place.middle),
        cells.exact(f"{place.percentile:.0f}", place.percentile, cells.WHOLE),
    ]


def _percent(value: float) -> dict[str, Any]:
    return cells.exact(f"{value:.0f} %", value / 100, cells.PERCENT)
