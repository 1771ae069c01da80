"""Official composites of one release, as they may be told: boxes, linear mean, and no small count that they give away.

Told are the sums of answers: all, in the best box, in none of the best, in between, in the worst. Each is a cell of its
own, hidden like any other number. The linear mean is told in whole points and only beside all boxes: alone, or beside
the best box, several means and boxes together would tell of few in another. It is kept back too where, for all its
rounding, it would tell how few gave one of the answers of a box.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any, NamedTuple

from twohats.service.pages.leader.cube import Cube
from twohats.service.pages.measures import periods
from twohats.service.pages.measures.numbers import REST, Numbers, numbers_of, other_numbers_of
from twohats.service.pages.published import Published, beside_another
from twohats.service.releases import once_a_release
from twohats.store.estimates import Z95, mean_between, variance_between, wilson
from twohats.store.margins import FEWEST
from twohats.words.hats import Hat
from twohats.words.instruments import Composite, Instrument, instruments
from twohats.words.measures import measures, official, sub_score

ALL, TOP, NOT_TOP, MIDDLE, BOTTOM = "all", "top", "not_top", "middle", "bottom"
SIDES = (ALL, TOP, NOT_TOP, MIDDLE, BOTTOM)
EVERY = "*"
"""In place of an item: all items of the composite."""
POINTS: Mapping[str, tuple[tuple[float, ...], ...]] = {
    "often": ((0, 100 / 3), (200 / 3,), (100,)),
    "three": ((0,), (50,), (100,)),
    "yes_no": ((0,), (), (100,)),
    "rating": (tuple(10.0 * n for n in range(7)), (70, 80), (90, 100)),
}
"""What each answer comes to in points, box by box, the worst first, of the scales that have a linear mean."""
HALF_A_POINT = 0.5
"""The mean is shown in whole points."""


class Cell(NamedTuple):
    """A composite, a unit with all below it, a period, and a side: which of its answers."""

    composite: str
    unit: str
    period: str
    side: str


class Share(NamedTuple):
    """A share of answers and its 95 % interval."""

    value: float
    low: float
    high: float


class Level(NamedTuple):
    """A unit's share of best answers, the variance of that share, and its forms."""

    share: float
    variance: float
    forms: int


@dataclass(frozen=True)
class Told:
    """A composite in a unit and period. What may not be told is None."""

    forms: int = 0
    people: int = 0
    top: Share | None = None
    middle: Share | None = None
    bottom: Share | None = None
    mean: Share | None = None
    """The linear mean of 0 to 100 and its interval, exact: shown in whole points."""
    why_not: str = ""
    """'' (told), none, period (not told of such a unit), few (people)."""


