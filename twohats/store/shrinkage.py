"""Small units drawn to the mean as far as chance explains them: a random intercept by REML, from sums by unit alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from twohats.words.problems import Problem

from .estimates import Z95

RELIABLE = 0.70
"""A unit's score tells units apart from this reliability on."""
GRID = np.linspace(-18.0, 12.0, 61)
"""Logarithms of the ratio of variances that are tried first."""
ALIKE = 1e-12
"""A variance below this share of the squares is rounding."""


@dataclass(frozen=True)
class UnitScore:
    """One unit: what it scores once chance is taken out, and how far that is sure."""

    unit: str
    n: int
    raw: float
    """Its plain mean."""
    apart: float
    """How far it lies from what its case mix would lead to expect, shrunken (BLUP)."""
    sd: float
    """Of `apart`, given the variances and the coefficients."""
    shrunken: float
    """The overall score at average case mix, and `apart`."""
    lower: float
    upper: float
    """95 % interval of `shrunken`, by `sd`."""
    reliability: float


@dataclass(frozen=True)
class Sums:
    """All that the likelihood needs: products of the columns x and the scores y, and their sums by unit."""

    xx: np.ndarray
    xy: np.ndarray
    yy: float
    counts: np.ndarray
    x_of_unit: np.ndarray
    y_of_unit: np.ndarray

    @property
    def n(self) -> int:
        """Answers."""
        return int(self.counts.sum())

    @property
    def p(self) -> int:
        """Columns."""
        return len(self.xy)


@dataclass(frozen=True)
class Fit:
    """The coefficients at one ratio of the variance between units to that within."""

    beta: np.ndarray
    inverse: np.ndarray
    squares: float
    deviance: float
    ratio: float

    def within(self, sums: Sums) -> float:
        """The variance within units."""
        return self.squares / (sums.n - sums.p)


def shrunken_by_sums(units: Sequence[str], counts: Sequence[int], totals: Sequence[float],
                     squares: Sequence[float]) -> tuple[UnitScore, ...]:
    """Units of which only the number of answers, their sum and the sum of their squares are known; no adjusters.

    A share is the mean of answers of 0 and 1, whose squares are themselves: then the intervals are those of a linear
    model of a share, an approximation that is good away from 0 and 1. Raises Problem where nothing can be told.
    """
    n, y = np.asarray(counts, dtype=float), np.asarray(totals, dtype=float)
    if not n.sum():
        raise Problem("nothing is left of the score", "", "Bring more answers.")
    level = float(y.sum() / n.sum())
    apart = y - n * level
    whole = float(np.sum(squares))
    spread = whole - n.sum() * level * level
    if spread <= ALIKE * max(whole, 1.0):
        raise Problem("the score does not vary", "", "There is nothing to explain where all scores are the same.")
    sums = Sums(np.array([[n.sum()]]), np.array([apart.sum()]), spread, n, n[:, None], apart)
    return unit_scores(units, sums, best_fit(sums), level)


def best_fit(sums: Sums) -> Fit:
    """The REML fit. Where no variance between units fits as well, there is none to be seen. Raises Problem."""
    if len(sums.counts) < 2:
        raise Problem("a unit cannot be compared with itself", "", "Bring the answers of two or more units.")
    if sums.counts.max() < 2 or sums.n <= sums.p + 1:
        raise Problem("there are too few answers to tell units from chance", "",
                      "Some unit needs two answers, and there must be more answers than adjusters.")
    tried = [fit_at(sums, math.exp(power)).deviance for power in GRID]
    best = int(np.argmin(tried))
    low, high = GRID[max(best - 1, 0)], GRID[min(best + 1, len(GRID) - 1)]
    found = minimize_scalar(lambda power: fit_at(sums, math.exp(power)).deviance, bounds=(low, high),
                            method="bounded", options={"xatol": 1e-10})
    none = fit_at(sums, 0.0)
    return fit_at(sums, math.exp(found.x)) if found.fun < none.deviance - 1e-9 else none


def fit_at(sums: Sums, ratio: float) -> Fit:
    """Coefficients, squares and the REML deviance at one ratio of the variance between to that within."""
    drawn = ratio / (1 + ratio * sums.counts)
    xx = sums.xx - (sums.x_of_unit * drawn[:, None]).T @ sums.x_of_unit
    xy = sums.xy - sums.x_of_unit.T @ (drawn * sums.y_of_unit)
    yy = sums.yy - float(drawn @ sums.y_of_unit ** 2)
    inverse = np.linalg.inv(xx)
    beta = inverse @ xy
    squares = max(yy - float(beta @ xy), np.finfo(float).tiny)
    free = sums.n - sums.p
    deviance = (float(np.log1p(ratio * sums.counts).sum()) + float(np.linalg.slogdet(xx)[1])
                + free * (1 + math.log(2 * math.pi * squares / free)))
    return Fit(beta, inverse, squares, deviance, ratio)


def unit_scores(names: Sequence[str], sums: Sums, fit: Fit, level: float) -> tuple[UnitScore, ...]:
    """The units at that fit; scores were counted from `level`."""
    within = fit.within(sums)
    reliability = fit.ratio * sums.counts / (1 + fit.ratio * sums.counts)
    apart = reliability * (sums.y_of_unit - sums.x_of_unit @ fit.beta) / sums.counts
    sd = np.sqrt(fit.ratio * within * (1 - reliability))
    overall = level + float(sums.x_of_unit.sum(axis=0) @ fit.beta / sums.n)
    return tuple(
        UnitScore(name, int(n), level + float(total / n), float(off), float(spread), overall + float(off),
                  overall + float(off) - Z95 * float(spread), overall + float(off) + Z95 * float(spread), float(sure))
        for name, n, total, off, spread, sure in zip(names, sums.counts, sums.y_of_unit, apart, sd, reliability,
                                                     strict=True)
    )
