"""The small network behind the labels: words, their neighbours, the clause, the whole comment; numpy alone.

Every word has a vector; three neighbouring words make a feature (convolution); the strongest and the mean features of
the
clause and of the whole comment, with service and question, go through one hidden layer to the heads. While reading, the
convolution of each known word is looked up, not computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Weights = dict[str, Floats]

CLAUSE_HEADS = {"touchpoint": 28, "about": 3, "hat": 3, "sentiment": 3, "speaker": 3}
COMMENT_HEADS = {"themes": 24, "mood": 5}
WORD_WIDTH, FEATURES, HIDDEN, SETTING_WIDTH = 128, 256, 256, 16
POOLED = 3 * FEATURES + 2 * WORD_WIDTH + 2 * SETTING_WIDTH


@dataclass(frozen=True)
class Batch:
    """Comments as the network reads them: words of all comments in a row, a blank (0) behind each comment."""

    words: Ints
    clause_at: Ints
    """Where each clause starts in `words`."""
    clause_words: Ints
    """How many words it has, without the blank."""
    comment_at: Ints
    """Which clause each comment starts with."""
    settings: Ints
    """Per comment: number of the service, number of the kind of question; 0 where not known."""

    @property
    def comment_of(self) -> Ints:
        """The comment of each clause."""
        return np.repeat(np.arange(len(self.comment_at)), np.diff([*self.comment_at, len(self.clause_at)]))

    @property
    def clause_words_with_blanks(self) -> Ints:
        """How many places in `words` each clause has, the blank behind a comment with its last clause."""
        return np.diff([*self.clause_at, len(self.words)])


def heads_at(heads: Mapping[str, int]) -> dict[str, slice]:
    """Where each head lies in the row of scores."""
    stops = np.cumsum(list(heads.values()))
    return {name: slice(int(stop - size), int(stop)) for (name, size), stop in zip(heads.items(), stops, strict=True)}


def new_weights(words: int, vector_width: int, services: int, questions: int, seed: int) -> Weights:
    """The weights before anything is learned."""
    random = np.random.default_rng(seed)

    def drawn(*shape: int, scale: float | None = None) -> Floats:
        reach = scale if scale is not None else 1 / np.sqrt(shape[0])
        return (random.standard_normal(shape) * reach).astype(np.float32)

    last = HIDDEN + POOLED
    return {
        "words": drawn(words, WORD_WIDTH, scale=0.05),
        "vectors": drawn(vector_width, WORD_WIDTH),
        "features": drawn(3 * WORD_WIDTH, FEATURES, scale=0.6 / np.sqrt(3 * WORD_WIDTH)),
        "features_0": np.zeros(FEATURES, np.float32),
        "services": drawn(services, SETTING_WIDTH, scale=0.5),
        "questions": drawn(questions, SETTING_WIDTH, scale=0.5),
        "hidden": drawn(POOLED, HIDDEN, scale=0.6 / np.sqrt(POOLED)),
        "hidden_0": np.zeros(HIDDEN, np.float32),
        "clause": drawn(last, sum(CLAUSE_HEADS.values()), scale=0.3 / np.sqrt(last)),
        "clause_0": np.zeros(sum(CLAUSE_HEADS.values()), np.float32),
        "comment": drawn(last, sum(COMMENT_HEADS.values()), scale=0.3 / np.sqrt(last)),
        "comment_0": np.zeros(sum(COMMENT_HEADS.values()), np.float32),
    }


class Reader:
    """The network for reading: weights given, the convolution of known words laid out in a table."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self.weights = weights
        self.table = weights["words"]
        sides = weights["features"].reshape(3, WORD_WIDTH, FEATURES)
        self.before, self.itself, self.behind = (self.table @ side for side in sides)
        self.itself = self.itself + weights["features_0"]

    def scores(self, batch: Batch) -> tuple[Floats, Floats]:
        """Scores per clause (columns as CLAUSE_HEADS) and per comment (COMMENT_HEADS)."""
        pooled, whole = self._pooled(batch)
        return self._scored("clause", pooled), self._scored("comment", whole)

    def clause_scores(self, batch: Batch) -> Floats:
        """The same for the clauses alone."""
        return self._scored("clause", self._pooled(batch)[0])

    def _pooled(self, batch: Batch) -> tuple[Floats, Floats]:
        words = batch.words
        made = self.itself[words]
        made[1:] += self.before[words[:-1]]
        made[:-1] += self.behind[words[1:]]
        np.maximum(made, 0, out=made)
        made[words == 0] = 0
        pools = pooled_side_by_side(batch, self.table[words], made)
        return pool(batch, self.weights, pools, batch.settings)

    def _scored(self, head: str, pooled: Floats) -> Floats:
        hidden = np.maximum(pooled @ self.weights["hidden"] + self.weights["hidden_0"], 0)
        return hidden @ self.weights[head][:HIDDEN] + pooled @ self.weights[head][HIDDEN:] + self.weights[head + "_0"]