class Composites(Published):
    """All official composites of a release."""

    def __init__(self, reader: Any, numbers: Numbers) -> None:
        self.numbers = numbers
        self.cube: Cube = numbers.cube
        self.rows: dict[tuple[str, str, str], dict[str, Mapping[str, Any]]] = {}
        for row in reader.rows("SELECT * FROM composites", ()):
            if self._has(row["unit"].removesuffix(REST), row["period"]):
                self.rows.setdefault((row["composite"], row["unit"], row["period"]), {})[row["item"]] = row
        self.periods = {period for _composite, _unit, period in self.rows}
        self.people: dict[Cell, int] = {}
        self.counts: dict[Cell, int] = {}
        for key, items in self.rows.items():
            for side, people, count in _sides(items[EVERY]):
                self.people[Cell(*key, side)], self.counts[Cell(*key, side)] = people, count
        self.families = list(self._families())
        self.guard()

    def asked(self) -> list[Instrument]:
        """The instruments of which anything was answered, in their order."""
        counted = {composite for composite, _unit, _period in self.rows}
        return [one for one in instruments() if any(official(one, part) in counted for part in one.composites)]

    def told(self, asked: Instrument, one: Composite, unit: str, period: str) -> Told:
        """A composite as it may be told."""
        key = official(asked, one)
        if not self._has(unit, period):
            return Told(why_not="period")
        items = self.rows.get((key, unit, period))
        if items is None or unit.endswith(REST):
            return Told(why_not="none")
        row, beside = items[EVERY], self._beside(asked, one, unit, period)
        if Cell(key, unit, period, ALL) in self.hidden or row["people"] < FEWEST or "few" in beside:
            return Told(why_not="few")
        if "part" in beside:
            return Told(row["forms"], row["people"])
        shares = {side: _share(items, side) if self._is_told(key, unit, period, side) else None
                  for side in (TOP, MIDDLE, BOTTOM)}
        mean = _mean(items) if shares[BOTTOM] is not None and _has_mean(asked, one) else None
        if mean is not None and _is_telling(asked, one, row, mean):
            mean = None
        return Told(row["forms"], row["people"], shares[TOP], shares[MIDDLE], shares[BOTTOM], mean)

    def told_periods(self, unit: str) -> list[str]:
        """The periods told of a unit, the newest first of each kind."""
        found = []
        for kind in periods.composites_told_of(self.numbers.kinds.get(unit)):
            of_kind = [one for one in periods.in_order(self.periods, kind)
                       if kind == periods.YEAR or periods.is_over(one, self.numbers.as_of)]
            found += reversed(of_kind)
        return found

    def levels(self, asked: Instrument, one: Composite, unit: str, period: str) -> dict[str, Level]:
        """The best answers of the units of its kind that are told, its own among them."""
        kind = self.numbers.kinds.get(unit)
        told = {other: self.told(asked, one, other, period) for other, of_kind in self.numbers.kinds.items()
                if of_kind == kind}
        return {other: Level(score.top.value, ((score.top.high - score.top.low) / 2 / Z95) ** 2, score.forms)
                for other, score in told.items() if score.top is not None}

    def _has(self, unit: str, period: str) -> bool:
        """Whether such a period is told of such a unit."""
        return periods.kind_of(period) in periods.composites_told_of(self.numbers.kinds.get(unit))

    def _is_told(self, key: str, unit: str, period: str, side: str) -> bool:
        """The best box by itself; the two others only where all three may be told."""
        others = (TOP, NOT_TOP) if side == TOP else (TOP, NOT_TOP, MIDDLE, BOTTOM)
        return not any(Cell(key, unit, period, other) in self.hidden for other in others)

    def _beside(self, asked: Instrument, one: Composite, unit: str, period: str) -> set[str]:
        """Why measures of the same answers are not told there: their people are nearly the same, so it holds here."""
        beside = measures_beside(asked, one).values()
        return {self.numbers.why_not(key, unit, period) for key in beside}

    def _families(self) -> Iterator[tuple[Cell, list[Cell]]]:
        """What adds up: the boxes, the units below a unit, the quarters of a year."""
        for cell in self.people:
            if cell.side == ALL:
                yield cell._replace(side=NOT_TOP), [cell._replace(side=MIDDLE), cell._replace(side=BOTTOM)]
                yield cell, [cell._replace(side=TOP), cell._replace(side=NOT_TOP)]
        for cell in sorted(self.people, key=lambda cell: cell.side == ALL):
            below = [cell._replace(unit=child) for child in (*self.cube.children.get(cell.unit, ()), cell.unit + REST)]
            shorter = [cell._replace(period=part) for part in periods.inside(cell.period, self.periods)]
            for parts in (below, shorter):
                if any(part in self.people for part in parts):
                    yield cell, [part for part in parts if part in self.people]


def reliability(levels: Mapping[str, Level], unit: str) -> float | None:
    """How much of what units differ by is not chance, for this one; None where it or any other is not told."""
    if unit not in levels or len(levels) < 2:
        return None
    between = variance_between(*zip(*levels.values(), strict=True))
    both = between + levels[unit].variance
    return between / both if both else None


def measures_beside(asked: Instrument, one: Composite) -> dict[Hat, str]:
    """The measures that count the same answers: an official one that is a measure by itself, else sub-scores by hat."""
    there = {declared.key for declared in measures()}
    if official(asked, one) in there:
        return {asked.item(one.items[0]).hat: official(asked, one)}
    return sub_scores(asked, one)


def sub_scores(asked: Instrument, one: Composite) -> dict[Hat, str]:
    """The sub-score of each hat that items of a composite go into."""
    reports, hats = asked.reports(), asked.hats()
    if len(reports) < 2:
        return {}
    goes = {hats[item] for item in one.items if item in reports}
    return {hat: sub_score(asked.key, hat) for hat in (Hat.PATIENT, Hat.CUSTOMER) if hat in goes}


