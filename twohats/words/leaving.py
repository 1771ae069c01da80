"""When somebody has left (leaving.toml): signs, and how long nothing must be heard before one counts."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .languages import Text


@dataclass(frozen=True)
class Sign:
    """One way to tell that a person goes elsewhere."""

    key: str
    text: Text
    topics: str | None
    """A pattern in lower-case topics (RE2 and Python); None where the sign is told by what was booked."""


@dataclass(frozen=True)
class Leaving:
    """All signs; a sign belongs to what was at most `days` before it, and counts after `quiet_days` without a word."""

    version: int
    days: int
    quiet_days: int
    signs: tuple[Sign, ...]


@cache
def leaving() -> Leaving:
    """The signs in force."""
    book = tomllib.loads(files("twohats.words").joinpath("leaving.toml").read_text("utf-8"))
    signs = tuple(Sign(row["key"], Text(row["en"], row["es"]), row.get("topics")) for row in book["sign"])
    return Leaving(book["version"], book["days"], book["quiet_days"], signs)
