"""The case-mix model: answers on adjusters within units, one regression per item, from sums alone."""

from dataclasses import dataclass

import numpy as np

from .layout import Layout, View
from .moments import Moments, full

SINGULAR = 1e-8
"""An adjuster of which less than this share is its own, beside the adjusters before it, gets coefficient 0 (SAS)."""


@dataclass(frozen=True)
class Fit:
    """One regression within units: what an adjuster does to the answers of this item."""

    coefficients: np.ndarray
    intercept: float
    r_squared: float | None
    """None where the answers do not vary within units."""
    adjusted_r_squared: float | None
    answers: int
    left_out: tuple[int, ...]
    """Adjusters without variance of their own within units: their coefficient is 0."""


@dataclass(frozen=True)
class ItemSums:
    """What one view of one item tells, per unit, once missing adjusters have got their unit's mean."""

    count: np.ndarray
    mean: np.ndarray
    """Around the view's middle."""
    weighted_mean: np.ndarray
    """... by the mean weights."""
    mean_weight: np.ndarray
    adjusters: np.ndarray
    """Mean adjusters of those who answered."""
    weight: np.ndarray
    """Answer weights of those who answered."""
    scatter: np.ndarray
    """Weighted products of (1, adjusters) around the unit's plain means."""
    cross: np.ndarray
    """... times the answer around its plain mean."""
    square: np.ndarray


def names_of(layout: Layout) -> tuple[str, ...]:
    """The adjusters of the model in its order: declared ones, each times child, child."""
    if not layout.child:
        return layout.adjusters
    return (*layout.adjusters, *(f"{name} x child" for name in layout.adjusters), "child")


def maps_of(moments: Moments) -> np.ndarray:
    """Per unit, the linear map from the summed columns to (1, adjusters of the model), missing ones at the mean."""
    layout = moments.layout
    count = len(layout.adjusters)
    known = np.maximum(moments.adjuster_known, 1)
    mean = moments.adjuster_sum / known
    rows = 1 + len(names_of(layout))
    maps = np.zeros((len(moments.units), rows, layout.width))
    maps[:, 0, 0] = 1
    child = 1 + count * (2 if layout.impute else 1)
    for at in range(count):
        maps[:, 1 + at, 1 + at] = 1
        if layout.impute:
            maps[:, 1 + at, 1 + count + at] = mean[:, at]
        if layout.child:
            maps[:, 1 + count + at, child + 1 + at] = 1
            if layout.impute:
                maps[:, 1 + count + at, child + 1 + count + at] = mean[:, at]
    if layout.child:
        maps[:, -1, child] = 1
    return maps


def item_sums(moments: Moments, view: View, maps: np.ndarray) -> ItemSums:
    """The sums of one view of one item, taken around the means of each unit."""
    layout, item, at = moments.layout, view.item, moments.layout.at(view)
    plain = np.einsum("prz,pz->pr", maps, moments.plain[:, item])
    count = plain[:, 0]
    mean = _share(moments.plain_answers[:, at], count)
    adjusters = _share(plain[:, 1:], count[:, None])
    around = _around(adjusters) @ maps
    products = full(moments.products[:, item], layout.triangle, layout.width)
    scatter = around @ products @ around.transpose(0, 2, 1)
    raw_cross = moments.cross[:, at]
    cross = np.einsum("prz,pz->pr", around, raw_cross - mean[:, None] * products[:, 0])
    weight = products[:, 0, 0]
    return ItemSums(
        count=count,
        mean=mean,
        weighted_mean=_share(moments.mean_answers[:, at], moments.mean_weights[:, item]),
        mean_weight=moments.mean_weights[:, item],
        adjusters=adjusters,
        weight=weight,
        scatter=scatter,
        cross=cross,
        square=moments.squares[:, at] - 2 * mean * raw_cross[:, 0] + mean**2 * weight,
    )


def fit(sums: ItemSums, units: np.ndarray) -> Fit:
    """The regression over these units, weighted as the sums are. An intercept is left only where weights differ."""
    scatter, cross, square = sums.scatter[units].sum(0), sums.cross[units].sum(0), float(sums.square[units].sum())
    answers = round(float(sums.count[units].sum()))
    adjusters = len(cross) - 1
    weight = scatter[0, 0]
    if weight == 0:
        return Fit(np.zeros(adjusters), 0.0, None, None, answers, tuple(range(adjusters)))
    means = scatter[0, 1:] / weight
    mean = cross[0] / weight
    own = scatter[1:, 1:] - weight * np.outer(means, means)
    with_answer = cross[1:] - weight * means * mean
    total = square - weight * mean**2
    kept = _independent(own)
    coefficients = np.zeros(adjusters)
    if kept:
        coefficients[kept] = np.linalg.solve(own[np.ix_(kept, kept)], with_answer[kept])
    r_squared = adjusted = None
    if total > 1e-12 * max(square, 1e-300):
        r_squared = float(coefficients @ with_answer / total)
        rest = answers - 1 - len(kept)
        adjusted = 1 - (1 - r_squared) * (answers - 1) / rest if rest > 0 else None
    left_out = tuple(at for at in range(adjusters) if at not in kept)
    return Fit(coefficients, float(mean - coefficients @ means), r_squared, adjusted, answers, left_out)


def _independent(scatter: np.ndarray) -> list[int]:
    """The adjusters that are not sums of those before them, in order, as a sweep of the matrix finds them."""
    swept = scatter.copy()
    kept: list[int] = []
    for at in range(len(scatter)):
        if scatter[at, at] <= 0 or swept[at, at] <= SINGULAR * scatter[at, at]:
            continue
        kept.append(at)
        swept = swept - np.outer(swept[:, at], swept[at]) / swept[at, at]
    return kept


def _around(means: np.ndarray) -> np.ndarray:
    """Per unit, the map from (1, adjusters) to (1, adjusters less their mean)."""
    size = means.shape[1] + 1
    maps = np.broadcast_to(np.eye(size), (len(means), size, size)).copy()
    maps[:, 1:, 0] = -means
    return maps


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)),
                     where=np.broadcast_to(whole, part.shape) != 0)
