"""The hat worn, what was wanted, what was given: kept apart from the start, each with its declared input fields.

Which fields speak for which is data (perspectives.toml). `wish` is the one reading of what was wanted; the build's
SQL reads the same numbers and patterns. Whole numbers (thousandths) throughout.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .languages import Text


@dataclass(frozen=True)
class Perspective:
    """One of the three, and the only input fields it may look at."""

    key: str
    text: Text
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Move:
    """A pattern found in the lower-cased words moves the time wanted by so many thousandths (RE2 and Python)."""

    pattern: str
    moves: int
    text: Text


@dataclass(frozen=True)
class WishNumbers:
    """From where on time is wanted, up to where speed, and what the person's own word stands for."""

    time_from: int
    speed_to: int
    own_word_time: int
    own_word_quick: int


@dataclass(frozen=True)
class Wish:
    """What was wanted: time, speed, or None where it is not known; and how we know."""

    wanted: str | None
    time_wanted: int
    wanted_from: str
    """own_word or rule."""


@cache
def perspectives() -> tuple[Perspective, ...]:
    """hat, wanted and given."""
    return tuple(
        Perspective(row["key"], Text(row["en"], row["es"]), tuple(row["fields"])) for row in _book()["perspective"]
    )


def fields_of(perspective: str) -> tuple[str, ...]:
    """The input fields of hat, wanted or given; KeyError for another word."""
    return {declared.key: declared.fields for declared in perspectives()}[perspective]


@cache
def outcomes() -> tuple[str, ...]:
    """What may never be an input: satisfaction and all that follows from it."""
    return tuple(_book()["outcomes"]["fields"])


@cache
def field_meanings() -> dict[str, Text]:
    """What each field of wanted and of given is."""
    return {row["key"]: Text(row["en"], row["es"]) for row in _book()["field"]}


@cache
def wish_numbers() -> WishNumbers:
    """The numbers by which a wish is read."""
    return WishNumbers(**_book()["wish"])


@cache
def reason_moves() -> tuple[Move, ...]:
    """Patterns in the reason of a visit; all that are found count."""
    return _moves("wish_reason")


@cache
def booking_moves() -> tuple[Move, ...]:
    """Patterns in the type of a booking; all that are found count."""
    return _moves("wish_booking")


def wish(
    *, own_word: str | None = None, stakes: int = 0, reason: str | None = None, booking: str | None = None
) -> Wish:
    """What was wanted. `own_word` is "time" or "quick"; `stakes` are those the codebook raised (acuity is in them)."""
    numbers = wish_numbers()
    if own_word in ("time", "quick"):
        told = numbers.own_word_time if own_word == "time" else numbers.own_word_quick
        return Wish("time" if own_word == "time" else "speed", told, "own_word")
    moved = stakes + _moved(reason_moves(), reason) + _moved(booking_moves(), booking)
    time_wanted = min(1000, max(0, moved))
    if time_wanted >= numbers.time_from:
        return Wish("time", time_wanted, "rule")
    if time_wanted <= numbers.speed_to:
        return Wish("speed", time_wanted, "rule")
    return Wish(None, time_wanted, "rule")


def _moved(moves: tuple[Move, ...], words: str | None) -> int:
    lowered = (words or "").lower()
    return sum(move.moves for move in moves if re.search(move.pattern, lowered))


def _moves(kind: str) -> tuple[Move, ...]:
    return tuple(Move(row["pattern"], row["moves"], Text(row["en"], row["es"])) for row in _book()[kind])


@cache
def _book() -> dict[str, Any]:
    return tomllib.loads(files("twohats.words").joinpath("perspectives.toml").read_text("utf-8"))
