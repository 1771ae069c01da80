"""How many flags a stable process shows by chance: the four rules on simulated series in which nothing happens."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .special_causes import close_to_limits, in_run, in_trend, in_two_of_three, outside_limits

RUNS = 1_500
"""Series simulated for one answer."""
FEWEST_RUNS = 200
AT_ONCE = 1_500_000
"""Points simulated for one answer; longer series are simulated fewer times."""
SEED = 20_261_126
STEP = 0.05
"""Autocorrelations are rounded to this before the simulation; finer differences cannot be told from short series."""
STRONGEST = 0.9


@dataclass(frozen=True)
class FalseFlags:
    """What to expect of a chart of this shape although nothing happened."""

    points: float
    """Points flagged, on average."""
    charts: float
    """Share of charts with at least one flagged point."""
    n: int
    """Points of the chart."""
    autocorrelation: float
    runs: int
    """Series simulated."""


def expected_false_flags(lengths: tuple[int, ...], autocorrelation: float = 0.0, fix_after: int | None = None,
                         screen: bool = True) -> FalseFlags:
    """Of a chart whose parts have these lengths, where each point remembers the one before by `autocorrelation`."""
    rounded = round(round(min(max(autocorrelation, 0.0), STRONGEST) / STEP) * STEP, 2)
    return _simulated(lengths, rounded, fix_after, screen)


@lru_cache(maxsize=4096)
def _simulated(lengths: tuple[int, ...], autocorrelation: float, fix_after: int | None, screen: bool) -> FalseFlags:
    n = sum(lengths)
    if n == 0:
        return FalseFlags(0.0, 0.0, 0, autocorrelation, 0)
    runs = min(RUNS, max(FEWEST_RUNS, AT_ONCE // n))
    series = _stable(runs, n, autocorrelation)
    flags = np.concatenate([_flagged(part, fix_after, screen)
                            for part in np.split(series, np.cumsum(lengths)[:-1], axis=1)], axis=1)
    return FalseFlags(float(flags.sum(axis=1).mean()), float(flags.any(axis=1).mean()), n, autocorrelation, runs)


def _stable(runs: int, n: int, autocorrelation: float) -> np.ndarray:
    noise = np.random.default_rng(SEED).standard_normal((runs, n))
    noise[:, 1:] *= np.sqrt(1.0 - autocorrelation ** 2)
    for place in range(1, n):
        noise[:, place] += autocorrelation * noise[:, place - 1]
    return noise


def _flagged(values: np.ndarray, fix_after: int | None, screen: bool) -> np.ndarray:
    """Many series at once: the lines of `xmr`, then the four rules."""
    if values.shape[1] < 2:
        return np.zeros(values.shape, dtype=bool)
    base = values[:, :fix_after]
    mean = base.mean(axis=1, keepdims=True)
    ranges = np.abs(np.diff(base, axis=1))
    average = ranges.mean(axis=1, keepdims=True)
    if screen:
        average = np.where(ranges < 3.267 * average, ranges, np.nan)
        average = np.nanmean(average, axis=1, keepdims=True)
    limit, near = 2.66 * average, 2.66 / 3 * 2 * average
    outside = outside_limits(values, mean - limit, mean + limit)
    close = close_to_limits(values, mean - limit, mean + limit, mean - near, mean + near)
    side = np.sign(values - mean)
    return outside | in_trend(values) | in_two_of_three(close, side) | in_run(side)
