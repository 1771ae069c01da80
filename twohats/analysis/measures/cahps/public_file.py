"""Where a value stands among hospitals: a public HCAHPS file, one row per hospital, one column per measure and box.

No stars: their cut points come from the national distribution of a quarter, and only CMS can publish them.
"""

import csv
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from pathlib import Path

from twohats.words.problems import Problem

FEW_COMPLETES = 100
"""Under it CMS marks a result "use with caution", and so do we leave it out of a distribution."""
_FIRST = ("facility_id", "num_completed_surveys", "start_date", "end_date")
_NOT_GIVEN = ("", "Not Available", "Not Applicable")


@dataclass(frozen=True)
class Position:
    """A value among hospitals."""

    column: str
    value: float
    hospitals: int
    below: int
    alike: int
    percentile: float
    """Hospitals below, and half of those alike, per hundred: published shares are whole numbers, so many are alike."""
    quartiles: tuple[float, float, float]
    first_day: str
    last_day: str


@dataclass(frozen=True)
class PublicFile:
    """The distribution of each column over hospitals with enough completed surveys."""

    name: str
    first_day: str
    last_day: str
    values: dict[str, tuple[float, ...]]
    """Per column, in order."""

    def position(self, column: str, value: float) -> Position:
        """Where this value stands in this column, a share in percent."""
        if column not in self.values:
            raise Problem(f"there is no column '{column}'", self.name, f"Known: {', '.join(self.values)}")
        values = self.values[column]
        if not values:
            raise Problem(f"no hospital has a value of '{column}'", self.name, "Choose another column.")
        below, up_to = bisect_left(values, value), bisect_right(values, value)
        return Position(column, value, len(values), below, up_to - below, 100 * (below + up_to) / 2 / len(values),
                        (_quantile(values, 0.25), _quantile(values, 0.5), _quantile(values, 0.75)),
                        self.first_day, self.last_day)


def read_public_file(path: Path, least_completes: int = FEW_COMPLETES) -> PublicFile:
    """The file's distributions; a Problem with its line where a cell is no share of 0 to 100 or a count is negative."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            heading = rows.fieldnames or []
            missing = [name for name in _FIRST if name not in heading]
            if missing:
                raise Problem(f"there is no column '{missing[0]}'", f"{path} line 1",
                              "The file needs facility_id, num_completed_surveys, start_date, end_date and shares.")
            columns = [name for name in heading if name.startswith("H_")]
            values: dict[str, list[float]] = {name: [] for name in columns}
            days: set[tuple[str, str]] = set()
            for row in rows:
                where = f"{path} line {rows.line_num}"
                if _number(row["num_completed_surveys"], where, "num_completed_surveys", None) < least_completes:
                    continue
                days.add((row["start_date"], row["end_date"]))
                for name in columns:
                    if row[name] not in _NOT_GIVEN:
                        values[name].append(_number(row[name], where, name, 100))
    except (OSError, UnicodeDecodeError):
        raise Problem("this file cannot be read as CSV in UTF-8", str(path), "Name the public file.") from None
    if len(days) > 1:
        raise Problem("its rows are of several periods", str(path), "Leave one period: they are not one distribution.")
    first, last = next(iter(days), ("", ""))
    return PublicFile(path.name, first, last, {name: tuple(sorted(own)) for name, own in values.items()})


def _number(text: str | None, where: str, column: str, most: float | None) -> float:
    """A number from 0; what is not given counts as 0 completes."""
    if text is None or text in _NOT_GIVEN:
        return 0.0
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= (float("inf") if most is None else most):
        raise Problem(f"'{column}' does not hold a number{'' if most is None else f' from 0 to {most:g}'}", where,
                      "Correct the cell, or leave it empty.")
    return number


def _quantile(values: tuple[float, ...], share: float) -> float:
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)