def _has_mean(asked: Instrument, one: Composite) -> bool:
    """Whether the official measure has a linear mean."""
    return one.reading == "points" and all(asked.scales[item].type in POINTS for item in one.items)


def _is_telling(asked: Instrument, one: Composite, row: Mapping[str, Any], mean: Share) -> bool:
    """Whether the mean as it is shown, beside the boxes, tells of 1 to 10 answers of one value."""
    scales = {asked.scales[item].type for item in one.items}
    boxes = [(row[side], sorted({value for kind in scales for value in POINTS[kind][place]}))
             for place, side in enumerate((BOTTOM, MIDDLE, TOP))]
    return is_pinned(boxes, round(mean.value) * row["answers"], HALF_A_POINT * row["answers"])


def is_pinned(boxes: Sequence[tuple[int, Sequence[float]]], points: float, slack: float) -> bool:
    """Whether it is certain that 1 to 10 answers of a box had one value, or any up to one.

    Known are the boxes (answers, their values from low to high) and the sum of points within a slack.
    """
    for place, (count, values) in enumerate(boxes):
        others = [one for at, one in enumerate(boxes) if at != place and one[0]]
        least = points - slack - sum(held * max(of) for held, of in others)
        most = points + slack - sum(held * min(of) for held, of in others)
        for part in _parts(values):
            rest = [value for value in values if value not in part]
            low, high = _between(count, part, rest, least, most)
            if _is_small(low, high) or _is_small(count - high, count - low):
                return True
    return False


def _parts(values: Sequence[float]) -> Iterator[Sequence[float]]:
    """Each single value, and all up to one."""
    if len(values) > 1:
        yield from ([value] for value in values)
        yield from (values[:place] for place in range(2, len(values) - 1))


def _between(count: int, part: Sequence[float], rest: Sequence[float], least: float, most: float) -> tuple[int, int]:
    """How many of a box's answers may have had values of that part, where its points lie between least and most."""
    low, high = 0.0, float(count)
    for slope, edge in ((min(part) - min(rest), most - count * min(rest)),
                        (max(rest) - max(part), count * max(rest) - least)):
        if slope > 0:
            high = min(high, edge / slope)
        elif slope < 0:
            low = max(low, edge / slope)
    return ceil(low - 1e-6), floor(high + 1e-6)


def _is_small(low: int, high: int) -> bool:
    return low >= 1 and high < FEWEST


def _sides(row: Mapping[str, Any]) -> Iterator[tuple[str, int, int]]:
    """Each side with the people behind it and its answers."""
    yield ALL, row["people"], row["answers"]
    yield NOT_TOP, row["people_not_top"], row["answers"] - row["top"]
    for side in (TOP, MIDDLE, BOTTOM):
        yield side, row[f"people_{side}"], row[side]


def _each(items: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [row for item, row in items.items() if item != EVERY]


def _share(items: Mapping[str, Mapping[str, Any]], side: str) -> Share:
    """The items' shares of that box, on average: each item over its own answers. The range counts people."""
    rows = _each(items)
    share = sum(row[side] / row["answers"] for row in rows) / len(rows)
    people = items[EVERY]["people"]
    return Share(share, *wilson(share * people, people))


def _mean(items: Mapping[str, Mapping[str, Any]]) -> Share:
    """The items' means, on average. The range is the average of theirs: items of one form are taken for wholly alike,
    which is the most careful answer."""
    rows = _each(items)
    ends = [mean_between(row["points"], row["points_squared"], row["answers"], row["people"]) for row in rows]
    value = sum(row["points"] / row["answers"] for row in rows) / len(rows) / 1000
    low, high = (sum(end[place] for end in ends) / len(rows) / 1000 for place in (0, 1))
    return Share(value, max(low, 0.0), min(high, 100.0))


@once_a_release
def composites_of(reader: Any) -> Composites:
    """The official composites of a release, read once."""
    return beside_another(
        reader, lambda one: Composites(one, numbers_of(one) if one is reader else other_numbers_of(one))
    )
