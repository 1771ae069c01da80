"""Units beside each other in one period: which may be told how, by the rungs of publication; never ranked.

1 to 10 people: nothing. 11 to 29: drawn to the mean. 30 to 99: as counted, with a warning. From 100 people and a
reliability of 0.70 on a unit is compared with the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from twohats.service.pages.measures import periods
from twohats.service.pages.measures.numbers import COMPARABLE, SURE, Numbers, Told
from twohats.store.charts.funnel import Funnel, FunnelPlot, Place, funnel_plot
from twohats.store.shrinkage import RELIABLE, UnitScore, shrunken_by_sums
from twohats.words.measures import SPREAD, Measure, MeasureKind
from twohats.words.problems import Problem

FEWEST_UNITS = 3
"""With fewer units to compare a funnel says nothing."""


class Rung(StrEnum):
    """How far a unit's number goes."""

    HIDDEN = "hidden"
    DRAWN_IN = "drawn in"
    """Few people: what it scores once chance is taken out."""
    CAREFUL = "careful"
    """Too few people to compare."""
    UNSURE = "unsure"
    """People enough, and yet too unreliable to compare."""
    COMPARED = "compared"


class WhyNot(StrEnum):
    """Why there is no funnel."""

    KIND = "kind"
    """No share is measured."""
    ONE = "one"
    """Fewer than two units have a number that may be told."""
    ALIKE = "alike"
    """All have the same number."""
    CHANCE = "chance"
    """They differ no more than chance makes them."""
    FEW = "few"
    """Fewer than three can be compared."""


@dataclass(frozen=True)
class Beside:
    """One unit: what is told of it, and its number once chance is taken out (None where that cannot be had)."""

    unit: str
    told: Told
    score: UnitScore | None = None

    @property
    def rung(self) -> Rung:
        """How far its number goes."""
        if self.told.value is None:
            return Rung.HIDDEN
        if self.told.people < COMPARABLE:
            return Rung.DRAWN_IN if self.score else Rung.CAREFUL
        if self.told.people < SURE:
            return Rung.CAREFUL
        return Rung.COMPARED if self.score and self.score.reliability >= RELIABLE else Rung.UNSURE


@dataclass(frozen=True)
class Units:
    """All of them in the order given, and the funnel of those that are compared, or why there is none."""

    period: str
    rows: tuple[Beside, ...]
    funnel: FunnelPlot | None
    why_not: WhyNot | None

    def place(self, unit: str) -> Place | None:
        """Where a unit lies in the funnel."""
        if self.funnel is None or unit not in self.funnel.units:
            return None
        return self.funnel.places[self.funnel.units.index(unit)]


def told_of(numbers: Numbers, declared: Measure, units: Sequence[str], period: str) -> str:
    """The period for all: the one asked for where it is told of each, else its year."""
    of_all = all(periods.is_told(numbers.kinds.get(unit), period, declared) for unit in units)
    return period if of_all else period[:4]


def units_beside(numbers: Numbers, declared: Measure, units: Sequence[str], period: str) -> Units:
    """Units in one period for all: the one asked for where it is told of each, else its year."""
    period = told_of(numbers, declared, units, period)
    scores, why_not = _scores(numbers, declared, units, period)
    rows = tuple(Beside(unit, numbers.told(declared.key, unit, period), scores.get(unit)) for unit in units)
    if why_not is not None:
        return Units(period, rows, None, why_not)
    compared = [row.unit for row in rows if row.rung is Rung.COMPARED]
    if len(compared) >= FEWEST_UNITS:
        return Units(period, rows, _funnel(numbers, declared, compared, period), None)
    enough = sum(row.rung is Rung.UNSURE for row in rows)
    by_chance = enough >= FEWEST_UNITS and not any(score.reliability for score in scores.values())
    return Units(period, rows, None, WhyNot.CHANCE if by_chance else WhyNot.FEW)


def _scores(numbers: Numbers, declared: Measure, units: Sequence[str],
            period: str) -> tuple[dict[str, UnitScore], WhyNot | None]:
    """Every unit's score once chance is taken out, by what is told of them alone; or why there is no funnel."""
    kind = None if declared.kind is MeasureKind.SHARE else WhyNot.KIND
    if declared.kind in SPREAD:
        return {}, WhyNot.KIND
    sums = {unit: found for unit in units if (found := numbers.by_people(declared.key, unit, period))}
    if len(sums) < 2:
        return {}, kind or WhyNot.ONE
    try:
        found = shrunken_by_sums(list(sums), *zip(*sums.values(), strict=True))
    except Problem:
        return {}, kind or WhyNot.ALIKE
    return {score.unit: score for score in found}, kind


def _funnel(numbers: Numbers, declared: Measure, units: Sequence[str], period: str) -> FunnelPlot:
    """As `twohats funnel` computes it, of people: one person's things are alike."""
    sums = [numbers.by_people(declared.key, unit, period) or (0, 0.0, 0.0) for unit in units]
    return funnel_plot(Funnel.SHARES, units, [total for _people, total, _squares in sums],
                       [people for people, _total, _squares in sums])
