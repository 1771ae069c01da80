"""Where our hospitals stand in the public HCAHPS file: never as stars, whose cut points only CMS can set."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from twohats.service.pages.charts import svg

LINE, ROW = 18.0, 40.0


class Place(NamedTuple):
    """One hospital of ours in one measure: its number, and where the others lie; all of 100."""

    measure: str
    unit: str
    period: str
    value: float
    completes: int
    hospitals: int
    percentile: float
    """Hospitals below, and half of the others alike, per hundred others."""
    lowest: float
    lower_quarter: float
    middle: float
    upper_quarter: float
    highest: float


def places_of(reader: Any) -> list[Place]:
    """Every place in the release, in the order of units, the newest period first, then of the measures."""
    rows = reader.rows("SELECT * FROM standing", ())
    told = [
        Place(
            row["measure"], row["unit"],
            _("%(first)s to %(last)s") % {"first": row["first_day"], "last": row["last_day"]},
            row["value"], row["completes"], row["hospitals"], _percentile(row), row["lowest"], row["lower_quarter"],
            row["middle"], row["upper_quarter"], row["highest"],
        )
        for row in rows
    ]
    order = list(names())
    return sorted(told, key=lambda place: (place.unit, place.period, order.index(place.measure)))


def _percentile(row: Any) -> float:
    """Ours is left out of its own comparison."""
    others = row["hospitals"] - 1
    return 100 * (row["below"] + (row["alike"] - 1) / 2) / others if others else 50.0


def names() -> dict[str, str]:
    """The official measures, in the order of the file; their best answers are told."""
    return {
        "h_comp_1_a_p": _("Communication with nurses: always"),
        "h_comp_2_a_p": _("Communication with doctors: always"),
        "h_comp_3_a_p": _("Responsiveness of hospital staff: always"),
        "h_comp_5_a_p": _("Communication about medicines: always"),
        "h_comp_6_y_p": _("Discharge information: yes"),
        "h_comp_7_sa": _("Care transition: strongly agree"),
        "h_clean_hsp_a_p": _("Cleanliness: always"),
        "h_quiet_hsp_a_p": _("Quietness: always"),
        "h_hsp_rating_9_10": _("Overall rating: 9 or 10"),
        "h_recmnd_dy": _("Would recommend: definitely"),
    }


def picture(key: str, places: Sequence[Place], width: float, said: svg.Said) -> str:
    """A strip per measure, 0 to 100: a line over all hospitals, a box over the middle half, our mark and number."""
    own, parts, y = names(), [], 0.0
    room = width - 60

    def at(value: float) -> float:
        return value / 100 * room

    for place in places:
        y += LINE
        parts.append(svg.words(0, y - 4, own[place.measure]))
        middle = y + 9
        parts.append(svg.line(at(place.lowest), middle, at(place.highest), middle, stroke=svg.MUTED))
        parts.append(svg.tag(
            "rect", x=at(place.lower_quarter), y=middle - 7, height=14,
            width=max(at(place.upper_quarter - place.lower_quarter), 1.0), fill=svg.CARD, stroke=svg.CONTROL))
        parts.append(svg.line(at(place.middle), middle - 7, at(place.middle), middle + 7, stroke=svg.CONTROL))
        parts.append(svg.tag("path", d=_diamond(at(place.value), middle), fill=svg.INK))
        parts.append(svg.words(room + 12, y + 13.5, f"{place.value:.0f} %", font_weight=700))
        y += ROW - LINE
    return svg.drawing(key, width, max(y, ROW), said, parts)


def _diamond(x: float, y: float) -> str:
    return f"M{svg.number(x)} {svg.number(y - 7)}L{svg.number(x + 6)} {svg.number(y)}L{svg.number(x)} " \
           f"{svg.number(y + 7)}L{svg.number(x - 6)} {svg.number(y)}Z"
