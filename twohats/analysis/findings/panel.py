"""What goes together with an outcome within the same person: person effects and further ones, from sums of buckets.

Two passes over the buckets of people. The first gives sums of products within persons (`sums_of`); added, they give the
coefficients (`fit_of`). The second gives, with those coefficients, the score of each person (`scores_of`); added, they
give errors clustered by person. We chose a second pass over moments kept for each person, since those would be as large
as the rows: a person's score needs his rows' months and sites. A whole answer and the answer merged from any dealing
of people into buckets are the same.

Coefficients and errors are those of fixest and pyfixest 0.60, `feols("y ~ x | person + month", vcov={"CRV1":
"person"})`: G/(G-1) * (N-1)/(N-K), where K counts no effect that lies within a cluster (persons in persons) but one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.linalg import lapack, solve_triangular
from scipy.sparse import csr_matrix

from twohats.words.problems import Problem

from .estimates import Estimate, judged

FEWEST = 50
"""People whose treatment varies, below which person effects are replaced by person means (study 5.3, a guess)."""
NOTHING = 1e-9
"""What is left of a column's squares, as a share, below which it says nothing of its own."""
ROUNDING = 1e-13
"""The same, of what demeaning leaves of a column that is constant in every person."""
Level = tuple[str, Any]
"""The name of a further effect and one of its values."""


class Method(StrEnum):
    """How stable traits of the person are taken out."""

    WITHIN = "person effects"
    MEANS = "person means"
    """Correlated random effects (Mundlak 1978): the person's mean of each treatment stands beside it."""
    POOLED = "no person effects"
    """For what happens once only, such as leaving, and to show what leaving persons out would say."""


@dataclass(frozen=True)
class Question:
    """Which columns of the tables: one row per rated interaction."""

    outcome: str
    treatments: tuple[str, ...]
    effects: tuple[str, ...] = ()
    """Columns whose every value has an effect of its own, such as site and month."""
    person: str = "person"
    also_by: str | None = None
    """A second column to cluster errors by, such as the site."""
    method: Method = Method.WITHIN
    only_counted: tuple[str, ...] = ()
    """Treatments of which no coefficient is asked: they are summed, and may say what the effects say already."""

    def asked_for(self) -> list[int]:
        """The places of the treatments whose coefficients are asked."""
        return [at for at, name in enumerate(self.treatments) if name not in self.only_counted]


@dataclass(frozen=True)
class Sums:
    """What one or more buckets add to the normal equations; `+` merges buckets of different people.

    Columns stand in this order: treatments, their person means (Method.MEANS only), outcome, levels.
    """

    question: Question
    levels: tuple[Level, ...]
    counts: np.ndarray
    """Rows of each level."""
    products: np.ndarray
    """Columns x columns: sums of products of what is left within persons (Method.MEANS: as they are)."""
    squares: np.ndarray
    """Of the columns before the levels, as they came."""
    spread: np.ndarray
    """By treatment: its sum, with person effects each row weighed by 1 - 1/n of a person with n rows."""
    rows: int
    people: int
    varying: np.ndarray
    """By treatment: people in whom it varies."""
    identifying: int
    """People in whom any treatment varies."""
    left_out: int
    """Rows without one of the columns."""
    single: int
    """Rows left out because nothing of the same person or level remained to compare with."""
    within: frozenset[tuple[Level, Any]]
    """Level and value of the second cluster column, as they occur together."""
    also: frozenset[Any]

    @property
    def plain(self) -> int:
        """How many columns stand before the levels."""
        return len(self.squares)

    def alone(self) -> frozenset[Level]:
        """Levels of a single row: they explain it wholly, so it says nothing."""
        return frozenset(level for level, count in zip(self.levels, self.counts, strict=True) if count == 1)

    def __add__(self, other: Sums) -> Sums:
        if self.question != other.question:
            raise ValueError("sums of different questions cannot be added")
        levels = tuple(dict.fromkeys([*self.levels, *other.levels]))
        place = {level: at for at, level in enumerate(levels)}
        size = self.plain + len(levels)
        products, counts = np.zeros((size, size)), np.zeros(len(levels), dtype=np.int64)
        for one in (self, other):
            to = np.array([place[level] for level in one.levels], dtype=np.intp)
            counts[to] += one.counts
            to = np.concatenate([np.arange(self.plain), self.plain + to])
            products[np.ix_(to, to)] += one.products
        return Sums(self.question, levels, counts, products, self.squares + other.squares, self.spread + other.spread,
                    self.rows + other.rows, self.people + other.people, self.varying + other.varying,
                    self.identifying + other.identifying, self.left_out + other.left_out, self.single + other.single,
                    self.within | other.within, self.also | other.also)


