"""What the overview measures of either hat: its number in a cell, what it means, and whether it moved."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from twohats.service.pages import wording
from twohats.service.pages.charts.trend import trend_of
from twohats.service.pages.leader.cube import ALL_MONTHS, Cube, Sums
from twohats.store.charts.special_causes import Cause
from twohats.store.margins import FEWEST

MEASURES: dict[str, Callable[[Sums], float | None]] = {
    "dealings": lambda sums: float(sums.interactions),
    "people": lambda sums: float(sums.people),
    "minutes": lambda sums: sums.minutes / sums.timed if sums.timed >= FEWEST else None,
    "waiting": lambda sums: sums.wait_minutes / sums.waits if sums.waits >= FEWEST else None,
    "worried": lambda sums: None if 0 < sums.vulnerable < FEWEST else 100 * sums.vulnerable / sums.interactions,
}
"""In their one order. None where too few stand behind the number."""


def by_month(cube: Cube, months: list[str], unit: str, hat: str, measure: str) -> list[tuple[str, float]]:
    """The months in which the number may be told, with it."""
    told = []
    for month in months:
        sums = cube.sums(unit, month, hat)
        value = MEASURES[measure](sums) if sums is not None and sums.interactions else None
        if value is not None:
            told.append((month, value))
    return told


def moved(points: list[tuple[str, float]], month: str) -> str:
    """Whether the number of all months moved, or whether that of one month stands out from the others."""
    trend = trend_of([value for _month, value in points])
    if trend is None:
        return _("Too few whole months to tell a change from chance.")
    if month == ALL_MONTHS and trend.stands_out is None:
        return _("No month stands out from chance.")
    if month == ALL_MONTHS:
        found = finding(trend.cause, points[trend.stands_out or 0][0])
        return f"{found[0].upper()}{found[1:]}."
    value = dict(points).get(month)
    if value is None:
        return _("This month is not told whole, so it is not compared.")
    if trend.low <= value <= trend.high:
        return _("Within what chance explains from month to month.")
    return _("Higher than chance explains.") if value > trend.high else _("Lower than chance explains.")


def finding(cause: Cause, month: str) -> str:
    """What stands out, as the end of a sentence; the month is the last one that does."""
    return {
        Cause.ABOVE_LIMIT: _("higher than chance explains, most lately in %(month)s"),
        Cause.BELOW_LIMIT: _("lower than chance explains, most lately in %(month)s"),
        Cause.RISING: _("seven months or more that rise, up to %(month)s"),
        Cause.FALLING: _("seven months or more that fall, up to %(month)s"),
        Cause.NEAR_UPPER: _("two of three months close to the upper limit, most lately in %(month)s"),
        Cause.NEAR_LOWER: _("two of three months close to the lower limit, most lately in %(month)s"),
        Cause.RUN_ABOVE: _("seven months or more in a row above the middle, up to %(month)s"),
        Cause.RUN_BELOW: _("seven months or more in a row below the middle, up to %(month)s"),
    }[cause] % {"month": wording.month(month)}


def meaning(measure: str) -> str:
    """How a number is counted, and where it is read from."""
    return {
        "dealings": _("Each part of a visit (registration, a wait, a treatment), each call, letter, text or message, "
                      "each look into the portal, each bill and each change of an appointment counts once. All that "
                      "was recorded is counted, nothing is sampled, so there is no range. Table: totals, column "
                      "interactions."),
        "people": _("Everybody with at least one such dealing in this unit or below it, each counted once. All are "
                    "counted, so there is no range. Table: reach, column people."),
        "minutes": _("Minutes from beginning to end, on average over the dealings whose beginning and end were "
                     "recorded; a bill or a letter has no length. The range in brackets would hold the true average "
                     "95 times in 100. Table: totals, columns minutes, minutes_squared and timed."),
        "waiting": _("Waits for care, for a bed and to leave, from beginning to end, on average. The range in brackets "
                     "would hold the true average 95 times in 100. Table: totals, columns wait_minutes, "
                     "wait_minutes_squared and waits."),
        "worried": _("A dealing is marked when the codebook says that more is at stake in it than usual, or when "
                     "distress or an alarming word was recorded. The front desk is then told to take time. All are "
                     "counted, so there is no range. Table: totals, column vulnerable."),
    }[measure]
