"""Effects when it is known how often contacts are told to be what they are not: the corrected normal equations.

A row (one answer) is about one or more contacts; each truly is of one class (served as wished, asked too much, hurried)
and is told to be of one, or left open. With the rates at which true classes are told as which, every told class has
numbers whose mean, given the true class, are that class's treatments; of many such numbers the smallest are taken. What
their noise adds to the squares is known as well and is taken out (Nakamura 1990; Akazawa, Kinukawa and Nakamura 1998).
Errors are clustered by person; that the rates themselves come from a labelled sample is added, by the jackknife within
what was told. It holds where being told wrongly depends on the true class, not on the answer, and not on the other
contacts of the row.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from scipy.linalg import block_diag

from twohats.words.problems import Problem

from .estimates import Estimate, judged
from .panel import Fit, Method, Question, Sums, added, asked, counted, residuals_of

SINGULAR = 0.05
"""Below this smallest singular value of the rates a told class says next to nothing of the true one."""


@dataclass(frozen=True)
class Classes:
    """What a contact can be: the first class is the base. Of each other class told a column counts the row's contacts
    told so: of the true classes in their order, then of what may be told and is nothing true, such as open.
    """

    columns: tuple[str, ...]
    treatments: tuple[str, ...]
    values: np.ndarray
    """Classes (with the base, first) x treatments: 1 where the class has the treatment."""
    contacts: str | None = None
    """The column of how many contacts a row is about; none where each is about one."""
    controls: tuple[str, ...] = ()
    """Columns that are held constant; taken as they come."""

    def question(self, outcome: str, effects: tuple[str, ...] = (), method: Method = Method.WITHIN) -> Question:
        """What is asked of the tables, where a column `person` says whose row it is."""
        more = (self.contacts,) if self.contacts else ()
        return Question(outcome, (*self.columns, *more, *self.controls), effects, method=method,
                        only_counted=(*self.columns, *more))


@dataclass(frozen=True)
class Labelled:
    """A sample looked at by people, drawn within what was told."""

    counts: np.ndarray
    """Told classes x true classes."""
    told: np.ndarray
    """Of all contacts, how many are told to be of each class."""

    def rates(self) -> np.ndarray:
        """True x told: how often a true class is told as which. Raises Problem where a class has no sample."""
        looked_at = self.counts.sum(axis=1)
        if ((looked_at == 0) & (self.told > 0)).any():
            raise Problem("of some class told not one was looked at", "", "Label a few of each.")
        stands_for = np.divide(self.told, looked_at, where=looked_at > 0, out=np.zeros(len(looked_at)))
        joint = self.counts * stands_for[:, None]
        true = joint.sum(axis=0)
        if (true == 0).any():
            raise Problem("no row of some class was found in the sample", "", "Label more.")
        return (joint / true).T


def known(classes: Classes) -> np.ndarray:
    """The rates of a teller who is always right."""
    return np.eye(len(classes.values), len(classes.columns) + 1)


def effects(
    buckets: Callable[[], Iterable[pa.Table]], question: Question, classes: Classes, rates: np.ndarray | None = None
) -> tuple[Estimate, ...]:
    """One estimate a treatment, in order; `rates` are true x told, none where what is told is the truth."""
    return _judged(classes, _solved(buckets, question, classes, rates))


def effects_by_sample(
    buckets: Callable[[], Iterable[pa.Table]], question: Question, classes: Classes, labelled: Labelled
) -> tuple[Estimate, ...]:
    """The same with rates from a labelled sample, whose smallness widens the intervals."""
    solved = _solved(buckets, question, classes, labelled.rates())
    smallness = _of_the_sample(solved.sums, solved.fit, classes, labelled)
    return _judged(classes, replace(solved, covariance=solved.covariance + smallness))


@dataclass(frozen=True)
class _Solved:
    sums: Sums
    fit: Fit
    coefficients: np.ndarray
    covariance: np.ndarray


def _judged(classes: Classes, solved: _Solved) -> tuple[Estimate, ...]:
    errors = np.sqrt(np.maximum(np.diag(solved.covariance), 0))
    return tuple(
        judged(name, float(value), float(error), solved.sums.people - 1)
        for name, value, error in zip(classes.treatments, solved.coefficients, errors, strict=False)
    )


@dataclass(frozen=True)
class _Teller:
    """What a told class stands for once its rates are known."""

    slopes: np.ndarray
    """Columns of the question x treatments and controls: numbers whose mean is the truth's."""
    noise: np.ndarray
    """Told classes x treatments and controls, twice: what the squares have too much."""


