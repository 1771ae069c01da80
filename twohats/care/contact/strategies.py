"""How to engage somebody: opposite ways for the two hats, as data (strategies.toml); the own word beats both."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from twohats.care.contact.strategy_problems import BY_MACHINE, BadStrategies, Fault, faults_of
from twohats.words.hats import Hat
from twohats.words.languages import Text

FOR_TIME = (Hat.PATIENT, Hat.MIXED)
"""Hats that keep on a hard day what they are: whatever a message is about, it meets somebody who may be worried."""


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
    asks_again: bool
    room: str
    """time or quick."""
    text: Text
    name: Text


@dataclass(frozen=True)
class Strategies:
    """One version of them."""

    version: str
    rules: tuple[Strategy, ...]
    own_way: frozenset[str]
    """Classes of message that keep the way they were asked for, hard days apart."""

    def of(self, hat: Hat, *, worst_day: bool) -> Strategy:
        """The one that holds for a hat on such a day; what names the day goes before what does not."""
        fits = [each for each in self.rules if hat in each.hats and each.worst_day in (None, worst_day)]
        return min(fits, key=lambda each: each.worst_day is None)


@dataclass(frozen=True)
class Engagement:
    """How to reach somebody now. `channel` is None where nothing reaches them: a letter, or the desk at the next visit.

    `because`: strategy, preference or only_way: what decided the channel.
    """

    strategy: Strategy
    channel: str | None
    because: str


@dataclass(frozen=True)
class Way:
    """Which way a message goes. `waits`: on a hard day, where only a machine could go."""

    version: str
    strategy: Strategy
    channel: str
    because: str
    """as_wanted, or what decided another channel."""
    waits: bool = False


@cache
def shipped() -> Strategies:
    """The strategies as shipped."""
    return read(shipped_book())


def shipped_book() -> dict[str, Any]:
    """The same as data."""
    return tomllib.loads(files("twohats.care.contact").joinpath("strategies.toml").read_text("utf-8"))


def read(book: Mapping[str, Any]) -> Strategies:
    """Strategies out of their data; BadStrategies tells everything that is wrong with them."""
    found = list(faults_of(book))
    if found:
        raise BadStrategies(found)
    return Strategies(book["version"], tuple(
        Strategy(row["key"], frozenset(map(Hat, row["hat"])), row.get("worst_day"), row["by"], tuple(row["channels"]),
                 row["automated"], row["touches"], row["link"], row["asks_again"], row["room"],
                 Text(row["en"], row["es"]), Text(row["name_en"], row["name_es"]))
        for row in book["strategy"]), frozenset(book["own_way"]))


def engage(hat: Hat, *, about_hat: Hat | None = None, relative: bool = False, worst_day: bool = False,
           preferred: str | None = None, reachable: Collection[str], strategies: Strategies) -> Engagement:
    """How to engage somebody who wears this hat; for a relative what their words are about decides.

    A channel that the person prefers beats the strategy's; one that does not reach them is passed over. On a worst
    day of a patient nothing is automated, whatever is preferred.
    """
    strategy = strategies.of(hat_followed(hat, about_hat, relative=relative), worst_day=worst_day)
    if preferred is not None and preferred in reachable and not _too_hard_for(preferred, strategy):
        return Engagement(strategy, preferred, "preference")
    for channel in strategy.channels:
        if channel in reachable:
            return Engagement(strategy, channel, "strategy")
    known = (channel for each in strategies.rules for channel in each.channels)
    return Engagement(strategy, next((channel for channel in known if channel in reachable), None), "only_way")


def hat_followed(hat: Hat, about_hat: Hat | None, *, relative: bool) -> Hat:
    """The hat that engagement follows: a relative's view is a customer's, what their words are about keeps its own."""
    return about_hat if relative and about_hat is not None else hat


def way_of(wanted: str, kind: str, hat: Hat, *, worn: Hat, worst_day: bool = False, preferred: str | None = None,
           reachable: Collection[str], strategies: Strategies) -> Way:
    """Which way a message of this class goes that is about something of this hat and was to go by `wanted`.

    `worn` is the hat the person wears now: on a hard day it decides where it is the patient's. The wanted way stays
    where the strategy knows it, where the person prefers it, or where nothing else reaches them.
    """
    decides = worn if worst_day and worn in FOR_TIME else hat
    found = engage(decides, worst_day=worst_day, preferred=preferred, reachable=reachable, strategies=strategies)
    strategy = found.strategy
    may_stay = wanted in reachable and not _too_hard_for(wanted, strategy) and (
        found.because == "only_way" or kind in strategies.own_way or wanted in strategy.channels or wanted == preferred)
    if may_stay or found.channel is None:
        return Way(strategies.version, strategy, wanted, "as_wanted")
    return Way(strategies.version, strategy, found.channel, "as_wanted" if found.channel == wanted else found.because,
               waits=_too_hard_for(found.channel, strategy))


def _too_hard_for(channel: str, strategy: Strategy) -> bool:
    """True for a machine on a day on which the strategy wants none."""
    return strategy.worst_day is True and not strategy.automated and channel in BY_MACHINE


__all__ = ["BY_MACHINE", "BadStrategies", "Engagement", "Fault", "Strategies", "Strategy", "Way", "engage",
           "hat_followed", "read", "shipped", "shipped_book", "way_of"]
