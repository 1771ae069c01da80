"""The sums of a build as the sums that the CAHPS engine adjusts from: the same numbers, in its own order."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from twohats.analysis.measures.cahps.design import Coded, Design, Measure
from twohats.analysis.measures.cahps.layout import Layout, layout_of
from twohats.analysis.measures.cahps.moments import Moments
from twohats.analysis.measures.cahps.scales import Box, Reading, Scale, ScaleType, scale_of
from twohats.words.instruments import Composite, Instrument
from twohats.words.measures import official

from .columns import BOTH, FIRST, NUMBERS, ONE, PRODUCTS, SECOND, Described, product_name

Rows = Mapping[tuple[str, str, str, str], Mapping[str, Any]]
"""Sums by unit, composite and two items, of one instrument, kind of unit and year."""
PLACE = {name: at for at, name in enumerate(NUMBERS)}


def design_of(asked: Instrument, one: Composite, described: Sequence[Described]) -> Design:
    """One composite, its items in points of 0 to 100, adjusted by these numbers; one not known is its unit's mean."""
    items = {item: Coded(item, item, scale=_scale(asked, item)) for item in one.items}
    return Design(
        unit_column="unit", items=items, measures=(Measure(official(asked, one), one.items, reading=Reading.POINTS),),
        adjusters=tuple(Coded(column.name, column.name) for column in described), impute=True)


def moments_from(rows: Rows, design: Design, units: Sequence[str], described: Sequence[Described]) -> Moments:
    """What the engine would have summed over the forms of these units."""
    layout, composite = layout_of(design), design.measures[0].key
    held = _Held(rows, layout, units, described)
    everybody, analysed = held.products("", "", ""), held.products(composite, "", "")
    known = slice(1, 1 + len(described))
    missing = slice(1 + len(described), None) if described else slice(0, 0)
    items = [held.products(composite, item, item) for item in layout.items]
    plain = np.stack([products[:, 0] for products in items], axis=1)
    products = np.stack([held.triangle(one) for one in items], axis=1)
    cross = np.stack([held.cross(composite, at, at) for at in range(len(layout.views))], axis=1)
    squares = np.stack([held.square(composite, at, at) for at in range(len(layout.views))], axis=1)
    shape = (len(units), len(layout.pairs))
    pairs = [(held.products(composite, layout.items[one], layout.items[other]), held.cross(composite, one, other),
              held.cross(composite, other, one), held.square(composite, one, other)) for one, other in layout.pairs]
    return Moments(
        layout=layout, units=tuple(units), origin=np.zeros(len(described)),
        everybody=everybody[:, 0, 0],
        unanswered=everybody[:, 0, :1] - plain[:, :, 0],
        adjuster_known=everybody[:, 0, :1] - everybody[:, 0, missing],
        adjuster_sum=everybody[:, 0, known],
        child_unknown=np.zeros(len(units)),
        analysed=analysed[:, 0, :1],
        boxes=np.zeros((len(units), len(layout.tables), max(len(scale.boxes) for _item, scale in layout.tables))),
        plain=plain, plain_answers=cross[:, :, 0], mean_weights=plain[:, :, 0], mean_answers=cross[:, :, 0],
        products=products, cross=cross, squares=squares,
        products2=products, cross2=cross, squares2=squares,
        pair_products=np.stack([held.triangle(pair[0]) for pair in pairs], axis=1) if pairs else np.zeros(
            (*shape, len(layout.triangle[0]))),
        pair_cross=np.stack([np.stack(pair[1:3], axis=1) for pair in pairs], axis=1) if pairs else np.zeros(
            (*shape, 2, layout.width)),
        pair_squares=np.stack([pair[3] for pair in pairs], axis=1) if pairs else np.zeros(shape),
    )


class _Held:
    """The sums of some units by composite and items, on the columns of a layout."""

    def __init__(self, rows: Rows, layout: Layout, units: Sequence[str], described: Sequence[Described]) -> None:
        self.rows, self.layout, self.units = rows, layout, units
        self.map = np.zeros((layout.width, len(NUMBERS)))
        self.map[0, PLACE[ONE]] = 1
        for at, column in enumerate(described):
            self.map[1 + at, PLACE[column.name]] = 1
            if column.unknown:
                self.map[1 + len(described) + at, PLACE[column.unknown]] = 1

    def products(self, composite: str, first: str, second: str) -> np.ndarray:
        """Per unit: the products of the layout's columns, over forms that answer both items."""
        matrix = np.zeros((len(self.units), len(NUMBERS), len(NUMBERS)))
        for at, row in self._found(composite, first, second):
            for one, other in PRODUCTS:
                value = row["forms"] if one == other == ONE else row[product_name(one, other)]
                matrix[at, PLACE[one], PLACE[other]] = matrix[at, PLACE[other], PLACE[one]] = value
        return self.map @ matrix @ self.map.T

    def triangle(self, products: np.ndarray) -> np.ndarray:
        """Their upper triangle, as it lies in the engine."""
        return products[:, self.layout.triangle[0], self.layout.triangle[1]]

    def cross(self, composite: str, one: int, other: int) -> np.ndarray:
        """Per unit: the points of one view times the columns, where the other is answered too."""
        first, second = self.layout.views[one].item, self.layout.views[other].item
        slope, start = self._line(one)
        products = self.products(composite, self.layout.items[first], self.layout.items[second])
        return slope * self._values(composite, one, other) @ self.map.T + start * products[:, 0]

    def square(self, composite: str, one: int, other: int) -> np.ndarray:
        """Per unit: the points of one view times those of the other."""
        first, second = (self.layout.items[self.layout.views[at].item] for at in (one, other))
        (slope, start), (slope_too, start_too) = self._line(one), self._line(other)
        total = np.zeros(len(self.units))
        for at, row in self._found(composite, first, second):
            total[at] = slope * slope_too * row[BOTH] + start * start_too * row["forms"]
        return (total + slope * start_too * self._values(composite, one, other)[:, 0]
                + slope_too * start * self._values(composite, other, one)[:, 0])

    def _values(self, composite: str, one: int, other: int) -> np.ndarray:
        """Per unit: the answers to one item times all numbers, where the other is answered too."""
        first, second = (self.layout.items[self.layout.views[at].item] for at in (one, other))
        side = FIRST if first <= second else SECOND
        values = np.zeros((len(self.units), len(NUMBERS)))
        for at, row in self._found(composite, first, second):
            values[at] = [row[product_name(side, name)] for name in NUMBERS]
        return values

    def _found(self, composite: str, first: str, second: str) -> list[tuple[int, Mapping[str, Any]]]:
        key = (composite, *sorted((first, second)))
        found = ((at, self.rows.get((unit, *key))) for at, unit in enumerate(self.units))
        return [(at, row) for at, row in found if row is not None]

    def _line(self, at: int) -> tuple[float, float]:
        """From an answer to its points around the view's middle: so much a step, from there."""
        view = self.layout.views[at]
        slope = 100 / (view.scale.high - view.scale.low)
        return slope, -view.scale.low * slope - view.middle


def _scale(asked: Instrument, item: str) -> Scale:
    answered = asked.scales[item]
    boxes = tuple(Box(f"{low:g}-{high:g}", low, high) for low, high in answered.boxes)
    return scale_of(ScaleType(answered.type), answered.low, answered.high, boxes)
