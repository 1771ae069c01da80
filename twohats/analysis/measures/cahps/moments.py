"""Sufficient statistics of answers: sums per unit and item that can be added in any order and any split.

Everything the analysis needs is linear in them. A missing adjuster is summed as a mark of its own, so the unit's mean
can be put in its place when all respondents are known; the answers are read once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from .layout import Layout


@dataclass(frozen=True)
class Batch:
    """Some respondents, decoded: one row each; NaN where nothing was answered."""

    units: tuple[str, ...]
    unit: np.ndarray
    """Where each respondent's unit stands in `units`."""
    answers: np.ndarray
    adjusters: np.ndarray
    child: np.ndarray | None = None
    weight: np.ndarray | None = None
    mean_weight: np.ndarray | None = None
    answered_by: np.ndarray | None = None
    """Who answers, as it stands in the file: patient, proxy or family."""

    def of(self, which: np.ndarray) -> "Batch":
        """Some of the respondents."""
        return _rows(self, np.flatnonzero(which))


@dataclass
class Moments:
    """The sums; the first axis is the unit. Adjusters are summed around `origin`, views around their middle."""

    layout: Layout
    units: tuple[str, ...]
    origin: np.ndarray
    everybody: np.ndarray
    """Respondents per unit (ALLN)."""
    unanswered: np.ndarray
    """... by item: how many did not answer."""
    adjuster_known: np.ndarray
    adjuster_sum: np.ndarray
    child_unknown: np.ndarray
    analysed: np.ndarray
    """... by measure: respondents with an answer to it and with their adjusters (USEN)."""
    boxes: np.ndarray
    """... by table and box: answers counted."""
    plain: np.ndarray
    """... by item: sums of the describing columns; the first is the number of answers."""
    plain_answers: np.ndarray
    """... by view: sum of the answers."""
    mean_weights: np.ndarray
    mean_answers: np.ndarray
    products: np.ndarray
    """... by item: weighted sums of products of the describing columns (upper triangle)."""
    cross: np.ndarray
    """... by view: weighted sums of the answer times the describing columns."""
    squares: np.ndarray
    """... by view: weighted sums of squared answers."""
    products2: np.ndarray
    """The same three with squared weights: the variances need them."""
    cross2: np.ndarray
    squares2: np.ndarray
    pair_products: np.ndarray
    """... by pair of views, where both are answered, with squared weights."""
    pair_cross: np.ndarray
    """... the last but one axis: first view, second view."""
    pair_squares: np.ndarray

    def at_origin(self, origin: np.ndarray) -> "Moments":
        """The same sums around another origin of the adjusters."""
        if np.array_equal(origin, self.origin) or not self.layout.adjusters:
            return self
        moved = _moved(self.layout, self.origin - origin)
        triangle = self.layout.triangle
        return self._with(
            origin=origin,
            adjuster_sum=self.adjuster_sum + self.adjuster_known * (self.origin - origin),
            plain=self.plain @ moved.T,
            products=_congruent(self.products, moved, triangle),
            cross=self.cross @ moved.T,
            products2=_congruent(self.products2, moved, triangle),
            cross2=self.cross2 @ moved.T,
            pair_products=_congruent(self.pair_products, moved, triangle),
            pair_cross=self.pair_cross @ moved.T,
        )

    def as_one(self, name: str) -> "Moments":
        """All units as one."""
        return self._with(units=(name,), **{sums: getattr(self, sums).sum(axis=0, keepdims=True) for sums in _SUMS})

    def of_units(self, at: Sequence[int]) -> "Moments":
        """The sums of some units, in this order."""
        places = list(at)
        return self._with(units=tuple(self.units[place] for place in places),
                          **{name: getattr(self, name)[places] for name in _SUMS})

    def _with(self, **changed: object) -> "Moments":
        return Moments(**({name.name: getattr(self, name.name) for name in fields(self)} | changed))  # type: ignore[arg-type]

    def __add__(self, other: "Moments") -> "Moments":
        """Both together: as if all respondents had been summed at once."""
        if self.layout != other.layout:
            raise ValueError("sums of different layouts cannot be added")
        other = other.at_origin(self.origin)
        units = tuple(dict.fromkeys([*self.units, *other.units]))
        place = {unit: at for at, unit in enumerate(units)}
        added: dict[str, object] = {}
        for name in _SUMS:
            ours, theirs = getattr(self, name), getattr(other, name)
            total = np.zeros((len(units), *ours.shape[1:]))
            total[: len(self.units)] = ours
            total[[place[unit] for unit in other.units]] += theirs
            added[name] = total
        return self._with(units=units, **added)


_SUMS = tuple(name.name for name in fields(Moments) if name.name not in ("layout", "units", "origin"))


