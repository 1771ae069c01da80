"""The overview's pictures: how each hat moves by month, and where journeys turn from one hat to the other."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from twohats.service.pages import wording
from twohats.service.pages.charts import svg
from twohats.service.pages.charts.bars import Bar, bars
from twohats.service.pages.charts.trend import Trend, trend_of, trend_picture
from twohats.service.pages.leader import turns
from twohats.service.pages.leader.cube import Cube, Sums
from twohats.service.pages.leader.measures import MEASURES, by_month, finding

WIDTHS = (("roomy", 480.0), ("tight", 288.0))
DRAWN = ("dealings", "minutes", "waiting")
"""The measures drawn by month; all of them say in words whether they moved."""


def of(reader: Any, cube: Cube, unit: str, month: str, query: str) -> dict[str, dict[str, Any]]:
    """Every picture by its id: for each measure and each direction of turns the patient's and the customer's."""
    found = {}
    for measure in DRAWN:
        for hat in ("patient", "customer"):
            found[f"{measure}_{hat}"] = _trend(reader, cube, unit, measure, hat)
    for to_hat in ("patient", "customer"):
        found[f"turns_{to_hat}"] = _turns(reader, cube, unit, month, to_hat)
    for picture in found.values():
        picture["address"] = f"/overview/picture/{picture['id']}?{query}"
    return found


def _trend(reader: Any, cube: Cube, unit: str, measure: str, hat: str) -> dict[str, Any]:
    months = whole_months(reader, cube)
    values = by_month(cube, months, unit, hat, measure)
    title = _finding(measure, hat, [key for key, _value in values], trend_of([value for _key, value in values]))
    return {
        "id": f"{measure}-{hat}", "title": title, "hat": hat,
        "drawings": [(name, _drawn(f"{measure}-{hat}-{name}", hat, values, title, width)) for name, width in WIDTHS]
        if len(values) > 1 else [],
        "table": {
            "caption": _what(measure, hat),
            "columns": [{"name": _("Month")}, {"name": _number(measure), "is_number": True},
                        {"name": _("People"), "is_number": True}],
            "rows": [_row(measure, key, cube.sums(unit, key, hat)) for key in months],
        },
    }


def whole_months(reader: Any, cube: Cube) -> list[str]:
    """Months told whole: the one in which the release was made had not ended."""
    return cube.whole_months(str(reader.release.get("as_of") or "")[:7])


def _drawn(key: str, hat: str, values: list[tuple[str, float]], title: str, width: float) -> SafeString:
    said = svg.Said(title, _("A line with one point for each month, from zero. The shaded band is the range in which "
                             "months lie by chance alone. The numbers stand in the table."))
    months = [wording.short_month(month) for month, _value in values]
    drawn = trend_picture(key, hat, months, [value for _month, value in values], width, said, wording.whole)
    return mark_safe(drawn)  # noqa: S308  built by our own strokes, every text escaped there


def _row(measure: str, key: str, sums: Sums | None) -> list[dict[str, Any]]:
    head = {"text": wording.month(key)}
    if sums is None:
        return [head, {"instead": _("not shown")}, {"instead": _("not shown")}]
    if not sums.interactions:
        return [head, {"instead": _("none")}, {"instead": _("none")}]
    value = MEASURES[measure](sums)
    cell = {"instead": _instead(measure, sums)} if value is None else {
        "text": wording.whole(value), "is_number": True}
    return [head, cell, {"text": wording.whole(sums.people), "is_number": True}]


def _instead(measure: str, sums: Sums) -> str:
    """What stands in place of a mean: nothing was measured, or too few."""
    if measure == "waiting":
        return _("not shown") if sums.waits else _("no wait")
    return _("not shown") if sums.timed else _("not known")


def _what(measure: str, hat: str) -> str:
    return {
        ("dealings", "patient"): _("Dealings as patients, by month"),
        ("dealings", "customer"): _("Dealings as customers, by month"),
        ("minutes", "patient"): _("Minutes each time as patients, by month (with a worried patient, longer is better)"),
        ("minutes", "customer"): _("Minutes each time as customers, by month (shorter is better)"),
        ("waiting", "patient"): _("Minutes of waiting as patients, by month (shorter is better)"),
        ("waiting", "customer"): _("Minutes of waiting as customers, by month (shorter is better)"),
    }[measure, hat]


def _number(measure: str) -> str:
    return _("Dealings") if measure == "dealings" else _("Minutes, on average")


def _finding(measure: str, hat: str, months: list[str], trend: Trend | None) -> str:
    """What the months say, in one sentence."""
    what = {
        ("dealings", "patient"): _("Dealings as patients"), ("dealings", "customer"): _("Dealings as customers"),
        ("minutes", "patient"): _("Minutes each time as patients"),
        ("minutes", "customer"): _("Minutes each time as customers"),
        ("waiting", "patient"): _("Waiting as patients"), ("waiting", "customer"): _("Waiting as customers"),
    }[measure, hat]
    if not months:
        return _("%(what)s: nothing to draw") % {"what": what}
    if trend is None:
        return _("%(what)s: too few whole months to tell a change from chance") % {"what": what}
    if trend.stands_out is None:
        return _("%(what)s: no month stands out from chance") % {"what": what}
    return _("%(what)s: %(found)s") % {"what": what, "found": finding(trend.cause, months[trend.stands_out])}


def _turns(reader: Any, cube: Cube, unit: str, month: str, to_hat: str) -> dict[str, Any]:
    found = turns.most(reader, cube, unit, month, to_hat)
    title = turns.finding(found, to_hat)
    rows = [Bar(turns.words(row), row["times"], wording.whole(row["times"])) for row in found[:turns.DRAWN]]
    said = svg.Said(title, _("Bars from zero, the most frequent turn first. The numbers stand in the table."))
    return {
        "id": f"turns-{to_hat}", "title": title, "hat": to_hat,
        # Built by our own strokes, every text escaped there.
        "drawings": [(name, mark_safe(bars(f"turns-{to_hat}-{name}", to_hat, rows, width, said)))  # noqa: S308
                     for name, width in WIDTHS] if rows else [],
        "table": turns.table(found, to_hat),
    }

