"""One estimate as every finding tells it: how much, how sure, by a t distribution."""

import math
from dataclasses import dataclass

from scipy.special import stdtr, stdtrit


@dataclass(frozen=True)
class Estimate:
    """A number with its error; all but t and p in the unit of the outcome (points, or points of probability)."""

    name: str
    estimate: float
    se: float
    t: float
    """Estimate / se; infinite where there is no noise."""
    p: float
    """Two-sided."""
    lower: float
    upper: float
    """95 % interval."""


def judged(name: str, estimate: float, se: float, free: float) -> Estimate:
    """By t with so many degrees of freedom; without noise the interval is the estimate itself."""
    if se == 0:
        nothing = estimate == 0
        return Estimate(name, estimate, se, 0.0 if nothing else math.copysign(math.inf, estimate),
                        1.0 if nothing else 0.0, estimate, estimate)
    t, half = estimate / se, float(stdtrit(free, 0.975)) * se
    return Estimate(name, estimate, se, t, 2 * float(stdtr(free, -abs(t))), estimate - half, estimate + half)
