"""The measures of one release as they may be told: the same few periods for every unit, small counts hidden for good.

A share gives away both its sides, so who came about and who did not are cells of their own, hidden like any other.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from twohats.service.pages.leader.cube import Cube, cube_of
from twohats.service.pages.measures import groups, periods
from twohats.service.pages.measures.groups import EVERYBODY, Group
from twohats.service.pages.published import Published, beside_another
from twohats.service.releases import once_a_release
from twohats.store.disclosure import WHOLE
from twohats.store.estimates import (
    Point,
    bin_of,
    came_about,
    mean_between,
    share_between,
    when,
    when_between,
)
from twohats.store.margins import FEWEST
from twohats.words.measures import SPREAD, Measure, MeasureKind, measure, measures

ALL, WITH, WITHOUT = "all", "with", "without"
REST = "!"
"""Marks what happened in a unit itself, not below it: never told, but it could be worked out."""
COMPARABLE, SURE = 30, 100
"""Under 30 people a number is not compared; under 100 it is read with caution."""
DAY = 86_400
OPINIONS = ("opinion_delivered", "opinion_answered", "opinion_stopped")
"""Told by groups on a page of their own, who is not heard, with other additions: here they would give those away."""
HIGHEST = {MeasureKind.POINTS: 100.0}


class Cell(NamedTuple):
    """A measure, a unit with all below it, a period, a side (all things, those that came about, the others), and
    whose: everybody's, or a group's of the whole organisation."""

    measure: str
    unit: str
    period: str
    side: str
    group: Group = EVERYBODY


@dataclass(frozen=True)
class Told:
    """One number: value and 95 % interval in the measure's own unit (shares and means as they are), what stands
    behind it, or why there is none."""

    value: float | None
    low: float | None
    high: float | None
    ninth: float | None
    """Nine in ten had it by then; None where so many never did or too few are behind it."""
    times: int
    people: int
    why_not: str = ""
    """'' (told), none, period (not told of such a unit), few (people),
    part (one side of a share is too small), never (half never came to an end)."""


class Numbers(Published):
    """All measures of a release."""

    def __init__(self, reader: Any, cube: Cube) -> None:
        self.as_of = datetime.fromisoformat(str(reader.release["as_of"]).replace("Z", "+00:00")).astimezone(UTC)
        self.release = reader.id
        self.cube = cube
        self.kinds = {row["unit"]: row["kind"] for row in reader.rows("SELECT unit, kind FROM units", ())} | {
            WHOLE: WHOLE
        }
        rows = reader.rows("SELECT * FROM measures", ())
        self.sums: dict[tuple[str, str, str], Mapping[str, Any]] = {
            (row["measure"], row["unit"], row["period"]): row
            for row in rows
            if self._is_told(row["measure"], row["unit"].removesuffix(REST), row["period"])
        }
        self.spreads: dict[tuple[str, str, str], dict[str, dict[int, int]]] = {}
        for row in reader.rows("SELECT * FROM spreads", ()):
            bins = {int(bin_): count for bin_, count in json.loads(row["histogram"]).items()}
            self.spreads.setdefault((row["measure"], row["unit"], row["period"]), {})[row["ended"]] = bins
        self.of_groups = {place: row for place, row in groups.sums_of(reader).items() if place[0] not in OPINIONS}
        """The sums of groups of the whole organisation, by measure, year and group."""
        self.spreads_of_groups = groups.spreads_of(reader, self.of_groups)
        self.periods = {period for _measure, _unit, period in self.sums}
        self.counted = {measure for measure, _unit, _period in self.sums}
        """Keys of measures of which anything was counted."""
        self.people: dict[Cell, int] = {}
        self.counts: dict[Cell, int] = {}
        for cell, people, count in self._cells():
            self.people[cell], self.counts[cell] = people, count
        self.families = list(self._families(self.people))
        self.guard()

    def told(self, key: str, unit: str, period: str, group: Group = EVERYBODY) -> Told:
        """The number of that cell, or why there is none."""
        why_not = self.why_not(key, unit, period, group)
        if why_not in ("none", "period", "few"):
            return Told(None, None, None, None, 0, 0, why_not)
        row = self._row(key, unit, period, group)
        declared, times, people = measure(key), row["times"], row["people"]
        if why_not == "part":
            return Told(None, None, None, None, times, people, why_not)
        if declared.kind is MeasureKind.SHARE:
            return Told(row["part"] / times, *share_between(row["part"], times, people), None, times, people)
        if declared.kind in (MeasureKind.MEAN, MeasureKind.POINTS):
            low, high = mean_between(row["amount"], row["amount_squared"], times, people)
            ends = (max(low / 1000, declared.lowest), min(high / 1000, HIGHEST.get(declared.kind, math.inf)))
            return Told(row["amount"] / times / 1000, *ends, None, times, people)
        return self._spread(declared, self.points(key, unit, period, group), times, people)

    def told_groups(self, key: str, year: str, cut: str) -> list[Group]:
        """The groups of a cut of whom a measure tells anything in a year, others and unknown last."""
        found = [group for measure_, year_, group in self.of_groups if (measure_, year_, group.cut) == (key, year, cut)]
        return sorted(found, key=lambda one: (one.value == groups.UNKNOWN, one.value == groups.OTHERS, one.value))

    def _row(self, key: str, unit: str, period: str, group: Group) -> Mapping[str, Any] | None:
        if group == EVERYBODY:
            return self.sums.get((key, unit, period))
        return self.of_groups.get((key, period, group)) if unit == WHOLE else None

    def why_not(self, key: str, unit: str, period: str, group: Group = EVERYBODY) -> str:
        """Why a cell's sums may not be told: none, period (not told of such a unit), few, part; '' where they may."""
        if not self._is_told(key, unit, period):
            return "period"
        row = self._row(key, unit, period, group)
        if row is None or not row["times"] or unit.endswith(REST):
            return "none"
        if Cell(key, unit, period, ALL, group) in self.hidden or row["people"] < max(FEWEST, measure(key).least):
            return "few"
        return "part" if any(Cell(key, unit, period, side, group) in self.hidden for side in (WITH, WITHOUT)) else ""

    def by_people(self, key: str, unit: str, period: str) -> tuple[int, float, float] | None:
        """What is told of a share or a mean as if each person stood for one thing: people, and the sum of their things
        and of the squares. None where nothing may be told.
        """
        declared = measure(key)
        if declared.kind in SPREAD or self.why_not(key, unit, period):
            return None
        row = self.sums[key, unit, period]
        each = row["people"] / row["times"]
        if declared.kind is MeasureKind.SHARE:
            return row["people"], row["part"] * each, row["part"] * each
        return row["people"], row["amount"] / 1_000 * each, row["amount_squared"] / 1_000_000 * each

    def _is_told(self, key: str, unit: str, period: str) -> bool:
        """Whether such a period is told of such a unit for that measure."""
        return periods.is_told(self.kinds.get(unit), period, measure(key))

    def told_periods(self, unit: str, declared: Measure | None = None) -> list[str]:
        """Periods told of a unit, for a measure or any: months and quarters that are over and known, years; the newest
        first of each kind."""
        found, follow_up_days = [], declared.follow_up_days if declared else 0
        for kind in periods.told_of(self.kinds.get(unit), declared):
            of_kind = [
                period
                for period in periods.in_order(self.periods, kind)
                if kind == periods.YEAR or periods.is_over(period, self.as_of, follow_up_days)
            ]
            found += reversed(of_kind)
        return found

    def _spread(self, declared: Measure, points: tuple[Point, ...], times: int, people: int) -> Told:
        one, middle = declared.in_one, when(points, 0.5)
        if middle is None:
            return Told(None, None, None, None, times, people, "never")
        low, high = when_between(points, 0.5)
        ninth = when(points, 0.9) if people >= COMPARABLE else None
        return Told(
            middle / one,
            low / one,
            None if high is None else high / one,
            None if ninth is None else ninth / one,
            times,
            people,
        )

    def points(self, key: str, unit: str, period: str, group: Group = EVERYBODY) -> tuple[Point, ...]:
        """What share had come about by when; things still open have lasted until the release's day."""
        counts = (self.spreads.get((key, unit, period), {}) if group == EVERYBODY
                  else self.spreads_of_groups.get((key, period, group), {}))
        open_for: dict[int, int] = {}
        for day, count in counts.get("open", {}).items():
            bin_ = bin_of(max(self.as_of.timestamp() - (day + 0.5) * DAY, 1.0))
            open_for[bin_] = open_for.get(bin_, 0) + count
        return came_about(counts.get("done", {}), counts.get("other", {}), open_for)

    def _cells(self) -> Iterator[tuple[Cell, int, int]]:
        """Each cell with the people behind it and the count that is published of it."""
        shares = {one.key for one in measures() if one.kind is MeasureKind.SHARE}
        each = [(Cell(*place, ALL), row) for place, row in self.sums.items()]
        each += [(Cell(key, WHOLE, year, ALL, group), row) for (key, year, group), row in self.of_groups.items()]
        for cell, row in each:
            yield cell, row["people"], row["times"]
            if cell.measure in shares:
                yield cell._replace(side=WITH), row["people_with"], row["part"]
                yield cell._replace(side=WITHOUT), row["people_without"], row["times"] - row["part"]

    def _families(self, people: Mapping[Cell, int]) -> Iterator[tuple[Cell, list[Cell]]]:
        """What adds up: both sides of a share, the groups of a cut, the units below a unit, the shorter periods in a
        longer one.

        Sides come first, to be looked at last: where a whole is hidden for its unit, its sides need hide no other's.
        """
        for cell in people:
            if cell.side == ALL and cell._replace(side=WITH) in people:
                yield cell, [cell._replace(side=WITH), cell._replace(side=WITHOUT)]
        by_cut: dict[tuple[Cell, str], list[Cell]] = {}
        for cell in people:
            if cell.group != EVERYBODY:
                by_cut.setdefault((cell._replace(group=EVERYBODY), cell.group.cut), []).append(cell)
        for (total, _cut), parts in by_cut.items():
            yield total, parts
        for cell in sorted(people, key=lambda cell: cell.side == ALL):
            below = [cell._replace(unit=child) for child in (*self.cube.children.get(cell.unit, ()), cell.unit + REST)]
            if any(child in people for child in below):
                yield cell, [child for child in below if child in people]
            shorter = [cell._replace(period=part) for part in periods.inside(cell.period, self.periods)]
            if any(part in people for part in shorter):
                yield cell, [part for part in shorter if part in people]


@once_a_release
def numbers_of(reader: Any) -> Numbers:
    """The measures of a release, read once."""
    return beside_another(reader, lambda one: Numbers(one, cube_of(one)) if one is reader else other_numbers_of(one))


@once_a_release
def other_numbers_of(reader: Any) -> Numbers:
    """Those of a release that another is held beside."""
    return Numbers(reader, Cube(reader))
