"""XmR charts with the rules of NHS England (Making Data Count), as NHSRplotthedots 0.2.2 draws them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from twohats.words.languages import Text
from twohats.words.problems import Problem

from .averages import mean_of, moving_ranges
from .false_flags import FalseFlags, expected_false_flags
from .parts import TRIAL, Moment, Rebase, counted, in_part, parts_of
from .special_causes import Cause, causes_of, close_to_limits, outside_limits

LIMIT = 2.66
"""Three sigma, in average moving ranges."""
TWO_SIGMA = 2 * (LIMIT / 3)
SCREEN = 3.267
"""A moving range of so many averages or more is an outlier."""
MEMORY = 0.2
"""Above this lag-1 autocorrelation the rules flag far too often."""
FEWEST_FOR_MEMORY = 8


class Direction(StrEnum):
    """Which way is better."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NEUTRAL = "neutral"


class Variation(StrEnum):
    """What a point means, given which way is better; the names of NHSRplotthedots."""

    COMMON = "common_cause"
    IMPROVEMENT = "special_cause_improvement"
    CONCERN = "special_cause_concern"
    HIGH = "special_cause_neutral_high"
    LOW = "special_cause_neutral_low"

    @property
    def words(self) -> Text:
        """The same for a reader."""
        return _VARIATIONS[self][0]

    @property
    def colour(self) -> Text:
        """The colour that NHS charts give it, in words."""
        return _VARIATIONS[self][1]


class Assurance(StrEnum):
    """Whether the process, as it is, keeps its target; the names of NHSRplotthedots."""

    PASS = "consistent_pass"  # noqa: S105  # not a password
    FAIL = "consistent_fail"
    INCONSISTENT = "inconsistent"

    @property
    def words(self) -> Text:
        """The same for a reader."""
        return _ASSURANCES[self]


_VARIATIONS = {
    Variation.COMMON: (Text("ordinary variation", "variación ordinaria"), Text("grey", "gris")),
    Variation.IMPROVEMENT: (Text("a change for the better", "un cambio para mejor"), Text("blue", "azul")),
    Variation.CONCERN: (Text("a change for the worse", "un cambio para peor"), Text("orange", "naranja")),
    Variation.HIGH: (Text("higher than usual", "más alto de lo habitual"), Text("purple", "morado")),
    Variation.LOW: (Text("lower than usual", "más bajo de lo habitual"), Text("purple", "morado")),
}
_ASSURANCES = {
    Assurance.PASS: Text("the target is met whatever chance does", "la meta se cumple, haga lo que haga el azar"),
    Assurance.FAIL: Text("the target is missed whatever chance does, unless the process changes",
                         "la meta no se cumple, haga lo que haga el azar, mientras el proceso no cambie"),
    Assurance.INCONSISTENT: Text("chance decides whether the target is met",
                                 "el azar decide si la meta se cumple"),
}


@dataclass(frozen=True)
class XmR:
    """One series with its lines and what stands out. Arrays run along the points; NaN where nothing can be said."""

    moments: tuple[Moment, ...]
    values: np.ndarray
    parts: np.ndarray
    counted: np.ndarray
    """The points the lines rest on."""
    judged: np.ndarray
    """The points of parts with enough values to say anything of."""
    mean: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    lower_two_sigma: np.ndarray
    upper_two_sigma: np.ndarray
    outside: np.ndarray
    side: np.ndarray
    """1 above the mean, -1 below, 0 on it."""
    close: np.ndarray
    causes: tuple[Cause, ...]
    variations: tuple[Variation, ...]
    short: np.ndarray
    """The part has fewer than 13 points: trial limits."""
    direction: Direction
    target: float | None
    assurance: Assurance | None
    autocorrelation: float | None
    """Of each point with the one before, around the mean of its part; None of too few or equal points."""
    flags: int
    """Points that stand out."""
    by_chance: FalseFlags
    """What a stable process of independent points would show."""
    by_chance_remembering: FalseFlags
    """The same for a stable process with this series' autocorrelation."""
    warnings: tuple[Text, ...]


