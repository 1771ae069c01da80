"""A measure over time: its periods as they may be told, and the control chart of the numbers that are shown."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from twohats.service.pages.charts.trend import ENOUGH, Lines
from twohats.service.pages.measures import periods, saying
from twohats.service.pages.measures.numbers import Numbers, Told
from twohats.store.charts.parts import Rebase
from twohats.store.charts.special_causes import Cause
from twohats.store.charts.xmr import Direction, XmR, xmr
from twohats.words.measures import Measure


@dataclass(frozen=True)
class Series:
    """The periods of the shortest kind that is told of a unit, the oldest first; what is hidden has no number."""

    kind: str
    row: tuple[tuple[str, Told], ...]

    @property
    def periods(self) -> list[str]:
        """The periods alone."""
        return [period for period, _told in self.row]

    @property
    def values(self) -> list[float | None]:
        """The numbers that are shown; None where there is none."""
        return [told.value for _period, told in self.row]

    def place_of(self, month: str) -> int | None:
        """The period in which a month lies."""
        day = periods.first_day(month)
        found = (place for place, period in enumerate(self.periods)
                 if periods.first_day(period) <= day < periods.after(period))
        return next(found, None)

    def place_from(self, month: str) -> int | None:
        """The first period that begins in this month or later."""
        day = periods.first_day(month)
        return next((place for place, period in enumerate(self.periods) if periods.first_day(period) >= day), None)


def series_of(numbers: Numbers, declared: Measure, unit: str) -> Series:
    """The measure of a unit by months where they are told, else by quarters, else by years."""
    told = numbers.told_periods(unit, declared)
    kinds = (periods.MONTH, periods.QUARTER, periods.YEAR)
    kind = next((one for one in kinds if any(periods.kind_of(period) == one for period in told)), periods.YEAR)
    shown = [period for period in reversed(told) if periods.kind_of(period) == kind]
    return Series(kind, tuple((period, numbers.told(declared.key, unit, period)) for period in shown))


def chart_of(series: Series, declared: Measure, rebases: Iterable[Rebase]) -> XmR:
    """The XmR chart of what is shown: its limits start anew at a rebase, and nowhere else.

    Fewer than 8 numbers from one rebase to the next have no limits: they would hold whatever comes.
    """
    values = tuple(math.nan if value is None else value for value in series.values)
    return _chart(tuple(series.periods), values, declared.better, tuple(rebases))


@lru_cache(maxsize=512)
def _chart(shown: tuple[str, ...], values: tuple[float, ...], better: str, rebases: tuple[Rebase, ...]) -> XmR:
    direction = Direction.DECREASE if better == "lower" else Direction.INCREASE
    return xmr([periods.first_day(period) for period in shown], values, direction=direction, rebases=rebases,
               fewest=ENOUGH)


def limits_at(chart: XmR, declared: Measure, place: int) -> tuple[float, float] | None:
    """The limits at a point, cut where the measure itself ends; None in a part too short to have some."""
    low, high = float(chart.lower[place]), float(chart.upper[place])
    return None if math.isnan(low) else (saying.within(declared, low), saying.within(declared, high))


def lines_of(chart: XmR, declared: Measure) -> list[Lines]:
    """Middle and limits of each part that has some, as a picture draws them."""
    found = []
    for part in sorted(set(chart.parts.tolist())):
        places = [place for place, of in enumerate(chart.parts.tolist()) if of == part]
        limits = limits_at(chart, declared, places[0])
        if limits is not None:
            found.append(Lines(places[0], places[-1], float(chart.mean[places[0]]), *limits))
    return found


def standing_out(chart: XmR) -> list[int]:
    """The places of the points that stand out."""
    return [place for place, cause in enumerate(chart.causes) if cause is not Cause.COMMON]
