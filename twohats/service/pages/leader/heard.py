"""What people say, as sums of clauses by unit, month, hat and touchpoint; what few people stand behind stays hidden.

Read once a release and kept in memory. Clauses add up along every axis, people do not: so the clauses of a cell are
hidden where fewer than 11 people said them, and with them those from which they could be worked out.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from twohats.service.pages.leader.cube import ALL_MONTHS, ANY_HAT, WHOLE, Cube
from twohats.store.disclosure import hidden_cells
from twohats.words.hats import Hat
from twohats.words.touchpoints import touchpoints

ANY_TOUCHPOINT = "*"


class Cell(NamedTuple):
    """A unit with all below it, a month, a hat and a touchpoint; '*' stands for all of them."""

    unit: str
    month: str
    hat: str
    touchpoint: str = ANY_TOUCHPOINT


@dataclass(frozen=True)
class Clauses:
    """What is counted in a cell. `people` are distinct."""

    people: int = 0
    clauses: int = 0
    praise: int = 0
    complaints: int = 0
    unsure: int = 0


Part = Cell | tuple[str, Cell]
"""A cell, or what lies in a total but in none of its parts: clauses without a month, or of the unit itself."""
NOTHING = Clauses()


class Heard:
    """All that was said in a release, and which of it may not be shown."""

    def __init__(self, reader: Any, cube: Cube) -> None:
        self._cells = {
            Cell(row["unit"], row["month"], row["hat"], row["touchpoint"]): Clauses(
                row["people"], row["clauses"], row["praise"], row["complaints"], row["unsure"])
            for row in reader.rows("SELECT * FROM heard", ())}
        self._by_hat: dict[Cell, list[Cell]] = defaultdict(list)
        for cell in self._cells:
            if cell.touchpoint not in (ANY_TOUCHPOINT, *_without_object()):
                self._by_hat[cell._replace(touchpoint=ANY_TOUCHPOINT)].append(cell)
        people: dict[Part, int] = {cell: said.people for cell, said in self._cells.items()}
        families = [(total, self._parts(axis, total, parts, people))
                    for (axis, total), parts in self._families(cube).items()]
        self._hidden = hidden_cells(people, families)

    def clauses(self, cell: Cell) -> Clauses | None:
        """What was said in a cell; None where fewer than 11 people said it or it would give such a cell away."""
        return None if cell in self._hidden else self._cells.get(cell, NOTHING)

    def most_spoken_of(self, cell: Cell, n: int = 3) -> list[tuple[str, Clauses]]:
        """The touchpoints with the most clauses among those that may be shown; words without an object are none."""
        told = [(one.touchpoint, self._cells[one]) for one in self._by_hat.get(cell, ()) if one not in self._hidden]
        return sorted(told, key=lambda one: (-one[1].clauses, one[0]))[:n]

    def _families(self, cube: Cube) -> Mapping[tuple[str, Cell], list[Part]]:
        """For each axis, the cells that add up to another one."""
        families: dict[tuple[str, Cell], list[Part]] = defaultdict(list)
        for cell in self._cells:
            for axis, total in _totals(cell, cube):
                families[axis, total].append(cell)
        return families

    def _parts(self, axis: str, total: Cell, parts: list[Part], people: dict[Part, int]) -> list[Part]:
        """The parts and, where there is one, the rest that lies in none of them, with at most as many people."""
        rest = self._cells.get(total, NOTHING).clauses - sum(self._cells[part].clauses for part in parts)  # type: ignore[index]
        if rest <= 0 or axis in ("hat", "touchpoint"):  # every clause has a hat and a touchpoint
            return parts
        people[axis, total] = rest
        return [*parts, (axis, total)]


def _totals(cell: Cell, cube: Cube) -> Iterator[tuple[str, Cell]]:
    """The cells that this one is a part of, one step up along each axis."""
    if cell.touchpoint != ANY_TOUCHPOINT:
        yield "touchpoint", cell._replace(touchpoint=ANY_TOUCHPOINT)
    if cell.hat != ANY_HAT:
        yield "hat", cell._replace(hat=ANY_HAT)
    if cell.month != ALL_MONTHS:
        yield "month", cell._replace(month=ALL_MONTHS)
    if cell.unit != WHOLE:
        above = cube.units[cell.unit].parent if cell.unit in cube.units else None
        yield "unit", cell._replace(unit=above if above in cube.units else WHOLE)  # type: ignore[arg-type]


def _without_object() -> frozenset[str]:
    return frozenset(point.key for point in touchpoints() if point.usual_hat is Hat.NONE)


_HEARD: dict[Path, Heard] = {}


def heard_in(reader: Any, cube: Cube) -> Heard:
    """What was said in a release, read once."""
    if reader.folder not in _HEARD:
        made = Heard(reader, cube)
        _HEARD.clear()
        _HEARD[reader.folder] = made
    return _HEARD[reader.folder]
