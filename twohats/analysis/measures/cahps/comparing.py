"""Units compared with their mean: overall F, one t-test each, marks, reliability."""

from dataclasses import dataclass

import numpy as np
from scipy.special import fdtrc, stdtr

from twohats.store.estimates import variance_between

from .design import Convention

BELOW, ALIKE, ABOVE = 1, 2, 3
"""The marks (MEANING): clearly below the mean of the units, not clearly different, clearly above."""
LEAST_P = 0.0001
"""The program prints no smaller one for the overall test."""
TARGET = 0.70
"""Reliability under which a difference between units is mostly noise (instructions 2017, page 48)."""


@dataclass(frozen=True)
class Levels:
    """Units before they are compared."""

    unadjusted: np.ndarray
    adjusted: np.ndarray
    variance: np.ndarray
    weight: np.ndarray
    analysed: np.ndarray


@dataclass(frozen=True)
class Rule:
    """When a difference counts."""

    adjusters: int
    low: float
    high: float
    p_value: float = 0.05
    change: float = 0.0
    least_difference: float = 0.0
    convention: Convention = Convention.MACRO_41C


@dataclass(frozen=True)
class Comparison:
    """The tests; None where nothing can be said: fewer than two units with a variance."""

    overall_mean: float
    grand_mean: float | None
    """The mean by precision."""
    between: int
    within: float
    f: float | None
    p: float | None
    adjusted: np.ndarray
    difference: np.ndarray
    error: np.ndarray
    t: np.ndarray
    t_p: np.ndarray
    t_within: np.ndarray
    mark: np.ndarray
    reliability: float | None
    """1 - 1/F, at least 0."""
    unit_reliability: np.ndarray | None
    answers_for_target: float | None
    """Answers per unit for a reliability of .70, from the variances within and between; None when none differ."""


def compared(levels: Levels, rule: Rule) -> Comparison:
    """Adjusted means set on the level of the unadjusted ones, then tested."""
    mean = float(np.average(levels.unadjusted, weights=levels.weight))
    adjusted = levels.adjusted + (mean - float(np.average(levels.adjusted, weights=levels.weight)))
    units, answers = len(adjusted), float(levels.analysed.sum())
    certain = levels.variance == 0
    grand, f = _f(adjusted, levels, certain)
    between = units - 1
    within = _within(rule, units, answers)
    p = None if f is None else max(float(fdtrc(between, within, f)), LEAST_P)
    total = levels.weight.sum()
    of_all = (levels.variance * levels.weight**2).sum() / total**2
    error = np.sqrt(np.maximum(levels.variance * (1 - 2 * levels.weight / total) + of_all, 0.0))
    difference = adjusted - mean
    t = np.divide(difference, error, out=np.zeros(units), where=error > 0)
    t_within = (np.maximum(levels.analysed - 1, 1) if rule.convention is Convention.INSTRUCTIONS_2017
                else np.full(units, within))
    t_p = 2 * stdtr(t_within, -np.abs(t))
    unit_reliability, needed = _unit_reliability(adjusted, levels)
    return Comparison(
        overall_mean=mean, grand_mean=grand, between=between, within=within, f=f, p=p, adjusted=adjusted,
        difference=difference, error=error, t=t, t_p=t_p, t_within=t_within,
        mark=_marks(adjusted, mean, t_p, rule),
        reliability=None if f is None else max(0.0, 1 - 1 / f) if f > 0 else 0.0,
        unit_reliability=unit_reliability, answers_for_target=needed,
    )


def _f(adjusted: np.ndarray, levels: Levels, certain: np.ndarray) -> tuple[float | None, float | None]:
    """The mean by precision and the overall F; units without variance have no precision and stay out, as in 4.1c.

    With one unit left that way, 4.1c compares it with itself and prints F 0; we say nothing.
    """
    if certain.all():
        return None, None
    precision = levels.weight[~certain] / levels.variance[~certain]
    grand = float((adjusted[~certain] * precision).sum() / precision.sum())
    if (~certain).sum() == 1:
        return grand, None
    return grand, float(((adjusted[~certain] - grand) ** 2 / levels.variance[~certain]).sum() / (len(adjusted) - 1))


def _within(rule: Rule, units: int, answers: float) -> float:
    if rule.convention is Convention.INSTRUCTIONS_2017:
        return answers / units
    return max(answers - units - rule.adjusters, 1.0)


def _marks(adjusted: np.ndarray, mean: float, t_p: np.ndarray, rule: Rule) -> np.ndarray:
    """1, 2 or 3: a mark other than 2 needs significance and both least differences."""
    away = np.abs(adjusted - mean)
    reach = min(mean - rule.low, rule.high - mean) * rule.change
    counts = (t_p < rule.p_value) & (away >= reach) & (away >= rule.least_difference)
    return np.where(counts, np.where(adjusted < mean, BELOW, ABOVE), ALIKE)


def _unit_reliability(adjusted: np.ndarray, levels: Levels) -> tuple[np.ndarray | None, float | None]:
    """The moment estimator of the instructions (2017, page 49): b / (b + variance of the unit's mean)."""
    answers = levels.analysed.sum()
    units = len(adjusted)
    if units < 2 or not (levels.variance > 0).any():
        return None, None
    within = (levels.analysed * levels.analysed * levels.variance).sum() / answers
    between = variance_between(adjusted, levels.variance, levels.analysed)
    both = between + levels.variance
    reliability = np.divide(between, both, out=np.zeros(units), where=both > 0)
    return reliability, TARGET / (1 - TARGET) * within / between if between > 0 else None
