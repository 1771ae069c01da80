"""What is being done in an interaction. The act decides more than the place (acts.toml)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .cues import Event
from .languages import Text


@dataclass(frozen=True)
class Act:
    """One act: its touchpoint, its words on a page, and what an event of it tells the codebook."""

    key: str
    touchpoint: str
    text: Text
    event: Event | None = None


@cache
def acts() -> tuple[Act, ...]:
    """Every act, in the order declared."""
    declared = tomllib.loads(files("twohats.words").joinpath("acts.toml").read_text("utf-8"))["act"]
    return tuple(
        Act(
            key=row["key"],
            touchpoint=row["touchpoint"],
            text=Text(row["en"], row["es"]),
            event=Event(row["event"]) if "event" in row else None,
        )
        for row in declared
    )


@cache
def act(key: str) -> Act:
    """The act of that key; KeyError when there is none."""
    return {declared.key: declared for declared in acts()}[key]