def moments_of(batch: Batch, layout: Layout) -> Moments:
    """The sums over these respondents. Respondents without a weight, or with weight 0, are not there at all."""
    batch = _by_unit(_weighed(batch))
    edges = np.searchsorted(batch.unit, np.arange(len(batch.units) + 1))
    over = _Slices(edges)
    origin = _origin_of(batch.adjusters)
    shifted = batch.adjusters - origin
    known = ~np.isnan(shifted)
    answered = ~np.isnan(batch.answers)
    complete = _complete(batch, layout, known)
    mask = (answered & complete[:, None]).astype(float)
    views = _views(layout, np.where(answered, batch.answers, 0.0), mask)
    describing = _describing(layout, np.where(known, shifted, 0.0), ~known, batch.child)
    upper = describing[:, layout.triangle[0]] * describing[:, layout.triangle[1]]
    weight = batch.weight if layout.weighted else None
    second = _second(over, mask, views, describing, upper, weight)
    second2 = second if weight is None else _second(over, mask, views, describing, upper, weight**2)
    if weight is None:
        # The first products are those with 1: unweighted sums are among the weighted ones already.
        plain, plain_answers = second[0][:, :, :layout.width], second[1][:, :, 0]
    else:
        plain, plain_answers = over.products(mask, describing), over.sums(views)
    mean_weights, mean_answers = plain[:, :, 0], plain_answers
    if layout.mean_weighted and batch.mean_weight is not None:
        mean_weights = over.sums(mask * batch.mean_weight[:, None])
        mean_answers = over.sums(views * batch.mean_weight[:, None])
    pairs = _pairs(over, layout, mask, views, describing, upper, weight)
    everybody = np.diff(edges).astype(float)
    return Moments(
        layout=layout,
        units=batch.units,
        origin=origin,
        everybody=everybody,
        unanswered=everybody[:, None] - (plain[:, :, 0] if complete.all() else over.sums(answered)),
        adjuster_known=over.sums(known),
        adjuster_sum=over.sums(np.where(known, shifted, 0.0)),
        child_unknown=over.sums(np.isnan(_child(batch))[:, None])[:, 0],
        analysed=over.sums(np.column_stack([mask[:, list(items)].max(axis=1) for items in layout.composites])),
        boxes=_box_counts(over, batch, layout, complete),
        plain=plain,
        plain_answers=plain_answers,
        mean_weights=mean_weights,
        mean_answers=mean_answers,
        products=second[0],
        cross=second[1],
        squares=second[2],
        products2=second2[0],
        cross2=second2[1],
        squares2=second2[2],
        pair_products=pairs[0],
        pair_cross=pairs[1],
        pair_squares=pairs[2],
    )


def _by_unit(batch: Batch) -> Batch:
    """Respondents in the order of their units; small numbers are sorted by their digits, which is quicker."""
    few = batch.unit.astype(np.int16) if len(batch.units) < 2**15 else batch.unit
    return _rows(batch, np.argsort(few, kind="stable"))


def _complete(batch: Batch, layout: Layout, known: np.ndarray) -> np.ndarray:
    """Whose adjusters are all there, or will be."""
    complete = np.ones(len(batch.unit), bool) if layout.impute else known.all(axis=1)
    return complete & ~np.isnan(_child(batch)) if layout.child else complete