def sums_of(bucket: pa.Table, question: Question, alone: frozenset[Level] = frozenset()) -> Sums:
    """The sums of a bucket that holds all rows of its people. `alone` are levels known to have one row in all."""
    rows = _rows(bucket, question, alone)
    left = rows.demeaned(rows.plain) if question.method is Method.WITHIN else rows.plain
    varies = np.zeros((len(rows.starts), len(question.treatments)), dtype=bool)
    if len(rows.starts):
        for at in range(len(question.treatments)):
            own = np.ascontiguousarray(rows.plain[:, at])
            varies[:, at] = np.maximum.reduceat(own, rows.starts) > np.minimum.reduceat(own, rows.starts)
    shares = 1 - 1 / rows.each if question.method is Method.WITHIN else np.ones(len(rows.plain))
    return Sums(
        question, rows.levels, np.bincount(rows.codes.ravel(), minlength=len(rows.levels)),
        _products(rows, left, question.method is Method.WITHIN), np.einsum("ij,ij->j", rows.plain, rows.plain),
        rows.plain[:, :len(question.treatments)].T @ shares, len(rows.plain), len(rows.starts),
        varies.sum(axis=0), int(varies.any(axis=1).sum()), rows.left_out, rows.single, _nesting(rows),
        frozenset(rows.also_names))


@dataclass(frozen=True)
class _Rows:
    """Complete rows, person by person."""

    plain: np.ndarray
    """Treatments, their person means (Method.MEANS only), outcome."""
    codes: np.ndarray
    """Rows x effects: where the level stands in `levels`."""
    levels: tuple[Level, ...]
    starts: np.ndarray
    """The first row of each person."""
    left_out: int
    single: int
    also: np.ndarray
    also_names: tuple[Any, ...]

    @property
    def sizes(self) -> np.ndarray:
        return np.diff(np.append(self.starts, len(self.plain)))

    @property
    def each(self) -> np.ndarray:
        """How many rows the person of a row has."""
        return np.repeat(self.sizes, self.sizes).astype(float)

    def by_person(self, columns: np.ndarray) -> np.ndarray:
        """Sums of columns over each person's rows."""
        return np.add.reduceat(columns, self.starts, axis=0) if len(self.starts) else columns[:0]

    def demeaned(self, columns: np.ndarray) -> np.ndarray:
        sizes = self.sizes
        return columns - np.repeat(self.by_person(columns) / sizes[:, None], sizes, axis=0)


def _rows(bucket: pa.Table, question: Question, alone: frozenset[Level]) -> _Rows:
    numbers = [_numbers(bucket, name) for name in (*question.treatments, question.outcome)]
    person, people = _coded(bucket, question.person)
    effects = [_coded(bucket, name) for name in question.effects]
    also, also_names = _coded(bucket, question.also_by) if question.also_by else (np.zeros(len(person), np.int32), ())
    there = (person >= 0) & (also >= 0)
    for column in numbers:
        there &= np.isfinite(column)
    for codes, _ in effects:
        there &= codes >= 0
    complete = int(there.sum())
    levels, shifted = [], []
    for name, (codes, values) in zip(question.effects, effects, strict=True):
        known = np.array([(name, value) not in alone for value in values] or [True])
        there &= known[codes]
        shifted.append(codes + len(levels))
        levels += [(name, value) for value in values]
    if question.method is Method.WITHIN:
        there &= np.bincount(person[there], minlength=len(people))[np.maximum(person, 0)] > 1 if len(people) else False
    elif not question.effects:  # without any other effect there is still a constant
        levels, shifted = [("", "all")], [np.zeros(len(person), np.int32)]
    kept = np.flatnonzero(there)
    if np.any(np.diff(person[kept]) < 0):
        kept = kept[np.argsort(person[kept], kind="stable")]
    own = person[kept]
    starts = np.flatnonzero(np.diff(own, prepend=-1)) if len(own) else np.empty(0, dtype=np.intp)
    used, codes = _used(levels, [one[kept] for one in shifted], len(kept))
    plain = np.column_stack([column[kept] for column in numbers])
    rows = _Rows(plain, codes, used, starts, len(person) - complete, complete - len(kept), also[kept],
                 tuple(also_names))
    if question.method is Method.MEANS:
        means = plain[:, :-1] - rows.demeaned(plain[:, :-1])
        rows = replace(rows, plain=np.column_stack([plain[:, :-1], means, plain[:, -1]]))
    if question.also_by:
        names, codes = np.unique(rows.also, return_inverse=True)
        rows = replace(rows, also=codes, also_names=tuple(also_names[at] for at in names))
    return rows


