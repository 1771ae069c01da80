"""An attacker: what can be worked out of a published table of sums, by an integer program over its additions.

Known to the attacker: every total that is shown, which cells are hidden, that counts are whole and not negative, and
what adds up to what; and the same of another release, with which cells are what they were. A hidden cell is derived
when every table that fits what is shown puts it between 1 and 10, or at one and the same number.
"""

from collections.abc import Collection, Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

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


@dataclass(frozen=True)
class Guarded(Generic[Key]):
    """A table of sums as it is published."""

    people: Mapping[Key, int]
    """Who stands behind each cell."""
    counts: Mapping[Key, int]
    """What is published of it; this adds up."""
    families: Sequence[Family[Key]]
    hidden: frozenset[Key]


def guarded(people: Mapping[Key, int], counts: Mapping[Key, int], families: Sequence[Family[Key]]) -> Guarded[Key]:
    """A table of which `defended_cells` are hidden."""
    return Guarded(people, counts, families, defended_cells(people, counts, families))


def guarded_beside(table: Guarded[Key], other: Guarded[Key]) -> Guarded[Key]:
    """The table with more hidden, until nothing is derived from it and another release of it together.

    Hiding more never tells more, so only what was derived is attacked again.
    """
    if table.counts == other.counts:
        return table
    pair = _Pair(table, other)
    hidden = set(table.hidden)
    found: Collection[Any] = pair.small()
    while found := derived(pair.counts, pair.hidden(hidden), pair.families, found):
        before = len(hidden)
        for cell in found:
            hidden |= _to_hide(cell, pair.counts, pair.hidden(hidden), pair.touching, pair.told_for_good)
        if len(hidden) == before:
            break
    return replace(table, hidden=frozenset(hidden))


def _to_hide(
    target: Key, counts: Mapping[Key, int], hidden: Container[Key], touching: Mapping[Key, Sequence[Family[Key]]],
    for_good: Container[Key],
) -> set[Key]:
    """The fewest cells still shown that hide a derived one, once they are hidden: by a linear program.

    Looked for is another table that adds up as well, has 11 or more in the derived cell (one more, where it has that
    already; else none, or one less), keeps what is told for good, and changes as little as it can of what is shown.
    """
    cells, place, rows = [target], {target: 0}, list[list[tuple[int, int]]]()
    seen = set[int]()
    for cell in cells:
        for family in touching.get(cell, ()):
            if id(family) in seen:
                continue
            seen.add(id(family))
            signs: dict[Key, int] = {}
            for other, sign in ((family[0], -1), *((part, 1) for part in family[1])):
                if other not in for_good and (other in hidden or other in counts):
                    signs[other] = signs.get(other, 0) + sign
            for other in signs:
                if other not in place:
                    place[other] = len(cells)
                    cells.append(other)
            rows.append([(place[other], sign) for other, sign in signs.items()])
    true = np.array([counts.get(cell, 0) for cell in cells], dtype=float)
    price = np.array([0.0 if cell in hidden else 1.0 for cell in cells])
    at = [(number, column, sign) for number, row in enumerate(rows) for column, sign in row]
    numbers, columns, signs_of = (np.array(one) for one in zip(*at, strict=True))
    matrix = csr_array((signs_of, (numbers, columns)), shape=(len(rows), len(cells)), dtype=float)
    adds_up = LinearConstraint(hstack([matrix, -matrix]), 0.0, 0.0)
    for more, less in ((max(FEWEST - true[0], 1.0), 0.0), (0.0, true[0] if true[0] < FEWEST else 1.0)):
        # what changes is told apart in more and less, so that both have a price
        least, most = np.zeros(2 * len(cells)), np.concatenate([np.full(len(cells), np.inf), true])
        least[0] = most[0] = more
        least[len(cells)] = most[len(cells)] = less
        told = milp(np.concatenate([price, price]), bounds=Bounds(least, most), constraints=adds_up)
        if told.x is not None:
            changed = told.x[: len(cells)] + told.x[len(cells) :] > 0.5
            return {cell for cell, is_changed in zip(cells, changed, strict=True) if is_changed and cell not in hidden}
    return set()


def derived_from_both(table: Guarded[Key], other: Guarded[Key]) -> dict[Any, tuple[int, int]]:
    """What can be worked out of two releases of a table together: cells of the first, and ("other", cell) of the
    second where it is not what it is in the first."""
    pair = _Pair(table, other)
    return derived(pair.counts, pair.hidden(table.hidden), pair.families, pair.small())


class _Pair(Generic[Key]):
    """Two releases of a table as one: a cell whose count has not changed is one cell, shown where either shows it.

    An attacker cannot know which counts have not changed, but may guess well: what is long past seldom does.
    """

    def __init__(self, table: Guarded[Key], other: Guarded[Key]) -> None:
        self.same = {cell for cell, count in other.counts.items() if table.counts.get(cell) == count}
        self.people: dict[Any, int] = dict(table.people)
        """Who stands behind each cell; the fewer of both behind one that did not change."""
        for cell, people in other.people.items():
            name = self._name(cell)
            self.people[name] = min(people, self.people.get(name, people))
        self.counts: dict[Any, int] = {
            **table.counts, **{self._name(cell): count for cell, count in other.counts.items()}
        }
        self.families: list[Family[Any]] = [
            *table.families,
            *((self._name(total), [self._name(part) for part in parts]) for total, parts in other.families),
        ]
        self.touching = touching_of(self.families)
        self.told_for_good = {self._name(cell) for cell in other.counts if cell not in other.hidden}
        """What the other shows: hiding it now hides nothing."""
        self._hidden_of_other = {self._name(cell) for cell in other.hidden if cell not in self.same}

    def _name(self, cell: Key) -> Any:
        return cell if cell in self.same else ("other", cell)

    def small(self) -> list[Any]:
        """The cells that must not be told."""
        return [cell for cell, count in self.people.items() if 0 < count < FEWEST]

    def hidden(self, hidden: Collection[Key]) -> set[Any]:
        """What neither shows, where these are hidden in the first."""
        return {cell for cell in hidden if cell not in self.told_for_good} | self._hidden_of_other


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
        true = np.array([counts.get(cell, 0) for cell in cells], dtype=float)
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
