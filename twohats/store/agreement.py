"""How well two agree on the same things, beyond chance: two readers, or a sign and what people say themselves."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from .estimates import Z95

FEWEST = 11
"""Pairs below which no agreement is told: one pair would move it by ten points and more."""
Pair = tuple[Hashable, Hashable]


@dataclass(frozen=True)
class Kappa:
    """How well two agree beyond chance. `value` is None where all lies under one label; `low` and `high` are None
    where the formula gives no range: nobody ever disagreed.
    """

    pairs: int
    agreed: int
    value: float | None
    low: float | None
    high: float | None


def kappa_of(pairs: Iterable[Pair]) -> Kappa:
    """Cohen's kappa of what two say of each thing, pair by pair."""
    return kappa_of_counts(Counter(pairs))


def kappa_of_counts(joint: Mapping[Pair, int]) -> Kappa:
    """Cohen's kappa (Educational and Psychological Measurement 1960;20:37-46) with the large-sample standard error of
    Fleiss, Cohen and Everitt (Psychological Bulletin 1969;72:323-327), formula 13. Pairs count as independent.
    """
    n = sum(joint.values())
    agreed = sum(count for (first, second), count in joint.items() if first == second)
    if not n:
        return Kappa(0, 0, None, None, None)
    by_first, by_second = (_by_side(joint, side) for side in (0, 1))
    observed = agreed / n
    chance = sum(by_first[label] * by_second[label] for label in by_first) / (n * n)
    if chance == 1:
        return Kappa(n, agreed, None, None, None)
    kappa = (observed - chance) / (1 - chance)
    if agreed == n:
        return Kappa(n, agreed, 1.0, None, None)
    error = sqrt(_variance(joint, by_first, by_second, n, kappa, chance))
    return Kappa(n, agreed, kappa, max(kappa - Z95 * error, -1.0), min(kappa + Z95 * error, 1.0))


def _by_side(joint: Mapping[Pair, int], side: int) -> Counter[Hashable]:
    counted: Counter[Hashable] = Counter()
    for pair, count in joint.items():
        counted[pair[side]] += count
    return counted


def _variance(
    joint: Mapping[Pair, int], by_first: Counter[Hashable], by_second: Counter[Hashable], n: int, kappa: float,
    chance: float,
) -> float:
    apart = 1 - kappa
    total = 0.0
    for (first, second), count in joint.items():
        share = count / n
        if first == second:
            total += share * (1 - (by_first[first] + by_second[first]) / n * apart) ** 2
        else:
            total += share * (apart * (by_second[first] + by_first[second]) / n) ** 2
    total -= (kappa - chance * apart) ** 2
    return max(total, 0.0) / (n * (1 - chance) ** 2)
