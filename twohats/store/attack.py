"""An attacker: what can be worked out of a published table of sums, by an integer program over its additions.

Known to the attacker: every total that is shown, which cells are hidden, that counts are whole and not negative, and
what adds up to what. A hidden cell is derived when every table that fits what is shown puts it between 1 and 10, or
at one and the same number.
"""

from collections.abc import Collection, Container, Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from .margins import FEWEST, neighbour, secured_cells, touching_of

Key = TypeVar("Key", bound=Hashable)
Family = tuple[Key, Sequence[Key]]
"""A total and the parts that add up to it."""


def defended_cells(
    people: Mapping[Key, int], sums: Mapping[Key, int], families: Sequence[Family[Key]]
) -> frozenset[Key]:
    """`secured_cells`, and more until the attacker derives none: what several additions tell together is hidden too.

    Hiding more never tells more, so only what was derived is attacked again.
    """
    hidden = set(secured_cells(people, sums, families))
    touching = touching_of(families)
    found: Collection[Key] = [cell for cell, count in people.items() if 0 < count < FEWEST]
    while found := derived(sums, hidden, families, found):
        beside = {more for cell in found for more in neighbour(cell, people, hidden, touching)}
        if not beside:
            break
        hidden |= beside
    return frozenset(hidden)


def derived(
    counts: Mapping[Key, int], hidden: Iterable[Key], families: Sequence[Family[Key]], attacked: Iterable[Key]
) -> dict[Key, tuple[int, int]]:
    """Which of the attacked cells can be worked out, and between what numbers.

    `counts` holds the true sums; those not in `hidden` are shown. Integer programs over the connected hidden cells
    alone; every table that one of them finds clears all cells that it puts elsewhere. A cell that is 0 and hidden gives
    nobody away.
    """
    secret = set(hidden) & set(counts)
    found: dict[Key, tuple[int, int]] = {}
    targets = {cell for cell in attacked if cell in secret and counts[cell]}
    most = 2 * max(counts.values(), default=0) + 2 * FEWEST
    for cells, equations in _connected(counts, secret, families, targets):
        found.update(_Group(cells, equations, counts, most).derived(targets))
    return found


class _Group(Generic[Key]):
    """Hidden cells that share additions: what tables fit them, as far as they were looked for."""

    def __init__(
        self, cells: list[Key], equations: list[tuple[dict[Key, int], int]], counts: Mapping[Key, int], most: int
    ) -> None:
        self.cells, self.place = cells, {cell: number for number, cell in enumerate(cells)}
        rows = [number for number, (coefficients, _) in enumerate(equations) for _ in coefficients]
        columns = [self.place[cell] for coefficients, _ in equations for cell in coefficients]
        values = [sign for coefficients, _ in equations for sign in coefficients.values()]
        self.matrix = csr_array((values, (rows, columns)), shape=(len(equations), len(cells)), dtype=float)
        self.sums = np.array([total for _, total in equations], dtype=float)
        self.most = most
        true = np.array([counts[cell] for cell in cells], dtype=float)
        self.low, self.high = true, true.copy()

    def derived(self, targets: Container[Key]) -> dict[Key, tuple[int, int]]:
        """The targets of this group that no two tables put apart enough."""
        attacked = np.array([cell in targets for cell in self.cells])
        for sign in (1.0, -1.0):
            self._look(sign * (attacked & self._told()))
        found = {}
        for at in np.flatnonzero(attacked):
            for sign in (1.0, -1.0):
                if self._told()[at]:
                    aim = np.zeros(len(self.cells))
                    aim[at] = sign
                    self._look(aim)
            if self._told()[at]:
                found[self.cells[at]] = (int(self.low[at]), int(self.high[at]))
        return found

    def _told(self) -> np.ndarray:
        """Cells that every table seen so far puts between 1 and 10, or at one number."""
        return (self.low == self.high) | ((self.low >= 1) & (self.high < FEWEST))

    def _look(self, aim: np.ndarray) -> None:
        """Looks for the table that has least of the aim, and learns from it."""
        if not aim.any():
            return
        limits = LinearConstraint(self.matrix, self.sums, self.sums) if len(self.sums) else ()
        told = milp(aim, constraints=limits, bounds=Bounds(0, self.most), integrality=np.ones(len(aim)))
        if told.x is not None:
            table = np.round(told.x)
            self.low, self.high = np.minimum(self.low, table), np.maximum(self.high, table)


def _connected(
    counts: Mapping[Key, int], secret: set[Key], families: Sequence[Family[Key]], targets: set[Key]
) -> list[tuple[list[Key], list[tuple[dict[Key, int], int]]]]:
    """The hidden cells in groups that share an addition, each with its equations; only groups that are attacked."""
    touching = touching_of(families)
    groups, reached = [], set[Key]()
    for target in sorted(targets, key=str):
        if target in reached:
            continue
        cells, equations, seen = [target], [], set[int]()
        reached.add(target)
        for cell in cells:
            for family in touching.get(cell, ()):
                if id(family) in seen:
                    continue
                seen.add(id(family))
                equations.append(_equation(counts, secret, family))
                more = [other for other in equations[-1][0] if other not in reached]
                reached.update(more)
                cells.extend(more)
        groups.append((cells, equations))
    return groups


def _equation(counts: Mapping[Key, int], secret: set[Key], family: Family[Key]) -> tuple[dict[Key, int], int]:
    """An addition as the attacker sees it: the hidden cells with their signs, and what they come to."""
    coefficients: dict[Key, int] = {}
    known = 0
    total, parts = family
    for cell, sign in ((total, -1), *((part, 1) for part in parts)):
        if cell in secret:
            coefficients[cell] = coefficients.get(cell, 0) + sign
        else:
            known -= sign * counts.get(cell, 0)
    return coefficients, known
