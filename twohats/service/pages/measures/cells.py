"""Cells of tables that know their exact number, so that a file can hold what the page says in words."""

from typing import Any

SHARE, PERCENT, WHOLE, TWO, ONE, SIGNED = "0.0%", "0%", "#,##0", "0.00", "0.0", "+0.0;-0.0;0.0"
"""How a spreadsheet shows an exact number."""


def exact(text: str, value: float, shown_as: str, low: float | None = None, high: float | None = None,
          people: int | None = None, note: str = "") -> dict[str, Any]:
    """A cell with a number, its range and the people behind it, as far as they are known."""
    return {"text": text, "is_number": True, "exact": value, "shown_as": shown_as, "low": low, "high": high,
            "people": people} | ({"note": note} if note else {})


def between(text: str, low: float, high: float, shown_as: str) -> dict[str, Any]:
    """A cell with a range of its own."""
    return {"text": text, "is_number": True, "shown_as": shown_as, "low": low, "high": high}


def of_the_number(text: str) -> dict[str, Any]:
    """A cell that says in words what the cell of the number knows: its range, its people."""
    return {"text": text, "is_number": True, "is_known": True}


def instead(words: str, people: int | None = None, why: str = "") -> dict[str, Any]:
    """Words in place of a number, the people behind it where they may be told, and why where the words do not say."""
    return {"instead": words, "people": people, "why": why or words}


def nothing(words: str) -> dict[str, Any]:
    """Words in place of the range or the people of a number."""
    return {"instead": words, "is_known": True}
