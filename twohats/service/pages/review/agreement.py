"""What two readers, and the model with a reader, are compared in: pairs for kappa, and accuracy with its interval."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

from twohats.service.actions.readings import Queue, Standing
from twohats.service.records.models import ClauseReading
from twohats.store.agreement import Pair
from twohats.store.estimates import wilson

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
