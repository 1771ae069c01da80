"""Whether the labels drift: by service and month how sure the model is, what people say, what readers overturn."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from typing import Any

from twohats.store.disclosure import FEWEST, hidden_cells, may_be_told

ALL = "*"
LEVEL = 0.05
COUNTS = ("people", "clauses", "unsure", "praise", "complaints", "corrected", "overturned", "confidence")
Cell = tuple[str, str]
"""Service ('*' all) and month."""


@dataclass(frozen=True)
class Sums:
    """The sums of one service and month."""

    people: int = 0
    clauses: int = 0
    unsure: int = 0
    praise: int = 0
    complaints: int = 0
    corrected: int = 0
    overturned: int = 0
    confidence: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, name) + getattr(other, name) for name in COUNTS))


@dataclass(frozen=True)
class Measure:
    """A share by month: its part and its whole. `of_people`: what people said, so small parts are not told either."""

    part: Callable[[Sums], float]
    whole: Callable[[Sums], int]
    of_people: bool = False
    tested: bool = True

    def share(self, sums: Sums) -> float | None:
        """The share, 0 to 1; None where it may not be told."""
        part, whole = self.part(sums), self.whole(sums)
        if whole < FEWEST or (self.of_people and not may_be_told(int(part))):
            return None
        return part / whole


MEASURES: dict[str, Measure] = {
    "unsure": Measure(lambda sums: sums.unsure, lambda sums: sums.clauses),
    "confidence": Measure(lambda sums: sums.confidence, lambda sums: sums.clauses, tested=False),
    "praise": Measure(lambda sums: sums.praise, lambda sums: sums.clauses, of_people=True),
    "complaints": Measure(lambda sums: sums.complaints, lambda sums: sums.clauses, of_people=True),
    "overturned": Measure(lambda sums: sums.overturned, lambda sums: sums.corrected),
}
"""In their one order."""


@dataclass(frozen=True)
class Shift:
    """A share that differs in the last month from the months before by more than noise."""

    measure: str
    month: str
    now: float
    before: float


class Drift:
    """The drift table of a release by service and month, with what may not be told taken out."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self.cells: dict[Cell, Sums] = defaultdict(Sums)
        for row in rows:
            told = Sums(*(row[name] for name in COUNTS))
            self.cells[row["service"], row["month"]] += told
            self.cells[ALL, row["month"]] += told
        self.services = sorted({service for service, _month in self.cells if service != ALL})
        self.months = sorted({month for _service, month in self.cells if month})
        people = {cell: sums.people for cell, sums in self.cells.items()}
        months = {month for _service, month in self.cells}
        self.hidden = hidden_cells(people, [
            ((ALL, month), [(service, month) for service in self.services]) for month in sorted(months)])

    def sums(self, service: str, month: str) -> Sums | None:
        """The sums of a cell; None where fewer than 11 people stand behind it or could be told from it."""
        return None if (service, month) in self.hidden else self.cells.get((service, month), Sums())

    def shares(self, service: str, measure: str) -> list[tuple[str, float]]:
        """The months in which a share may be told, with it."""
        found = []
        for month in self.months:
            sums = self.sums(service, month)
            share = MEASURES[measure].share(sums) if sums else None
            if share is not None:
                found.append((month, share))
        return found

    def shifts(self, service: str) -> list[Shift]:
        """The shares that moved in the last month, as far as they can be compared."""
        compared = self.compared(service)
        return [shift for shift, chance in compared if chance < LEVEL / len(compared)]

    def compared(self, service: str) -> list[tuple[Shift, float]]:
        """Each share of the last month against that of all months before together, and how often chance alone would
        put them so far apart: the two-proportion z test. `shifts` divides its level by their number (Bonferroni).

        Clauses of one person go together, so a share counts as if each person had said one of them.
        """
        told = [(month, sums) for month in self.months if (sums := self.sums(service, month)) and sums.clauses]
        if len(told) < 2 or told[-1][0] != self.months[-1]:
            return []
        (month, now), before = told[-1], sum((sums for _month, sums in told[:-1]), Sums())
        found = []
        for name, measure in MEASURES.items():
            shares = measure.share(now), measure.share(before)
            if not measure.tested or shares[0] is None or shares[1] is None:
                continue
            chance = chance_of(*shares, *(_persons(measure.whole(sums), sums) for sums in (now, before)))
            if chance is not None:
                found.append((Shift(name, month, *shares), chance))
        return found


def _persons(whole: int, sums: Sums) -> float:
    return whole * min(sums.people / sums.clauses, 1.0)


def chance_of(first: float, second: float, n_first: float, n_second: float) -> float | None:
    """How often chance alone would put two shares so far apart, on both sides; None where too few were counted (fewer
    than five expected on either side: the normal curve does not hold then)."""
    pooled = (first * n_first + second * n_second) / (n_first + n_second)
    if min(n_first, n_second) * min(pooled, 1 - pooled) < 5:
        return None
    z = (first - second) / sqrt(pooled * (1 - pooled) * (1 / n_first + 1 / n_second))
    return erfc(abs(z) / sqrt(2))


def drift_of(reader: Any) -> Drift:
    """The drift table of a release."""
    rows: Sequence[Mapping[str, Any]] = reader.rows(f"SELECT service, month, {', '.join(COUNTS)} FROM drift")
    return Drift(rows)