Pools = tuple[Floats, Floats, Floats]
"""Per clause the strongest features, the sum of the features, the sum of the words' vectors."""


def pooled_in_order(batch: Batch, vectors: Floats, made: Floats) -> Pools:
    """Pooled one word after another, as learning has it."""
    at = batch.clause_at
    return np.maximum.reduceat(made, at), np.add.reduceat(made, at), np.add.reduceat(vectors, at)


def pooled_side_by_side(batch: Batch, vectors: Floats, made: Floats) -> Pools:
    """The same, the first words of all clauses at once, then the second: three times as quick, and rounds otherwise."""
    order = np.argsort(-batch.clause_words, kind="stable")
    starts = batch.clause_at[order]
    strongest, summed, meant = made[starts], made[starts], vectors[starts]
    longer = len(order) - np.cumsum(np.bincount(batch.clause_words))
    for place in range(1, int(batch.clause_words[order[0]])):
        still = int(longer[place])
        here = starts[:still] + place
        told = made[here]
        np.maximum(strongest[:still], told, out=strongest[:still])
        summed[:still] += told
        meant[:still] += vectors[here]
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return strongest[back], summed[back], meant[back]


def pool(batch: Batch, weights: Mapping[str, Floats], pools: Pools, settings: Ints) -> tuple[Floats, Floats]:
    """What the hidden layer sees of every clause, and of every comment taken as one clause."""
    strongest, summed, meant = pools
    of = batch.comment_of
    words_of_clause = np.maximum(batch.clause_words, 1).astype(np.float32)[:, None]
    words_of_comment = np.add.reduceat(words_of_clause, batch.comment_at)
    strongest_all = np.maximum.reduceat(strongest, batch.comment_at)
    summed_all = np.add.reduceat(summed, batch.comment_at)
    meant_all = np.add.reduceat(meant, batch.comment_at) / words_of_comment
    known = np.concatenate([weights["services"][settings[:, 0]], weights["questions"][settings[:, 1]]], axis=1)
    clauses = np.concatenate(
        [strongest, strongest_all[of], summed / words_of_clause, meant / words_of_clause, meant_all[of], known[of]],
        axis=1,
    )
    comments = np.concatenate(
        [strongest_all, strongest_all, summed_all / words_of_comment, meant_all, meant_all, known], axis=1
    )
    return clauses, comments


def shares(scores: Floats) -> Floats:
    """Scores to probabilities, row by row."""
    risen = np.exp(scores - scores.max(axis=1, keepdims=True))
    return risen / risen.sum(axis=1, keepdims=True)


def log_shares(scores: Floats) -> Floats:
    """The logarithms of the probabilities."""
    risen = scores - scores.max(axis=1, keepdims=True)
    return risen - np.log(np.exp(risen).sum(axis=1, keepdims=True))


