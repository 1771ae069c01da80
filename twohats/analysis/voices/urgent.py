"""How soon a human must look at a comment: the list of words of danger, and a model of its own beside it.

Independent of the labels: neither hat nor tone is asked. It leans to finding: the same day is a wide net, now a fine
one.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from twohats.care.urgent_words import Clock, heard

from .reading import shipped_folder
from .urgent_features import Floats, dense_of, sparse_of, words_read

FILE = "urgent.npz"
DENSE_WEIGHT = 0.7
FEWEST_FEATURES = 8
DAY_FROM = -2.25
"""From this score on somebody looks the same day. Lower finds more and calls more: `python -m benchmarks.urgent_words`
prints both. Near the last urgent texts the list would grow so long that nobody reads it to its end."""
NOW_FROM = -0.8
"""From this score on somebody looks now; set so that at most 3 of 1,000 ordinary comments are falsely told so."""
NOW_WITH_DANGER_FROM = -1.4
"""The same where the list heard words of danger."""


@dataclass(frozen=True)
class UrgentModel:
    """Weights of two scores (a human at all; now): of what is there, of the words' vectors, and a start."""

    sparse: Floats
    """One row per feature, two columns."""
    dense: Floats
    start: Floats

    def scores(self, text: str) -> tuple[float, float]:
        """How much speaks for a human at all, and for now."""
        written, read = words_read(text)
        places = sparse_of(written, read)
        told = self.sparse[places].sum(axis=0) / np.sqrt(max(FEWEST_FEATURES, len(places))) + self.start
        told = told + (dense_of(read) * DENSE_WEIGHT) @ self.dense
        return float(told[0]), float(told[1])


@cache
def shipped_urgent_model() -> UrgentModel:
    """The model that comes with the package."""
    with np.load(shipped_folder() / FILE, allow_pickle=False) as held:
        return UrgentModel(*(held[name].astype(np.float32) for name in ("sparse", "dense", "start")))


@lru_cache(maxsize=1 << 14)
def clock_of(text: str) -> Clock:
    """How soon a human must look at these words."""
    if not text.strip():
        return Clock.NO
    at_all, now = shipped_urgent_model().scores(text)
    danger = heard(text).danger
    if now >= (NOW_WITH_DANGER_FROM if danger else NOW_FROM):
        return Clock.NOW
    return Clock.DAY if danger or at_all >= DAY_FROM else Clock.NO
