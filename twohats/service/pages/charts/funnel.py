"""A funnel: units beside each other by the people behind them, between limits that narrow as those become more."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from . import svg
from .svg import CARD, CONTROL, INK, MUTED

HEIGHT, TOP, BOTTOM, LEFT, RIGHT = 320.0, 12.0, 42.0, 62.0, 62.0
APART = 15.0
"""Two lines of text this far apart can both be read."""
SIZE = 4.5
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Point:
    """One unit: how many people, its share, and whether it lies outside the outer limits."""

    name: str
    people: float
    share: float
    is_outside: bool


@dataclass(frozen=True)
class Curves:
    """The limits at some numbers of people: outer below and above, inner below and above."""

    people: Sequence[float]
    lower_998: Sequence[float]
    lower_95: Sequence[float]
    upper_95: Sequence[float]
    upper_998: Sequence[float]


@dataclass(frozen=True)
class Wording:
    """How numbers and the ends of lines are written."""

    share: Callable[[float], str]
    people: Callable[[float], str]
    axis: str
    inner: str
    outer: str


def funnel_picture(key: str, hat: str, points: Sequence[Point], target: float, curves: Curves, width: float,
                   said: svg.Said, wording: Wording) -> str:
    """The points in the colour and shape of the hat, the share of all together, and four limits."""
    return _Picture(key, hat, points, target, curves, width, wording).drawn(said)


class _Picture:
    def __init__(self, key: str, hat: str, points: Sequence[Point], target: float, curves: Curves, width: float,
                 wording: Wording) -> None:
        self.key, self.hat, self.points, self.target, self.curves = key, hat, points, target, curves
        self.width, self.wording = width, wording
        shares = [*curves.lower_998, *curves.upper_998, *(point.share for point in points)]
        reach = 0.04 * (max(shares) - min(shares)) or 0.01
        self.lowest, self.highest = max(min(shares) - reach, 0.0), min(max(shares) + reach, 1.0)
        self.fewest, self.most = curves.people[0], curves.people[-1]

    def x(self, people: float) -> float:
        room = self.width - LEFT - RIGHT
        return LEFT + room * (people - self.fewest) / (self.most - self.fewest)

    def y(self, share: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (share - self.lowest) / (self.highest - self.lowest)

    def drawn(self, said: svg.Said) -> str:
        parts = [self._band(), *self._axes(), *self._limits(), *self._ends()]
        parts.extend(svg.point(self.hat, self.x(one.people), self.y(one.share), SIZE, one.is_outside)
                     for one in sorted(self.points, key=lambda one: one.is_outside))
        parts.extend(self._names())
        return svg.drawing(self.key, self.width, HEIGHT, said, parts)

    def _path(self, shares: Sequence[float]) -> str:
        return " ".join(f"{svg.number(self.x(people))},{svg.number(self.y(share))}"
                        for people, share in zip(self.curves.people, shares, strict=True))

    def _band(self) -> str:
        back = " ".join(reversed(self._path(self.curves.lower_95).split(" ")))
        return svg.tag("polygon", points=f"{self._path(self.curves.upper_95)} {back}", fill="#EFEDE6")

    def _axes(self) -> Iterator[str]:
        foot = HEIGHT - BOTTOM
        yield svg.line(LEFT, foot, self.width - RIGHT, foot, stroke=CONTROL)
        yield svg.line(LEFT, TOP, LEFT, foot, stroke=CONTROL)
        for share in ticks(self.lowest, self.highest, 5):
            yield svg.line(LEFT - 4, self.y(share), LEFT, self.y(share), stroke=CONTROL)
            yield svg.words(LEFT - 7, self.y(share) + 4.5, self.wording.share(share), text_anchor="end", fill=MUTED)
        for people in ticks(self.fewest, self.most, 3 if self.width < 400 else 5):
            yield svg.line(self.x(people), foot, self.x(people), foot + 4, stroke=CONTROL)
            yield svg.words(self.x(people), foot + 17, self.wording.people(people), text_anchor="middle", fill=MUTED)
        yield svg.words(self.width - RIGHT, HEIGHT - 6, self.wording.axis, text_anchor="end", fill=MUTED)

    def _limits(self) -> Iterator[str]:
        for shares in (self.curves.lower_95, self.curves.upper_95):
            yield svg.tag("polyline", points=self._path(shares), fill="none", stroke=MUTED, stroke_dasharray="5 4")
        for shares in (self.curves.lower_998, self.curves.upper_998):
            yield svg.tag("polyline", points=self._path(shares), fill="none", stroke=INK, stroke_width=1.5)
        middle = self.y(self.target)
        yield svg.line(LEFT, middle, self.width - RIGHT, middle, stroke=MUTED)

    def _ends(self) -> Iterator[str]:
        """At the right end of the lines what they are, far enough apart to be read."""
        at, x = self.y(self.target), self.width - RIGHT + 6
        yield svg.words(x, at + 4.5, self.wording.share(self.target), font_weight=700)
        for shares, word in ((self.curves.upper_95, self.wording.inner), (self.curves.upper_998, self.wording.outer)):
            at = min(self.y(shares[-1]), at - APART)
            yield svg.words(x, at + 4.5, word, fill=MUTED)

    def _names(self) -> Iterator[str]:
        """Names beside their points where there is room: first those outside the limits."""
        taken: list[Box] = [_around(self.x(one.people), self.y(one.share)) for one in self.points]
        for one in sorted(self.points, key=lambda one: (not one.is_outside, one.name)):
            long = len(one.name) * (svg.CHARACTER if one.is_outside else svg.CHARACTER - 0.8)
            for x, y, anchor, box in _beside(self.x(one.people), self.y(one.share), long):
                if self._is_free(box, taken):
                    taken.append(box)
                    yield svg.words(x, y, one.name, text_anchor=anchor, font_weight=700 if one.is_outside else None,
                                    stroke=CARD, stroke_width=3, paint_order="stroke")
                    break

    def _is_free(self, box: Box, taken: Sequence[Box]) -> bool:
        left, top, right, bottom = box
        if left < LEFT + 2 or right > self.width - RIGHT - 2 or top < 0 or bottom > HEIGHT - BOTTOM:
            return False
        return all(right < other[0] or left > other[2] or bottom < other[1] or top > other[3] for other in taken)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers from `low` to `high`, at most so many."""
    step = 10.0 ** math.floor(math.log10((high - low) / most))
    step *= next(one for one in (1, 2, 5, 10) if (high - low) / (one * step) <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)][:most]


def _around(x: float, y: float) -> Box:
    return x - SIZE - 3, y - SIZE - 3, x + SIZE + 3, y + SIZE + 3


def _beside(x: float, y: float, long: float) -> Iterator[tuple[float, float, str, Box]]:
    """Where a name may stand: right of its point, left, above, below, askew; with its room."""
    yield x + 10, y + 4.5, "start", (x + 8, y - 8, x + 10 + long, y + 8)
    yield x - 10, y + 4.5, "end", (x - 10 - long, y - 8, x - 8, y + 8)
    yield x, y - 11, "middle", (x - long / 2, y - 24, x + long / 2, y - 8)
    yield x, y + 20, "middle", (x - long / 2, y + 8, x + long / 2, y + 24)
    yield x - 4, y - 11, "start", (x - 4, y - 24, x - 4 + long, y - 8)
    yield x - 4, y + 20, "start", (x - 4, y + 8, x - 4 + long, y + 24)
