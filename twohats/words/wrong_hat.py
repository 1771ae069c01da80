"""When a contact was served in the wrong hat (wrong_hat.toml): absolute criteria on what was given, as data."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .hats import Hat
from .languages import Text


@dataclass(frozen=True)
class Criterion:
    """One way to miss the hat: a field of what was given that reaches a number, or stays under it."""

    key: str
    hat: Hat
    """Whose hat was worn: a patient who was hurried, a customer who was over-engaged."""
    field: str
    at_least: int | None
    under: int | None
    acts: tuple[str, ...]
    """What was being done; empty: anything."""
    text: Text

    def is_met(self, given: int | None) -> bool:
        """Whether a known value of the field misses the hat; an unknown one never does."""
        if given is None:
            return False
        return given >= self.at_least if self.at_least is not None else given < (self.under or 0)


@dataclass(frozen=True)
class WrongHat:
    """All criteria with their version, and from which wish on a hat is judged at all (thousandths)."""

    version: int
    time_from: int
    time_to: int
    indicators: int
    criteria: tuple[Criterion, ...]


@cache
def wrong_hat() -> WrongHat:
    """The criteria in force, in the order in which the first that is met is told."""
    book = tomllib.loads(files("twohats.words").joinpath("wrong_hat.toml").read_text("utf-8"))
    return WrongHat(book["version"], book["time_from"], book["time_to"], book["indicators"],
                    tuple(map(_criterion, book["criterion"])))


def _criterion(row: dict[str, Any]) -> Criterion:
    return Criterion(row["key"], Hat(row["hat"]), row["field"], row.get("from"), row.get("under"), tuple(row["acts"]),
                     Text(row["en"], row["es"]))
