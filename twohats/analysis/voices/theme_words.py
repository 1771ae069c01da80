"""Themes of whole comments by their words and pairs of words: a plain linear reader, heard beside the networks.

The networks read a comment's meaning, this one its exact wording; together they are right more often than either.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from .encoding import Said, kind_of
from .network import Floats
from .wording import words_of

FILE = "themes.npz"
NETWORKS_COUNT = 0.6
"""How much the networks' opinion counts; the rest is the wording's. Measured beside .3, .5, .7 and .8 on the folds."""
PARTS = (3, 4, 5)
SEEN_AT_LEAST = 3
LOOSE = 6.0
"""How little the weights are held to nothing (the C of a logistic regression)."""
STEPS = 200


def terms_of(said: Said) -> tuple[Counter[str], Counter[str]]:
    """The words and pairs of words within a clause, and the parts of words of three to five letters; with counts."""
    terms: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    for clause in said.clauses:
        words = words_of(clause)
        terms.update(words)
        terms.update(f"{one} {other}" for one, other in pairwise(words))
        for word in words:
            padded = f"<{word}>"
            parts.update(f"~{padded[at:at + size]}" for size in PARTS for at in range(len(padded) - size + 1))
    return terms, parts


def _marks(said: Said) -> tuple[str, str]:
    return f"service: {said.service.strip().lower()}", f"question: {kind_of(said.question)}"


def both(networks: Floats, wording: Floats) -> Floats:
    """The shares of themes as the networks and the wording tell them together."""
    return NETWORKS_COUNT * networks + (1 - NETWORKS_COUNT) * wording


@dataclass(frozen=True)
class ThemeWords:
    """What each term says for each theme: `rare` has a number per term, `weights` a row per term and one for all."""

    terms: dict[str, int]
    rare: Floats
    weights: Floats

    def shares(self, comments: Iterable[Said]) -> Floats:
        """Per comment the share of every theme, 0 to 1; rows in order."""
        told = self._matrix(list(comments)) @ self.weights[:-1] + self.weights[-1]
        return 1 / (1 + np.exp(-told))

    def _matrix(self, comments: Sequence[Said]) -> csr_matrix:
        """Rows over the known terms, rare ones longer: words and parts of words of length one each, marks beside."""
        numbers: list[int] = []
        values: list[float] = []
        ends = [0]
        for said in comments:
            for counted in terms_of(said):
                known = [(self.terms[term], count) for term, count in counted.items() if term in self.terms]
                told = [(1 + math.log(count)) * float(self.rare[number]) for number, count in known]
                length = math.sqrt(sum(value * value for value in told)) or 1.0
                numbers += [number for number, _ in known]
                values += [value / length for value in told]
            for mark in _marks(said):
                if mark in self.terms:
                    numbers.append(self.terms[mark])
                    values.append(math.sqrt(0.5))
            ends.append(len(numbers))
        return csr_matrix((values, numbers, ends), shape=(len(comments), len(self.terms)))

    def save(self, folder: Path) -> None:
        """Writes it beside the networks."""
        words = np.frombuffer("\n".join(self.terms).encode(), np.uint8)
        np.savez_compressed(folder / FILE, terms=words, rare=self.rare.astype(np.float32),
                            weights=self.weights.astype(np.float16))

    @classmethod
    def load(cls, folder: Path) -> "ThemeWords":
        """The reader in that folder."""
        with np.load(folder / FILE, allow_pickle=False) as held:
            terms = bytes(held["terms"]).decode().split("\n")
            return cls({term: number for number, term in enumerate(terms)}, held["rare"],
                       held["weights"].astype(np.float64))


def learned(comments: Sequence[Said], truth: np.ndarray) -> ThemeWords:
    """The reader of comments whose themes are known: `truth` has a row per comment, a column per theme (true or not).

    A logistic regression per theme, all in one descent; the same input gives the same numbers on the same machine.
    """
    seen: Counter[str] = Counter()
    for said in comments:
        for counted in terms_of(said):
            seen.update(counted.keys())
        seen.update(_marks(said))
    kept = sorted(term for term, times in seen.items() if times >= SEEN_AT_LEAST)
    # As of one more comment that holds every term.
    rare = np.array([1 + math.log((1 + len(comments)) / (1 + seen[term])) for term in kept])
    reader = ThemeWords({term: number for number, term in enumerate(kept)}, rare, np.zeros((len(kept) + 1, 1)))
    rows, aims = reader._matrix(comments), truth.astype(np.float64)
    shape = (len(kept) + 1, truth.shape[1])

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(shape)
        scores = rows @ weights[:-1] + weights[-1]
        surprise = np.logaddexp(0, scores) - aims * scores
        slope = 1 / (1 + np.exp(-scores)) - aims
        gradient = np.vstack([weights[:-1] + LOOSE * (rows.T @ slope), LOOSE * slope.sum(axis=0, keepdims=True)])
        return float(LOOSE * surprise.sum() + 0.5 * (weights[:-1] ** 2).sum()), gradient.ravel()

    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return ThemeWords(reader.terms, rare, found.x.reshape(shape))
