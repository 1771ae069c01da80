"""A series in parts: its lines are drawn anew only where somebody says so, why, and from when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import numpy as np

from twohats.words.problems import Problem

Moment = date | datetime | int
"""When a point is: a day, an instant, or the number of a period. One series holds one kind."""
TRIAL = 13
"""A part with fewer points has trial limits: they move with each new point (NHS, Making Data Count)."""
FEWEST_FIXED = 12
"""Lines that stay must rest on at least so many points."""


@dataclass(frozen=True)
class Rebase:
    """The lines start anew here. Refused without a reason and an author: a new baseline hides what came before."""

    starts: Moment
    reason: str
    author: str

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.author.strip():
            raise Problem(f"the rebase at {self.starts} says no reason or no author", "",
                          "Say why the process is another one since then, and who decided so.")


def parts_of(moments: Sequence[Moment], rebases: Sequence[Rebase] = ()) -> np.ndarray:
    """The number of the part each point belongs to; a rebase holds from the first point on or after its moment.

    A rebase before the first point changes nothing. Raises Problem where moments do not rise.
    """
    check_order(moments)
    of_one_kind: Sequence[Any] = moments
    asked: list[Any] = [one.starts for one in rebases]
    starts = sorted({start for start in asked if moments and start >= of_one_kind[0]})
    return np.array([sum(start <= moment for start in starts) for moment in of_one_kind], dtype=int)


def check_order(moments: Sequence[Moment]) -> None:
    """Raises Problem where one moment is not after the one before."""
    of_one_kind: Sequence[Any] = moments
    for former, later in pairwise(of_one_kind):
        if not former < later:
            raise Problem(f"{later} does not come after {former}", "", "Each moment once, in order.")


def counted(parts: np.ndarray, fix_after: int | None) -> np.ndarray:
    """Which points the lines rest on: the first `fix_after` of each part, or all."""
    if fix_after is None:
        return np.ones(len(parts), dtype=bool)
    if fix_after < FEWEST_FIXED:
        raise Problem(f"lines fixed after {fix_after} points rest on too few", "",
                      f"Fix them after {FEWEST_FIXED} points or more.")
    chosen = np.zeros(len(parts), dtype=bool)
    for part in np.unique(parts):
        chosen[np.flatnonzero(parts == part)[:fix_after]] = True
    return chosen


def in_part(parts: np.ndarray) -> list[np.ndarray]:
    """The places of each part's points, part by part."""
    return [np.flatnonzero(parts == part) for part in np.unique(parts)]
