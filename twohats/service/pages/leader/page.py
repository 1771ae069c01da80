"""What the overview says: the answer first, both hats side by side, what cannot be told, months, units, turns."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service.pages import gaps, ties, wording
from twohats.service.pages.leader import measures, pictures, sayings, sides
from twohats.service.pages.leader.cube import ALL_MONTHS, HATS, WHOLE, Cube, Sums
from twohats.service.pages.leader.heard import heard_in
from twohats.service.policy import Scope


def overview(reader: Any, cube: Cube, unit: str, month: str) -> dict[str, Any]:
    """Everything the template needs for one unit and month, but nothing of the reader."""
    whole = cube.of_all(unit, month)
    by_hat = {hat: cube.sums(unit, month, hat) for hat in HATS}
    everybody = whole.people if whole else None
    query = urlencode({"unit": unit, "month": month})
    is_top = unit == WHOLE or cube.units[unit].parent is None
    return {
        "place": place(cube, unit), "period": period(cube, month),
        "measures_address": "/measures/?" + urlencode({"unit": unit}),
        "is_empty": whole is not None and not whole.interactions,
        "lead": _lead(whole, by_hat, place(cube, unit), period(cube, month)),
        **{f"{hat}_side": sides.facts(hat, by_hat[hat], everybody, period(cube, month),
                                      _moved(reader, cube, unit, month, hat)) for hat in ("patient", "customer")},
        "told_apart": list(_told_apart(whole, by_hat)),
        "gaps": gaps.said(reader) if is_top else [],
        "sayings": sayings.sayings(heard_in(reader, cube), pictures.whole_months(reader, cube), unit, month,
                                   period(cube, month)),
        "ties": ties.said(reader) if is_top else [],
        "pictures": pictures.of(reader, cube, unit, month, query),
        "units_table": _units_table(cube, unit, month),
    }


def _moved(reader: Any, cube: Cube, unit: str, month: str, hat: str) -> dict[str, str]:
    months = pictures.whole_months(reader, cube)
    return {measure: measures.moved(measures.by_month(cube, months, unit, hat, measure), month)
            for measure in measures.MEASURES}


def place(cube: Cube, unit: str) -> str:
    """The name of a unit, or the whole organisation."""
    return _("the whole organisation") if unit == WHOLE else cube.units[unit].name


def period(cube: Cube, month: str) -> str:
    """The month, or from the first to the last."""
    if month != ALL_MONTHS:
        return wording.month(month)
    if not cube.months:
        return _("no month yet")
    return _("%(first)s to %(last)s") % {
        "first": wording.month(cube.months[0]), "last": wording.month(cube.months[-1])}


def is_seen(cube: Cube, scope: Scope, unit: str) -> bool:
    """Whether a reader may see the sums of this unit with all below it."""
    if unit == WHOLE:
        return scope.everything
    return unit in cube.units and unit in scope


def tops(cube: Cube, scope: Scope) -> list[str]:
    """The highest units a reader may see."""
    if scope.everything:
        return [WHOLE]
    return [key for key in cube.units if key in scope and not any(up in scope for up in cube.above(key)[1:-1])]


def choices(cube: Cube, scope: Scope, unit: str, month: str) -> dict[str, list[dict[str, Any]]]:
    """What the reader may choose: units of theirs in the order of the tree, and months, the newest first."""
    units = [{"key": WHOLE, "name": _("The whole organisation"), "chosen": unit == WHOLE}] if scope.everything else []
    for key, depth in _tree(cube, WHOLE, 0):
        if key in scope:
            units.append({"key": key, "name": "\u2003" * depth + cube.units[key].name, "chosen": key == unit})
    months = [{"key": ALL_MONTHS, "name": _("All months"), "chosen": month == ALL_MONTHS}]
    months += [{"key": key, "name": wording.month(key), "chosen": key == month} for key in reversed(cube.months)]
    return {"units": units, "months": months}


def _tree(cube: Cube, above: str, depth: int) -> Iterator[tuple[str, int]]:
    for key in cube.children.get(above, ()):
        if not cube.is_used(key):
            continue
        yield key, depth
        yield from _tree(cube, key, depth + 1)


def _lead(whole: Sums | None, by_hat: dict[str, Sums | None], where: str, when: str) -> str:
    patient, customer = by_hat["patient"], by_hat["customer"]
    said: dict[str, Any] = {"where": where, "when": when}
    if whole is not None and not whole.interactions:
        return _("Nothing is recorded here in this period (%(where)s, %(when)s).") % said
    if patient is None or customer is None:
        return _("Fewer than 11 people stand behind one side, so the two are not compared "
                 "(%(where)s, %(when)s).") % said
    if whole is None:
        said |= {"patient": wording.whole(patient.interactions), "customer": wording.whole(customer.interactions)}
        return _("People dealt with us %(patient)s times as patients and %(customer)s times as customers "
                 "(%(where)s, %(when)s).") % said
    said |= {"patient": wording.hundredths(patient.interactions, whole.interactions),
             "customer": wording.hundredths(customer.interactions, whole.interactions)}
    return _("Of every 100 dealings with us, people were patients in %(patient)s and customers in %(customer)s "
             "(%(where)s, %(when)s).") % said


def _told_apart(whole: Sums | None, by_hat: dict[str, Sums | None]) -> Iterator[dict[str, str]]:
    """Both at once, not known, away: counted and shown, never a wrong hat."""
    words = {
        "mixed": _("Care and a practical matter in the same moment. An honest answer, not a mistake."),
        "unknown": _("What was recorded does not tell. We do not guess."),
        "none": _("Nobody was being served, such as a patient on leave."),
    }
    for hat, says in words.items():
        sums = by_hat[hat]
        if sums is None:
            yield {"hat": hat, "share": "", "says": says, "instead": sides.too_few()}
        elif not sums.interactions:
            yield {"hat": hat, "share": "", "says": says, "instead": _("None in this period.")}
        elif whole is None or hat == "none":
            n = sums.interactions
            share = ngettext("%(n)s dealing", "%(n)s dealings", n) % {"n": wording.whole(n)}
            yield {"hat": hat, "share": share, "says": says, "instead": ""}
        else:
            n = sums.interactions
            share = ngettext("%(share)s of 100 (%(n)s dealing)", "%(share)s of 100 (%(n)s dealings)", n)
            yield {"hat": hat, "says": says, "instead": "", "share": share % {
                "share": wording.hundredths(n, whole.interactions), "n": wording.whole(n)}}


def _units_table(cube: Cube, unit: str, month: str) -> dict[str, Any] | None:
    """The units below, the same columns for each hat."""
    below = [key for key, depth in _tree(cube, unit, 0) if depth == 0]
    while len(below) == 1 and (deeper := [key for key, depth in _tree(cube, below[0], 0) if depth == 0]):
        below = deeper
    rows = [_unit_row(cube, key, month) for key in below]
    return {"rows": rows} if rows else None


def _unit_row(cube: Cube, key: str, month: str) -> dict[str, Any]:
    cells = []
    for hat in ("patient", "customer"):
        sums = cube.sums(key, month, hat)
        for measure, number in measures.MEASURES.items():
            value = number(sums) if sums is not None and sums.interactions else None
            cells.append({"instead": _instead(measure, sums)} if sums is None or value is None else
                         {"text": _written(measure, value, sums)})
    query = urlencode({"unit": key, "month": month})
    return {"name": cube.units[key].name, "address": f"/overview/?{query}", "cells": cells}


def _written(measure: str, value: float, sums: Sums) -> str:
    return wording.hundredths(sums.vulnerable, sums.interactions) if measure == "worried" else wording.whole(value)


def _instead(measure: str, sums: Sums | None) -> str:
    """What stands in place of a number in the table of units."""
    if sums is None:
        return _("not shown")
    if measure == "waiting" and not sums.waits:
        return _("no wait")
    if measure == "minutes" and sums.interactions and not sums.timed:
        return _("not known")
    return _("not shown") if sums.interactions else _("none")
