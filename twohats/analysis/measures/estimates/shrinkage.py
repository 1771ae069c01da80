"""Small units drawn to the mean as far as chance explains them, from single answers: by REML, with adjusters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from twohats.store.shrinkage import RELIABLE, Sums, UnitScore, best_fit, unit_scores

from .adjusters import check_varies, columns_of, complete, numeric


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
    fit = best_fit(sums)
    ratio, within = fit.ratio, fit.within(sums)
    forth = np.linalg.inv(back)
    beta = forth @ fit.beta
    beta[0] += level
    errors = np.sqrt(within * np.diag(forth @ fit.inverse @ forth.T))
    log_likelihood = -fit.deviance / 2 - float(np.linalg.slogdet(back)[1])
    return Shrinkage(
        unit_scores(names.tolist(), sums, fit, level), dict(zip(columns.names, beta.tolist(), strict=True)),
        dict(zip(columns.names, errors.tolist(), strict=True)), float(columns.matrix.mean(axis=0) @ beta),
        ratio * within, within, ratio / (1 + ratio), RELIABLE / (1 - RELIABLE) / ratio if ratio > 0 else None,
        log_likelihood, sums.n, len(rows) - sums.n, columns.left_out,
    )


def _sums(x: np.ndarray, y: np.ndarray, where: np.ndarray, units: int) -> Sums:
    of_unit = np.zeros((units, x.shape[1]))
    np.add.at(of_unit, where, x)
    return Sums(x.T @ x, x.T @ y, float(y @ y), np.bincount(where, minlength=units), of_unit,
                np.bincount(where, y, units))
