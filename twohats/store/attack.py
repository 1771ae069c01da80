"""An attacker: what can be worked out of a published table of sums, by an integer program over its additions.

Known to the attacker: every total that is shown, which cells are hidden, that counts are whole and not negative, and
what adds up to what. A hidden cell is derived when every table that fits what is shown puts it between 1 and 10, or
at one and the same number.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from .margins import FEWEST

Key = TypeVar("Key", bound=Hashable)
Family = tuple[Key, Sequence[Key]]
"""A total and the parts that add up to it."""


def derived(
    counts: Mapping[Key, int], hidden: Iterable[Key], families: Sequence[Family[Key]], attacked: Iterable[Key]
) -> dict[Key, tuple[int, int]]:
    """Which of the attacked cells can be worked out, and between what numbers.

    `counts` holds the true sums; those not in `hidden` are shown. Two integer programs a cell (its smallest and its
    greatest value), over the connected hidden cells alone. A cell that is 0 and hidden gives nobody away.
    """
    secret = set(hidden) & set(counts)
    found: dict[Key, tuple[int, int]] = {}
    targets = [cell for cell in attacked if cell in secret and counts[cell]]
    for cells, equations in _connected(counts, secret, families, set(targets)):
        place = {cell: number for number, cell in enumerate(cells)}
        rows, columns, values, sums = [], [], [], []
        for number, (coefficients, total) in enumerate(equations):
            for cell, sign in coefficients.items():
                rows.append(number)
                columns.append(place[cell])
                values.append(sign)
            sums.append(total)
        matrix = csr_array((values, (rows, columns)), shape=(len(equations), len(cells)), dtype=float)
        for cell in (one for one in targets if one in place):
            low, high = (_extreme(matrix, np.array(sums, float), place[cell], sign) for sign in (1, -1))
            if high is not None and low is not None and (low == high or (low >= 1 and high < FEWEST)):
                found[cell] = (low, high)
    return found


def _extreme(matrix: csr_array, sums: np.ndarray, at: int, sign: int) -> int | None:
    """The smallest (sign 1) or greatest (-1) value of a cell; None where there is no end."""
    if not matrix.shape[0]:
        return 0 if sign == 1 else None
    aim = np.zeros(matrix.shape[1])
    aim[at] = sign
    told = milp(aim, constraints=LinearConstraint(matrix, sums, sums), bounds=Bounds(0, np.inf),
                integrality=np.ones(matrix.shape[1]))
    return round(sign * told.fun) if told.success else None


def _connected(
    counts: Mapping[Key, int], secret: set[Key], families: Sequence[Family[Key]], targets: set[Key]
) -> list[tuple[list[Key], list[tuple[dict[Key, int], int]]]]:
    """The hidden cells in groups that share an addition, each with its equations; only groups that are attacked."""
    equations = []
    for total, parts in families:
        coefficients: dict[Key, int] = {}
        known = 0
        for cell, sign in ((total, -1), *((part, 1) for part in parts)):
            if cell in secret:
                coefficients[cell] = coefficients.get(cell, 0) + sign
            else:
                known -= sign * counts.get(cell, 0)
        if coefficients:
            equations.append((coefficients, known))
    group = {cell: cell for cell in secret}

    def root(cell: Key) -> Key:
        while group[cell] != cell:
            group[cell] = group[group[cell]]
            cell = group[cell]
        return cell

    for coefficients, _known in equations:
        first, *others = coefficients
        for other in others:
            group[root(other)] = root(first)
    attacked = {root(cell) for cell in targets}
    cells: dict[Key, list[Key]] = {one: [] for one in attacked}
    for cell in sorted(secret, key=str):
        if root(cell) in cells:
            cells[root(cell)].append(cell)
    told: dict[Key, list[tuple[dict[Key, int], int]]] = {one: [] for one in attacked}
    for coefficients, known in equations:
        one = root(next(iter(coefficients)))
        if one in told:
            told[one].append((coefficients, known))
    return [(cells[one], told[one]) for one in attacked]