def _numbers(bucket: pa.Table, name: str) -> np.ndarray:
    try:
        return bucket.column(_known(bucket, name)).cast(pa.float64()).to_numpy()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise Problem(f"the column {name} does not hold numbers", "", "Bring it as numbers; yes and no as 1 and 0."
                      ) from None


def _coded(bucket: pa.Table, name: str) -> tuple[np.ndarray, list[Any]]:
    """Codes from 0 in the order met, -1 where missing; and the values."""
    column = bucket.column(_known(bucket, name))
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    coded = column.combine_chunks().dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return codes, coded.dictionary.to_pylist()


def _known(bucket: pa.Table, name: str) -> str:
    if name not in bucket.column_names:
        raise Problem(f"there is no column {name}", "", f"The table has: {', '.join(bucket.column_names)}.")
    return name


def _used(levels: Sequence[Level], codes: Sequence[np.ndarray], count: int) -> tuple[tuple[Level, ...], np.ndarray]:
    """The levels that any row has, and rows x effects where they stand."""
    if not codes:
        return (), np.empty((count, 0), dtype=np.intp)
    table = np.column_stack(codes).astype(np.intp)
    used = np.flatnonzero(np.bincount(table.ravel(), minlength=len(levels)))
    place = np.zeros(len(levels), dtype=np.intp)
    place[used] = np.arange(len(used))
    return tuple(levels[at] for at in used), place[table]


def _products(rows: _Rows, left: np.ndarray, within: bool) -> np.ndarray:
    """D'D - C'diag(1/n)C on the dummies of the levels, and the columns before them likewise."""
    effects, many = rows.codes.shape[1], len(rows.levels)
    by_level = np.zeros((many, left.shape[1]))
    for at in range(effects):
        for column in range(left.shape[1]):
            by_level[:, column] += np.bincount(rows.codes[:, at], left[:, column], many)
    dummies = _dense(rows, np.arange(len(left) + 1) * effects, np.ones(len(left)))
    if within:
        dummies = dummies - _dense(rows, np.append(rows.starts, len(left)) * effects, 1 / np.sqrt(rows.each))
    return np.block([[left.T @ left, by_level.T], [by_level, dummies]])