def xmr(moments: Sequence[Moment], values: Sequence[float] | np.ndarray, *, direction: Direction = Direction.NEUTRAL,
        target: float | None = None, rebases: Sequence[Rebase] = (), fix_after: int | None = None,
        screen: bool = True, fewest: int = 1) -> XmR:
    """The chart of a series in order of time; NaN is a missing value.

    A part with fewer than `fewest` values has no lines, nothing in it stands out, and chance flags nothing there.
    A part has no limits where it has no two neighbouring values, or where neighbours never differ: the screening then
    leaves no moving range (without it the limits lie on the mean).
    """
    y = np.asarray(values, dtype=float)
    if len(y) != len(moments) or np.isinf(y).any():
        raise Problem("each moment needs one number, or none", "", "Leave a missing value out.")
    parts = parts_of(moments, rebases)
    base = counted(parts, fix_after)
    judged = np.bincount(parts, ~np.isnan(y))[parts] >= fewest if len(parts) else np.zeros(0, dtype=bool)
    mean, average = _lines(y, parts, base & judged, screen)
    lower, upper = mean - LIMIT * average, mean + LIMIT * average
    low, high = mean - TWO_SIGMA * average, mean + TWO_SIGMA * average
    outside = outside_limits(y, lower, upper)
    close = close_to_limits(y, lower, upper, low, high)
    side = np.sign(y - mean)
    causes = tuple(cause if enough else Cause.COMMON
                   for cause, enough in zip(_by_part(parts, y, side, outside, close), judged, strict=True))
    lengths = tuple(len(places) for places in in_part(parts) if judged[places[0]])
    memory = _autocorrelation(y, parts)
    by_chance = expected_false_flags(lengths, 0.0, fix_after, screen)
    remembering = expected_false_flags(lengths, memory or 0.0, fix_after, screen)
    short = np.bincount(parts)[parts] < TRIAL if len(parts) else np.zeros(0, dtype=bool)
    return XmR(
        tuple(moments), y, parts, base, judged, mean, lower, upper, low, high, outside, side, close, causes,
        tuple(variation_of(cause, direction) for cause in causes), short, direction, target,
        assurance_of(target, lower, upper, direction), memory, sum(cause is not Cause.COMMON for cause in causes),
        by_chance, remembering, _warnings(y, short, memory, average, judged),
    )


def _lines(y: np.ndarray, parts: np.ndarray, base: np.ndarray, screen: bool) -> tuple[np.ndarray, np.ndarray]:
    """The mean and the average moving range of each point's part."""
    mean, average = np.full(len(y), math.nan), np.full(len(y), math.nan)
    for places in in_part(parts):
        own = y[places[base[places]]]
        ranges = moving_ranges(own)
        kept = ranges[ranges < SCREEN * mean_of(ranges)] if screen else ranges
        mean[places] = mean_of(own)
        average[places] = mean_of(kept)
    return mean, average


def _by_part(parts: np.ndarray, y: np.ndarray, side: np.ndarray, outside: np.ndarray,
             close: np.ndarray) -> tuple[Cause, ...]:
    causes: list[Cause] = []
    for places in in_part(parts):
        causes.extend(causes_of(y[places], side[places], outside[places], close[places]))
    return tuple(causes)


def variation_of(cause: Cause, direction: Direction) -> Variation:
    """What standing out so means where this direction is better."""
    if cause is Cause.COMMON:
        return Variation.COMMON
    if direction is Direction.NEUTRAL:
        return Variation.HIGH if cause.high else Variation.LOW
    return Variation.IMPROVEMENT if cause.high == (direction is Direction.INCREASE) else Variation.CONCERN


def assurance_of(target: float | None, lower: np.ndarray, upper: np.ndarray, direction: Direction) -> Assurance | None:
    """What the last limits say of the target; None without target, direction or limits. On a limit: inconsistent."""
    if target is None or direction is Direction.NEUTRAL or not len(lower) or math.isnan(lower[-1]):
        return None
    if lower[-1] <= target <= upper[-1]:
        return Assurance.INCONSISTENT
    return Assurance.FAIL if (target > upper[-1]) == (direction is Direction.INCREASE) else Assurance.PASS


def _autocorrelation(y: np.ndarray, parts: np.ndarray) -> float | None:
    apart = y.copy()
    for places in in_part(parts):
        apart[places] -= mean_of(y[places])
    together = (apart[1:] * apart[:-1])[parts[1:] == parts[:-1]]
    spread = np.nansum(apart ** 2)
    if np.count_nonzero(~np.isnan(together)) < FEWEST_FOR_MEMORY or spread == 0:
        return None
    return float(np.nansum(together) / spread)


def _warnings(y: np.ndarray, short: np.ndarray, memory: float | None, average: np.ndarray,
              judged: np.ndarray) -> tuple[Text, ...]:
    told = []
    if short.any():
        told.append(Text(f"Fewer than {TRIAL} points: these are trial limits, which move with each new point.",
                         f"Menos de {TRIAL} puntos: son límites de prueba, que se mueven con cada punto nuevo."))
    if memory is not None and memory > MEMORY:
        told.append(Text(f"Each point resembles the one before (autocorrelation above {MEMORY}): the rules flag "
                         "too often. Take out the season, or use longer intervals.",
                         f"Cada punto se parece al anterior (autocorrelación mayor de {MEMORY}): las reglas "
                         "señalan demasiado. Quite la estación del año o use intervalos más largos."))
    if (average == 0).any():
        told.append(Text("Neighbouring values never differ: the limits lie on the mean.",
                         "Los valores seguidos nunca difieren: los límites están sobre la media."))
    if np.isnan(average[judged]).any():
        told.append(Text("There are no limits where no two neighbouring values differ.",
                         "No hay límites donde no hay dos valores seguidos que difieran."))
    if np.isnan(y).any():
        told.append(Text(f"{np.isnan(y).sum()} values are missing; a gap ends every run.",
                         f"Faltan {np.isnan(y).sum()} valores; un hueco termina toda racha."))
    return tuple(told)
