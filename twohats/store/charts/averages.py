"""Averages that are right to the last digit: a point on the mean must be seen to lie on it."""

import math
from fractions import Fraction

import numpy as np


def mean_of(values: np.ndarray) -> float:
    """The mean of what is there, rounded once; NaN of nothing."""
    there = values[~np.isnan(values)].tolist()
    if not there:
        return math.nan
    total = math.fsum(there)
    rest = math.fsum([*there, -total])
    return float((Fraction(total) + Fraction(rest)) / len(there))


def moving_ranges(values: np.ndarray) -> np.ndarray:
    """The step from each point to the next, where both are there."""
    steps = np.abs(np.diff(values))
    return steps[~np.isnan(steps)]
