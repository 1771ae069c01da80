"""Service recovery as data and small decisions: clocks, scripts, outcomes, and what proposes a grievance."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from twohats.care.urgent_words import plain
from twohats.words.languages import Text

AUTO_CLOSED = "auto_closed"
"""The one outcome that nobody can choose: a case that ran out of time."""


@dataclass(frozen=True)
class Outcome:
    """How a case ended, in words of ours and in those the person reads."""

    key: str
    good: bool
    text: Text
    said: Text


@dataclass(frozen=True)
class Recovery:
    """One version of the rules."""

    version: str
    first_word_hours: int
    first_word_hours_urgent: int
    end_days: int
    auto_close_days: int
    most_reopenings: int
    grievance_days: int
    outcomes: Mapping[str, Outcome]
    scripts: Mapping[str, Text]
    grounds: Mapping[str, Text]


@dataclass(frozen=True)
class Clocks:
    """By when somebody must have spoken with the person, the case must have ended, and when it closes by itself."""

    first_word_by: datetime
    end_by: datetime
    closes_at: datetime


def clocks(opened_at: datetime, *, urgent: bool, rules: Recovery) -> Clocks:
    """The clocks of a case from the instant it was opened, or opened again."""
    hours = rules.first_word_hours_urgent if urgent else rules.first_word_hours
    return Clocks(opened_at + timedelta(hours=hours), opened_at + timedelta(days=rules.end_days),
                  opened_at + timedelta(days=rules.auto_close_days))


def grievance_grounds(words: str, *, wants_answer: bool, about_care: bool) -> tuple[str, ...]:
    """Why a case may be a grievance, by rule; empty where nothing says so. Without written words nothing does.

    A wish for an answer counts where the words are about care; a complaint, abuse or neglect counts anywhere.
    """
    if not words.strip():
        return ()
    text = plain(words)
    found = [key for key, pattern in _patterns().items() if pattern.search(text)]
    return tuple((["asks_for_an_answer"] if wants_answer and about_care else []) + found)


@cache
def shipped() -> Recovery:
    """The rules as shipped."""
    book = _book()
    return Recovery(
        book["version"], book["first_word_hours"], book["first_word_hours_urgent"], book["end_days"],
        book["auto_close_days"], book["most_reopenings"], book["grievance_days"],
        {row["key"]: Outcome(row["key"], row["good"], _text(row), Text(row["said_en"], row["said_es"]))
         for row in book["outcome"]},
        {row["key"]: _text(row) for row in book["script"]}, {row["key"]: _text(row) for row in book["grievance"]})


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {row["key"]: re.compile(row["pattern"]) for row in _book()["grievance"] if "pattern" in row}


@cache
def _book() -> dict[str, Any]:
    return tomllib.loads(files("twohats.care.asking").joinpath("recovery.toml").read_text("utf-8"))


def _text(row: Mapping[str, Any]) -> Text:
    return Text(row["en"], row["es"])