class Learner:
    """One network while it learns: forward, backward, a step of Adam."""

    def __init__(self, weights: Weights, vectors: Floats, steps: int, seed: int, rate: float = 2e-3) -> None:
        self.weights, self.vectors, self.steps, self.rate = weights, vectors, steps, rate
        self.random = np.random.default_rng(seed)
        self.step = 0
        self.first = {name: np.zeros_like(value) for name, value in weights.items()}
        self.second = {name: np.zeros_like(value) for name, value in weights.items()}

    def learn(
        self, batch: Batch, clause_aims: Floats, clause_weights: Floats, comment_aims: Floats, comment_weights: Floats
    ) -> None:
        """One step towards the aims (probabilities; a weight of 0 leaves a row out)."""
        slopes = self._slopes(batch, clause_aims, clause_weights, comment_aims, comment_weights)
        self._move(slopes)

    def _dropped(self, *shape: int, share: float) -> Floats:
        keep = self.random.random(shape, dtype=np.float32) >= share
        return keep.astype(np.float32) * np.float32(1 / (1 - share))

    def _slopes(
        self, batch: Batch, clause_aims: Floats, clause_weights: Floats, comment_aims: Floats, comment_weights: Floats
    ) -> Weights:
        w = self.weights
        words = batch.words * (self.random.random(len(batch.words), dtype=np.float32) >= 0.05)
        seen, place = np.unique(words, return_inverse=True)
        own = (self.random.random((len(seen), 1), dtype=np.float32) >= 0.1) * (seen != 0)[:, None]
        given = self.vectors[seen]
        table = w["words"][seen] * own + given @ w["vectors"]
        wet = self._dropped(len(words), WORD_WIDTH, share=0.1)
        vectors = table[place] * wet
        padded = np.zeros((len(words) + 2, WORD_WIDTH), np.float32)
        padded[1:-1] = vectors
        around = np.concatenate([padded[:-2], padded[1:-1], padded[2:]], axis=1)
        made = np.maximum(around @ w["features"] + w["features_0"], 0)
        made[batch.words == 0] = 0
        settings = batch.settings * (self.random.random(batch.settings.shape, dtype=np.float32) >= 0.25)
        clauses, comments = pool(batch, w, pooled_in_order(batch, vectors, made), settings)
        pooled = np.concatenate([clauses, comments])
        wet_pooled = self._dropped(*pooled.shape, share=0.3)
        pooled = pooled * wet_pooled
        hidden = np.maximum(pooled @ w["hidden"] + w["hidden_0"], 0)
        wet_hidden = self._dropped(*hidden.shape, share=0.3)
        deep = np.concatenate([hidden * wet_hidden, pooled], axis=1)
        split = len(clauses)
        clause_slope = _towards(deep[:split] @ w["clause"] + w["clause_0"], clause_aims, clause_weights)
        comment_slope = _towards_comments(deep[split:] @ w["comment"] + w["comment_0"], comment_aims, comment_weights)
        slopes: Weights = {
            "clause": deep[:split].T @ clause_slope,
            "clause_0": clause_slope.sum(axis=0),
            "comment": deep[split:].T @ comment_slope,
            "comment_0": comment_slope.sum(axis=0),
        }
        back = np.concatenate([clause_slope @ w["clause"].T, comment_slope @ w["comment"].T])
        hidden_slope = back[:, :HIDDEN] * wet_hidden * (hidden > 0)
        slopes["hidden"] = pooled.T @ hidden_slope
        slopes["hidden_0"] = hidden_slope.sum(axis=0)
        pooled_slope = (back[:, HIDDEN:] + hidden_slope @ w["hidden"].T) * wet_pooled
        made_slope, vector_slope = _unpool(batch, made, pooled_slope, settings, slopes, w)
        made_slope *= made > 0
        slopes["features"] = around.T @ made_slope
        slopes["features_0"] = made_slope.sum(axis=0)
        around_slope = made_slope @ w["features"].T
        vector_slope[:-1] += around_slope[1:, :WORD_WIDTH]
        vector_slope += around_slope[:, WORD_WIDTH : 2 * WORD_WIDTH]
        vector_slope[1:] += around_slope[:-1, 2 * WORD_WIDTH :]
        vector_slope *= wet
        order = np.argsort(place, kind="stable")
        per_word = np.add.reduceat(vector_slope[order], np.searchsorted(place[order], np.arange(len(seen))))
        slopes["vectors"] = given.T @ per_word
        slopes["words"] = np.zeros_like(w["words"])
        slopes["words"][seen] = per_word * own
        return slopes

    def _move(self, slopes: Weights) -> None:
        """Adam with a warm start and a slow stop; slopes that are too steep all at once are shortened."""
        self.step += 1
        steep = np.sqrt(sum(float(np.vdot(slope, slope)) for slope in slopes.values()))
        shorten = np.float32(min(1.0, 2.0 / (steep + 1e-9)))
        done = min(1.0, self.step / self.steps)
        rate = self.rate * min(1.0, self.step / 100) * 0.5 * (1 + np.cos(np.pi * done))
        even = np.sqrt(1 - 0.999**self.step) / (1 - 0.9**self.step)
        for name, slope in slopes.items():
            slope *= shorten
            first, second, weight = self.first[name], self.second[name], self.weights[name]
            first += np.float32(0.1) * (slope - first)
            second += np.float32(0.001) * (slope * slope - second)
            weight -= np.float32(rate * even) * first / (np.sqrt(second) + np.float32(1e-8))
            weight *= np.float32(1 - rate * (1e-4 if name == "words" else 0.01))


