"""Anhoej's analysis of runs: too long a run or too few crossings of the centre line is a signal."""

import math
from dataclasses import dataclass
from itertools import groupby

import numpy as np


@dataclass(frozen=True)
class Runs:
    """Runs and crossings around a centre line, and what chance allows. None where no point is off the line."""

    n_obs: int
    """Points, missing ones with them."""
    n_useful: int
    """Points that are there and not on the line."""
    longest_run: int | None
    longest_run_max: int | None
    """The longest run that chance allows: log2(n) rounded, and 3 (Schilling 2012)."""
    n_crossings: int | None
    n_crossings_min: int | None
    """The fewest crossings that chance allows: the lower 5 % point of a binomial (Chen 2010)."""
    signal: bool


def runs_of(values: np.ndarray, centre: np.ndarray | float) -> Runs:
    """The runs of a series, in order of time, around its centre line."""
    sides = np.sign(np.asarray(values, dtype=float) - centre)
    sides = sides[~np.isnan(sides) & (sides != 0)]
    useful = len(sides)
    if not useful:
        return Runs(len(values), 0, None, None, None, None, signal=False)
    lengths = [sum(1 for _ in run) for _, run in groupby(sides.tolist())]
    longest, allowed = max(lengths), round(math.log2(useful)) + 3
    crossings, needed = len(lengths) - 1, _five_percent_point(useful - 1)
    return Runs(len(values), useful, longest, allowed, crossings, needed, longest > allowed or crossings < needed)


def runs_around_median(values: np.ndarray) -> tuple[float, Runs]:
    """The median of what is there, and the runs around it; NaN and no runs of nothing."""
    there = np.asarray(values, dtype=float)
    median = median_of(there)
    return median, runs_of(there, median)


def median_of(values: np.ndarray) -> float:
    """The median of what is there; NaN of nothing."""
    there = values[~np.isnan(values)]
    return float(np.median(there)) if len(there) else math.nan


def _five_percent_point(trials: int) -> int:
    """The smallest number of heads that has at least 5 % at or below it, of so many tosses of a fair coin."""
    ways, successes, below = 2 ** trials, 0, 1
    choose = 1
    while 20 * below < ways:
        choose = choose * (trials - successes) // (successes + 1)
        successes += 1
        below += choose
    return successes
