"""What is said of a measure: units compared, regressions, box shares, what is missing, what was left out."""

from dataclasses import dataclass

import numpy as np

from .adjusting import Fit
from .comparing import Comparison
from .design import Measure
from .residuals import Residuals


@dataclass(frozen=True)
class Group:
    """Units compared with each other, in the order of their names."""

    subset: str
    units: tuple[str, ...]
    everybody: np.ndarray
    analysed: np.ndarray
    unadjusted: np.ndarray
    unweighted: np.ndarray
    variance: np.ndarray
    weight: np.ndarray
    comparison: Comparison


@dataclass(frozen=True)
class Overall:
    """One overall test, and how many respondents it rests on."""

    subset: str
    level: str
    """"units", or "strata" before they are put together."""
    comparison: Comparison
    analysed: int


@dataclass(frozen=True)
class BoxShares:
    """How the answers of one unit spread over the boxes."""

    subset: str
    unit: str
    shares: tuple[float | None, ...]
    weighted: tuple[float, ...] | None
    adjusted: tuple[float, ...] | None
    """Adjusted for case mix; a linear model: in a tiny unit a share may lie outside 0 to 1, and is kept so."""


@dataclass(frozen=True)
class Missing:
    """How much of a column was not answered in a unit."""

    subset: str
    unit: str
    column: str
    share: float


@dataclass(frozen=True)
class Dropped:
    """A unit that is not analysed: none or one usable respondent."""

    unit: str
    everybody: int
    analysed: int


@dataclass(frozen=True)
class Scored:
    """All that is said of one measure."""

    measure: Measure
    groups: tuple[Group, ...]
    """Those whose units are reported: one, or one per subset."""
    overall: tuple[Overall, ...]
    """The overall test of everybody, of each subset, and of the strata before they were put together."""
    strata: tuple[Group, ...]
    """Before strata were put together, where they are."""
    to_points: tuple[float, float] | None
    """The ends between which a mean is read as points of 0 to 100; None where it is none of an answer."""
    adjusters: tuple[str, ...]
    fits: tuple[tuple[str, str, str, Fit], ...]
    """Subset, kind of unit ("" where they are not split), item, regression."""
    boxes: tuple[BoxShares, ...]
    box_names: tuple[str, ...]
    missing: tuple[Missing, ...]
    dropped: tuple[Dropped, ...]
    warnings: tuple[str, ...]
    residuals: tuple[Residuals, ...]
    """One for each case-mix model: one, or one per subset."""


class NothingToScore(Exception):
    """No unit has two usable respondents for this measure."""

    def __init__(self, measure: str, subset: str) -> None:
        super().__init__(f"measure {measure}: no unit has two usable respondents")
        self.measure, self.subset = measure, subset
