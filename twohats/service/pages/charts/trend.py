"""A trend: points by month, the middle and the limits of ordinary change (an XmR chart), drawn from zero."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from twohats.store.charts.special_causes import Cause
from twohats.store.charts.xmr import xmr

from . import svg
from .svg import CARD, CONTROL, CUSTOMER, INK, MUTED, PATIENT

ENOUGH = 8
"""Months below which a change cannot be told from chance."""
HEIGHT, TOP, BOTTOM = 190.0, 26.0, 28.0
TAG_HEIGHT, TAG_WIDTH, TAG_APART = 18.0, 22.0, 4.0
"""The tag that carries the number of a mark."""


@dataclass(frozen=True)
class Trend:
    """What the points say: middle, limits, and the month that stands out (None when none does)."""

    middle: float
    low: float
    high: float
    stands_out: int | None
    cause: Cause
    """Why it does."""


@dataclass(frozen=True)
class Lines:
    """Middle and limits of the points from `first` to `last`, by their places."""

    first: int
    last: int
    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Mark:
    """A numbered mark at a point; one that `begins` something stands before it, as a line from top to bottom."""

    number: int
    place: int
    begins: bool = False


@dataclass(frozen=True)
class Shown:
    """What a trend shows beside its points: lines, points that stand out, marks, and the goal of each month."""

    lines: Sequence[Lines] = ()
    stands_out: frozenset[int] = frozenset()
    marks: Sequence[Mark] = ()
    goals: Sequence[float | None] = ()
    goal_word: str = ""


def trend_of(values: Sequence[float]) -> Trend | None:
    """Limits of ordinary change and what stands out last, by the rules of NHS England, as on the pages of measures;
    None where the months are too few to tell.
    """
    if len(values) < ENOUGH:
        return None
    chart = xmr(range(len(values)), values, fewest=ENOUGH)
    middle = float(chart.mean[-1])
    low, high = (middle if math.isnan(limit) else float(limit) for limit in (chart.lower[-1], chart.upper[-1]))
    out = next((place for place in reversed(range(len(values))) if chart.causes[place] is not Cause.COMMON), None)
    return Trend(middle, max(low, 0.0), high, out, Cause.COMMON if out is None else chart.causes[out])


def trend_picture(
    key: str,
    hat: str,
    months: Sequence[str],
    values: Sequence[float],
    width: float,
    said: svg.Said,
    written: Callable[[float], str],
) -> str:
    """The points of whole months with the limits that they give themselves, and the month that stands out."""
    found = trend_of(values)
    shown = Shown()
    if found:
        out = frozenset() if found.stands_out is None else frozenset({found.stands_out})
        shown = Shown([Lines(0, len(values) - 1, found.middle, found.low, found.high)], out)
    return marked_picture(key, hat, months, values, width, said, written, shown)


def marked_picture(
    key: str,
    hat: str,
    months: Sequence[str],
    values: Sequence[float | None],
    width: float,
    said: svg.Said,
    written: Callable[[float], str],
    shown: Shown,
) -> str:
    """Points joined by a line in the hat's colour: circles for patients, squares for customers; in ink, with circles,
    for what wears no hat (''). A month without a number is a gap.
    """
    return _Picture(key, hat, months, values, width, written, shown).drawn(said)


class _Picture:
    """One drawing: where its points lie, and its strokes from the ground up."""

    def __init__(
        self,
        key: str,
        hat: str,
        months: Sequence[str],
        values: Sequence[float | None],
        width: float,
        written: Callable[[float], str],
        shown: Shown,
    ) -> None:
        self.key, self.hat, self.months, self.width = key, hat, months, width
        self.written, self.shown = written, shown
        self.points = {index: value for index, value in enumerate(values) if value is not None}
        self.count = len(values)
        self.left, self.right = 4.0, width - 64.0
        self.rows = _rows_of_tags(shown.marks, self._tag_middle)
        above = max(self.rows.values(), default=-1) + 1
        self.top = TOP + above * (TAG_HEIGHT + TAG_APART)
        self.height = HEIGHT + self.top - TOP
        lines = [end for line in shown.lines for end in (line.low, line.high)]
        drawn = [*self.points.values(), *lines, *(goal for goal in shown.goals if goal is not None)]
        self.size = min(4.5, max(0.45 * (self.right - self.left - 12) / max(self.count - 1, 1), 2.5))
        self.lowest = min([*drawn, 0.0])  # a net score may lie below zero
        self.highest = max([*drawn, 0.0]) if any(drawn) else 1.0

    def x(self, index: float) -> float:
        room = self.right - self.left - 12
        return self.left + 6 + index * room / max(self.count - 1, 1)

    def y(self, value: float) -> float:
        share = (value - self.lowest) / (self.highest - self.lowest)
        return self.height - BOTTOM - share * (self.height - BOTTOM - self.top)

    def edges(self, first: int, last: int) -> tuple[float, float]:
        """From halfway before a point to halfway after another; to the edges at either end."""
        return (
            self.x(first - 0.5) if first else self.left,
            self.x(last + 0.5) if last < self.count - 1 else self.right,
        )

    def drawn(self, said: svg.Said) -> str:
        colour = {"patient": PATIENT, "customer": CUSTOMER}.get(self.hat, INK)
        parts = [*self._bands(), svg.line(self.left, self.y(0), self.right, self.y(0), stroke=CONTROL)]
        parts.extend(self._zero())
        parts.extend(self._middles())
        parts.extend(self._marks())
        parts.extend(self._goals())
        for run in self._unbroken():
            path = " ".join(f"{svg.number(self.x(i))},{svg.number(self.y(self.points[i]))}" for i in run)
            parts.append(svg.tag("polyline", points=path, fill="none", stroke=colour, stroke_width=2))
        parts.extend(
            svg.point(self.hat, self.x(i), self.y(value), self.size, i in self.shown.stands_out)
            for i, value in self.points.items()
        )
        parts.extend(self._labels())
        return svg.drawing(self.key, self.width, self.height, said, parts)

    def _zero(self) -> Iterator[str]:
        """What the line at the foot stands for; left out where the last number would lie upon it."""
        last = self.points.get(self.count - 1)
        if last is None or abs(self.y(last) - self.y(0)) >= svg.TEXT:
            yield svg.words(self.right + 8, self.y(0) + 4, self.written(0), fill=MUTED)

    def _unbroken(self) -> Iterator[list[int]]:
        for _gap, run in groupby(enumerate(self.points), lambda one: one[1] - one[0]):
            yield [index for _place, index in run]

    def _bands(self) -> Iterator[str]:
        for line in self.shown.lines:
            left, right = self.edges(line.first, line.last)
            high, low = self.y(line.high), self.y(line.low)
            yield svg.tag("rect", x=left, y=high, width=right - left, height=low - high, fill="#EFEDE6")

    def _middles(self) -> Iterator[str]:
        for line in self.shown.lines:
            left, right = self.edges(line.first, line.last)
            middle = self.y(line.middle)
            yield svg.line(left, middle, right, middle, stroke=MUTED, stroke_dasharray="4 4")

    def _goals(self) -> Iterator[str]:
        """A line for each stretch of months with one goal; its word stands beside the last."""
        last = None
        for goal, stretch in groupby(enumerate(self.shown.goals), lambda one: one[1]):
            if goal is None:
                continue
            places = [place for place, _goal in stretch]
            last = (goal, places[-1])
            left, right = self.edges(places[0], places[-1])
            yield svg.line(left, self.y(goal), right, self.y(goal), stroke=INK, stroke_width=1.5,
                           stroke_dasharray="10 3 2 3")
        if last is not None:
            yield self._goal_word(*last)

    def _goal_word(self, goal: float, place: int) -> str:
        if place < self.count - 1:
            at = self.edges(place, place)[1]
            return svg.words(at, self.y(goal) - 5, self.shown.goal_word, text_anchor="end")
        at, taken = self.y(goal), [self.y(0)]
        if self.count - 1 in self.points:
            taken.append(self.y(self.points[self.count - 1]))
        free = [at + step for step in (0, -16, 16, -32, 32, -48)]
        best = next((one for one in free if all(abs(one - other) >= 15 for other in taken)), at)
        return svg.words(self.right + 8, best + 4.5, self.shown.goal_word)

    def _tag_middle(self, mark: Mark) -> float:
        at = self.x(mark.place - 0.5 if mark.begins and mark.place else mark.place)
        return min(max(at, self.left + TAG_WIDTH / 2), self.right - TAG_WIDTH / 2)

    def _marks(self) -> Iterator[str]:
        for mark in self.shown.marks:
            middle, top = self._tag_middle(mark), 2 + self.rows[mark.number] * (TAG_HEIGHT + TAG_APART)
            foot = self.y(0) if mark.begins or mark.place not in self.points else self.y(self.points[mark.place])
            stroke = {"stroke": INK, "stroke_width": 1.5, "stroke_dasharray": "2 3"} if mark.begins else {
                "stroke": CONTROL}
            yield svg.line(middle, top + TAG_HEIGHT, middle, foot, **stroke)
        for mark in self.shown.marks:
            middle, top = self._tag_middle(mark), 2 + self.rows[mark.number] * (TAG_HEIGHT + TAG_APART)
            yield svg.tag("rect", x=middle - TAG_WIDTH / 2, y=top, width=TAG_WIDTH, height=TAG_HEIGHT, rx=9, fill=CARD,
                          stroke=INK, stroke_width=1.5 if mark.begins else 1)
            yield svg.words(middle, top + 13.5, str(mark.number), text_anchor="middle", font_weight=700)

    def _labels(self) -> Iterator[str]:
        if not self.count:
            return
        last, foot = self.count - 1, self.height - 8
        yield svg.words(self.x(0) - 6, foot, self.months[0], fill=MUTED)
        if last in self.points:
            value = self.points[last]
            yield svg.words(self.right + 8, self.y(value) + 4.5, self.written(value), font_weight=700)
        if last:
            yield svg.words(self.right, foot, self.months[last], text_anchor="end", fill=MUTED)
        out = max(self.shown.stands_out, default=None)
        if out is not None and out != last:
            at, height = min(max(self.x(out), 30), self.right - 30), self.y(self.points[out])
            above = height - 12 > self.top - 14
            yield svg.words(at, height - 12 if above else height + 22, self.written(self.points[out]),
                            text_anchor="middle", font_weight=700)


def _rows_of_tags(marks: Sequence[Mark], middle: Callable[[Mark], float]) -> dict[int, int]:
    """In which row each mark's tag stands, so that none covers another."""
    ends: list[float] = []
    rows: dict[int, int] = {}
    for mark in sorted(marks, key=middle):
        begin = middle(mark) - TAG_WIDTH / 2
        row = next((row for row, end in enumerate(ends) if end + TAG_APART <= begin), len(ends))
        if row == len(ends):
            ends.append(0.0)
        ends[row] = begin + TAG_WIDTH
        rows[mark.number] = row
    return rows
