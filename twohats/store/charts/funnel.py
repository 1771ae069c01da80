"""Funnel plots after Spiegelhalter, with over-dispersion; as FunnelPlotR 0.6.0 computes them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import chdtri

from twohats.words.languages import Text
from twohats.words.problems import Problem

TRIM = 0.1
"""The share of units on each side whose distance is drawn in, or left out, before the spread is estimated."""
Z_95, Z_998 = 1.959964, 3.090232
TAIL_95, TAIL_998 = 0.025, 0.001
GRID = 1_000
"""Points of a drawn limit."""


class Funnel(StrEnum):
    """What is compared, and on which scale."""

    SHARES = "pr"
    """Shares of people: arcsine."""
    SHMI = "sr-shmi"
    """Observed / expected: log, the outer tenths left out (NHS Summary Hospital-level Mortality Indicator)."""
    CQC = "sr-cqc"
    """Observed / expected: square root, the outer tenths drawn in (Care Quality Commission)."""
    RATIOS = "rc"
    """One count over another: log."""

    @property
    def standardised(self) -> bool:
        """Its denominator is what was expected; its target is 1."""
        return self in (Funnel.SHMI, Funnel.CQC)


class Place(StrEnum):
    """Where a unit lies in the funnel."""

    INSIDE = "inside"
    HIGH = "above"
    LOW = "below"

    @property
    def words(self) -> Text:
        """The same for a reader."""
        return _PLACES[self]


_PLACES = {
    Place.INSIDE: Text("within what chance does between units", "dentro de lo que hace el azar entre unidades"),
    Place.HIGH: Text("above the limit: look for the reason", "por encima del límite: busque el motivo"),
    Place.LOW: Text("below the limit: look for the reason", "por debajo del límite: busque el motivo"),
}


@dataclass(frozen=True)
class Limits:
    """Four lines at some denominators."""

    lower_95: np.ndarray
    upper_95: np.ndarray
    lower_998: np.ndarray
    upper_998: np.ndarray


@dataclass(frozen=True)
class FunnelPlot:
    """Every unit with its value, its distance and its limits. Arrays run along `units`."""

    funnel: Funnel
    units: tuple[str, ...]
    numerators: np.ndarray
    denominators: np.ndarray
    ratios: np.ndarray
    target: float
    target_transformed: float
    transformed: np.ndarray
    sigma: np.ndarray
    z: np.ndarray
    rank: np.ndarray
    """Of z, ties shared."""
    trimmed: np.ndarray
    """Drawn in or left out as one of the outer units."""
    z_trimmed: np.ndarray
    """Drawn in; NaN where left out."""
    phi: float
    """The dispersion: 1 where units differ by chance alone."""
    tau2: float
    """The variance between units, on the transformed scale."""
    limits: Limits
    overdispersed: Limits
    places: tuple[Place, ...]
    """By the 99.8 % limits in force: the over-dispersed ones where phi is above 1, unless they were declined."""
    adjusted: bool
    """Over-dispersed limits are in force."""
    left_out: tuple[str, ...]
    """Units with a denominator of 0 (SHMI: below 0.005): nothing can be said of them."""


def funnel_plot(funnel: Funnel, units: Sequence[str], numerators: Sequence[float] | np.ndarray,
                denominators: Sequence[float] | np.ndarray, *, overdispersion: bool = True) -> FunnelPlot:
    """The funnel of units, one after the other by name; rows of the same unit are added up."""
    names, events, whole, left_out = _by_unit(funnel, units, numerators, denominators)
    ratios = events / whole
    exposure = _published(funnel, whole)
    target = 1.0 if funnel.standardised else _target(funnel, events, exposure)
    aim, transformed, sigma = _transformed(funnel, events, exposure, target)
    z = (transformed - aim) / sigma
    rank = _ranks(z)
    trimmed, z_trimmed = _left_out(z, rank) if funnel is Funnel.SHMI else _drawn_in(z)
    # A unit with no event has no logarithm: it is drawn, and left out of the spread.
    z_trimmed = np.where(np.isinf(z_trimmed), math.nan, z_trimmed)
    phi, tau2 = _dispersion(z_trimmed, sigma)
    adjusted = overdispersion and phi > 1
    limits = limits_at(funnel, exposure, target)
    wider = overdispersed_limits_at(funnel, exposure, target, tau2)
    places = _places(ratios, wider if adjusted else limits)
    return FunnelPlot(funnel, names, events, exposure, ratios, target, aim, transformed, sigma, z, rank, trimmed,
                      z_trimmed, phi, tau2, limits, wider, places, adjusted, left_out)


def drawn_limits(plot: FunnelPlot) -> tuple[np.ndarray, Limits, Limits]:
    """The denominators to draw at, the limits of chance alone there, and the over-dispersed ones."""
    first, last = 1.1 if plot.funnel.standardised else 3.0, float(math.ceil(plot.denominators.max()))
    grid = np.unique(np.concatenate([np.linspace(first, last, GRID), plot.denominators]))
    return (grid, limits_at(plot.funnel, grid, plot.target),
            overdispersed_limits_at(plot.funnel, grid, plot.target, plot.tau2))


def limits_at(funnel: Funnel, denominators: np.ndarray, target: float) -> Limits:
    """The limits of chance alone at these denominators; exact Poisson limits for standardised ratios."""
    if not funnel.standardised:
        return overdispersed_limits_at(funnel, denominators, target, 0.0)
    return Limits(*_poisson(denominators, TAIL_95), *_poisson(denominators, TAIL_998))


def overdispersed_limits_at(funnel: Funnel, denominators: np.ndarray, target: float, tau2: float) -> Limits:
    """The limits at these denominators where units differ by tau2 besides chance."""
    return Limits(*_bent(funnel, denominators, target, tau2, Z_95), *_bent(funnel, denominators, target, tau2, Z_998))


def _by_unit(funnel: Funnel, units: Sequence[str], numerators: Sequence[float] | np.ndarray,
             denominators: Sequence[float] | np.ndarray) -> tuple[tuple[str, ...], np.ndarray, np.ndarray,
                                                                   tuple[str, ...]]:
    events, exposure = np.asarray(numerators, dtype=float), np.asarray(denominators, dtype=float)
    if not (len(units) == len(events) == len(exposure)) or not np.isfinite([events, exposure]).all():
        raise Problem("each unit needs a numerator and a denominator", "", "Leave out a unit that lacks one.")
    if (events < 0).any() or (exposure < 0).any():
        raise Problem("a count is negative", "", "Counts are 0 or more.")
    names = sorted(set(units))
    place = {name: number for number, name in enumerate(names)}
    where = [place[unit] for unit in units]
    events = np.bincount(where, events, len(names))
    exposure = np.bincount(where, exposure, len(names))
    there = _published(funnel, exposure) > 0
    # One count may be there without the other; but nobody has events, and nothing is observed that was not expected.
    if funnel is not Funnel.RATIOS and (events[exposure == 0] > 0).any():
        raise Problem("there are events where the denominator is 0", "", "Correct the denominator.")
    if funnel is Funnel.SHARES and (events > exposure).any():
        raise Problem("a numerator is above its denominator", "", "A share is at most 1; for one count over another "
                      "there is the type rc.")
    if there.sum() < 2:
        raise Problem("a funnel compares units, and here is only one" if there.any() else "there is no unit here", "",
                      "Bring two or more units with a denominator above 0. One unit over time has a control chart.")
    gone = tuple(name for name, is_there in zip(names, there, strict=True) if not is_there)
    kept = tuple(name for name, is_there in zip(names, there, strict=True) if is_there)
    return kept, events[there], exposure[there], gone


def _published(funnel: Funnel, denominators: np.ndarray) -> np.ndarray:
    """What limits are drawn from: SHMI publishes what was expected with two decimals, while its ratios are exact."""
    if funnel is not Funnel.SHMI:
        return denominators
    return np.array([round(value, 2) for value in denominators.tolist()])


def _target(funnel: Funnel, events: np.ndarray, exposure: np.ndarray) -> float:
    target = float(events.sum() / exposure.sum())
    if funnel is Funnel.RATIOS and target == 0:
        raise Problem("no unit has any event", "", "A ratio of counts needs at least one event.")
    return target


def _transformed(funnel: Funnel, events: np.ndarray, exposure: np.ndarray,
                 target: float) -> tuple[float, np.ndarray, np.ndarray]:
    """The target, the values and their standard deviations by chance, on the scale of this funnel."""
    ratios = events / exposure
    if funnel is Funnel.SHMI:
        with np.errstate(divide="ignore"):
            return 0.0, np.log(ratios), 1 / np.sqrt(exposure)
    if funnel is Funnel.CQC:
        return 1.0, np.sqrt(ratios), 1 / (2 * np.sqrt(exposure))
    if funnel is Funnel.SHARES:
        return math.asin(math.sqrt(target)), np.arcsin(np.sqrt(ratios)), 1 / (2 * np.sqrt(exposure))
    sigma = np.sqrt(events / (events + 0.5) ** 2 + exposure / (exposure + 0.5) ** 2)
    return math.log(target), np.log((events + 0.5) / (exposure + 0.5)), sigma


def _ranks(z: np.ndarray) -> np.ndarray:
    _, where, times = np.unique(z, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    return (last - (times - 1) / 2)[where]


def _drawn_in(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low, high = _quantile(z, TRIM), _quantile(z, 1 - TRIM)
    return ~((z > low) & (z < high)), np.clip(z, low, high)


def _left_out(z: np.ndarray, rank: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    groups = 1 / TRIM
    group = group_of(rank)
    outer = ~((group > 0) & (group < groups - 1))
    return outer, np.where(outer, math.nan, z)


def group_of(rank: np.ndarray) -> np.ndarray:
    """Which tenth a rank falls into, 0 to 9."""
    return np.floor(rank * (1 / TRIM) / (len(rank) + 1))


def _quantile(values: np.ndarray, share: float) -> float:
    """The quantile that lies on the line between its two neighbours (R's type 7)."""
    ordered = np.sort(values)
    place = (len(ordered) - 1) * share
    below = math.floor(place)
    above, part = min(below + 1, len(ordered) - 1), place - below
    return float(ordered[below] if part == 0 else (1 - part) * ordered[below] + part * ordered[above])


def _dispersion(z: np.ndarray, sigma: np.ndarray) -> tuple[float, float]:
    """Phi, and tau squared by DerSimonian and Laird; none where no unit is left to tell."""
    there = ~np.isnan(z)
    n = int(there.sum())
    if n == 0:
        return 0.0, 0.0
    phi = float(np.sum(z[there] ** 2) / n)
    weights = 1 / sigma[there] ** 2
    scale = weights.sum() - (weights ** 2).sum() / weights.sum()
    if n * phi < n - 1 or scale <= 0:
        return phi, 0.0
    return phi, max(0.0, float((n * phi - (n - 1)) / scale))


def _poisson(expected: np.ndarray, tail: float) -> tuple[np.ndarray, np.ndarray]:
    return chdtri(2 * expected, 1 - tail) / 2 / expected, chdtri(2 * (expected + 1), tail) / 2 / expected


def _bent(funnel: Funnel, denominators: np.ndarray, target: float, tau2: float,
          z: float) -> tuple[np.ndarray, np.ndarray]:
    """Limits that are straight on the scale of this funnel, brought back from it."""
    if funnel is Funnel.SHMI:
        width = z * np.sqrt(1 / denominators + tau2)
        return np.exp(-width), np.exp(width)
    width = z * np.sqrt((1 / (2 * np.sqrt(denominators))) ** 2 + tau2)
    if funnel is Funnel.CQC:
        return 1 - width, 1 + width
    if funnel is Funnel.RATIOS:
        return np.exp(math.log(target) - width), np.exp(math.log(target) + width)
    # Past 0 and 1 the sine turns back. FunnelPlotR notices that on its grid, and leaves the largest unit out.
    angle = math.asin(math.sqrt(target))
    return np.sin(np.maximum(angle - width, 0)) ** 2, np.sin(np.minimum(angle + width, math.pi / 2)) ** 2


def _places(ratios: np.ndarray, limits: Limits) -> tuple[Place, ...]:
    return tuple(
        Place.HIGH if ratio > upper else Place.LOW if ratio < lower else Place.INSIDE
        for ratio, lower, upper in zip(ratios, limits.lower_998, limits.upper_998, strict=True)
    )
