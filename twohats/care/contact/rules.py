"""The rules of the gate as data: classes of message, channels, quiet hours, budget, reasons (rules.toml)."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from twohats.words.languages import Text


class BadRules(ValueError):
    """These rules cannot hold; the message says which and what to try."""


@dataclass(frozen=True)
class MessageClass:
    """What kind of message it is: it decides consent, priority (the lowest goes first) and how long it may wait."""

    key: str
    priority: int
    needs_yes: bool
    keeps_hours: int
    may_be_second: bool
    """It goes even where something went the same way today."""
    text: Text


@dataclass(frozen=True)
class Channel:
    """A way to a person. `disturbs`: quiet hours count. `private`: who opens it has shown who they are."""

    key: str
    disturbs: bool
    private: bool
    merges: bool
    text: Text


@dataclass(frozen=True)
class Rules:
    """One version of the rules. Hours are whole hours of the person's own day; the budget is messages a channel."""

    version: str
    quiet_from: int
    quiet_to: int
    budget_days: int
    on_spent_budget: str
    budget: Mapping[str, int]
    classes: Mapping[str, MessageClass]
    channels: Mapping[str, Channel]
    reasons: Mapping[str, Text]


@cache
def shipped() -> Rules:
    """The rules as shipped."""
    return read(shipped_book())


def shipped_book() -> dict[str, Any]:
    """The same as data."""
    return tomllib.loads(files("twohats.care.contact").joinpath("rules.toml").read_text("utf-8"))


def read(book: Mapping[str, Any]) -> Rules:
    """Rules out of their data; BadRules tells what is wrong with them and what to try."""
    classes = {row["key"]: MessageClass(row["key"], row["priority"], row["needs_yes"], row["keeps_hours"],
                                       row["may_be_second"], _text(row))
               for row in book["class"]}
    channels = {row["key"]: Channel(row["key"], row["disturbs"], row["private"], row["merges"], _text(row))
                for row in book["channel"]}
    reasons = {row["key"]: _text(row) for row in book["reason"]}
    rules = Rules(
        version=book["version"], quiet_from=book["quiet_from"], quiet_to=book["quiet_to"],
        budget_days=book["budget_days"], on_spent_budget=book["on_spent_budget"],
        budget=MappingProxyType(dict(book["budget"])), classes=MappingProxyType(classes),
        channels=MappingProxyType(channels), reasons=MappingProxyType(reasons))
    problem = next(_problems(rules), None)
    if problem:
        raise BadRules(problem)
    return rules


def _text(row: Mapping[str, Any]) -> Text:
    return Text(row["en"], row["es"])


def _problems(rules: Rules) -> Iterator[str]:
    if not rules.version:
        yield "The rules have no version: name one, so that each send can say which rules let it pass."
    for name in ("quiet_from", "quiet_to"):
        if not 0 <= getattr(rules, name) <= 24:
            yield f"{name} is {getattr(rules, name)}: say an hour from 0 to 24."
    if not rules.quiet_to < rules.quiet_from:
        yield (f"Quiet hours from {rules.quiet_from} to {rules.quiet_to} leave no hour of the day to reach anybody: "
               "quiet_to must be earlier in the day than quiet_from.")
    if rules.on_spent_budget not in ("warn", "hold"):
        yield f"on_spent_budget is {rules.on_spent_budget!r}: say warn or hold."
    if rules.budget_days < 1:
        yield f"budget_days is {rules.budget_days}: say how many days back the budget looks, at least 1."
    for channel, most in rules.budget.items():
        if channel not in rules.channels:
            yield f"There is a budget for {channel!r}, which is no channel: {', '.join(rules.channels)}."
        if most < 0:
            yield f"The budget of {channel} is {most}: say 0 or more."
    for kind in rules.classes.values():
        if kind.keeps_hours < 1:
            yield f"A message of class {kind.key} is kept {kind.keeps_hours} hours: say at least 1."
