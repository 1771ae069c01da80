"""Shares of answers by box, each with its count and its interval; counts first, so that any number of answers fits."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import duckdb
import numpy as np

from .scales import Scale, linear

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Shares:
    """One row for each unit and item, all arrays of one length."""

    unit: np.ndarray
    item: np.ndarray
    asked: np.ndarray
    """Answers in the denominator: those on the scale, and where the instrument says so those who do not know."""
    answers: np.ndarray
    """Answers on the scale."""
    top: np.ndarray
    top_low: np.ndarray
    top_high: np.ndarray
    bottom: np.ndarray
    bottom_low: np.ndarray
    bottom_high: np.ndarray
    middle: np.ndarray
    net: np.ndarray
    """Top less bottom (of a 0-10 likelihood: the Net Promoter Score / 100)."""
    net_error: np.ndarray
    points: np.ndarray
    """Mean of the answers as points of 0 to 100."""
    points_error: np.ndarray


def wilson(count: np.ndarray, of: np.ndarray, confidence: float = CONFIDENCE) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's interval of a share; of nothing: 0 to 1.

    Chosen over the plain one because shares near 0 and 1 and small n are the usual case here, not the rare one.
    """
    z = NormalDist().inv_cdf(1 - (1 - confidence) / 2)
    n = np.maximum(of, 1)
    share = count / n
    denominator = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / denominator
    reach = z / denominator * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    known = of > 0
    return np.where(known, np.maximum(centre - reach, 0.0), 0.0), np.where(known, np.minimum(centre + reach, 1.0), 1.0)


def shares_of(answers: duckdb.DuckDBPyRelation, scales: Mapping[str, Scale],
              unsure: Mapping[str, frozenset[float]] | None = None) -> Shares:
    """The shares of a relation with columns unit, item and value: one row per answer, values on the items' scales.

    Items without a scale here are passed over. Read once, in bounded memory.
    """
    counted = answers.aggregate("unit, item, value, count(*) AS n").order("unit, item, value").fetchnumpy()
    units, items = (np.asarray(counted[name]) for name in ("unit", "item"))
    # A value that is NULL comes masked: it is on no scale.
    value, n = (np.ma.filled(np.ma.asarray(counted[name]).astype(float), np.nan) for name in ("value", "n"))
    known = np.array([str(item) in scales for item in items], dtype=bool)
    units, items, value, n = units[known], items[known], value[known], n[known]
    first = np.ones(len(units), bool)
    first[1:] = (units[1:] != units[:-1]) | (items[1:] != items[:-1])
    group = np.cumsum(first) - 1
    parts = {name: np.zeros(len(value)) for name in ("on", "unsure", "top", "bottom", "points")}
    for item, scale in scales.items():
        here = items == item
        own = value[here]
        on = scale.counts(own)
        parts["on"][here] = on
        parts["unsure"][here] = np.isin(own, list((unsure or {}).get(item, ())))
        parts["top"][here] = on & scale.boxes[scale.top].holds(own)
        parts["bottom"][here] = on & scale.boxes[scale.bottom].holds(own)
        parts["points"][here] = np.where(on, linear((scale.low, scale.high), own), 0.0)

    def total(weight: np.ndarray) -> np.ndarray:
        return np.bincount(group, weights=weight, minlength=int(first.sum())) if len(group) else np.zeros(0)

    return _told(units[first], items[first], {name: total(parts[name] * n) for name in parts},
                 total(parts["on"] * n * parts["points"] ** 2))


def _told(unit: np.ndarray, item: np.ndarray, sums: dict[str, np.ndarray], squares: np.ndarray) -> Shares:
    answers, asked = sums["on"], sums["on"] + sums["unsure"]
    whole = np.maximum(asked, 1)
    top, bottom = sums["top"] / whole, sums["bottom"] / whole
    top_low, top_high = wilson(sums["top"], asked)
    bottom_low, bottom_high = wilson(sums["bottom"], asked)
    mean = sums["points"] / np.maximum(answers, 1)
    spread = np.maximum(squares - answers * mean**2, 0.0)
    free = np.maximum(answers - 1, 1)
    return Shares(
        unit=unit, item=item, asked=asked.astype(np.int64), answers=answers.astype(np.int64),
        top=top, top_low=top_low, top_high=top_high, bottom=bottom, bottom_low=bottom_low, bottom_high=bottom_high,
        middle=np.where(asked > 0, (answers - sums["top"] - sums["bottom"]) / whole, 0.0),
        net=top - bottom, net_error=np.sqrt(np.maximum(top + bottom - (top - bottom) ** 2, 0.0) / whole),
        points=mean, points_error=np.sqrt(spread / free / np.maximum(answers, 1)),
    )
