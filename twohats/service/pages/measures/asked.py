"""Who was asked for an opinion and who is heard, by language, age, channel and sender; small counts hidden for good.

Groups of fewer than 100 people are told together as others: alone they would only be hidden, and others beside them.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from twohats.service.pages.published import Published, beside_another
from twohats.service.releases import once_a_release
from twohats.store.estimates import share_between

ALL, OTHERS = "all", "other"
CUTS = ("language", "age", "channel", "sender")
GROUP = 100
"""People reached in a year from which a group is told by its own name."""
SIDES = {"reached": ("people_reached", "delivered"), "answered": ("people_answered", "answered"),
         "silent": ("people_silent", "silent")}
"""The columns of the people behind each count, and of the count. The last two add up to the first."""


class Cell(NamedTuple):
    """One count: the requests of a year that reached a group, and what became of them."""

    year: str
    cut: str
    value: str
    side: str


class Heard(NamedTuple):
    """A group as it may be told: people reached, the share of requests answered and its 95 % interval, or None."""

    value: str
    people: int | None
    share: float | None
    low: float | None
    high: float | None


class Asked(Published):
    """The table `asked` of one release."""

    def __init__(self, reader: Any) -> None:
        self.people: dict[Cell, int] = {}
        self.counts: dict[Cell, int] = {}
        for row in reader.rows("SELECT *, delivered - answered AS silent FROM asked", ()):
            is_own = row["cut"] == ALL or row["people_reached"] >= GROUP
            for side, (people, count) in SIDES.items():
                cell = Cell(row["year"], row["cut"], row["value"] if is_own else OTHERS, side)
                self.people[cell] = self.people.get(cell, 0) + row[people]
                self.counts[cell] = self.counts.get(cell, 0) + row[count]
        self.years = sorted({cell.year for cell in self.people}, reverse=True)
        self.families = list(self._families())
        self.guard()

    def told(self, year: str, cut: str) -> list[Heard]:
        """The groups of a cut, the largest first, others and hidden ones last."""
        groups = [self._told(cell) for cell in self.people if cell[:2] == (year, cut) and cell.side == "reached"]
        return sorted(groups, key=lambda row: (row.people is None, row.value == OTHERS, -(row.people or 0), row.value))

    def _told(self, cell: Cell) -> Heard:
        answered, silent = cell._replace(side="answered"), cell._replace(side="silent")
        if cell in self.hidden or not self.counts[cell]:
            return Heard(cell.value, None, None, None, None)
        if answered in self.hidden or silent in self.hidden:
            return Heard(cell.value, self.people[cell], None, None, None)
        part, times = self.counts[answered], self.counts[cell]
        return Heard(cell.value, self.people[cell], part / times, *share_between(part, times, self.people[cell]))

    def _families(self) -> Iterator[tuple[Cell, list[Cell]]]:
        """What adds up: answered and silent, and the groups of a cut."""
        for cell in self.people:
            if cell.side == "reached":
                yield cell, [cell._replace(side="answered"), cell._replace(side="silent")]
            if cell.cut == ALL:
                for cut in CUTS:
                    groups = [one for one in self.people if one[:2] == (cell.year, cut) and one.side == cell.side]
                    if groups:
                        yield cell, groups


@once_a_release
def asked_of(reader: Any) -> Asked:
    """Who was asked in a release, read once."""
    return beside_another(reader, Asked)
