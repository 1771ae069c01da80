"""How an item is answered: the values that count, the boxes they fall into, and the way to 0-100."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np


class ScaleType(StrEnum):
    """The five kinds of answer that the CAHPS Analysis Program knows (its VARTYPE 1 to 5)."""

    YES_NO = "yes_no"
    """0 no, 1 yes (VARTYPE 1)."""
    RATING = "rating"
    """0 to 10 (VARTYPE 2)."""
    OFTEN = "often"
    """1 never, 2 sometimes, 3 usually, 4 always, or another scale of four (VARTYPE 3)."""
    THREE = "three"
    """1 to 3 (VARTYPE 4)."""
    OTHER = "other"
    """A range of its own (VARTYPE 5)."""


@dataclass(frozen=True)
class Box:
    """Answers from `low` to `high` counted together, under a name."""

    name: str
    low: float
    high: float

    def holds(self, answers: np.ndarray) -> np.ndarray:
        """Which of these answers fall into it."""
        return (answers >= self.low) & (answers <= self.high)


@dataclass(frozen=True)
class Scale:
    """The values an item may take once it is recoded; whatever else is written counts as no answer."""

    type: ScaleType
    low: float
    high: float
    boxes: tuple[Box, ...]

    @property
    def middle(self) -> float:
        """Sums are taken around it, so that they stay small."""
        return (self.low + self.high) / 2

    @property
    def remainder(self) -> int:
        """The box whose share is what the others leave: "yes" of yes and no, else the last one."""
        return 0 if self.type is ScaleType.YES_NO else len(self.boxes) - 1

    @property
    def top(self) -> int:
        """The best box: "yes" of yes and no, else the last one."""
        return 0 if self.type is ScaleType.YES_NO else len(self.boxes) - 1

    @property
    def bottom(self) -> int:
        """The worst box."""
        return len(self.boxes) - 1 if self.type is ScaleType.YES_NO else 0

    def counts(self, answers: np.ndarray) -> np.ndarray:
        """Which of these values are answers on this scale."""
        inside = (answers >= self.low) & (answers <= self.high)
        return inside if self.type is ScaleType.OTHER else inside & (answers == np.floor(answers))


class Reading(StrEnum):
    """What a measure makes of an answer."""

    ANSWERS = "answers"
    """The answer as it is, as the program does."""
    POINTS = "points"
    """Points of 0 to 100 from one end of the scale to the other: items of different scales can be put together."""
    TOP_BOX = "top_box"
    """Whether it is in the best box."""
    NET = "net"
    """100 in the best box, -100 in the worst, else 0: a likelihood of 0 to 10 makes the Net Promoter Score."""


class Recode(StrEnum):
    """Where the boxes of a rating are cut, and whether the tests run on the boxes (RECODE 0 to 3)."""

    NONE = "none"
    """Boxes 0-6, 7-8, 9-10; tests on the answers themselves (0)."""
    BOXES = "boxes"
    """Boxes 0-6, 7-8, 9-10; tests on boxes 1, 2, 3 (1)."""
    HIGH = "high"
    """Boxes 0-7, 8-9, 10; tests on the answers themselves (2)."""
    HIGH_BOXES = "high_boxes"
    """Boxes 0-7, 8-9, 10; tests on boxes 1, 2, 3 (3)."""

    @property
    def tests_boxes(self) -> bool:
        """Whether the tests run on boxes 1, 2, 3."""
        return self in (Recode.BOXES, Recode.HIGH_BOXES)


_RANGES = {ScaleType.YES_NO: (0, 1), ScaleType.RATING: (0, 10), ScaleType.OFTEN: (1, 4), ScaleType.THREE: (1, 3)}
_RATING_CUTS = {False: ((0, 6), (7, 8), (9, 10)), True: ((0, 7), (8, 9), (10, 10))}


def scale_of(kind: ScaleType, low: float | None = None, high: float | None = None,
             boxes: tuple[Box, ...] = ()) -> Scale:
    """The scale of that kind; `low`, `high` and `boxes` are for OTHER, whose boxes are its whole values if not named.

    The order of the boxes is that of the program's own response tables: worst first, but "yes" before "no".
    """
    if kind is ScaleType.OTHER:
        if low is None or high is None:
            raise ValueError("a scale of another kind needs its lowest and its highest value")
        whole = range(int(np.ceil(low)), int(np.floor(high)) + 1)
        return Scale(kind, low, high, boxes or tuple(Box(str(value), value - 0.5, value + 0.5 - 1e-9)
                                                     for value in whole))
    low, high = _RANGES[kind]
    return Scale(kind, low, high, boxes or _usual_boxes(kind, Recode.NONE))


def recoded(scale: Scale, recode: Recode) -> Scale:
    """The same scale with its boxes cut as the recoding says; only ratings have another cut."""
    if scale.type is not ScaleType.RATING:
        return scale
    return Scale(scale.type, scale.low, scale.high, _usual_boxes(scale.type, recode))


def _usual_boxes(kind: ScaleType, recode: Recode) -> tuple[Box, ...]:
    if kind is ScaleType.YES_NO:
        return Box("yes", 1, 1), Box("no", 0, 0)
    if kind is ScaleType.RATING:
        cuts = _RATING_CUTS[recode in (Recode.HIGH, Recode.HIGH_BOXES)]
        return tuple(Box(f"{low}-{high}" if low < high else f"{low}", low, high) for low, high in cuts)
    if kind is ScaleType.OFTEN:
        return Box("never or sometimes", 1, 2), Box("usually", 3, 3), Box("always", 4, 4)
    return Box("1", 1, 1), Box("2", 2, 2), Box("3", 3, 3)


def linear(ends: tuple[float, float], mean: float) -> float:
    """A mean between these ends as points of 0 to 100: never 0, sometimes 33 1/3, usually 66 2/3, always 100."""
    return (mean - ends[0]) / (ends[1] - ends[0]) * 100
