"""How well two readers agree, and the model with a reader: kappa and accuracy, each with n and its 95 % interval."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from twohats.service.actions.readings import Queue, Standing
from twohats.service.records.models import ClauseReading
from twohats.store.estimates import Z95, wilson

FEWEST = 11
"""Pairs below which no share is told: one pair would move it by ten points and more."""
Pair = tuple[Hashable, Hashable]
ASKED: dict[str, Callable[[ClauseReading], Hashable]] = {
    "hat": lambda made: made.hat, "touchpoint": lambda made: made.touchpoint,
    "sentiment": lambda made: made.sentiment,
}
"""What readers and the model are compared in, in this order."""
BY_MODEL: dict[str, Callable[[ClauseReading], Hashable]] = {
    "hat": lambda made: made.model_hat, "touchpoint": lambda made: made.model_touchpoint,
    "sentiment": lambda made: made.model_sentiment,
}
"""What the model said then of the same; known where the model's touchpoint is."""


@dataclass(frozen=True)
class Kappa:
    """Agreement of first and second readers beyond chance. `value` is None where all lies under one label; `low` and
    `high` are None where the formula gives no range: nobody ever disagreed.
    """

    pairs: int
    agreed: int
    value: float | None
    low: float | None
    high: float | None


def kappa_of(pairs: Sequence[Pair]) -> Kappa:
    """Cohen's kappa (Educational and Psychological Measurement 1960;20:37-46) with the large-sample standard error of
    Fleiss, Cohen and Everitt (Psychological Bulletin 1969;72:323-327), formula 13. Pairs count as independent.
    """
    n = len(pairs)
    joint = Counter(pairs)
    agreed = sum(count for (first, second), count in joint.items() if first == second)
    if not n:
        return Kappa(0, 0, None, None, None)
    by_first, by_second = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    observed = agreed / n
    chance = sum(by_first[label] * by_second[label] for label in by_first) / (n * n)
    if chance == 1:
        return Kappa(n, agreed, None, None, None)
    kappa = (observed - chance) / (1 - chance)
    if agreed == n:
        return Kappa(n, agreed, 1.0, None, None)
    error = sqrt(_variance(joint, by_first, by_second, n, kappa, chance))
    return Kappa(n, agreed, kappa, max(kappa - Z95 * error, -1.0), min(kappa + Z95 * error, 1.0))


def _variance(joint: Counter[Pair], by_first: Counter[Hashable], by_second: Counter[Hashable], n: int, kappa: float,
              chance: float) -> float:
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


@dataclass(frozen=True)
class Accuracy:
    """How often the model says what the reader says."""

    n: int
    right: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share of clauses on which both say the same."""
        return self.right / self.n


def accuracy_of(right: int, n: int) -> Accuracy:
    """A share with its 95 % score interval."""
    low, high = wilson(right, n)
    return Accuracy(n, right, low, high)


def pairs_of(read_twice: Iterable[Standing], what: str, only_drawn: bool) -> list[Pair]:
    """What the first and the second reader said, clause by clause; of all clauses, or of those that chance chose both
    for the first reader and for the second."""
    asked = ASKED[what]
    return [(asked(one.first), asked(one.second)) for one in read_twice
            if one.second and (not only_drawn or one.second.queue == Queue.SECOND)]


def against_the_model(sampled: Iterable[ClauseReading], what: str) -> list[Pair]:
    """What the model said and what the reader said, of clauses drawn at random whose model's label is known."""
    return [(BY_MODEL[what](made), ASKED[what](made)) for made in sampled if made.model_touchpoint]


def confusions(pairs: Iterable[Pair]) -> list[tuple[Hashable, Hashable, int]]:
    """Where the two say different things, the most frequent first."""
    apart = Counter(pair for pair in pairs if pair[0] != pair[1])
    return [(first, second, count) for (first, second), count in sorted(
        apart.items(), key=lambda one: (-one[1], str(one[0])))]
