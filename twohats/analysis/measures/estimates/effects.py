"""What an investment moved: difference in differences, and an interrupted series, each with errors it has earned."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from twohats.words.languages import Text
from twohats.words.problems import Problem

from .adjusters import check_varies, complete

FEW_CLUSTERS = 20
FEW_WORDS = Text(
    f"Fewer than {FEW_CLUSTERS} units: this interval is too narrow. Better: randomise who starts when, or a wild "
    "cluster bootstrap.",
    f"Menos de {FEW_CLUSTERS} unidades: este intervalo es demasiado estrecho. Mejor: sortear quién empieza cuándo, o "
    "un remuestreo salvaje por grupos.",
)
RANK = 1e-9
SAME = 1e-12
"""Differences this close differ by rounding only."""


@dataclass(frozen=True)
class Effect:
    """A difference in differences with three standard errors; the interval and p use `se`."""

    estimate: float
    se: float
    """Clustered by unit, HC1 with G/(G-1) * (N-1)/(N-K), K counting every fixed effect."""
    se_unadjusted: float
    """Clustered by unit, without a factor (HC0)."""
    se_independent: float
    """As if every row were independent: too small where units remember."""
    lower: float
    upper: float
    p: float
    n: int
    clusters: int
    left_out: int
    warnings: tuple[Text, ...]


def difference_in_differences(units: Sequence[str], times: Sequence[int | str], treated: Sequence[bool],
                              scores: Sequence[float] | np.ndarray) -> Effect:
    """The effect of being treated, with a fixed effect for each unit and each time; one row per unit and time.

    `treated` is true from the start on in the units that started. 95 % interval by t with clusters - 1.
    """
    y = np.asarray(scores, dtype=float)
    rows = complete([y], [list(units), list(times)])
    y, started = y[rows], np.array([bool(one) for one in treated], dtype=float)[rows]
    unit = np.unique(np.array([str(one) for one in units])[rows], return_inverse=True)[1]
    time = np.unique(np.array([str(one) for one in times])[rows], return_inverse=True)[1]
    check_varies(y, "the score")
    clusters = int(unit.max()) + 1
    if clusters < 2:
        raise Problem("there is only one unit", "", "Bring units that did not start, to compare with.")
    left, ranks = _without_fixed_effects(np.column_stack([started, y]), unit, time)
    d, e = left.T
    if d @ d <= RANK * max(started @ started, 1.0):
        raise Problem("who started, and when, cannot be told from the unit and the time", "",
                      "Some units must start while others do not.")
    estimate = float(d @ e / (d @ d))
    residual = e - estimate * d
    n, k = len(y), ranks + 1
    if n <= k:
        raise Problem("there are no more rows than units and times", "", "Bring more times.")
    by_cluster = np.bincount(unit, d * residual, clusters)
    plain = math.sqrt(float(by_cluster @ by_cluster)) / float(d @ d)
    se = plain * math.sqrt(clusters / (clusters - 1) * (n - 1) / (n - k))
    independent = math.sqrt(float(residual @ residual) / (n - k) / float(d @ d))
    lower, upper, p = _judged(estimate, se, clusters - 1)
    return Effect(estimate, se, plain, independent, lower, upper, p, n, clusters, len(rows) - n,
                  (FEW_WORDS,) if clusters < FEW_CLUSTERS else ())


def _without_fixed_effects(columns: np.ndarray, unit: np.ndarray, time: np.ndarray) -> tuple[np.ndarray, int]:
    """What is left of the columns, and how many fixed effects took it."""
    each_time = (time[:, None] == np.arange(time.max() + 1)).astype(float)
    of_unit = _demeaned(np.column_stack([each_time, columns]), unit)
    times, rest = of_unit[:, :each_time.shape[1]], of_unit[:, each_time.shape[1]:]
    basis, sizes, _ = np.linalg.svd(times, full_matrices=False)
    basis = basis[:, sizes > RANK * max(float(sizes.max(initial=0.0)), 1.0)]
    for _ in range(2):  # twice, for the last digits
        rest = rest - basis @ (basis.T @ rest)
    return rest, int(unit.max()) + 1 + basis.shape[1]


def _demeaned(columns: np.ndarray, unit: np.ndarray) -> np.ndarray:
    counts = np.bincount(unit)
    return np.column_stack([column - (np.bincount(unit, column) / counts)[unit] for column in columns.T])


def _judged(estimate: float, se: float, free: int) -> tuple[float, float, float]:
    """A 95 % interval and a two-sided p by t; without noise the interval is the estimate itself."""
    if se == 0:
        return estimate, estimate, 1.0 if estimate == 0 else 0.0
    half = float(stdtrit(free, 0.975)) * se
    return estimate - half, estimate + half, 2 * float(stdtr(free, -abs(estimate) / se))


@dataclass(frozen=True)
class Term:
    """One coefficient of an interrupted series; interval and p use `se`."""

    estimate: float
    se: float
    """Newey-West: neighbours in time may resemble each other."""
    se_independent: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True)
class Interruption:
    """A straight line before, a step and another slope after."""

    start: Term
    """Where the line would be at time 0."""
    slope: Term
    """Change per time before."""
    step: Term
    """The jump at the interruption."""
    slope_after: Term
    """How much steeper it is after."""
    n: int
    lag: int
    left_out: int


def interrupted_series(scores: Sequence[float] | np.ndarray, before: int, *, lag: int = 3) -> Interruption:
    """Segmented regression of a series in order of time, one value per time, of which `before` precede the start.

    Newey-West errors with that lag, without prewhitening or a factor for small samples. A missing value is left out;
    its time still counts.
    """
    y = np.asarray(scores, dtype=float)
    time = np.arange(1.0, len(y) + 1)
    there = np.isfinite(y)
    after = (time > before).astype(float)
    x = np.column_stack([np.ones(len(y)), time, after, after * (time - before)])[there]
    y = y[there]
    check_varies(y, "the score")
    if np.linalg.matrix_rank(x) < x.shape[1] or len(y) <= x.shape[1]:
        raise Problem("too few times to tell a step from a slope", "",
                      "There must be two values or more on each side, and five in all.")
    inverse = np.linalg.inv(x.T @ x)
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    residual = y - x @ beta
    free = len(y) - x.shape[1]
    newey_west = np.sqrt(np.diag(inverse @ _bartlett(x * residual[:, None], lag) @ inverse))
    independent = np.sqrt(float(residual @ residual) / free * np.diag(inverse))
    terms = [Term(b, se, plain, *_judged(b, se, free))
             for b, se, plain in zip(beta.tolist(), newey_west.tolist(), independent.tolist(), strict=True)]
    return Interruption(*terms, len(y), lag, int((~there).sum()))


def _bartlett(moments: np.ndarray, lag: int) -> np.ndarray:
    total = moments.T @ moments
    for apart in range(1, min(lag, len(moments) - 1) + 1):
        across = moments[apart:].T @ moments[:-apart]
        total += (1 - apart / (lag + 1)) * (across + across.T)
    return total


@dataclass(frozen=True)
class Apart:
    """How far the two hats' scores lie apart: patient's minus customer's, among those who have both."""

    difference: float
    se: float
    lower: float
    upper: float
    p: float
    pairs: int
    left_out: int
    """Persons or units with only one of the two."""


def hats_apart(patient: Sequence[float] | np.ndarray, customer: Sequence[float] | np.ndarray) -> Apart:
    """A paired t-test: each person (or unit) has both scores. Where all differ alike there is no noise to judge by."""
    apart = np.asarray(patient, dtype=float) - np.asarray(customer, dtype=float)
    there = apart[np.isfinite(apart)]
    if len(there) < 2:
        raise Problem("fewer than two have both scores", "", "Compare the hats among more people or units.")
    difference = float(there.mean())
    alike = np.ptp(there) <= SAME * max(1.0, abs(difference))
    se = 0.0 if alike else float(there.std(ddof=1)) / math.sqrt(len(there))
    return Apart(difference, se, *_judged(difference, se, len(there) - 1), len(there), len(apart) - len(there))