def _views(layout: Layout, answers: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Every view of the answers, 0 where there is none; plain ones at once, since they are most."""
    views = np.empty((len(answers), len(layout.views)))
    plain = [at for at, view in enumerate(layout.views) if view.is_plain]
    of_plain = [layout.views[at].item for at in plain]
    same = of_plain == list(range(answers.shape[1]))
    views[:, plain] = ((answers if same else answers[:, of_plain])
                       - np.array([layout.views[at].middle for at in plain])) * (mask if same else mask[:, of_plain])
    for at, view in enumerate(layout.views):
        if not view.is_plain:
            views[:, at] = view.of(answers[:, view.item]) * mask[:, view.item]
    return views


def _pairs(over: "_Slices", layout: Layout, mask: np.ndarray, views: np.ndarray, describing: np.ndarray,
           upper: np.ndarray, weight: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Products, cross sums and squares where both views of a pair are answered."""
    first, second = ([pair[side] for pair in layout.pairs] for side in (0, 1))
    item = [view.item for view in layout.views]
    both = mask[:, [item[at] for at in first]] * mask[:, [item[at] for at in second]]
    one, two = views[:, first] * both, views[:, second] * both
    weighed = both, one, two
    if weight is not None:
        weighed = tuple(part * (weight**2)[:, None] for part in weighed)
    return (over.products(weighed[0], upper),
            np.stack([over.products(weighed[1], describing), over.products(weighed[2], describing)], axis=2),
            over.sums(weighed[1] * two))


@dataclass(frozen=True)
class _Slices:
    """Sums over the rows of each unit; rows lie unit by unit."""

    edges: np.ndarray

    def products(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Per unit: the left columns times the right columns, summed over its rows."""
        out = np.zeros((len(self.edges) - 1, left.shape[1], right.shape[1]))
        if left.shape[1] == 0:
            return out
        for at, (start, end) in enumerate(zip(self.edges[:-1], self.edges[1:], strict=True)):
            if end > start:
                np.matmul(left[start:end].T, right[start:end], out=out[at])
        return out

    def counts(self, held: np.ndarray) -> np.ndarray:
        """Per row of truths and per unit: how many hold."""
        total = np.zeros((len(held), len(self.edges)), dtype=np.int64)
        np.cumsum(held, axis=1, out=(running := np.empty(held.shape, dtype=np.int32)))
        total[:, 1:] = np.where(self.edges[1:] > 0, running[:, self.edges[1:] - 1], 0)
        return np.diff(total, axis=1)

    def sums(self, columns: np.ndarray) -> np.ndarray:
        """Per unit: the sum of each column over its rows."""
        total = np.zeros((len(self.edges) - 1, columns.shape[1]))
        filled = np.flatnonzero(np.diff(self.edges))
        if len(filled) and columns.shape[1]:
            total[filled] = np.add.reduceat(columns, self.edges[:-1][filled], axis=0, dtype=float)
        return total


def _second(over: _Slices, mask: np.ndarray, views: np.ndarray, describing: np.ndarray, upper: np.ndarray,
            weight: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if weight is not None:
        mask, weighed = mask * weight[:, None], views * weight[:, None]
    else:
        weighed = views
    return over.products(mask, upper), over.products(weighed, describing), over.sums(weighed * views)


def _weighed(batch: Batch) -> Batch:
    keep = np.ones(len(batch.unit), bool)
    for weight in (batch.weight, batch.mean_weight):
        if weight is not None:
            keep &= np.nan_to_num(weight) != 0
    return batch if keep.all() else _rows(batch, np.flatnonzero(keep))


def _rows(batch: Batch, at: np.ndarray) -> Batch:
    def of(column: np.ndarray | None) -> np.ndarray | None:
        return None if column is None else column[at]

    return Batch(batch.units, batch.unit[at], batch.answers[at], batch.adjusters[at], of(batch.child),
                 of(batch.weight), of(batch.mean_weight), of(batch.answered_by))


def _child(batch: Batch) -> np.ndarray:
    return np.zeros(len(batch.unit)) if batch.child is None else batch.child


def _origin_of(adjusters: np.ndarray) -> np.ndarray:
    """A value of each adjuster near its middle: sums around it lose no digits, whatever the adjuster's level."""
    if adjusters.shape[1] == 0:
        return np.zeros(0)
    known = ~np.isnan(adjusters)
    count = known.sum(axis=0)
    total = np.where(known, adjusters, 0.0).sum(axis=0)
    return np.where(count > 0, np.round(total / np.maximum(count, 1)), 0.0)


def _describing(layout: Layout, adjusters: np.ndarray, missing: np.ndarray, child: np.ndarray | None) -> np.ndarray:
    """The describing columns: 1, adjusters (0 where missing), which are missing, child, and child times those."""
    own = [adjusters, missing.astype(float)] if layout.impute else [adjusters]
    columns = [np.ones((len(adjusters), 1)), *own]
    if layout.child:
        is_child = np.nan_to_num(np.zeros(len(adjusters)) if child is None else child)[:, None]
        columns += [is_child, *(part * is_child for part in own)]
    return np.nan_to_num(np.hstack(columns))


def _box_counts(over: _Slices, batch: Batch, layout: Layout, complete: np.ndarray) -> np.ndarray:
    most = max((len(scale.boxes) for _, scale in layout.tables), default=0)
    counts = np.zeros((len(batch.units), len(layout.tables), most))
    by_item = np.ascontiguousarray(batch.answers.T)
    for at, (item, scale) in enumerate(layout.tables):
        answers = by_item[item]
        held = np.empty((len(scale.boxes), len(answers)), bool)
        for number, box in enumerate(scale.boxes):
            np.logical_and(box.holds(answers), complete, out=held[number])
        counts[:, at, : len(held)] = over.counts(held).T
    return counts


def _moved(layout: Layout, by: np.ndarray) -> np.ndarray:
    """The describing columns around another origin, as a linear map of those around the old one."""
    count = len(layout.adjusters)
    matrix = np.eye(layout.width)
    blocks = [(1, 0)]
    if layout.child:
        child = 1 + count * (2 if layout.impute else 1)
        blocks.append((child + 1, child))
    for first, whole in blocks:
        for at in range(count):
            matrix[first + at, whole] = by[at]
            if layout.impute:
                matrix[first + at, first + count + at] = -by[at]
    return matrix


def full(triangle_sums: np.ndarray, triangle: tuple[np.ndarray, np.ndarray], width: int) -> np.ndarray:
    """The symmetric matrices of which the upper triangles were summed."""
    matrix = np.zeros((*triangle_sums.shape[:-1], width, width))
    matrix[..., triangle[0], triangle[1]] = triangle_sums
    matrix[..., triangle[1], triangle[0]] = triangle_sums
    return matrix


def _congruent(sums: np.ndarray, matrix: np.ndarray, triangle: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    moved = matrix @ full(sums, triangle, len(matrix)) @ matrix.T
    return moved[..., triangle[0], triangle[1]]