def _dense(rows: _Rows, edges: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Products of the dummies, weighed and summed between these edges of the rows' codes."""
    many = len(rows.levels)
    if rows.codes.shape[1] == 1 and len(edges) == len(rows.codes) + 1:
        return np.diag(np.bincount(rows.codes[:, 0], weights ** 2, many))
    summed = csr_matrix((np.repeat(weights, rows.codes.shape[1]), rows.codes.ravel(), edges),
                        shape=(len(edges) - 1, many))
    return (summed.T @ summed).toarray()


def _nesting(rows: _Rows) -> frozenset[tuple[Level, Any]]:
    if not rows.also_names:
        return frozenset()
    many = len(rows.also_names)
    pairs = np.unique(rows.codes * many + rows.also[:, None])
    return frozenset((rows.levels[pair // many], rows.also_names[pair % many]) for pair in pairs.tolist())


@dataclass(frozen=True)
class Fit:
    """The coefficients, and how each column hangs on the levels."""

    question: Question
    levels: tuple[Level, ...]
    on_levels: np.ndarray
    """Levels x columns before them: the effect of each level on each column."""
    left: np.ndarray
    """Sums of products of those columns once persons and levels are out."""
    coefficients: np.ndarray
    """Of the treatments (and their person means)."""
    rank: int
    """How many effects of levels can be told apart."""


def fit_of(sums: Sums) -> Fit:
    """Solves the merged normal equations. Raises Problem where something does not vary or repeats another column."""
    _check(sums)
    plain = sums.plain
    on_levels, rank = _levels_solved(sums)
    left = sums.products[:plain, :plain] - sums.products[:plain, plain:] @ on_levels
    _check_left(sums, left)
    kept = _asked_for(sums)
    coefficients = np.zeros(len(left) - 1)
    coefficients[kept] = np.linalg.solve(left[np.ix_(kept, kept)], left[kept, -1])
    return Fit(sums.question, sums.levels, on_levels, left, coefficients, rank)


def _asked_for(sums: Sums) -> list[int]:
    """The places, among treatments and their means, of what a coefficient is asked of."""
    asked, many = sums.question.asked_for(), len(sums.question.treatments)
    return [*asked, *(many + at for at in asked if sums.question.method is Method.MEANS)]


def _check(sums: Sums) -> None:
    if sums.rows == 0 and sums.single == 0:
        raise Problem("no row has the outcome, the person and every other column", "",
                      "Look whether the columns hold what they should.")
    if sums.people < 2:
        raise Problem(f"{sums.people} persons have answers that can be compared", "",
                      "Bring the answers of more people, two or more of each.")
    within = sums.question.method is not Method.POOLED
    for name, count in zip(sums.question.treatments, sums.varying.tolist(), strict=True):
        if within and count == 0 and name not in sums.question.only_counted:
            raise Problem(f"{name} varies within no person", "",
                          "Within persons nothing can be said. Bring more interactions of the same people.")


def _check_left(sums: Sums, left: np.ndarray) -> None:
    before = np.diag(sums.products)[:sums.plain]
    kept = np.diag(left)
    names = [*sums.question.treatments, *(f"the person's mean of {name}" for name in sums.question.treatments)]
    if before[-1] <= ROUNDING * sums.squares[-1] or kept[-1] <= ROUNDING * before[-1]:
        raise Problem(f"{sums.question.outcome} does not vary", "",
                      "Bring more answers, or look whether the column holds what it should.")
    places = _asked_for(sums)
    for name, products in ((names[place], before[place]) for place in places):
        if products <= 0:
            raise Problem(f"{name} does not vary", "", "Leave it out.")
    shape = left[np.ix_(places, places)] / np.sqrt(np.outer(before[places], before[places]))
    for at, name in enumerate(names[place] for place in places):
        earlier = shape[:at, :at]
        rest = shape[at, at] - (shape[at, :at] @ np.linalg.solve(earlier, shape[:at, at]) if at else 0.0)
        if rest <= NOTHING:
            raise Problem(f"{name} cannot be told from the other columns", "",
                          "Leave it out, or leave out what it repeats.")


def _levels_solved(sums: Sums) -> tuple[np.ndarray, int]:
    """The effect of each level on each column, and how many can be told apart: levels that never change within a
    person are nought once persons are out, and are left at nought.
    """
    plain = sums.plain
    told = np.flatnonzero(np.diag(sums.products)[plain:] > NOTHING * sums.counts)
    on_levels = np.zeros((len(sums.levels), plain))
    within = sums.products[np.ix_(plain + told, plain + told)]
    on_levels[told], rank = _pseudo_solved(within, sums.products[plain + told, :plain])
    return on_levels, rank


def _pseudo_solved(matrix: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, int]:
    """Some solution of a consistent positive semidefinite system, and its rank, by pivoted Cholesky.

    Levels repeat each other (they all add up to one), so some are left at zero: fitted values do not hang on which.
    """
    solution = np.zeros_like(right)
    if not len(matrix):
        return solution, 0
    scale = np.sqrt(np.maximum(np.diag(matrix), 0))
    scale = np.where(scale > 0, scale, 1.0)
    factor, pivots, rank, _ = lapack.dpstrf(matrix / np.outer(scale, scale), lower=1, tol=NOTHING)
    kept = pivots[:rank] - 1
    triangle = factor[:rank, :rank]
    half = solve_triangular(triangle, right[kept] / scale[kept, None], lower=True)
    solution[kept] = solve_triangular(triangle, half, lower=True, trans="T") / scale[kept, None]
    return solution, int(rank)


@dataclass(frozen=True)
class Scores:
    """What persons add to the errors; `+` merges buckets of different people."""

    by_person: np.ndarray
    """Columns x columns: sum over persons of their score's products with itself."""
    by_other: dict[Any, np.ndarray]
    """The score of each value of the second cluster column."""
    by_both: np.ndarray
    pairs: int

    def __add__(self, other: Scores) -> Scores:
        summed = dict(self.by_other)
        for value, score in other.by_other.items():
            summed[value] = summed[value] + score if value in summed else score
        return Scores(self.by_person + other.by_person, summed, self.by_both + other.by_both,
                      self.pairs + other.pairs)


@dataclass(frozen=True)
class Residuals:
    """A bucket once persons and levels are out: columns (treatments, means, outcome), and whose rows they are."""

    columns: np.ndarray
    treatments: np.ndarray
    """As they came."""
    rows: _Rows

    def by_person(self, columns: np.ndarray) -> np.ndarray:
        """Persons x columns: sums over their rows."""
        return self.rows.by_person(columns)


def residuals_of(bucket: pa.Table, fit: Fit, alone: frozenset[Level] = frozenset()) -> Residuals:
    """What is left of a bucket's columns, by the merged fit."""
    rows = _rows(bucket, fit.question, alone)
    left = rows.plain.copy()
    if rows.levels:
        place = {level: at for at, level in enumerate(fit.levels)}
        effects = fit.on_levels[[place[level] for level in rows.levels]]
        for at in range(rows.codes.shape[1]):
            left -= effects[rows.codes[:, at]]
    if fit.question.method is Method.WITHIN:
        left = rows.demeaned(left)
    return Residuals(left, rows.plain[:, :len(fit.question.treatments)], rows)


def scores_of(bucket: pa.Table, fit: Fit, alone: frozenset[Level] = frozenset()) -> Scores:
    """The scores of a bucket's people at the merged coefficients."""
    left = residuals_of(bucket, fit, alone)
    columns = left.columns[:, :-1]
    scores = columns * (left.columns[:, -1] - columns @ fit.coefficients)[:, None]
    own = left.by_person(scores)
    rows, size = left.rows, scores.shape[1]
    if not fit.question.also_by:
        return Scores(own.T @ own, {}, np.zeros((size, size)), 0)
    many = max(len(rows.also_names), 1)
    person = np.repeat(np.arange(len(rows.starts)), rows.sizes)
    by_other = np.zeros((many, size))
    np.add.at(by_other, rows.also, scores)
    pairs, pair = np.unique(person * many + rows.also, return_inverse=True)
    both = np.zeros((len(pairs), size))
    np.add.at(both, pair, scores)
    return Scores(own.T @ own, dict(zip(rows.also_names, by_other, strict=False)), both.T @ both, len(pairs))


@dataclass(frozen=True)
class Panel:
    """The answer: one term for each treatment, in order."""

    terms: tuple[Estimate, ...]
    varying: tuple[int, ...]
    """By term: people in whom it varies. They alone tell it."""
    means: tuple[Estimate, ...]
    """Method.MEANS only: what people who meet the treatment more often differ by, beyond its effect."""
    covariance: np.ndarray
    """Of the terms."""
    method: Method
    n: int
    """Rows analysed."""
    people: int
    identifying: int
    """People in whom any treatment varies."""
    free: int
    """Degrees of freedom of t: the fewest clusters less one."""
    sd_left: float
    """Standard deviation of the outcome once persons and levels are out, in its own unit."""
    free_left: int
    """Degrees of freedom of the residuals, as if rows were independent."""
    left_out: int
    single: int


def panel_of(sums: Sums, fit: Fit, scores: Scores) -> Panel:
    """Errors, intervals and counts from the merged passes."""
    people, clusters = sums.people, [sums.people]
    if sums.question.also_by:
        clusters.append(len(sums.also))
    if min(clusters) < 2:
        raise Problem(f"there is only one value of {sums.question.also_by}", "",
                      "Errors need two clusters or more: leave this column out.")
    spent = counted(sums)
    if sums.rows <= spent:
        raise Problem(f"{sums.rows} rows are too few for {spent} coefficients", "", "Bring more answers.")
    fewest = min(clusters)
    factor = (sums.rows - 1) / (sums.rows - spent) * fewest / (fewest - 1)
    meat = scores.by_person
    if sums.question.also_by:
        other = np.array(list(scores.by_other.values()))
        meat = meat + other.T @ other - scores.by_both
    bread = np.linalg.inv(fit.left[:-1, :-1])
    covariance = factor * bread @ meat @ bread
    variances = np.diag(covariance)
    if (variances < -NOTHING * np.abs(covariance).max()).any():
        raise Problem("the two-way error cannot be worked out: a variance is below zero", "",
                      "Cluster by person alone.")
    errors = np.sqrt(np.maximum(variances, 0))
    judgements = [judged(name, float(value), float(error), fewest - 1) for name, value, error in
                  zip(sums.question.treatments * 2, fit.coefficients, errors, strict=False)]
    terms = len(sums.question.treatments)
    free_left = max(sums.rows - fit.rank - len(fit.coefficients)
                    - (people if sums.question.method is Method.WITHIN else 0), 1)
    return Panel(tuple(judgements[:terms]), tuple(sums.varying.tolist()), tuple(judgements[terms:]),
                 covariance[:terms, :terms], sums.question.method, sums.rows, people, sums.identifying, fewest - 1,
                 math.sqrt(fit.left[-1, -1] / free_left), free_left, sums.left_out, sums.single)


def counted(sums: Sums) -> int:
    """K of the small-sample factor as fixest counts it: effects that lie within a cluster count as one."""
    own = list(dict.fromkeys(level[0] for level in sums.levels))
    sizes = [sum(level[0] == name for level in sums.levels) for name in own]
    pairs = [sum(pair[0][0] == name for pair in sums.within) for name in own]
    inside = [bool(sums.question.also_by) and pair == size for size, pair in zip(sizes, pairs, strict=True)]
    if sums.question.method is Method.WITHIN:
        sizes, inside = [sums.people, *sizes], [True, *inside]
    levels = sum(sizes) - max(len(sizes) - 1, 0)
    nested = sum(size for size, lies in zip(sizes, inside, strict=True) if lies)
    return len(sums.squares) - 1 + levels - nested + (sum(inside) if nested else 0)


Buckets = Callable[[], Iterable[pa.Table]]
"""Reads the buckets once more, each holding all rows of its people."""


def asked(buckets: Buckets, question: Question) -> tuple[Sums, Fit, frozenset[Level]]:
    """The first pass, repeated while levels of a single row turn up: what they took may leave others single."""
    alone: frozenset[Level] = frozenset()
    while True:
        sums = added(sums_of(bucket, question, alone) for bucket in buckets())
        more = sums.alone()
        if not more:
            return sums, fit_of(sums), alone
        alone |= more


def added(parts: Iterable[Any]) -> Any:
    parts = iter(parts)
    first = next(parts, None)
    if first is None:
        raise Problem("there are no rows", "", "Bring the answers of some people.")
    return reduce(add, parts, first)


def panel(buckets: Buckets | pa.Table, question: Question) -> Panel:
    """The whole answer over all buckets (or one table)."""
    read = buckets if callable(buckets) else lambda: [buckets]
    sums, fit, alone = asked(read, question)
    return panel_of(sums, fit, added(scores_of(bucket, fit, alone) for bucket in read()))


def priced(buckets: Buckets | pa.Table, question: Question) -> Panel:
    """Person effects; person means in their place where fewer than 50 people tell any of the treatments.

    The mean-based answer also rests on change within persons. What it gains: people with one answer help to tell the
    levels of months and sites, which few people with several could not.
    """
    within = panel(buckets, replace(question, method=Method.WITHIN))
    return within if min(within.varying) >= FEWEST else panel(buckets, replace(question, method=Method.MEANS))
