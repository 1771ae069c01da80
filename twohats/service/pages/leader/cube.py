"""The overview's numbers of one release: sums by unit and all below it, month and hat; small ones hidden for good.

Read once a release and kept in memory: a few thousand sums.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from twohats.service.pages.published import Published, beside_another
from twohats.service.releases import once_a_release

WHOLE, ALL_MONTHS, ANY_HAT = "*", "*", "*"
HATS = ("patient", "customer", "mixed", "unknown", "none")
SERVED = HATS[:4]


class Cell(NamedTuple):
    """A unit with all below it ('*' the whole organisation), a month ('*' all) and a hat ('*' any)."""

    unit: str
    month: str
    hat: str


@dataclass
class Sums:
    """What is summed in a cell. `people` are distinct; the rest adds up."""

    interactions: int = 0
    people: int = 0
    minutes: float = 0.0
    timed: int = 0
    waits: int = 0
    wait_minutes: float = 0.0
    minutes_squared: float = 0.0
    wait_minutes_squared: float = 0.0
    vulnerable: int = 0
    overruled: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Adds a row of totals; people do not add up and are read apart."""
        for name in _ADDED:
            setattr(self, name, getattr(self, name) + (row[name] or 0))


_ADDED = tuple(field.name for field in fields(Sums) if field.name != "people")


@dataclass(frozen=True)
class Unit:
    """A unit of the tree as the overview offers it."""

    key: str
    name: str
    path: str
    parent: str | None
    stands: bool = True


UNITS = "SELECT unit, name, path, parent, merged_into FROM units ORDER BY name, unit"


def _unit(row: Mapping[str, Any]) -> Unit:
    """A unit that was merged lies below the one that took it over and is not offered by itself."""
    name = row["name"] or row["unit"]
    above = row["merged_into"] or row["parent"]
    return Unit(row["unit"], name, row["path"] or name, above, row["merged_into"] is None)


class Cube(Published):
    """All sums of a release, and which of them may not be shown."""

    def __init__(self, reader: Any) -> None:
        self.units = {unit.key: unit for unit in map(_unit, reader.rows(UNITS, ()))}
        self.children: dict[str, list[str]] = defaultdict(list)
        for unit in self.units.values():
            self.children[unit.parent if unit.parent in self.units else WHOLE].append(unit.key)
        self.cells: dict[Cell, Sums] = defaultdict(Sums)
        for row in reader.rows("SELECT * FROM totals", ()):
            for cell in _cells_of(row["month"], row["hat"], self.above(row["unit"])):
                self.cells[cell].add(row)
        for row in reader.rows("SELECT unit, month, hat, people FROM reach", ()):
            self.cells[Cell(row["unit"], row["month"], row["hat"])].people = row["people"]
        for cell in [cell for cell, sums in self.cells.items() if sums.interactions and not sums.people]:
            self.cells[cell].people = 1  # nobody counted the people: better hidden than told of too few
        self.months = sorted({cell.month for cell in self.cells if cell.month not in ("", ALL_MONTHS)})
        self.people = {cell: sums.people for cell, sums in self.cells.items()}
        self.counts = {cell: sums.interactions for cell, sums in self.cells.items()}
        self.families = list(self._families())
        self.guard()

    def above(self, unit: str) -> tuple[str, ...]:
        """The unit and all above it, up to the whole organisation."""
        path = []
        while unit in self.units and unit not in path:
            path.append(unit)
            unit = self.units[unit].parent or ""
        return (*path, WHOLE)

    def below(self, unit: str) -> list[str]:
        """The unit and all below it."""
        found = [unit]
        for key in found:
            found.extend(child for child in self.children.get(key, ()) if child not in found)
        return found

    def is_used(self, unit: str) -> bool:
        """Whether a unit stands and anything happened in it or below it."""
        return self.units[unit].stands and self.cells.get(Cell(unit, ALL_MONTHS, ANY_HAT), Sums()).interactions > 0

    def sums(self, unit: str, month: str, hat: str) -> Sums | None:
        """The sums of a cell; None where fewer than 11 people stand behind it or could be told from it."""
        cell = Cell(unit, month, hat)
        return None if cell in self.hidden else self.cells.get(cell, Sums())

    def of_all(self, unit: str, month: str) -> Sums | None:
        """What all dealings add up to in which somebody was served, to say shares of.

        None where one of their hats is hidden: a share could give it away.
        """
        if any(Cell(unit, month, hat) in self.hidden for hat in SERVED):
            return None
        nothing = Sums()
        everybody = self.cells.get(Cell(unit, month, ANY_HAT), nothing).people
        return Sums(
            interactions=sum(self.cells.get(Cell(unit, month, hat), nothing).interactions for hat in SERVED),
            people=everybody,
        )

    def whole_months(self, until: str) -> list[str]:
        """Months told whole: after the one in which the files begin in earnest, before the month `until`.

        Half a month would look like a fall.
        """
        counts = [self.cells[Cell(WHOLE, month, ANY_HAT)].interactions for month in self.months]
        usual = sorted(counts)[len(counts) // 2] if counts else 0
        begun = next((at for at, count in enumerate(counts) if 2 * count >= usual), 0)
        return [month for month in self.months[begun + 1:] if not until or month < until]

    def _families(self) -> Iterator[tuple[Cell, list[Cell]]]:
        """Cells that add up to another: the months, the units below. The sum over the hats is never shown."""
        for unit in (WHOLE, *self.units):
            for hat in HATS:
                yield Cell(unit, ALL_MONTHS, hat), [Cell(unit, month, hat) for month in self.months]
            for month in (ALL_MONTHS, *self.months):
                for hat in HATS:
                    parts = [Cell(child, month, hat) for child in self.children.get(unit, ())]
                    if parts and self._adds_up(Cell(unit, month, hat), parts):
                        yield Cell(unit, month, hat), parts

    def _adds_up(self, total: Cell, parts: Iterable[Cell]) -> bool:
        """True when nothing but these parts makes up the total, so that a missing one could be worked out."""
        return self.cells[total].interactions == sum(self.cells[part].interactions for part in parts)


def _cells_of(month: str, hat: str, units: Iterable[str]) -> Iterator[Cell]:
    for unit in units:
        for a_month in (month, ALL_MONTHS):
            for a_hat in (hat, ANY_HAT):
                yield Cell(unit, a_month, a_hat)


@once_a_release
def cube_of(reader: Any) -> Cube:
    """The cube of a release, read once."""
    return beside_another(reader, Cube)
