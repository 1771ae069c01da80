"""Adjusters as columns of numbers: words become one column for each but the first, what repeats another is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from twohats.words.problems import Problem

REPEATS = 1e-9
"""What is left of a column, as a share of it, below which it says nothing new."""


@dataclass(frozen=True)
class Columns:
    """A matrix with a name for each column; the first one is the constant."""

    names: tuple[str, ...]
    matrix: np.ndarray
    left_out: tuple[str, ...]
    """Columns that say nothing the others before do not say."""


def complete(numbers: Sequence[np.ndarray], words: Sequence[Sequence[object]]) -> np.ndarray:
    """Which rows have everything."""
    there = np.ones(len(words[0]) if words else len(numbers[0]), dtype=bool)
    for column in numbers:
        there &= np.isfinite(column)
    for named in words:
        there &= np.array([value is not None and value != "" for value in named], dtype=bool)
    return there


def columns_of(adjusters: Mapping[str, Sequence[float] | Sequence[str]], rows: np.ndarray) -> Columns:
    """The constant and every adjuster, of the chosen rows; words are compared with the first one by alphabet."""
    names, columns = ["constant"], [np.ones(int(rows.sum()))]
    for name, values in adjusters.items():
        if numeric(values):
            names.append(name)
            columns.append(np.asarray(values, dtype=float)[rows])
            continue
        told = np.array([str(value) for value in values], dtype=object)[rows]
        for level in sorted(set(told))[1:]:
            names.append(f"{name}: {level}")
            columns.append((told == level).astype(float))
    kept = _independent(columns)
    return Columns(tuple(names[place] for place in kept), np.column_stack([columns[place] for place in kept]),
                   tuple(name for place, name in enumerate(names) if place not in kept))


def numeric(values: Sequence[float] | Sequence[str]) -> bool:
    """Whether an adjuster is of numbers (missing ones may be None)."""
    return not any(isinstance(value, str) for value in values)


def _independent(columns: list[np.ndarray]) -> list[int]:
    basis: list[np.ndarray] = []
    kept = []
    for place, column in enumerate(columns):
        left = column.copy()
        for _ in range(2):  # twice: once leaves the rounding of large means behind
            for known in basis:
                left -= (known @ left) * known
        if np.linalg.norm(left) > REPEATS * np.linalg.norm(column):
            basis.append(left / np.linalg.norm(left))
            kept.append(place)
    return kept


def check_varies(scores: np.ndarray, what: str) -> None:
    """Raises Problem where all scores are the same: there is nothing to explain."""
    if len(scores) == 0 or np.ptp(scores) == 0:
        raise Problem(f"{what} does not vary" if len(scores) else f"nothing is left of {what}", "",
                      "Bring more answers, or look whether the column holds what it should.")
