"""The four rules by which a point stands out, on the last axis of an array: one series, or thousands at once.

As NHSRplotthedots 0.2.2 (NHS England, Making Data Count) applies them. A missing point (NaN) keeps no rule and breaks
every run.
"""

from enum import StrEnum

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from twohats.words.languages import Text

IN_A_ROW = 7
NEAR = 3


class Cause(StrEnum):
    """Why a point stands out, under the names of NHSRplotthedots."""

    COMMON = "Common Cause"
    ABOVE_LIMIT = "Above UCL"
    BELOW_LIMIT = "Below LCL"
    RISING = "7 Point Trend (Increasing)"
    FALLING = "7 Point Trend (Decreasing)"
    NEAR_UPPER = "2 in 3 Above CL"
    NEAR_LOWER = "2 in 3 Below CL"
    RUN_ABOVE = "7 Points Above CL"
    RUN_BELOW = "7 Points Below CL"

    @property
    def high(self) -> bool:
        """It speaks of more than usual."""
        return self in (Cause.ABOVE_LIMIT, Cause.RISING, Cause.NEAR_UPPER, Cause.RUN_ABOVE)

    @property
    def words(self) -> Text:
        """The same for a reader."""
        return _WORDS[self]


_WORDS = {
    Cause.COMMON: Text("within what this process does by itself", "dentro de lo que este proceso hace por sí solo"),
    Cause.ABOVE_LIMIT: Text("above the upper limit", "por encima del límite superior"),
    Cause.BELOW_LIMIT: Text("below the lower limit", "por debajo del límite inferior"),
    Cause.RISING: Text("one of 7 or more points that rise", "uno de 7 o más puntos que suben"),
    Cause.FALLING: Text("one of 7 or more points that fall", "uno de 7 o más puntos que bajan"),
    Cause.NEAR_UPPER: Text("one of 2 in 3 points near the upper limit",
                           "uno de 2 de cada 3 puntos cerca del límite superior"),
    Cause.NEAR_LOWER: Text("one of 2 in 3 points near the lower limit",
                           "uno de 2 de cada 3 puntos cerca del límite inferior"),
    Cause.RUN_ABOVE: Text("one of 7 or more points above the mean", "uno de 7 o más puntos por encima de la media"),
    Cause.RUN_BELOW: Text("one of 7 or more points below the mean", "uno de 7 o más puntos por debajo de la media"),
}


def outside_limits(values: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Points beyond the limits; a point on a limit is within."""
    return (values > upper) | (values < lower)


def close_to_limits(values: np.ndarray, lower: np.ndarray, upper: np.ndarray,
                    lower_two_sigma: np.ndarray, upper_two_sigma: np.ndarray) -> np.ndarray:
    """Points beyond two sigma and within the limits. Without limits nothing is close to them."""
    return ~outside_limits(values, lower, upper) & outside_limits(values, lower_two_sigma, upper_two_sigma)


def in_trend(values: np.ndarray) -> np.ndarray:
    """All points of 7 or more that rise, or fall, each from the one before."""
    steps = np.sign(np.diff(values, axis=-1))
    return _alike(steps, IN_A_ROW - 1, covers=IN_A_ROW, length=values.shape[-1])


def in_run(side: np.ndarray) -> np.ndarray:
    """All points of 7 or more on one side of the mean."""
    return _alike(side, IN_A_ROW, covers=IN_A_ROW, length=side.shape[-1])


def in_two_of_three(close: np.ndarray, side: np.ndarray) -> np.ndarray:
    """The close ones where at least two of three points are close, and all three on the same side of the mean."""
    if side.shape[-1] < NEAR:
        return np.zeros(side.shape, dtype=bool)
    enough = sliding_window_view(close, NEAR, axis=-1).sum(axis=-1) >= 2
    same_side = np.abs(sliding_window_view(side, NEAR, axis=-1).sum(axis=-1)) == NEAR
    return _spread(enough & same_side, NEAR, side.shape[-1]) & close


def _alike(signs: np.ndarray, window: int, covers: int, length: int) -> np.ndarray:
    if signs.shape[-1] < window:
        return np.zeros((*signs.shape[:-1], length), dtype=bool)
    seen = sliding_window_view(signs, window, axis=-1)
    return _spread((seen == 1).all(axis=-1) | (seen == -1).all(axis=-1), covers, length)


def _spread(starts: np.ndarray, covers: int, length: int) -> np.ndarray:
    """Every point of a pattern, from where patterns start."""
    marked = np.zeros((*starts.shape[:-1], length), dtype=bool)
    for place in range(covers):
        marked[..., place:place + starts.shape[-1]] |= starts
    return marked


def causes_of(values: np.ndarray, side: np.ndarray, outside: np.ndarray, close: np.ndarray) -> list[Cause]:
    """The first rule that holds for each point of one series, in the order: limits, trend, two of three, run."""
    trend, near, run = in_trend(values), in_two_of_three(close, side), in_run(side)
    rising = _rising(values, trend)
    causes = []
    for place in range(len(values)):
        above = side[place] > 0
        if outside[place]:
            causes.append(Cause.ABOVE_LIMIT if above else Cause.BELOW_LIMIT)
        elif trend[place]:
            causes.append(Cause.RISING if rising[place] else Cause.FALLING)
        elif near[place]:
            causes.append(Cause.NEAR_UPPER if above else Cause.NEAR_LOWER)
        elif run[place]:
            causes.append(Cause.RUN_ABOVE if above else Cause.RUN_BELOW)
        else:
            causes.append(Cause.COMMON)
    return causes


def _rising(values: np.ndarray, trend: np.ndarray) -> np.ndarray:
    """Whether the trend of a point rises; where two trends meet, the later one counts."""
    if len(values) < 2:
        return np.zeros(len(values), dtype=bool)
    steps = np.sign(np.diff(values))
    onward = trend & np.append(trend[1:], False)
    return np.where(onward, np.append(steps, steps[-1]), np.insert(steps, 0, 0.0)) == 1
