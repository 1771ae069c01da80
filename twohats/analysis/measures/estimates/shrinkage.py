"""Small units drawn to the mean as far as chance explains them: a random intercept by REML, with adjusters."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from twohats.words.problems import Problem

from .adjusters import check_varies, columns_of, complete, numeric

Z = 1.959963984540054
RELIABLE = 0.70
"""A unit's score tells units apart from this reliability on."""
GRID = np.linspace(-18.0, 12.0, 61)
"""Logarithms of the ratio of variances that are tried first."""


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
class Shrinkage:
    """All units and what separates them."""

    units: tuple[UnitScore, ...]
    coefficients: Mapping[str, float]
    standard_errors: Mapping[str, float]
    overall: float
    """The score at average case mix."""
    variance_between: float
    variance_within: float
    share_between: float
    """Of the variance (ICC)."""
    n_for_reliability: float | None
    """Answers a unit needs for a reliability of 0.70; None where units do not differ."""
    log_likelihood: float
    n: int
    left_out: int
    """Answers without a score, a unit or an adjuster."""
    adjusters_left_out: tuple[str, ...]


def shrunken(units: Sequence[str], scores: Sequence[float] | np.ndarray,
             adjusters: Mapping[str, Sequence[float] | Sequence[str]] | None = None) -> Shrinkage:
    """The random intercepts of units by REML, as lme4 fits score ~ adjusters + (1 | unit).

    Rows with anything missing are left out and counted. Where units do not differ beyond chance the variance between
    is 0 and all are drawn to the overall score.
    """
    adjusters = adjusters or {}
    y = np.asarray(scores, dtype=float)
    numbers = [np.asarray(values, dtype=float) for values in adjusters.values() if numeric(values)]
    words = [list(values) for values in adjusters.values() if not numeric(values)]
    rows = complete([y, *numbers], [list(units), *words])
    y = y[rows]
    check_varies(y, "the score")
    columns = columns_of(adjusters, rows)
    names, where = np.unique(np.array([str(unit) for unit in units], dtype=object)[rows].astype(str),
                             return_inverse=True)
    level = float(y.mean())
    # In an orthonormal basis, around the mean: a large year or level among the adjusters costs no digit then.
    basis, back = np.linalg.qr(columns.matrix)
    sums = _sums(basis, y - level, where, len(names))
    _check(sums)
    ratio = _best_ratio(sums)
    fit = _fit(sums, ratio)
    within = fit.squares / (sums.n - sums.p)
    between = ratio * within
    forth = np.linalg.inv(back)
    beta = forth @ fit.beta
    beta[0] += level
    errors = np.sqrt(within * np.diag(forth @ fit.inverse @ forth.T))
    log_likelihood = -fit.deviance / 2 - float(np.linalg.slogdet(back)[1])
    return Shrinkage(
        _units(names.tolist(), sums, fit, ratio, within, level), dict(zip(columns.names, beta.tolist(), strict=True)),
        dict(zip(columns.names, errors.tolist(), strict=True)), float(columns.matrix.mean(axis=0) @ beta), between,
        within, ratio / (1 + ratio), RELIABLE / (1 - RELIABLE) / ratio if ratio > 0 else None, log_likelihood, sums.n,
        len(rows) - sums.n, columns.left_out,
    )


@dataclass(frozen=True)
class _Sums:
    """All that the likelihood needs."""

    xx: np.ndarray
    xy: np.ndarray
    yy: float
    counts: np.ndarray
    x_of_unit: np.ndarray
    y_of_unit: np.ndarray

    @property
    def n(self) -> int:
        return int(self.counts.sum())

    @property
    def p(self) -> int:
        return len(self.xy)


@dataclass(frozen=True)
class _Fit:
    beta: np.ndarray
    inverse: np.ndarray
    squares: float
    deviance: float


def _sums(x: np.ndarray, y: np.ndarray, where: np.ndarray, units: int) -> _Sums:
    of_unit = np.zeros((units, x.shape[1]))
    np.add.at(of_unit, where, x)
    return _Sums(x.T @ x, x.T @ y, float(y @ y), np.bincount(where, minlength=units), of_unit,
                 np.bincount(where, y, units))


def _check(sums: _Sums) -> None:
    if len(sums.counts) < 2:
        raise Problem("a unit cannot be compared with itself", "", "Bring the answers of two or more units.")
    if sums.counts.max() < 2 or sums.n <= sums.p + 1:
        raise Problem("there are too few answers to tell units from chance", "",
                      "Some unit needs two answers, and there must be more answers than adjusters.")


def _fit(sums: _Sums, ratio: float) -> _Fit:
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
    return _Fit(beta, inverse, squares, deviance)


def _best_ratio(sums: _Sums) -> float:
    tried = [_fit(sums, math.exp(power)).deviance for power in GRID]
    best = int(np.argmin(tried))
    low, high = GRID[max(best - 1, 0)], GRID[min(best + 1, len(GRID) - 1)]
    found = minimize_scalar(lambda power: _fit(sums, math.exp(power)).deviance, bounds=(low, high), method="bounded",
                            options={"xatol": 1e-10})
    # Where no variance between fits as well, there is none to be seen.
    return math.exp(found.x) if found.fun < _fit(sums, 0.0).deviance - 1e-9 else 0.0


def _units(names: list[str], sums: _Sums, fit: _Fit, ratio: float, within: float,
           level: float) -> tuple[UnitScore, ...]:
    reliability = ratio * sums.counts / (1 + ratio * sums.counts)
    apart = reliability * (sums.y_of_unit - sums.x_of_unit @ fit.beta) / sums.counts
    sd = np.sqrt(ratio * within * (1 - reliability))
    overall = level + float(sums.x_of_unit.sum(axis=0) @ fit.beta / sums.n)
    return tuple(
        UnitScore(name, int(n), level + float(total / n), float(off), float(spread), overall + float(off),
                  overall + float(off) - Z * float(spread), overall + float(off) + Z * float(spread), float(sure))
        for name, n, total, off, spread, sure in zip(names, sums.counts, sums.y_of_unit, apart, sd, reliability,
                                                     strict=True)
    )
