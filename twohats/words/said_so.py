"""What people say themselves of being served in the wrong hat (said_so.toml): answers and words, as data.

It never makes a flag: it is held beside the signs of the same visits and calls.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .hats import Hat
from .languages import Text


@dataclass(frozen=True)
class Answered:
    """A question whose answers say whether a hat was missed."""

    hat: Hat
    survey: str
    item: str
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True)
class Saying:
    """One way to say so in one's own words: patterns of RE2, of which one is enough, and what takes it away again."""

    key: str
    hat: Hat
    patterns: tuple[str, ...]
    unless: str | None
    text: Text


@dataclass(frozen=True)
class SaidSo:
    """Everything by which people say that the wrong hat was served, with its version."""

    version: int
    answers: tuple[Answered, ...]
    sayings: tuple[Saying, ...]


@cache
def said_so() -> SaidSo:
    """What is heard, in the order in which the first that fits a clause is told."""
    book = tomllib.loads(files("twohats.words").joinpath("said_so.toml").read_text("utf-8"))
    return SaidSo(
        book["version"],
        tuple(Answered(Hat(row["hat"]), row["survey"], row["item"], tuple(row["yes"]), tuple(row["no"]))
              for row in book["answer"]),
        tuple(Saying(row["key"], Hat(row["hat"]), tuple(row["patterns"]), row.get("unless"),
                     Text(row["en"], row["es"])) for row in book["saying"]))
