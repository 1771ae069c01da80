"""Small counts and few people's words: the one place that says how either may be told."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from .margins import FEWEST, hidden_cells

__all__ = ["FEWEST", "MANY", "WHOLE", "Cell", "Said", "about", "band", "hidden_cells", "may_be_told", "shown_where"]

WHOLE = "*"
"""In place of a unit: the whole organisation."""
STEPS = ((FEWEST, 20), (31, 50), (71, 100), (151, 200), (301, 500), (701, 1000))
"""From so many people on one says "about" so many. Steps are wide: one person more or less hardly ever moves one."""
MANY = 1501
"""From here on one says "more than 1,500"; nobody needs to count further."""


def may_be_told(people: int) -> bool:
    """True for nobody and for 11 or more; 1 to 10 people could be worked out to be somebody."""
    return people == 0 or people >= FEWEST


def band(people: int) -> int | None:
    """The count as it may be told; None stands for "fewer than 11"."""
    return people if may_be_told(people) else None


def about(people: int) -> int | None:
    """The round number by which a count of people that a free search found may be told; MANY for more than 1,500.

    None stands for "fewer than 11". Nobody is told in the same way: after a free search even "nobody said this word"
    would tell something of the few who speak in a small unit.
    """
    if people >= MANY:
        return MANY
    return next((said for least, said in reversed(STEPS) if people >= least), None)


class Said(NamedTuple):
    """A comment as disclosure sees it: who spoke, about which unit, in which month (YYYY-MM; '' unknown)."""

    comment: int
    who: int
    unit: str | None
    month: str


class Cell(NamedTuple):
    """Where and when a comment may be said to come from: a unit or one above it, from a month to a month."""

    unit: str
    first: str
    last: str


Stretch = Callable[[str], tuple[str, str]]


def shown_where(said: Iterable[Said], above: Mapping[str, str | None]) -> dict[int, Cell]:
    """The cell under which each comment may be shown; a comment that is not in it may be shown nowhere.

    A cell is a unit and a month in which 11 or more people spoke. Comments left over wait together for a longer
    stretch (quarter, year), then for the unit above, and so on up to the whole organisation; so each cell holds
    11 or more people by itself. Cells follow from the release alone, never from what a reader asks: two questions
    can never be subtracted from each other to find a smaller one.
    """
    waiting: dict[str, list[Said]] = defaultdict(list)
    for one in said:
        waiting[one.unit if one.unit in above else WHOLE].append(one)  # type: ignore[index]
    found: dict[int, Cell] = {}
    for unit in _upwards(above):
        left = waiting.pop(unit, [])
        for stretch in (_month, _quarter, _year):
            left = _shown(left, unit, stretch, found)
        if unit != WHOLE:
            up = above[unit]
            waiting[up if up in above else WHOLE].extend(left)  # type: ignore[index]
    return found


def _upwards(above: Mapping[str, str | None]) -> Iterator[str]:
    """Every unit before the one above it, the whole organisation last."""
    yield from sorted(above, key=lambda unit: -_depth(unit, above))
    yield WHOLE


def _depth(unit: str, above: Mapping[str, str | None]) -> int:
    path = [unit]
    while (up := above.get(path[-1])) and up in above and up not in path:
        path.append(up)
    return len(path)


def _shown(left: list[Said], unit: str, stretch: Stretch, found: dict[int, Cell]) -> list[Said]:
    """Gives a cell to comments of stretches in which enough people spoke; returns the rest."""
    by_stretch: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for one in left:
        by_stretch[stretch(one.month)].append(one)
    rest = []
    for (first, last), group in by_stretch.items():
        if len({one.who for one in group}) < FEWEST:
            rest.extend(group)
        else:
            found.update((one.comment, Cell(unit, first, last)) for one in group)
    return rest


def _month(month: str) -> tuple[str, str]:
    return month, month


def _quarter(month: str) -> tuple[str, str]:
    if not month:
        return "", ""
    first = (int(month[5:]) - 1) // 3 * 3 + 1
    return f"{month[:4]}-{first:02}", f"{month[:4]}-{first + 2:02}"


def _year(month: str) -> tuple[str, str]:
    return (f"{month[:4]}-01", f"{month[:4]}-12") if month else ("", "")
