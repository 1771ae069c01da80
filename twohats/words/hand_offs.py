"""Hand-offs in which a person may fall between the hats (hand_offs.toml): what starts and ends each, and by when."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .hats import Hat
from .languages import Text


@dataclass(frozen=True)
class HandOff:
    """One kind of hand-off, and the list of those who did not arrive."""

    key: str
    hat: Hat
    """Which side the next step is on."""
    days: int
    """The clock, from what starts it."""
    owner: str
    """The role that looks after the list."""
    touchpoint: str
    waits_for: Text | None
    """The feed without which nothing of it can be told yet; None where it is told."""
    name: Text
    starts: Text
    closes: Text
    source: Text


@dataclass(frozen=True)
class Word:
    """What somebody may say of a hand-off: whether it ends it, and whether that is good for the person."""

    key: str
    ends: bool
    good: bool
    text: Text


@dataclass(frozen=True)
class HandOffs:
    """All lists and words, and for how long a hand-off stays on its list once its clock has run out."""

    version: int
    days_listed: int
    kinds: Mapping[str, HandOff]
    words: Mapping[str, Word]

    @property
    def told(self) -> tuple[HandOff, ...]:
        """The lists of which the feeds tell."""
        return tuple(kind for kind in self.kinds.values() if kind.waits_for is None)


@cache
def hand_offs() -> HandOffs:
    """The lists and words in force, in the order declared."""
    book = tomllib.loads(files("twohats.words").joinpath("hand_offs.toml").read_text("utf-8"))
    return HandOffs(
        book["version"], book["days_listed"], {row["key"]: _hand_off(row) for row in book["hand_off"]},
        {row["key"]: Word(row["key"], row["ends"], row["good"], Text(row["en"], row["es"])) for row in book["word"]})


def _hand_off(row: Mapping[str, Any]) -> HandOff:
    waits_for = Text(row["waits_for_en"], row["waits_for_es"]) if "waits_for_en" in row else None
    return HandOff(row["key"], Hat(row["hat"]), row["days"], row["owner"], row["touchpoint"], waits_for,
                   Text(row["en"], row["es"]), *(Text(row[f"{name}_en"], row[f"{name}_es"])
                                                 for name in ("starts", "closes", "source")))
