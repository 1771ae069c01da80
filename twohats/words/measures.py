"""The process measures of both hats (measures.toml): what each counts, where better lies, and its source."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from .hats import Hat
from .languages import Text


class MeasureKind(StrEnum):
    """What a measure comes to."""

    SHARE = "share"
    """Things that came about, of all."""
    MEAN = "mean"
    """An index or a number per thing, on average."""
    TIME = "time"
    """Seconds: half of all had it within the median, nine in ten within the ninth decile."""
    AMOUNT = "amount"
    """A number per thing of which the median and the ninth decile are told."""


TEXTS = ("source", "numerator", "denominator", "exclusions")
SPREAD = (MeasureKind.TIME, MeasureKind.AMOUNT)
SECONDS = {"minutes": 60, "hours": 3600, "days": 86400}
"""Seconds in each unit in which a time can be shown."""


@dataclass(frozen=True)
class Measure:
    """One measure, as page, docs and checks read it."""

    key: str
    hat: Hat
    kind: MeasureKind
    shown_in: str
    """minutes, hours, days, contacts; '' for shares and means."""
    better: str
    """lower or higher."""
    least: int
    """With fewer things (or people) than that behind it nothing is said."""
    follow_up_days: int
    """So long after the end of a period all that it counts is known."""
    source: Text
    name: Text
    numerator: Text
    denominator: Text
    exclusions: Text

    @property
    def in_one(self) -> int:
        """Base units (seconds, thousandths) in one of `shown_in`."""
        return SECONDS.get(self.shown_in, 1000)


@cache
def measures() -> tuple[Measure, ...]:
    """All measures, those of the customer's hat first, as declared."""
    book = tomllib.loads(files("twohats.words").joinpath("measures.toml").read_text("utf-8"))
    return tuple(map(_measure, book["measure"]))


def measure(key: str) -> Measure:
    """The measure of that key; KeyError where there is none."""
    return {one.key: one for one in measures()}[key]


def _measure(row: dict[str, Any]) -> Measure:
    texts = {name: Text(row[f"{name}_en"], row[f"{name}_es"]) for name in TEXTS}
    return Measure(
        row["key"], Hat(row["hat"]), MeasureKind(row["kind"]), row.get("shown_in", ""), row["better"], row["least"],
        row["follow_up_days"], name=Text(row["en"], row["es"]), **texts,
    )
