"""What a change goes together with, by difference in differences: units that began against those that had not yet.

Where units begin at different times, each starting group is compared in each period with the units that have not begun
by then, and with nobody else: two-way fixed effects would also compare it with units that began before, whose own
change is still growing, and are wrong then (Goodman-Bacon 2021). Each unit's change since its own mean before the start
is one row of such a cell; the cells are told together (Callaway and Sant'Anna 2021), errors clustered by unit.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from twohats.words.problems import Problem

from .estimates import Estimate, judged
from .panel import Method, Panel, Question, panel

FEWEST = 3
"""Units on either side, below which no interval is told."""


@dataclass(frozen=True)
class Unit:
    """A unit: its outcome and how many it rests on, by the number of the period; from which on it was treated."""

    name: str
    begins: int | None
    """None: not in these periods."""
    values: Mapping[int, float]
    counts: Mapping[int, float]

    def begun(self, period: int) -> bool:
        """True in the periods in which it is treated."""
        return self.begins is not None and period >= self.begins


@dataclass(frozen=True)
class Told:
    """A difference, and how many units and cells (starting groups times periods) it rests on."""

    estimate: Estimate
    began: int
    cells: int


@dataclass(frozen=True)
class Answer:
    """The difference in differences, over all and in parts, and what speaks for or against it."""

    overall: Told
    by_start: dict[int, Told]
    since_start: dict[int, Told]
    """By how many periods after the start: 0 is the first treated one."""
    before: Told | None
    """By how much a period the beginners moved away from the others before they began; None with one period before."""
    means: tuple[float, float, float, float] | None
    """Beginners before and after, others before and after; None where units begin at different times."""
    units: int
    began: int
    others: int
    """Units that served as those not yet begun."""
    left_out: tuple[str, ...]
    """Units without a period before their start, or without one after."""
    cells_left_out: int
    """Cells in which nobody had not begun yet."""


@dataclass(frozen=True)
class _Row:
    cell: tuple[int, int]
    unit: Unit
    began: bool
    change: float


def answer_of(units: Sequence[Unit]) -> Answer:
    """The answer; Problem where nothing can be told."""
    periods = sorted({period for unit in units for period in unit.values})
    rows, cells_left_out = _changes(units, periods)
    if not rows:
        raise Problem("no unit that began can be compared with one that had not", "",
                      "Bring periods before the first start, and units that begin later or never.")
    began = {row.unit.name for row in rows if row.began}
    others = {row.unit.name for row in rows if not row.began}
    few = min(len(began), len(others))
    if few < FEWEST:
        raise Problem(f"{len(began)} units that began can be compared with {len(others)} that had not", "",
                      f"With fewer than {FEWEST} on either side no interval can be told: bring more units.")
    cells = _Cells(rows, few - 1)
    starts = sorted({cell[0] for cell in cells.keys})
    return Answer(
        overall=cells.told("all", lambda _cell: True),
        by_start={start: cells.told(str(start), lambda cell, start=start: cell[0] == start) for start in starts},
        since_start={later: cells.told(str(later), lambda cell, later=later: periods.index(cell[1]) - periods.index(
            cell[0]) == later) for later in sorted({periods.index(at) - periods.index(start)
                                                    for start, at in cells.keys})},
        before=_before(units, periods, starts, few - 1),
        means=_means(rows, units) if len(starts) == 1 else None,
        units=len(began | others), began=len(began), others=len(others),
        left_out=tuple(sorted(unit.name for unit in units if unit.name not in began | others)),
        cells_left_out=cells_left_out)


def _changes(units: Sequence[Unit], periods: Sequence[int]) -> tuple[list[_Row], int]:
    """One row a cell and unit, and how many cells had nobody to compare with."""
    rows: list[_Row] = []
    left_out = 0
    for start in sorted({unit.begins for unit in units if unit.begins is not None and unit.begins in periods}):
        base = {unit.name: np.mean(values) for unit in units
                if (values := [value for period, value in unit.values.items() if period < start])}
        for period in (one for one in periods if one >= start):
            there = [unit for unit in units if unit.name in base and period in unit.values]
            began = [unit for unit in there if unit.begins == start]
            others = [unit for unit in there if not unit.begun(period)]
            if began and others:
                rows += [_Row((start, period), unit, unit in began, unit.values[period] - float(base[unit.name]))
                         for unit in (*began, *others)]
            elif began:
                left_out += 1
    return rows, left_out


class _Cells:
    """Differences of all cells together, and any weighing of them."""

    def __init__(self, rows: Sequence[_Row], free: int) -> None:
        self.keys = sorted({row.cell for row in rows})
        self._free = free
        self._panel = _fitted(rows, self.keys)
        self._began = {cell: {row.unit.name for row in rows if row.began and row.cell == cell} for cell in self.keys}

    def told(self, name: str, belongs: Callable[..., bool]) -> Told:
        """The mean over the cells that belong, each weighing as many units as began in it."""
        weights = np.array([float(len(self._began[cell])) if belongs(cell) else 0.0 for cell in self.keys])
        share = weights / weights.sum()
        value = float(share @ np.array([term.estimate for term in self._panel.terms]))
        error = float(np.sqrt(max(share @ self._panel.covariance @ share, 0.0)))
        units = set().union(*(self._began[cell] for cell in self.keys if belongs(cell)))
        return Told(judged(name, value, error, self._free), len(units), int((weights > 0).sum()))


def _fitted(rows: Sequence[_Row], cells: Sequence[tuple[int, int]]) -> Panel:
    place = {cell: at for at, cell in enumerate(cells)}
    at = np.array([place[row.cell] for row in rows])
    began = np.array([float(row.began) for row in rows])
    names = tuple(f"began_{number}" for number in range(len(cells)))
    table = pa.table({
        "unit": [row.unit.name for row in rows], "cell": at, "change": [row.change for row in rows],
        **{name: began * (at == number) for number, name in enumerate(names)}})
    return panel(table, Question("change", names, ("cell",), person="unit", method=Method.POOLED))


def _before(units: Sequence[Unit], periods: Sequence[int], starts: Iterable[int], free: int) -> Told | None:
    """How the beginners moved before they began, beside those who began later: the difference of their slopes."""
    rows = []
    for start in starts:
        there = [(unit, slope) for unit in units if unit.begins is None or unit.begins >= start
                 if (slope := _slope(unit, periods, start)) is not None]
        if len({unit.begins == start for unit, _ in there}) == 2:  # both sides are there
            rows += [_Row((start, start), unit, unit.begins == start, slope) for unit, slope in there]
    if min((sum(row.began == side for row in rows) for side in (True, False)), default=0) < FEWEST:
        return None
    try:
        return _Cells(rows, free).told("before", lambda _cell: True)
    except Problem:  # a straight line in every unit: nothing is left to judge it by
        return None


def _slope(unit: Unit, periods: Sequence[int], start: int) -> float | None:
    points = [(number, unit.values[period]) for number, period in enumerate(periods)
              if period < start and period in unit.values]
    if len(points) < 2:
        return None
    when, value = np.array(points, dtype=float).T
    when = when - when.mean()
    return float(when @ value / (when @ when))


def _means(rows: Sequence[_Row], units: Sequence[Unit]) -> tuple[float, float, float, float]:
    start = rows[0].cell[0]
    used = {row.unit.name: row.began for row in rows}

    def mean(began: bool, after: bool) -> float:
        return float(np.mean([np.mean(values) for unit in units if used.get(unit.name) is began
                              if (values := [value for period, value in unit.values.items()
                                             if (period >= start) is after])]))
    return mean(True, False), mean(True, True), mean(False, False), mean(False, True)
