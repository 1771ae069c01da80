"""The instruments whose answers are scored (instruments.toml): scales, items, official composites, breaks in series."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from .hats import Hat
from .languages import LANGUAGES, Text
from .touchpoints import SurveyItem, survey_item


@dataclass(frozen=True)
class AnswerScale:
    """How an item is answered. More is better; `written` says what the codes of the public files stand for."""

    key: str
    type: str
    """yes_no, rating, often, three or other: the kinds that the CAHPS Analysis Program knows."""
    low: float | None
    high: float | None
    boxes: tuple[tuple[float, float], ...]
    """Worst first; only of the kind "other", the others have theirs."""
    written: tuple[tuple[str, float], ...]
    unsure: tuple[str, ...]
    """Codes that are no answer, and yet stay in the denominator of shares."""
    words: tuple[tuple[str, float], ...] = ()
    """Answers in words of either language, lower case, and the value of each; empty where only the ends have words."""


@dataclass(frozen=True)
class Adjuster:
    """What units' people differ in and units are not answerable for; their means are adjusted for it."""

    key: str
    name: Text


@dataclass(frozen=True)
class Composite:
    """An official measure, under its own name; never ours."""

    key: str
    name: Text
    items: tuple[str, ...]
    whole: bool
    """A rating of the whole: in no sub-score of a hat."""
    reading: str
    """points (of 0 to 100), top_box, or net: top box less bottom box."""
    basis: str
    """seen in the public source, or recalled: to be checked against the instrument."""


@dataclass(frozen=True)
class Instrument:
    """One version of one survey."""

    key: str
    survey: str
    name: Text
    first_day: date | None
    last_day: date | None
    follows: str | None
    """The version before it. Between the two the series is broken."""
    not_chained: tuple[str, ...]
    """Composites that keep their name over the break and are not the same."""
    scales: Mapping[str, AnswerScale]
    """Of each item."""
    composites: tuple[Composite, ...]
    ours: bool = False
    """Our own short form: its measures are official to nobody."""
    adjusters: tuple[str, ...] = ()
    """What its means are adjusted for before units are compared."""
    adjuster_items: Mapping[str, str] = field(default_factory=dict)
    """The item that asks for an adjuster, where the form does."""

    def item(self, key: str) -> SurveyItem:
        """What is declared of an item: its hat and why; KeyError when it is not of this survey."""
        found = survey_item(self.survey, key)
        if found is None or key not in self.scales:
            raise KeyError(key)
        return found

    def reports(self) -> tuple[str, ...]:
        """Items that report on something: all but ratings of the whole."""
        whole = {key for composite in self.composites if composite.whole for key in composite.items}
        return tuple(key for key in self.scales if key not in whole)

    def overall(self) -> str | None:
        """The item that rates the whole from 0 to 10; None where there is none, or nothing to hold beside it."""
        rated = (key for one in self.composites if one.whole for key in one.items if self.scales[key].type == "rating")
        return next(rated, None) if len(self.reports()) > 1 else None

    def satisfaction(self) -> str | None:
        """The item that says in points how content somebody was with the whole: the rating, or our own question."""
        whole = (key for one in self.composites if one.whole for key in one.items)
        return next((key for key in whole if self.scales[key].type == "rating" or self.scales[key].high == 100), None)

    def hats(self) -> dict[str, Hat]:
        """The hat of each reporting item."""
        return {key: self.item(key).hat for key in self.reports()}

    def in_use_on(self, day: date) -> bool:
        """Whether answers of that day were given to this version."""
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)


@cache
def instruments() -> tuple[Instrument, ...]:
    """Every instrument, in the order declared."""
    declared = _declared()
    scales = {
        row["key"]: AnswerScale(
            row["key"], row["type"], row.get("low"), row.get("high"),
            tuple((low, high) for low, high in row.get("boxes", ())),
            tuple((str(code), float(value)) for code, value in row.get("written", {}).items()),
            tuple(row.get("unsure", ())), _words(row))
        for row in declared["scale"]
    }
    return tuple(
        Instrument(
            key=row["key"], survey=row["survey"], name=Text(row["en"], row["es"]), first_day=row.get("first_day"),
            last_day=row.get("last_day"), follows=row.get("follows"), not_chained=tuple(row.get("not_chained", ())),
            scales={key: scales[scale] for key, scale in row["items"].items()},
            composites=tuple(
                Composite(one["key"], Text(one["en"], one["es"]), tuple(one["items"]), one.get("global", False),
                          one.get("reading", "points"), one.get("basis", "seen"))
                for one in row["composite"]),
            ours=row.get("ours", False), adjusters=tuple(row.get("adjusters", ())),
            adjuster_items=dict(row.get("adjuster_items", {})),
        )
        for row in declared["instrument"]
    )


@cache
def adjusters() -> tuple[Adjuster, ...]:
    """What any instrument's means are adjusted for, in one order."""
    return tuple(Adjuster(row["key"], Text(row["en"], row["es"])) for row in _declared()["adjuster"])


@cache
def _declared() -> Mapping[str, Any]:
    return tomllib.loads(files("twohats.words").joinpath("instruments.toml").read_text("utf-8"))


_FROM = {"yes_no": 0, "often": 1, "three": 1}
"""The lowest value of the kinds that the CAHPS Analysis Program knows, and whose every value has a word."""


def _words(row: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    """The words of a scale with their values, the worst first; none where a scale has words for its ends only."""
    lowest = _FROM.get(row["type"], row.get("low"))
    highest = row.get("high", {"yes_no": 1, "often": 4, "three": 3}.get(row["type"]))
    if lowest is None or highest is None or len(row["en"]) != highest - lowest + 1:
        return ()
    return tuple(
        (word.lower(), float(lowest + at)) for language in LANGUAGES for at, word in enumerate(row[language]))


@cache
def instrument(key: str) -> Instrument | None:
    """The instrument of that key; None when we do not know it."""
    return next((one for one in instruments() if one.key == key), None)


def comparable(before: Instrument, after: Instrument, composite: str) -> bool:
    """Whether a composite of one version may be drawn in one line with that of another."""
    if before == after:
        return True
    return (before.survey == after.survey and after.follows != before.key and before.follows != after.key
            and composite not in after.not_chained and composite not in before.not_chained)
