"""Which sums an analysis needs of the answers: views of the items, and the pairs that composites put together."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .design import Design, Measure, People
from .scales import Reading, Scale, ScaleType, recoded


@dataclass(frozen=True)
class View:
    """An item seen as a number: its answer, its points, the number of its box, whether it falls into one box."""

    item: int
    scale: Scale
    numbered: bool = False
    box: int | None = None
    points: bool = False
    net: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it is the answer itself."""
        return self.box is None and not (self.points or self.numbered or self.net)

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest mean there can be, as the program reckons it: the scale's own, recoded or not."""
        if self.box is not None:
            return 0.0, 1.0
        if self.net:
            return -100.0, 100.0
        return (0.0, 100.0) if self.points else (self.scale.low, self.scale.high)

    @property
    def middle(self) -> float:
        """What the sums of this view are taken around."""
        if self.box is not None or self.net:
            return 0.0
        if self.points:
            return 50.0
        return (len(self.scale.boxes) + 1) / 2 if self.numbered else self.scale.middle

    def of(self, answers: np.ndarray) -> np.ndarray:
        """The view of answers that are on the scale, around its middle."""
        if self.box is not None:
            return self.scale.boxes[self.box].holds(answers).astype(float)
        if self.net:
            best, worst = (self.scale.boxes[at].holds(answers).astype(float)
                           for at in (self.scale.top, self.scale.bottom))
            return (best - worst) * 100
        if self.numbered:
            return sum((box.holds(answers) * float(at) for at, box in enumerate(self.scale.boxes, 1)),
                       np.zeros(len(answers))) - self.middle
        if self.points:
            return (answers - self.scale.low) / (self.scale.high - self.scale.low) * 100 - self.middle
        return answers - self.middle


@dataclass(frozen=True)
class Layout:
    """What is summed, in which order; sums of the same layout can be added."""

    items: tuple[str, ...]
    adjusters: tuple[str, ...]
    views: tuple[View, ...]
    pairs: tuple[tuple[int, int], ...]
    """Pairs of views of different items within one composite."""
    tables: tuple[tuple[int, Scale], ...]
    """Items whose answers are counted by box."""
    composites: tuple[tuple[int, ...], ...]
    """The items of each measure: a respondent counts for it with at least one answer to them."""
    impute: bool
    child: bool
    weighted: bool
    mean_weighted: bool

    @cached_property
    def width(self) -> int:
        """How many columns describe a respondent: 1, adjusters, which are missing, child, and child times those."""
        own = len(self.adjusters) * (2 if self.impute else 1)
        return 1 + (own * 2 + 1 if self.child else own)

    @cached_property
    def triangle(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows and columns of the products that are summed."""
        return np.triu_indices(self.width)

    @cached_property
    def _view_at(self) -> dict[View, int]:
        return {view: at for at, view in enumerate(self.views)}

    def at(self, view: View) -> int:
        """Where this view is summed."""
        return self._view_at[view]

    @cached_property
    def pair_at(self) -> dict[tuple[int, int], int]:
        """Where a pair of views is summed."""
        return {pair: at for at, pair in enumerate(self.pairs)}

    def table_at(self, item: int, scale: Scale) -> int:
        """Where the boxes of this item are counted."""
        return self.tables.index((item, scale))


def views_of(design: Design, measure: Measure) -> tuple[View, ...]:
    """What the tests of a measure run on, item by item."""
    return tuple(_view(item, scale, measure) for item, scale in scales_of(design, measure))


def scales_of(design: Design, measure: Measure) -> tuple[tuple[int, Scale], ...]:
    """Each item of the measure, where it stands among all items, and its scale with boxes cut as the measure says."""
    order = list(design.items)
    return tuple((order.index(key), recoded(_scale(design, key), measure.recode)) for key in measure.items)


def _view(item: int, scale: Scale, measure: Measure) -> View:
    if measure.reading is Reading.POINTS:
        return View(item, scale, points=True)
    if measure.reading is Reading.NET:
        return View(item, scale, net=True)
    if measure.reading is Reading.TOP_BOX:
        return View(item, scale, box=scale.top)
    return View(item, scale, numbered=measure.recode.tests_boxes and scale.type in (ScaleType.RATING, ScaleType.OFTEN))


def have_boxes(scales: tuple[tuple[int, Scale], ...]) -> bool:
    """Whether boxes of these items can be put together: there are as many of them, in the same order."""
    return len({(len(scale.boxes), scale.remainder) for _, scale in scales}) == 1


def box_views_of(design: Design, measure: Measure, box: int) -> tuple[View, ...]:
    """Whether each item of the measure falls into this box."""
    return tuple(View(item, scale, box=box) for item, scale in scales_of(design, measure))


def layout_of(design: Design) -> Layout:
    """What has to be summed to answer this design."""
    views: dict[View, None] = {}
    pairs: dict[tuple[View, View], None] = {}
    tables: dict[tuple[int, Scale], None] = {}
    for measure in design.measures:
        own = views_of(design, measure)
        views.update(dict.fromkeys(own))
        tables.update(dict.fromkeys((view.item, view.scale) for view in own))
        pairs.update(dict.fromkeys((one, other) for at, one in enumerate(own) for other in own[at + 1:]))
        if measure.adjusted_boxes and have_boxes(scales_of(design, measure)):
            for box in range(len(own[0].scale.boxes)):
                if box != own[0].scale.remainder:
                    views.update(dict.fromkeys(box_views_of(design, measure, box)))
    places = {view: at for at, view in enumerate(views)}
    order = list(design.items)
    return Layout(
        items=tuple(order),
        adjusters=tuple(adjuster.key for adjuster in design.adjusters),
        views=tuple(views),
        pairs=tuple((places[one], places[other]) for one, other in pairs),
        tables=tuple(tables),
        composites=tuple(tuple(order.index(key) for key in measure.items) for measure in design.measures),
        impute=design.impute and bool(design.adjusters),
        child=design.people is People.BOTH and bool(design.adjusters),
        weighted=design.answer_weight_column is not None,
        mean_weighted=design.mean_weight_column is not None,
    )


def _scale(design: Design, key: str) -> Scale:
    scale = design.items[key].scale
    if scale is None:
        raise ValueError(f"item {key} has no scale")
    return scale