HEAD_WEIGHTS = {"touchpoint": 1.0, "about": 0.7, "hat": 1.0, "sentiment": 0.7, "speaker": 0.5}


def _towards(scores: Floats, aims: Floats, weights: Floats) -> Floats:
    """The slope of the cross-entropy of every head; a head without an aim (all zeros) learns nothing from the row."""
    slope = np.empty_like(scores)
    counted = weights[:, None] / np.float32(len(scores))
    for name, at in heads_at(CLAUSE_HEADS).items():
        told = aims[:, at].sum(axis=1, keepdims=True)
        slope[:, at] = (shares(scores[:, at]) * told - aims[:, at]) * counted * np.float32(HEAD_WEIGHTS[name])
    return slope


def _towards_comments(scores: Floats, aims: Floats, weights: Floats) -> Floats:
    at = heads_at(COMMENT_HEADS)
    slope = np.empty_like(scores)
    counted = weights[:, None] / np.float32(len(scores))
    slope[:, at["themes"]] = (
        (1 / (1 + np.exp(-scores[:, at["themes"]])) - aims[:, at["themes"]]) * counted * np.float32(0.3)
    )
    slope[:, at["mood"]] = (shares(scores[:, at["mood"]]) - aims[:, at["mood"]]) * counted * np.float32(0.3)
    return slope


def _unpool(
    batch: Batch, made: Floats, slope: Floats, settings: Ints, slopes: Weights, w: Mapping[str, Floats]
) -> tuple[Floats, Floats]:
    """The slopes of the pooled rows, given back to the features and vectors of the words they came from."""
    clauses = len(batch.clause_at)
    of = batch.comment_of
    clause_of = np.repeat(np.arange(clauses), batch.clause_words_with_blanks)
    count = np.maximum(batch.clause_words, 1).astype(np.float32)[:, None]
    count_all = np.add.reduceat(count, batch.comment_at)
    here, whole = slope[:clauses], slope[clauses:]
    parts = np.cumsum([0, FEATURES, FEATURES, FEATURES, WORD_WIDTH, WORD_WIDTH, 2 * SETTING_WIDTH])
    cut = [slice(int(a), int(b)) for a, b in pairwise(parts)]

    def up(rows: Floats) -> Floats:
        return np.add.reduceat(rows, batch.comment_at)

    strongest = np.maximum.reduceat(made, batch.clause_at)
    strongest_all = np.maximum.reduceat(strongest, batch.comment_at)
    to_strongest_all = up(here[:, cut[1]]) + whole[:, cut[0]] + whole[:, cut[1]]
    to_strongest = here[:, cut[0]] + (strongest == strongest_all[of]) * to_strongest_all[of]
    to_summed = here[:, cut[2]] / count + (whole[:, cut[2]] / count_all)[of]
    made_slope = (made == strongest[clause_of]) * to_strongest[clause_of] + to_summed[clause_of]
    to_meant = here[:, cut[3]] / count + ((up(here[:, cut[4]]) + whole[:, cut[3]] + whole[:, cut[4]]) / count_all)[of]
    vector_slope = to_meant[clause_of] * (batch.words != 0)[:, None]
    known = up(here[:, cut[5]]) + whole[:, cut[5]]
    for name, column, part in (("services", 0, known[:, :SETTING_WIDTH]), ("questions", 1, known[:, SETTING_WIDTH:])):
        slopes[name] = np.zeros_like(w[name])
        np.add.at(slopes[name], settings[:, column], part)
    return made_slope, vector_slope
