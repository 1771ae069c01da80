"""What a measure's chart says in words: whether it moved, what chance alone would show, and how its goal is kept."""

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service.pages.measures import periods, saying
from twohats.service.pages.measures.series import Series, standing_out
from twohats.store.charts.xmr import MEMORY, Assurance, Variation, XmR, assurance_of
from twohats.words.measures import Measure

LATELY = 6
"""So many periods the sentence of a goal looks back on."""


def finding(chart: XmR) -> str:
    """Whether the process, as it is since its last rebase, moved more than chance explains."""
    now = int(chart.parts[-1])
    began_anew = now > 0 and int(chart.parts[0]) != now
    if not chart.judged[-1]:
        if began_anew:
            return _("Too few whole periods since the process is another one to tell a change from chance.")
        return _("Too few whole periods to tell a change from chance.")
    out = [place for place in standing_out(chart) if chart.parts[place] == now]
    if not out:
        if began_anew:
            return _("No period stands out from chance since the process is another one.")
        return _("No period stands out from chance.")
    if chart.variations[out[-1]] is Variation.IMPROVEMENT:
        return _("It moved for the better, more than chance explains.")
    return _("It moved for the worse, more than chance explains.")


def flags(chart: XmR) -> str:
    """How many periods stand out, beside how many would although nothing happened; '' where nothing is judged."""
    judged = sum(not math.isnan(value) and bool(enough)
                 for value, enough in zip(chart.values, chart.judged, strict=True))
    if not judged:
        return ""
    counted = {"flags": chart.flags, "n": judged, "chance": _about(chart.by_chance.points)}
    said = [ngettext(
        "%(flags)s of %(n)s periods stands out; were nothing ever to happen, about %(chance)s would by chance alone.",
        "%(flags)s of %(n)s periods stand out; were nothing ever to happen, about %(chance)s would by chance alone.",
        chart.flags) % counted]
    if chart.autocorrelation is not None and chart.autocorrelation > MEMORY:
        said.append(_("Since each period resembles the one before, it may be as many as %(chance)s.") % {
            "chance": _about(chart.by_chance_remembering.points)})
    if (chart.short & chart.judged).any():
        said.append(_("Limits that rest on fewer than 13 periods are on trial: they move with each new one."))
    return " ".join(said)


def _about(points: float) -> str:
    return _("less than 0.1") if points < 0.05 else f"{points:.1f}"


def goal(declared: Measure, value: float) -> str:
    """A goal with its direction: 10.0 % or lower, 30 minutes or lower."""
    unit = saying.unit(declared)
    number = f"{saying.number(declared, value)} {unit}" if unit else saying.number(declared, value)
    return (_("%(goal)s or lower") if declared.better == "lower" else _("%(goal)s or higher")) % {"goal": number}


def is_reached(declared: Measure, value: float, goal_: float) -> bool:
    """Whether a number is at its goal or on the better side of it; 82 of 1,000 is at a goal of 8.2 %."""
    if math.isclose(value, goal_, rel_tol=1e-9):
        return True
    return value <= goal_ if declared.better == "lower" else value >= goal_


def goal_kept(declared: Measure, series: Series, goals: Sequence[float | None]) -> str:
    """In how many of the last periods that are shown the goal of their time was reached; what is hidden counts not."""
    compared = [(value, goal_) for value, goal_ in zip(series.values, goals, strict=True)
                if value is not None and goal_ is not None][-LATELY:]
    if not compared:
        return _("No period since then has a number that is shown.")
    if len(compared) == 1:
        return _lately(declared, *compared[0])
    reached = sum(is_reached(declared, value, goal_) for value, goal_ in compared)
    said = {"reached": reached, "periods": _counted(series.kind, len(compared))}
    if declared.better == "lower":
        return _("At the goal or below it in %(reached)s of the last %(periods)s shown.") % said
    return _("At the goal or above it in %(reached)s of the last %(periods)s shown.") % said


def _lately(declared: Measure, value: float, goal_: float) -> str:
    if is_reached(declared, value, goal_):
        return (_("The last period shown is at the goal or below it.") if declared.better == "lower"
                else _("The last period shown is at the goal or above it."))
    return (_("The last period shown is above the goal.") if declared.better == "lower"
            else _("The last period shown is below the goal."))


def _counted(kind: str, n: int) -> str:
    said = {"n": n}
    if kind == periods.MONTH:
        return ngettext("%(n)s month", "%(n)s months", n) % said
    if kind == periods.QUARTER:
        return ngettext("%(n)s quarter", "%(n)s quarters", n) % said
    return ngettext("%(n)s year", "%(n)s years", n) % said


def goal_ahead(chart: XmR, goal_: float | None) -> str:
    """What the limits say of the goal that is in force, as long as the process stays as it is; '' where none do."""
    found = assurance_of(goal_, chart.lower, chart.upper, chart.direction)
    if found is None:
        return ""
    return {
        Assurance.PASS: _("While the process stays as it is, chance alone does not take it off the goal."),
        Assurance.FAIL: _("While the process stays as it is, chance alone does not bring it to the goal."),
        Assurance.INCONSISTENT: _("While the process stays as it is, chance decides whether a period reaches it."),
    }[found]
