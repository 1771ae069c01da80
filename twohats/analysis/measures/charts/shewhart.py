"""p, u, p' (Laney), g, i and run charts, with the analysis of runs; as qicharts2 0.8.1 computes them.

The lines of an i chart rest on 3 average moving ranges / 1.128; XmR charts of the NHS round that to 2.66.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from twohats.store.charts.averages import mean_of, moving_ranges
from twohats.store.charts.parts import Moment, Rebase, counted, in_part, parts_of
from twohats.words.problems import Problem

from .runs import Runs, median_of, runs_of

D2 = 1.128
"""Sigma, in average moving ranges of two."""


class Chart(StrEnum):
    """What is charted."""

    P = "p"
    """A share, of denominators that vary."""
    U = "u"
    """Events per exposure."""
    LANEY = "pp"
    """p': a share whose denominators are so large that chance between periods outweighs chance within."""
    G = "g"
    """Cases, or days, between rare events."""
    I = "i"  # noqa: E741  # its name everywhere
    """Single values."""
    RUN = "run"
    """Any values, around their median, without limits."""

    @property
    def of_ratios(self) -> bool:
        """It needs a numerator and a denominator."""
        return self in (Chart.P, Chart.U, Chart.LANEY)


@dataclass(frozen=True)
class Shewhart:
    """One series with its lines. Arrays run along the points; NaN where nothing can be said."""

    chart: Chart
    moments: tuple[Moment, ...]
    values: np.ndarray
    denominators: np.ndarray
    parts: np.ndarray
    centre: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    beyond: np.ndarray
    """Points outside the limits."""
    runs: tuple[Runs, ...]
    """Of each part, in order."""

    def runs_at(self, place: int) -> Runs:
        """The runs of the part this point belongs to."""
        return self.runs[int(np.searchsorted(np.unique(self.parts), self.parts[place]))]


def values_chart(chart: Chart, moments: Sequence[Moment], values: Sequence[float] | np.ndarray, *,
                 rebases: Sequence[Rebase] = (), fix_after: int | None = None) -> Shewhart:
    """A g, i or run chart of single values in order of time; NaN is a missing value."""
    y = _numbers(values, moments)
    if chart is Chart.G and (y < 0).any():
        raise Problem("fewer than no cases between two events", "", "Count the cases between events: 0 or more.")
    return _drawn(chart, moments, y, y, np.full(len(y), math.nan), rebases, fix_after)


def ratios_chart(chart: Chart, moments: Sequence[Moment], numerators: Sequence[float] | np.ndarray,
                 denominators: Sequence[float] | np.ndarray, *, rebases: Sequence[Rebase] = (),
                 fix_after: int | None = None) -> Shewhart:
    """A p, u or p' chart in order of time. A period with nobody in it, or with a missing count, is a gap."""
    events, exposure = _numbers(numerators, moments), _numbers(denominators, moments)
    check_counts(events, exposure, chart in (Chart.P, Chart.LANEY))
    gap = np.isnan(events) | np.isnan(exposure) | (exposure == 0)
    events, exposure = np.where(gap, math.nan, events), np.where(gap, math.nan, exposure)
    return _drawn(chart, moments, events / exposure, events, exposure, rebases, fix_after)


def check_counts(events: np.ndarray, exposure: np.ndarray, of_people: bool) -> None:
    """Raises Problem where counts are negative, or events fall on nobody, or (of people) on more than there are."""
    if (events < 0).any() or (exposure < 0).any():
        raise Problem("a count is negative", "", "Counts are 0 or more.")
    if ((exposure == 0) & (events > 0)).any():
        raise Problem("there are events where the denominator is 0", "", "Correct the denominator.")
    if of_people and (events > exposure).any():
        raise Problem("a numerator is above its denominator", "", "A share is at most 1; for events per exposure "
                      "there are u charts and ratio funnels.")


def _numbers(values: Sequence[float] | np.ndarray, moments: Sequence[Moment]) -> np.ndarray:
    numbers = np.asarray(values, dtype=float)
    if len(numbers) != len(moments) or np.isinf(numbers).any():
        raise Problem("each moment needs one number, or none", "", "Leave a missing value out.")
    return numbers


Lines = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], tuple[float, np.ndarray, np.ndarray]]
"""Of values, events and denominators of a part, and which points count: the centre line and both limits."""


def _drawn(chart: Chart, moments: Sequence[Moment], y: np.ndarray, events: np.ndarray, exposure: np.ndarray,
           rebases: Sequence[Rebase], fix_after: int | None) -> Shewhart:
    parts = parts_of(moments, rebases)
    base = counted(parts, fix_after)
    centre, lower, upper = (np.full(len(y), math.nan) for _ in range(3))
    for places in in_part(parts):
        of_part = y[places], events[places], exposure[places], base[places]
        centre[places], lower[places], upper[places] = _LINES[chart](*of_part)
    runs = tuple(runs_of(y[places], centre[places]) for places in in_part(parts))
    return Shewhart(chart, tuple(moments), y, exposure, parts, centre, lower, upper, (y > upper) | (y < lower), runs)


def _of_share(y: np.ndarray, events: np.ndarray, exposure: np.ndarray,
              base: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    centre = _pooled(events[base], exposure[base])
    sigma = np.sqrt(centre * (1 - centre) / exposure)
    return centre, *_within_a_share(centre, sigma)


def _of_share_between(y: np.ndarray, events: np.ndarray, exposure: np.ndarray,
                      base: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    centre = _pooled(events[base], exposure[base])
    sigma = np.sqrt(centre * (1 - centre) / exposure)
    if not 0 < centre < 1:
        return centre, *_within_a_share(centre, sigma)
    between = mean_of(moving_ranges((y[base] - centre) / sigma[base])) / D2
    return centre, *_within_a_share(centre, sigma * between)


def _of_events(y: np.ndarray, events: np.ndarray, exposure: np.ndarray,
               base: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    centre = _pooled(events[base], exposure[base])
    sigma = np.sqrt(centre / exposure)
    return centre, np.maximum(centre - 3 * sigma, 0), centre + 3 * sigma


def _between_events(y: np.ndarray, events: np.ndarray, exposure: np.ndarray,
                    base: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Geometric limits around the mean; the line is the median, since such counts lean to one side."""
    mean = mean_of(y[base])
    sigma = np.full(len(y), math.sqrt(mean * (mean + 1)) if not math.isnan(mean) else math.nan)
    return median_of(y[base]), np.maximum(mean - 3 * sigma, 0), mean + 3 * sigma


def _of_single_values(y: np.ndarray, events: np.ndarray, exposure: np.ndarray,
                      base: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    centre = mean_of(y[base])
    sigma = np.full(len(y), mean_of(moving_ranges(y[base])) / D2)
    return centre, centre - 3 * sigma, centre + 3 * sigma


def _around_median(y: np.ndarray, events: np.ndarray, exposure: np.ndarray,
                   base: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    nowhere = np.full(len(y), math.nan)
    return median_of(y[base]), nowhere, nowhere


_LINES: dict[Chart, Lines] = {
    Chart.P: _of_share, Chart.LANEY: _of_share_between, Chart.U: _of_events, Chart.G: _between_events,
    Chart.I: _of_single_values, Chart.RUN: _around_median,
}


def _pooled(events: np.ndarray, exposure: np.ndarray) -> float:
    total = math.fsum(exposure[~np.isnan(exposure)].tolist())
    return math.fsum(events[~np.isnan(events)].tolist()) / total if total else math.nan


def _within_a_share(centre: float, sigma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.maximum(centre - 3 * sigma, 0), np.minimum(centre + 3 * sigma, 1)
