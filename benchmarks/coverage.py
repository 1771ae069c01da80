"""Claims: the 95 % intervals that are shown hold the planted truth about 95 times in 100, at small numbers too.

    python -m benchmarks.coverage [--seeds 200]

Each line draws its sample anew with every seed and looks whether the truth lies inside. With 200 seeds a perfect 95 %
interval covers in 90.5 to 98.5 % of them; an interval that counts people where things are alike may cover more often,
never less often.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from math import exp

import numpy as np

from twohats.analysis.measures.estimates.drivers import drivers_of
from twohats.analysis.measures.estimates.effects import hats_apart
from twohats.analysis.measures.estimates.shrinkage import shrunken
from twohats.store.estimates import (
    amount_of,
    bin_of,
    came_about,
    mean_between,
    share_between,
    when_between,
    wilson,
)

LEAST, MOST = 0.905, 0.985
SIZES = (30, 100, 1000)
Draw = Callable[[np.random.Generator], bool]
WAIT, SPREAD = 1800.0, 0.8
"""Waits are drawn so: median seconds, standard deviation of their logarithm."""


def share_alone(n: int, share: float) -> Draw:
    """A share of people, one thing each."""
    def covers(random: np.random.Generator) -> bool:
        low, high = wilson(int(random.binomial(n, share)), n)
        return low <= share <= high
    return covers


def share_of_alike(n: int, share: float, each: int) -> Draw:
    """A share of things, `each` of a person whose own share varies from person to person."""
    def covers(random: np.random.Generator) -> bool:
        own = random.beta(4 * share, 4 * (1 - share), n)
        low, high = share_between(int(random.binomial(each, own).sum()), n * each, n)
        return low <= share <= high
    return covers


def mean_of_points(n: int) -> Draw:
    """A mean of answers on a scale of four, in points."""
    chances = np.array([0.05, 0.1, 0.25, 0.6])
    points = np.array([0, 33.333, 66.667, 100])
    truth = float(chances @ points)

    def covers(random: np.random.Generator) -> bool:
        told = random.choice(points, n, p=chances)
        low, high = mean_between(float(told.sum()), float((told**2).sum()), n, n)
        return low <= truth <= high
    return covers


def waits(random: np.random.Generator, n: int) -> np.ndarray:
    return WAIT * np.exp(random.normal(0, SPREAD, n))


def time_by_which(n: int, share: float, open_after: float = 0.0, leaving: float = 0.0) -> Draw:
    """The time by which that share was seen; some still wait (begun evenly before the day), some leave first."""
    truth = _quantile(share, leaving)

    def covers(random: np.random.Generator) -> bool:
        done, other, lasting = _ended(random, n, open_after, leaving)
        low, high = when_between(came_about(done, other, lasting), share)
        return low <= truth and (high is None or truth <= high)
    return covers


def share_by(n: int, seconds: float, open_after: float = 0.0, leaving: float = 0.0) -> Draw:
    """The share seen by the upper edge of the bin of that time."""
    edge = amount_of(bin_of(seconds), 1.0)
    truth = _share_by(edge, leaving)

    def covers(random: np.random.Generator) -> bool:
        points = [point for point in came_about(*_ended(random, n, open_after, leaving)) if point.amount <= edge + 1e-9]
        return bool(points) and points[-1].low <= truth <= points[-1].high
    return covers


def _ended(
    random: np.random.Generator, n: int, open_after: float, leaving: float
) -> tuple[Counter[int], Counter[int], Counter[int]]:
    seen = waits(random, n)
    left = random.exponential(1 / leaving, n) if leaving else np.full(n, np.inf)
    watched = random.uniform(0, open_after, n) if open_after else np.full(n, np.inf)
    ends = np.minimum(np.minimum(seen, left), watched)
    bins = [bin_of(end) for end in ends]
    kinds = np.where(ends == seen, 0, np.where(ends == left, 1, 2))
    counted = [Counter(bin_ for bin_, is_kind in zip(bins, kinds, strict=True) if is_kind == kind) for kind in range(3)]
    return counted[0], counted[1], counted[2]


def _share_by(seconds: float, leaving: float) -> float:
    """P(seen by then, and before leaving): the integral of the density of waits times who has not left."""
    steps = np.linspace(0, seconds, 200_001)[1:]
    density = np.exp(-(np.log(steps / WAIT) ** 2) / (2 * SPREAD**2)) / (steps * SPREAD * np.sqrt(2 * np.pi))
    return float(np.trapezoid(density * np.exp(-leaving * steps), steps))


def _quantile(share: float, leaving: float) -> float:
    low, high = 1.0, WAIT * exp(4 * SPREAD)
    while high / low > 1.0001:
        middle = (low * high) ** 0.5
        low, high = (middle, high) if _share_by(middle, leaving) < share else (low, middle)
    return (low * high) ** 0.5


def one_unit_of_many(n: int) -> Draw:
    """The shrunken score of one of twenty units, drawn anew with the others."""
    def covers(random: np.random.Generator) -> bool:
        truth = 70 + random.normal(0, 5, 20)
        units = np.repeat([f"u{number:02}" for number in range(20)], n)
        found = shrunken(units.tolist(), np.repeat(truth, n) + random.normal(0, 20, 20 * n)).units
        unit = int(random.integers(20))
        return found[unit].lower <= truth[unit] <= found[unit].upper
    return covers


def hats_differ(n: int) -> Draw:
    """How far the two hats' scores lie apart."""
    def covers(random: np.random.Generator) -> bool:
        person = random.normal(70, 15, n)
        apart = hats_apart(person + random.normal(4, 10, n), person + random.normal(0, 10, n))
        return apart.lower <= 4 <= apart.upper
    return covers


