"""How to engage somebody: opposite ways for the two hats, as data (strategies.toml); the own word beats both."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from twohats.words.hats import Hat
from twohats.words.languages import Text


@dataclass(frozen=True)
class Strategy:
    """A way of engaging people: by whom, through what, how often, with how much room."""

    key: str
    hats: frozenset[Hat]
    worst_day: bool | None
    """None: on any day."""
    by: str
    """same_clinician, person or system."""
    channels: tuple[str, ...]
    automated: bool
    touches: int
    link: bool
    room: str
    """time or quick."""
    text: Text


@dataclass(frozen=True)
class Engagement:
    """How to reach somebody now. `channel` is None where nothing reaches them: a letter, or the desk at the next visit.

    `because`: strategy, preference or only_way: what decided the channel.
    """

    strategy: Strategy
    channel: str | None
    because: str


@cache
def shipped() -> tuple[Strategy, ...]:
    """The strategies as shipped, in the order in which they are asked."""
    book = tomllib.loads(files("twohats.care.contact").joinpath("strategies.toml").read_text("utf-8"))
    return read(book)


def read(book: Mapping[str, Any]) -> tuple[Strategy, ...]:
    """Strategies out of their data; ValueError where a hat would be left without one."""
    strategies = tuple(
        Strategy(row["key"], frozenset(map(Hat, row["hat"])), row.get("worst_day"), row["by"], tuple(row["channels"]),
                 row["automated"], row["touches"], row["link"], row["room"], Text(row["en"], row["es"]))
        for row in book["strategy"]
    )
    left_out = [hat for hat in Hat for day in (True, False) if _of(hat, strategies, worst_day=day) is None]
    if left_out:
        raise ValueError(f"No strategy for the hat {left_out[0].value!r} on some day: add a row that names it.")
    return strategies


def engage(hat: Hat, *, about_hat: Hat | None = None, relative: bool = False, worst_day: bool = False,
           preferred: str | None = None, reachable: Collection[str], strategies: tuple[Strategy, ...]) -> Engagement:
    """How to engage somebody who wears this hat; for a relative what their words are about decides.

    A channel that the person prefers beats the strategy's; one that does not reach them is passed over. On a worst
    day of a patient nothing is automated, whatever is preferred.
    """
    asked = about_hat if relative and about_hat is not None else hat
    strategy = _of(asked, strategies, worst_day=worst_day)
    if strategy is None:
        raise ValueError(f"No strategy for the hat {asked.value!r}.")
    if preferred is not None and preferred in reachable:
        return Engagement(strategy, preferred, "preference")
    for channel in strategy.channels:
        if channel in reachable:
            return Engagement(strategy, channel, "strategy")
    other = next((channel for each in strategies for channel in each.channels if channel in reachable), None)
    return Engagement(strategy, other, "only_way")


def _of(hat: Hat, strategies: tuple[Strategy, ...], *, worst_day: bool) -> Strategy | None:
    fits = (each for each in strategies if hat in each.hats and each.worst_day in (None, worst_day))
    return next(fits, None)
