"""Periods of a file: months, days or numbers, all of one kind, in order of time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from twohats.words.problems import Problem

from .reading import Row

NEVER = "never"
MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, order=True)
class Period:
    """A period: its place in time among its kind."""

    place: int
    kind: str = field(compare=False)
    text: str = field(compare=False)

    @property
    def first_day(self) -> date | None:
        """The day it begins; None for one that is a mere number."""
        if self.kind == "month":
            return date(self.place // 12, self.place % 12 + 1, 1)
        return date.fromordinal(self.place) if self.kind == "day" else None


def period_told(text: str) -> Period | None:
    """The period that is written there; None where it is none."""
    if MONTH.fullmatch(text):
        return Period(int(text[:4]) * 12 + int(text[5:]) - 1, "month", text)
    if text.isascii() and text.isdigit() and len(text) < 8:
        return Period(int(text), "number", text)
    try:
        return Period(date.fromisoformat(text).toordinal(), "day", text) if len(text) == 10 else None
    except ValueError:
        return None


def period_in(row: Row, column: str) -> Period:
    """The period of a cell."""
    text = row.name(column)
    told = period_told(text)
    if told is None:
        raise row.problem(f"'{text}' in '{column}' is no period",
                          "Write months as 2026-03, days as 2026-03-01, or number the periods.")
    return told


def same_kind(periods: Iterable[tuple[Row, Period]]) -> None:
    """Problem at the first line whose period is of another kind than the first."""
    first: Period | None = None
    for row, period in periods:
        first = first or period
        if period.kind != first.kind:
            raise row.problem(f"'{period.text}' is a {period.kind}, and '{first.text}' is a {first.kind}",
                              "Write all periods and starts of a file alike.")


def starts_told(text: str) -> list[Period | None]:
    """Starts separated by commas; None is never. Problem for a word that is none, two alike or fewer than two."""
    told = [None if one == NEVER else period_told(one) for one in (part.strip() for part in text.split(","))]
    parts = [part.strip() for part in text.split(",")]
    wrong = next((part for part, one in zip(parts, told, strict=True) if one is None and part != NEVER), None)
    if wrong is not None:
        raise Problem(f"--starts: '{wrong}' is no period", "", "Such as --starts 2027-01,2027-04,never")
    if len(set(parts)) != len(parts) or len(parts) < 2:
        raise Problem("--starts names fewer than two starts, or one twice", "",
                      "Such as --starts 2027-01,never: who begins, and who is compared.")
    kinds = {one.kind for one in told if one}
    if len(kinds) != 1:
        raise Problem("--starts holds periods of two kinds, or none at all", "",
                      "Write all alike, such as 2027-01,2027-04,never")
    return told