def _teller(classes: Classes, rates: np.ndarray) -> _Teller:
    if np.linalg.svd(rates, compute_uv=False)[-1] < SINGULAR:
        raise Problem("what is told says too little of what is true to be corrected", "",
                      "Mend how it is told; no effect can be shown.")
    inverse = np.linalg.pinv(rates)
    values = inverse @ classes.values
    squares = np.einsum("mc,ck,cl->mkl", inverse, classes.values, classes.values)
    more, fewer = len(classes.controls), len(classes.treatments)
    noise = np.zeros((len(values), fewer + more, fewer + more))
    noise[:, :fewer, :fewer] = np.einsum("mk,ml->mkl", values, values) - squares
    slopes = values[1:] - values[0]
    if classes.contacts:
        slopes = np.vstack([slopes, values[:1]])
    return _Teller(block_diag(slopes, np.eye(more)), noise)


def _left_of_noise(sums: Sums, rank: int) -> float:
    """The share of a row's noise that levels leave, persons aside."""
    return 1 - rank / max(_free(sums), 1)


def _free(sums: Sums) -> int:
    """Rows, less one of each person whose own level is taken out."""
    return sums.rows - (sums.people if sums.question.method is Method.WITHIN else 0)


def _weights(sums: Sums, classes: Classes) -> np.ndarray:
    """Contacts by what they are told to be, those of a person with n rows weighed by 1 - 1/n."""
    told = sums.spread[: len(classes.columns)]
    contacts = sums.spread[len(told)] if classes.contacts else _free(sums)
    return np.concatenate([[contacts - told.sum()], told])


def _coefficients(sums: Sums, fit: Fit, classes: Classes, teller: _Teller) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and the corrected squares."""
    weights = _weights(sums, classes) * _left_of_noise(sums, fit.rank)
    squares = teller.slopes.T @ fit.left[:-1, :-1] @ teller.slopes
    squares = squares - np.einsum("m,mkl->kl", weights, teller.noise)
    if np.linalg.eigvalsh(squares)[0] <= 0:
        raise Problem("there are too few rows to correct for what is told wrongly", "", "Bring more answers.")
    return np.linalg.solve(squares, teller.slopes.T @ fit.left[:-1, -1]), squares


def _solved(
    buckets: Callable[[], Iterable[pa.Table]], question: Question, classes: Classes, rates: np.ndarray | None
) -> _Solved:
    sums, fit, alone = asked(buckets, question)
    teller = _teller(classes, known(classes) if rates is None else rates)
    coefficients, squares = _coefficients(sums, fit, classes, teller)
    kept = _left_of_noise(sums, fit.rank)
    meat = added(_meat(bucket, fit, alone, classes, teller, coefficients, kept) for bucket in buckets())
    people, bread = sums.people, np.linalg.inv(squares)
    factor = (sums.rows - 1) / (sums.rows - counted(sums)) * people / (people - 1)
    return _Solved(sums, fit, coefficients, factor * bread @ meat @ bread)


def _meat(
    bucket: pa.Table,
    fit: Fit,
    alone: frozenset,
    classes: Classes,
    teller: _Teller,
    coefficients: np.ndarray,
    kept: float,
) -> np.ndarray:
    """Products of persons' scores: what is left times what it leaves unexplained, and the noise put back."""
    left = residuals_of(bucket, fit, alone)
    columns = left.columns[:, :-1] @ teller.slopes
    unexplained = left.columns[:, -1] - columns @ coefficients
    told = left.treatments[:, : len(classes.columns)]
    contacts = left.treatments[:, len(classes.columns)] if classes.contacts else 1
    told = np.column_stack([contacts - told.sum(axis=1), told])
    shares = kept * (1 - 1 / left.rows.each) if fit.question.method is Method.WITHIN else np.full(len(told), kept)
    noise = (told * shares[:, None]) @ np.einsum("mkl,l->mk", teller.noise, coefficients)
    scores = left.by_person(columns * unexplained[:, None] + noise)
    return scores.T @ scores


def _of_the_sample(sums: Sums, fit: Fit, classes: Classes, labelled: Labelled) -> np.ndarray:
    """What the labelled sample's smallness adds to the covariance: leaving out one of it at a time, class by class."""
    smallness = np.zeros((len(classes.treatments) + len(classes.controls),) * 2)
    for told in range(len(labelled.counts)):
        looked_at = labelled.counts[told].sum()
        if looked_at < 2:
            continue
        weights, without = [], []
        for true in np.flatnonzero(labelled.counts[told]):
            counts = labelled.counts.astype(float)
            weights.append(counts[told, true])
            counts[told, true] -= 1
            rates = Labelled(counts, labelled.told).rates()
            without.append(_coefficients(sums, fit, classes, _teller(classes, rates))[0])
        away = np.array(without) - np.average(without, axis=0, weights=weights)
        smallness += (looked_at - 1) / looked_at * (away * np.array(weights)[:, None]).T @ away
    return smallness
