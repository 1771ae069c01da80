"""Units beside each other as the page shows them: a sentence, a funnel with its numbers, and the table of all."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service.pages import wording
from twohats.service.pages.charts import svg
from twohats.service.pages.charts.funnel import Curves, Point, Wording, funnel_picture
from twohats.service.pages.measures import periods, saying
from twohats.service.pages.measures.numbers import Numbers
from twohats.service.pages.measures.units import Beside, Rung, Units, WhyNot, units_beside
from twohats.store.charts.funnel import Funnel, FunnelPlot, Limits, Place, limits_at, overdispersed_limits_at
from twohats.words.measures import SPREAD, Measure

CURVE = 80
"""Points of a drawn limit."""
FEW_UNITS = 10
"""With fewer units their spread rests on too little to be sure of."""


def beside(numbers: Numbers, declared: Measure, unit: str, period: str,
           widths: Sequence[tuple[str, float]] = svg.ACROSS) -> dict[str, Any] | None:
    """The units below a unit: why no funnel or the funnel, and the table; None where nothing lies below."""
    keys = below(numbers, unit)
    if not keys:
        return None
    names = {key: numbers.cube.units[key].name for key in keys}
    units = units_beside(numbers, declared, keys, period)
    return {
        "why_not": _why_not(units),
        "says": _says(declared, units.funnel),
        "picture": _picture(declared, units, names, widths),
        "table": _table(numbers, declared, units, names),
    }


def below(numbers: Numbers, unit: str) -> list[str]:
    """The units below, of the first kind of which there are several."""
    found = [key for key in numbers.cube.children.get(unit, ()) if numbers.cube.is_used(key)]
    while len(found) == 1 and (
        deeper := [key for key in numbers.cube.children.get(found[0], ()) if numbers.cube.is_used(key)]
    ):
        found = deeper
    return found


def _why_not(units: Units) -> str:
    """In place of a funnel: why there is none."""
    if units.why_not is None:
        return ""
    return {
        WhyNot.KIND: _("A funnel is drawn of shares alone; of this measure the table tells what can be told."),
        WhyNot.ONE: _("Fewer than two units have a number that may be told: there is nothing to compare."),
        WhyNot.ALIKE: _("All units have the same number: there is nothing to compare."),
        WhyNot.CHANCE: _("The units differ no more than chance makes them differ: none is held against another."),
        WhyNot.FEW: _("Fewer than three units have 100 people and a reliability of 0.70: too few for a comparison."),
    }[units.why_not]


def _finding(plot: FunnelPlot, names: dict[str, str]) -> str:
    """The title: who lies outside the limits."""
    outside = [names[unit] for unit, place in zip(plot.units, plot.places, strict=True) if place is not Place.INSIDE]
    if not outside:
        return _("No unit lies outside the limits.")
    return ngettext(
        "%(n)s of %(of)s units lies outside the limits: %(names)s.",
        "%(n)s of %(of)s units lie outside the limits: %(names)s.", len(outside)) % {
            "n": len(outside), "of": len(plot.units), "names": ", ".join(sorted(outside))}


def _says(declared: Measure, plot: FunnelPlot | None) -> list[str]:
    """What the funnel rests on, sentence by sentence."""
    if plot is None:
        return []
    counted = {"share": saying.number(declared, plot.target), "people": wording.whole(float(plot.denominators.sum())),
               "phi": f"{plot.phi:.2f}", "tau2": f"{plot.tau2:.5f}"}
    together = _("The units in the picture together: %(share)s of %(people)s people; φ %(phi)s, τ² %(tau2)s.") % counted
    wider = _("The limits allow for how much these units differ beyond chance (over-dispersion).")
    plain = _("The limits are those of chance alone: the units do not differ by more.")
    told = [saying.better(declared), together, wider if plot.adjusted else plain]
    if len(plot.units) < FEW_UNITS:
        told.append(_("With fewer than ten units, how much they differ is uncertain itself."))
    return [*told, _("A unit outside is one to look at for the reason, not one to blame.")]


def _picture(declared: Measure, units: Units, names: dict[str, str],
             widths: Sequence[tuple[str, float]]) -> dict[str, Any] | None:
    plot = units.funnel
    if plot is None:
        return None
    title = _finding(plot, names)
    return {
        "id": f"{declared.key}-funnel",
        "title": title,
        "hat": declared.hat.value,
        "address": "",
        "drawings": [(name, _drawn(declared, plot, names, title, width)) for name, width in widths],
        "table": {
            "caption": _("%(measure)s, units with 100 people or more that can be told apart") % {
                "measure": declared.name.read_in(wording.language())},
            "columns": [{"name": _("Unit")}, *({"name": name, "is_number": True} for name in (
                _("Share"), _("People"), _("95 of 100 within"), _("998 of 1,000 within"))),
                {"name": _("Place"), "is_wide": True}],
            "rows": list(_numbers(declared, plot, names)),
        },
    }


def _numbers(declared: Measure, plot: FunnelPlot, names: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
    """A row per unit drawn, in the order of the names."""
    limits = plot.overdispersed if plot.adjusted else plot.limits
    for at in sorted(range(len(plot.units)), key=lambda at: names[plot.units[at]]):
        yield [
            {"text": names[plot.units[at]]},
            {"text": saying.number(declared, float(plot.ratios[at])), "is_number": True},
            {"text": wording.whole(float(plot.denominators[at])), "is_number": True},
            _between(declared, limits.lower_95[at], limits.upper_95[at]),
            _between(declared, limits.lower_998[at], limits.upper_998[at]),
            {"text": _place(plot.places[at])},
        ]


def _place(place: Place) -> str:
    return _("inside the limits") if place is Place.INSIDE else place.words.read_in(wording.language())


def _between(declared: Measure, low: float, high: float) -> dict[str, Any]:
    ends = {"low": saying.number(declared, float(low)), "high": saying.number(declared, float(high))}
    return {"text": _("%(low)s to %(high)s") % ends, "is_number": True}


def _drawn(declared: Measure, plot: FunnelPlot, names: dict[str, str], title: str, width: float) -> str:
    said = svg.Said(title, _(
        "A mark for each unit: further right the more people, higher the larger the share. The line in the middle is "
        "the share of all together; the shaded band holds 95 of 100 units, the outer lines 998 of 1,000, and both "
        "narrow as people become more. A larger mark with an edge lies outside. The numbers stand in the table."))
    points = [
        Point(names[unit], float(people), float(share), place is not Place.INSIDE)
        for unit, people, share, place in zip(plot.units, plot.denominators, plot.ratios, plot.places, strict=True)
    ]
    words = Wording(lambda share: saying.number(declared, share), wording.whole, _("people"), "95 %", "99.8 %")
    drawn = funnel_picture(f"{declared.key}-funnel-{int(width)}", declared.hat.value, points, plot.target,
                           curves_of(plot), width, said, words)
    return mark_safe(drawn)  # noqa: S308  built by our own strokes, every text escaped there


def curves_of(plot: FunnelPlot) -> Curves:
    """The limits in force from somewhat fewer people than any unit has to somewhat more."""
    people = np.geomspace(0.8 * plot.denominators.min(), 1.04 * plot.denominators.max(), CURVE)
    tau2 = plot.tau2 if plot.adjusted else 0.0
    at: Limits = (overdispersed_limits_at(Funnel.SHARES, people, plot.target, tau2) if tau2
                  else limits_at(Funnel.SHARES, people, plot.target))
    return Curves(*(line.tolist() for line in (people, at.lower_998, at.lower_95, at.upper_95, at.upper_998)))


def _table(numbers: Numbers, declared: Measure, units: Units, names: dict[str, str]) -> dict[str, Any]:
    reliable = [] if declared.kind in SPREAD else [{"name": _("Reliability"), "is_number": True}]
    return {
        "caption": _("%(measure)s, unit by unit, %(period)s") % {
            "measure": declared.name.read_in(wording.language()),
            "period": periods.name(units.period, numbers.as_of)},
        "columns": [
            {"name": _("Unit")},
            {"name": saying.head(declared), "is_number": True},
            {"name": _("Range"), "is_number": True},
            {"name": saying.behind(declared), "is_number": True},
            *reliable,
            {"name": _("How far it goes"), "is_wide": True},
        ],
        "rows": [
            [{"text": names[row.unit]}, *_cells(declared, row), *([_reliability(row)] if reliable else []),
             {"instead" if row.rung is Rung.HIDDEN else "text": how_far(declared, row, units)}]
            for row in units.rows
        ],
    }


def _cells(declared: Measure, row: Beside) -> list[dict[str, Any]]:
    if row.rung is not Rung.DRAWN_IN or row.score is None:
        return saying.cells(declared, row.told)
    low, value, high = (saying.within(declared, end) for end in (row.score.lower, row.score.shrunken, row.score.upper))
    return [{"text": saying.number(declared, value), "is_number": True}, _between(declared, low, high),
            saying.people(row.told)]


def _reliability(row: Beside) -> dict[str, Any]:
    if row.score is None:
        return {"instead": _("none")}
    return {"text": f"{row.score.reliability:.2f}", "is_number": True}


def how_far(declared: Measure, row: Beside, units: Units) -> str:
    """What may be read out of a unit's number."""
    place, of_clinicians = units.place(row.unit), saying.is_of_clinicians(declared)
    if place is not None:
        return _place(place)
    few = (_("few clinicians: drawn to the mean, not compared") if of_clinicians
           else _("few people: drawn to the mean, not compared"))
    careful = (_("few clinicians: read with caution, not compared") if of_clinicians
               else _("few answers: read with caution, not compared"))
    return {
        Rung.HIDDEN: _("nothing"),
        Rung.DRAWN_IN: few,
        Rung.CAREFUL: careful,
        Rung.UNSURE: _("not compared: reliability under 0.70"),
        Rung.COMPARED: _("can be told apart from others"),
    }[row.rung]
