"""Which cells of a table of sums stay hidden, so that no small one can be worked out from its margins.

A cell is small when fewer than 11 people (and at least one) stand behind it. Hiding it alone is not enough where
its total and its neighbours are shown: the rest is one subtraction away. So a second cell is hidden beside it.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from math import inf
from typing import TypeVar

FEWEST = 11
"""The smallest number of people that may be told (the threshold CMS sets for published cells)."""

LOOKS = 100
"""So often at most, on average, each addition is looked at again."""

Key = TypeVar("Key", bound=Hashable)
Family = tuple[Key, Sequence[Key]]
"""A total and the parts that add up to it."""


def hidden_cells(people: Mapping[Key, int], families: Sequence[Family[Key]]) -> frozenset[Key]:
    """The cells that may not be shown, small ones and those that would give a small one away.

    `people` holds the distinct people behind each cell; a cell that is absent counts nobody and may be shown as
    nobody. Hiding goes on until no family has exactly one hidden part, or hidden parts of too few people together.
    """
    hidden = {cell for cell, count in people.items() if 0 < count < FEWEST}
    waiting, touching = list(families), touching_of(families)
    while waiting:
        total, parts = waiting.pop()
        more = _one_more(people, hidden, total, parts)
        if more is not None:
            hidden.add(more)
            waiting.extend(touching[more])
    return frozenset(hidden)


def touching_of(families: Sequence[Family[Key]]) -> dict[Key, list[Family[Key]]]:
    """The additions that each cell stands in."""
    touching: dict[Key, list[Family[Key]]] = {}
    for family in families:
        for cell in (family[0], *family[1]):
            touching.setdefault(cell, []).append(family)
    return touching


def secured_cells(
    people: Mapping[Key, int], sums: Mapping[Key, int], families: Sequence[Family[Key]]
) -> frozenset[Key]:
    """`hidden_cells`, and more until no small cell can be squeezed between its neighbours in several additions at once.

    `sums` holds what is published of each cell (and adds up), `people` who stands behind it. Between what numbers a
    hidden cell must lie follows from one addition after the other; where that is within 1 to 10, or one number alone,
    the smallest neighbour that is still shown is hidden too.
    """
    hidden = set(hidden_cells(people, families))
    touching = touching_of(families)
    small = [cell for cell, count in people.items() if 0 < count < FEWEST]
    waiting = small
    while waiting:
        low, high = _between(waiting, hidden, sums, touching)
        squeezed = [cell for cell in small if cell in high and sums.get(cell, 0) and (
            low[cell] == high[cell] or (low[cell] >= 1 and high[cell] < FEWEST))]
        waiting = [more for cell in squeezed for more in neighbour(cell, people, hidden, touching)]
        hidden.update(waiting)
        waiting = small if waiting else []
    return frozenset(hidden)


def _between(
    cells: Sequence[Key], hidden: set[Key], sums: Mapping[Key, int], touching: Mapping[Key, list[Family[Key]]]
) -> tuple[dict[Key, float], dict[Key, float]]:
    """Between what numbers hidden cells lie, by what is shown: tightened until no addition tells more."""
    low: dict[Key, float] = defaultdict(float)
    high: dict[Key, float] = defaultdict(lambda: inf)
    waiting = {id(family): family for cell in cells for family in touching.get(cell, ())}
    looks = LOOKS * len(waiting)  # sums that do not add up could be tightened for ever
    while waiting and looks:
        looks -= 1
        _name, family = waiting.popitem()
        for cell in _tightened(family, hidden, sums, low, high):
            waiting.update((id(other), other) for other in touching[cell])
    return low, high


def _tightened(
    family: Family[Key], hidden: set[Key], sums: Mapping[Key, int], low: dict[Key, float], high: dict[Key, float]
) -> list[Key]:
    """The hidden cells of one addition of which it tells more than was known."""
    total, parts = family
    unseen = [part for part in parts if part in hidden]
    known = sum(sums.get(part, 0) for part in parts if part not in hidden)
    whole_low, whole_high = (low[total], high[total]) if total in hidden else (sums.get(total, 0),) * 2
    parts_low = known + sum(low[part] for part in unseen)
    parts_high = known + sum(high[part] for part in unseen)
    told = []
    for cell in unseen:
        others_high = parts_high - high[cell] if high[cell] < inf else known + sum(
            high[other] for other in unseen if other != cell)
        told.append((cell, whole_low - others_high, whole_high - (parts_low - low[cell])))
    if total in hidden:
        told.append((total, parts_low, parts_high))
    changed = []
    for cell, least, most in told:
        tighter = max(low[cell], least), min(high[cell], most)
        if tighter != (low[cell], high[cell]) and tighter[0] <= tighter[1]:
            low[cell], high[cell] = tighter
            changed.append(cell)
    return changed


def neighbour(
    cell: Key, people: Mapping[Key, int], hidden: set[Key], touching: Mapping[Key, list[Family[Key]]]
) -> list[Key]:
    """The smallest cell still shown in an addition of this one; of its hidden neighbours where it has none."""
    seen, near = {cell}, [cell]
    while near:
        beside = {other for one in near for family in touching.get(one, ()) for other in (family[0], *family[1])}
        shown = sorted((other for other in beside if other not in hidden and people.get(other, 0)),
                       key=lambda other: (people[other], str(other)))
        if shown:
            return shown[:1]
        near = [other for other in beside if other not in seen]
        seen |= beside
    return []


def _one_more(people: Mapping[Key, int], hidden: set[Key], total: Key, parts: Sequence[Key]) -> Key | None:
    """The next cell that must be hidden for this family to keep its secret; None when it does."""
    there = [part for part in parts if people.get(part, 0)]
    unseen = [part for part in there if part in hidden]
    seen = sorted((part for part in there if part not in hidden), key=lambda part: (people[part], str(part)))
    if total in hidden:
        return seen[0] if seen and not unseen else None
    if unseen and (len(unseen) == 1 or sum(people[part] for part in unseen) < FEWEST):
        return seen[0] if seen else total
    return None
