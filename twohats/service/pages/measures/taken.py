"""What a reader takes away of the measures: the rows that every kind of file holds, as the pages tell them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from twohats.service import releases
from twohats.service.actions.marks import goal_in, goals_in
from twohats.service.pages import wording
from twohats.service.pages.measures import listed, saying, units_shown
from twohats.service.pages.measures.answered_how import answered_how_of, line, score_of
from twohats.service.pages.measures.by_group import cut_of
from twohats.service.pages.measures.groups import CUTS, EVERYBODY, Group
from twohats.service.pages.measures.marks import Written
from twohats.service.pages.measures.numbers import Numbers, Told
from twohats.service.pages.measures.series import chart_of, limits_at, series_of
from twohats.service.pages.measures.units import Beside, Rung, units_beside
from twohats.service.pages.measures.writing import may_be_written
from twohats.store.charts.funnel import Place
from twohats.store.charts.special_causes import Cause
from twohats.store.charts.xmr import XmR
from twohats.store.disclosure import WHOLE
from twohats.store.inert import harmless
from twohats.words.measures import Measure

COLUMNS = ("measure", "hat", "name", "unit", "period", "value", "shown_in", "low", "high", "ninth_decile", "times",
           "people", "better", "why_not", "release", "goal", "answered_how", "behind")
ONE_COLUMNS = ("table", *COLUMNS, "limit_low", "limit_high", "stands_out", "reliability", "how_far", "cut", "group")
SERIES, UNITS, GROUPS = "periods", "units", "groups"


@dataclass(frozen=True)
class Line:
    """A measure of a unit in a period, the goal of its time, and how a survey was answered."""

    declared: Measure
    unit: str
    period: str
    told: Told
    goal: float | None = None
    answered_how: str = ""


@dataclass(frozen=True)
class Point(Line):
    """A line of a measure's chart: the limits of ordinary change, and by which rule the period stands out."""

    limits: tuple[float, float] | None = None
    cause: Cause = Cause.COMMON


@dataclass(frozen=True)
class UnitLine(Line):
    """A line of the table of units: its number as told there, how reliable it is, and how far it goes."""

    reliability: float | None = None
    place: Place | Rung = Rung.HIDDEN
    how_far: str = ""
    """The same in words."""


@dataclass(frozen=True)
class GroupLine(Line):
    """A line of the tables of groups: of the whole organisation in a year."""

    group: Group = EVERYBODY


@dataclass(frozen=True)
class OneMeasure:
    """The tables behind one measure's page: its periods as the chart has them, the units side by side, the groups."""

    points: tuple[Point, ...]
    units: tuple[UnitLine, ...]
    groups: tuple[GroupLine, ...]


def lines_of_unit(numbers: Numbers, unit: str) -> Iterator[Line]:
    """Every measure that is listed, in every period that is told of the unit."""
    goals, how = goals_in(unit), answered_how_of(releases.current())
    for one in listed.shown(numbers):
        for period in numbers.told_periods(unit, one):
            told = numbers.told(one.key, unit, period)
            goal = goal_in(goals.get(one.key, ()), listed.month_of(numbers, period))
            yield Line(one, unit, period, told, goal, line(how, score_of(one), unit, period) if told.people else "")


def one_measure(numbers: Numbers, declared: Measure, unit: str, period: str, written: Written,
                sees_whole: bool) -> OneMeasure:
    """What stands in the tables of a measure's page; groups are for readers of the whole organisation."""
    series = series_of(numbers, declared, unit)
    chart = chart_of(series, declared, written.of_the_chart()) if may_be_written(series, "rebase") else None
    goals, how = written.goals_of(series, numbers.as_of.date()), answered_how_of(releases.current())
    points = (Point(declared, unit, one, told, goal,
                    line(how, score_of(declared), unit, one) if told.people else "", *_judged(chart, declared, place))
              for place, ((one, told), goal) in enumerate(zip(series.row, goals, strict=True)))
    groups = _groups(numbers, declared, period[:4]) if sees_whole else ()
    return OneMeasure(tuple(points), tuple(_units(numbers, declared, unit, period)), tuple(groups))


def _judged(chart: XmR | None, declared: Measure, place: int) -> tuple[tuple[float, float] | None, Cause]:
    return (limits_at(chart, declared, place), chart.causes[place]) if chart else (None, Cause.COMMON)


def _units(numbers: Numbers, declared: Measure, unit: str, period: str) -> Iterator[UnitLine]:
    units = units_beside(numbers, declared, units_shown.below(numbers, unit), period)
    how = answered_how_of(releases.current())
    for row in units.rows:
        said = line(how, score_of(declared), row.unit, units.period) if row.told.people else ""
        yield UnitLine(declared, row.unit, units.period, _as_shown(declared, row), None, said,
                       row.score.reliability if row.score else None, units.place(row.unit) or row.rung,
                       units_shown.how_far(declared, row, units))


def _groups(numbers: Numbers, declared: Measure, year: str) -> Iterator[GroupLine]:
    for cut in CUTS:
        for group, told in cut_of(numbers, declared, year, cut).lines:
            yield GroupLine(declared, WHOLE, year, told, group=group)


def _as_shown(declared: Measure, row: Beside) -> Told:
    """What the table of units tells of a unit: of few people its number once it is drawn to the mean."""
    if row.rung is not Rung.DRAWN_IN or row.score is None:
        return row.told
    low, value, high = (saying.within(declared, end) for end in (row.score.lower, row.score.shrunken, row.score.upper))
    return replace(row.told, value=value, low=low, high=high)


def all_as_csv(numbers: Numbers, unit: str) -> str:
    """All that is told of the measures of a unit, every period of it; what is hidden is empty."""
    return _csv(COLUMNS, (_row(numbers, one) for one in lines_of_unit(numbers, unit)))


def one_as_csv(numbers: Numbers, one: OneMeasure) -> str:
    """The periods of the chart with their limits, then the units, then the groups; `table` says which."""
    points = ((SERIES, *_row(numbers, point), *_limits(point), "", "", "", "") for point in one.points)
    units = ((UNITS, *_row(numbers, unit), "", "", "", _exact(unit.reliability), unit.place.value, "", "")
             for unit in one.units)
    groups = ((GROUPS, *_row(numbers, line), "", "", "", "", "", line.group.cut, harmless(line.group.value))
              for line in one.groups)
    return _csv(ONE_COLUMNS, [*points, *units, *groups])


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(columns)
    writer.writerows(rows)
    return written.getvalue()


def _row(numbers: Numbers, row: Line) -> tuple[Any, ...]:
    one, told = row.declared, row.told
    return (one.key, one.hat.value, one.name.read_in(wording.language()), harmless(row.unit), row.period,
            _exact(told.value), one.shown_in or one.kind.value, _exact(told.low), _exact(told.high),
            _exact(told.ninth), told.times or "", told.people or "", one.better, told.why_not, numbers.release,
            _exact(row.goal), harmless(row.answered_how), one.behind)


def _limits(point: Point) -> tuple[str, str, str]:
    low, high = point.limits or (None, None)
    return _exact(low), _exact(high), "" if point.cause is Cause.COMMON else point.cause.value


def _exact(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
