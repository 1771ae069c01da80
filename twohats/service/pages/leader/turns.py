"""Where journeys turn from one hat to the other: the turns a unit sees most, both ways."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service.pages import wording
from twohats.service.pages.leader.cube import ALL_MONTHS, WHOLE, Cube
from twohats.store.margins import FEWEST

DRAWN, LISTED = 5, 15
OTHER = {"patient": "customer", "customer": "patient"}


def most(reader: Any, cube: Cube, unit: str, month: str, to_hat: str) -> list[Mapping[str, Any]]:
    """The most frequent turns to a hat, but for those that fewer than 11 people may stand behind.

    People of several units and months may be the same people, so only the largest single count is sure.
    """
    places = "1" if unit == WHOLE else "unit IN (SELECT value FROM json_each(?))"
    months = "1" if month == ALL_MONTHS else "month = ?"
    params = [json.dumps(cube.below(unit))] if unit != WHOLE else []
    params += [month] if month != ALL_MONTHS else []
    return reader.rows(
        "SELECT from_touchpoint, to_touchpoint, sum(times) AS times, max(people) AS people FROM turns "
        f"WHERE from_hat = ? AND to_hat = ? AND {places} AND {months} GROUP BY 1, 2 "
        "HAVING max(people) >= ? ORDER BY times DESC, from_touchpoint, to_touchpoint LIMIT ?",
        (OTHER[to_hat], to_hat, *params, FEWEST, LISTED),
    )


def words(row: Mapping[str, Any]) -> str:
    """A turn in words: from what to what."""
    return f"{wording.touchpoint(row['from_touchpoint'])} → {wording.touchpoint(row['to_touchpoint'])}"


def finding(found: Sequence[Mapping[str, Any]], to_hat: str) -> str:
    """The most frequent turn, as a sentence."""
    if not found:
        return {
            "patient": _("From customer to patient: no turn that 11 people or more took"),
            "customer": _("From patient to customer: no turn that 11 people or more took"),
        }[to_hat]
    first = {"before": wording.touchpoint(found[0]["from_touchpoint"]),
             "after": wording.touchpoint(found[0]["to_touchpoint"])}
    return {
        "patient": _("From customer to patient, most often: %(before)s, then %(after)s"),
        "customer": _("From patient to customer, most often: %(before)s, then %(after)s"),
    }[to_hat] % first


def table(found: Sequence[Mapping[str, Any]], to_hat: str) -> dict[str, Any]:
    """The turns with their numbers."""
    n = len(found)
    caption = {
        "patient": ngettext("%(n)s turn from customer to patient", "%(n)s turns from customer to patient", n),
        "customer": ngettext("%(n)s turn from patient to customer", "%(n)s turns from patient to customer", n),
    }[to_hat] % {"n": n}
    return {
        "caption": caption,
        "columns": [{"name": _("Before")}, {"name": _("After")}, {"name": _("Times"), "is_number": True}],
        "rows": [
            [{"text": wording.touchpoint(row["from_touchpoint"])}, {"text": wording.touchpoint(row["to_touchpoint"])},
             {"text": wording.whole(row["times"]), "is_number": True}]
            for row in found
        ],
    }