def a_drivers_share(n: int) -> Draw:
    """The part of R squared of the first of three drivers that do not go together."""
    truth = 0.5**2 / (0.5**2 + 0.3**2 + 0.2**2 + 0.62)

    def covers(random: np.random.Generator) -> bool:
        drivers = random.normal(size=(3, n))
        overall = np.array([0.5, 0.3, 0.2]) @ drivers + random.normal(0, 0.62**0.5, n)
        found = drivers_of(overall, dict(zip("abc", drivers, strict=True)), resamples=400).drivers[0]
        return found.lower <= truth <= found.upper
    return covers


def claims() -> Iterator[tuple[str, int, Draw]]:
    """Every interval that is shown, at every size."""
    for n in SIZES:
        for share in (0.05, 0.3, 0.9):
            yield f"share of {share} (Wilson)", n, share_alone(n, share)
        yield "share of .3, five things a person", n, share_of_alike(n, 0.3, 5)
        yield "mean of points", n, mean_of_points(n)
        yield "median time", n, time_by_which(n, 0.5)
        yield "nine in ten by", n, time_by_which(n, 0.9)
        yield "median time, some still open", n, time_by_which(n, 0.5, open_after=4 * WAIT)
        yield "median time, some leave first", n, time_by_which(n, 0.5, leaving=1 / (5 * WAIT))
        yield "share seen within the median", n, share_by(n, WAIT)
        yield "... some open, some leaving first", n, share_by(n, WAIT, 4 * WAIT, 1 / (5 * WAIT))
        yield "a small unit, drawn to the mean", n, one_unit_of_many(n)
        yield "difference of the two hats", n, hats_differ(n)
        yield "a driver's share of R2 (bootstrap)", n, a_drivers_share(n)


def covered(draw: Draw, seeds: int) -> int:
    """In how many of so many seeds the truth lay inside."""
    return sum(draw(np.random.default_rng([seed, 20261127])) for seed in range(seeds))


def main(seeds: int) -> None:
    print(f"{'interval':40} {'n':>5}  covers   of {seeds} seeds; goal {LEAST:.1%} to {MOST:.1%}")
    outside = []
    for name, n, draw in claims():
        share = covered(draw, seeds) / seeds
        verdict = "" if LEAST <= share <= MOST else "over" if share > MOST else "UNDER"
        outside += [name] if verdict == "UNDER" else []
        print(f"{name:40} {n:5}  {share:6.1%}   {verdict}", flush=True)
    print(f"under the goal: {len(outside)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    main(parser.parse_args().seeds)
