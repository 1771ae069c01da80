"""How far chance alone may move a figure, and times read from counts in bins: the same on a page and in a benchmark.

The form for many shares at once, in survey scores, is held to this one by a test.
"""

from collections.abc import Mapping, Sequence
from math import floor, log2, sqrt
from typing import NamedTuple

Z95 = 1.959964
"""How many standard errors each way hold the truth 95 times in 100."""


def wilson(part: float, of: float) -> tuple[float, float]:
    """The 95 % score interval of a share, from 0 to 1: whole also near 0 and 1; of nothing 0 to 1.

    Source: E. B. Wilson, Journal of the American Statistical Association 1927;22:209-212.
    """
    if not of:
        return 0.0, 1.0
    share, z2 = part / of, Z95 * Z95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    reach = Z95 * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


BINS_AN_OCTAVE = 16
"""Amounts are counted in sixteenths of an octave, so a quantile read from counts is within 4.4 % of the exact one."""
NOTHING = -1
"""The bin of an amount of 0."""


def amount_of(bin_: int, within: float = 0.5) -> float:
    """The amount at that place (0 the lower edge, 1 the upper) of a bin; 0.0 for NOTHING."""
    return 0.0 if bin_ == NOTHING else 2.0 ** ((bin_ + within) / BINS_AN_OCTAVE)


def bin_of(amount: float) -> int:
    """The bin of an amount: floor(16 log2 amount); NOTHING for 0 and less, 0 for what is under 1."""
    return NOTHING if amount <= 0 else max(0, floor(BINS_AN_OCTAVE * log2(amount)))


class Point(NamedTuple):
    """By this amount so large a share had come to its end, and how far chance may move that share."""

    amount: float
    """The upper edge of a bin."""
    share: float
    low: float
    high: float


def came_about(done: Mapping[int, int], other: Mapping[int, int], open_for: Mapping[int, int]) -> tuple[Point, ...]:
    """What share had come about by each amount, where something else may come first and some is still open.

    Counts by bin: `done` came about, `other` ended another way (it competes and stays in the denominator), `open_for`
    has lasted so long without an end (censored at the end of its bin). The Aalen-Johansen estimate; without `other`
    it is one less Kaplan-Meier's, without `open_for` the plain share. Intervals of 95 %: Wilson's at the number of
    things that has the estimate's variance (Aalen 1978; Marubini and Valsecchi 1995, formula 10.12).
    """
    at_risk = float(sum(done.values()) + sum(other.values()) + sum(open_for.values()))
    alive, share, points = 1.0, 0.0, []
    # The variance in sums that are kept up at each step: of g, I g, I squared g; of h; of k and I k.
    g0 = g1 = g2 = h = k0 = k1 = 0.0
    for bin_ in sorted({*done, *other, *open_for}):
        came, left = done.get(bin_, 0), other.get(bin_, 0)
        ended = came + left
        if ended:
            share += alive * came / at_risk
            g = ended / (at_risk * (at_risk - ended)) if at_risk > ended else 0.0
            k = alive * came / at_risk**2
            g0, g1, g2 = g0 + g, g1 + share * g, g2 + share * share * g
            h += alive**2 * came * (at_risk - came) / at_risk**3
            k0, k1 = k0 + k, k1 + share * k
            alive *= 1 - ended / at_risk
            variance = share * share * g0 - 2 * share * g1 + g2 + h - 2 * (share * k0 - k1)
            points.append(Point(amount_of(bin_, 1.0), share, *_as_if_counted(share, variance, at_risk)))
        at_risk -= ended + open_for.get(bin_, 0)
    return tuple(points)


def _as_if_counted(share: float, variance: float, at_risk: float) -> tuple[float, float]:
    spread = share * (1 - share)
    things = spread / variance if variance > 0 and spread > 0 else at_risk
    return wilson(share * things, things)


def when(points: Sequence[Point], share: float) -> float | None:
    """The amount by which that share had come about; None where so many never did, or not yet.

    Inside a bin as if its things were spread evenly over the octave's part.
    """
    before = 0.0
    for point in points:
        if point.share >= share - 1e-12:
            part = (share - before) / (point.share - before) if point.share > before else 1.0
            return point.amount * 2.0 ** ((min(max(part, 0.0), 1.0) - 1) / BINS_AN_OCTAVE) if point.amount else 0.0
        before = point.share
    return None


def when_between(points: Sequence[Point], share: float) -> tuple[float, float | None]:
    """The 95 % interval of `when`: from the bin to the bin where the share's interval meets it; None: no upper end."""
    low = next((point.amount * 2.0 ** (-1 / BINS_AN_OCTAVE) for point in points if point.high >= share), 0.0)
    high = next((point.amount for point in points if point.low >= share), None)
    return low, high


def mean_between(total: float, squares: float, times: int, people: int) -> tuple[float, float]:
    """The 95 % interval of a mean from its sums, with as many independent things as there are people.

    One person's things are alike; counting people instead of things is the most careful answer (a design effect of
    things over people).
    """
    mean = total / times
    variance = max(squares / times - mean * mean, 0.0) * people / max(people - 1, 1)
    reach = Z95 * sqrt(variance / people)
    return mean - reach, mean + reach


def share_between(part: int, times: int, people: int) -> tuple[float, float]:
    """Wilson's interval of a share of things, counting people instead of things as in `mean_between`."""
    return wilson(part * people / times, people) if times else (0.0, 1.0)


def variance_between(means: Sequence[float], variances: Sequence[float], answers: Sequence[float]) -> float:
    """By how much units differ beyond chance, as a variance, at least 0; `variances` are those of the units' means.

    The moment estimator of the CAHPS instructions (2017, page 49): over it plus the variance of a unit's mean it is
    that unit's reliability.
    """
    units, total = len(means), sum(answers)
    mean = sum(n * value for n, value in zip(answers, means, strict=True)) / total
    within = sum(n * n * variance for n, variance in zip(answers, variances, strict=True)) / total
    spread = sum(n * (value - mean) ** 2 - within for n, value in zip(answers, means, strict=True))
    return max(float(spread / (total * (1 - 1 / units))), 0.0)
