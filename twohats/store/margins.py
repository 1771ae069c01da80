"""Which cells of a table of sums stay hidden, so that no small one can be worked out from its margins.

A cell is small when fewer than 11 people (and at least one) stand behind it. Hiding it alone is not enough where
its total and its neighbours are shown: the rest is one subtraction away. So a second cell is hidden beside it.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

FEWEST = 11
"""The smallest number of people that may be told (the threshold CMS sets for published cells)."""

Key = TypeVar("Key", bound=Hashable)
Family = tuple[Key, Sequence[Key]]
"""A total and the parts that add up to it."""


def hidden_cells(people: Mapping[Key, int], families: Sequence[Family[Key]]) -> frozenset[Key]:
    """The cells that may not be shown, small ones and those that would give a small one away.

    `people` holds the distinct people behind each cell; a cell that is absent counts nobody and may be shown as
    nobody. Hiding goes on until no family has exactly one hidden part, or hidden parts of too few people together.
    """
    hidden = {cell for cell, count in people.items() if 0 < count < FEWEST}
    waiting = list(families)
    touching: dict[Key, list[Family[Key]]] = {}
    for family in waiting:
        for cell in (family[0], *family[1]):
            touching.setdefault(cell, []).append(family)
    while waiting:
        total, parts = waiting.pop()
        more = _one_more(people, hidden, total, parts)
        if more is not None:
            hidden.add(more)
            waiting.extend(touching[more])
    return frozenset(hidden)


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
