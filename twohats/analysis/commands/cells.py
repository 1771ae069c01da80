"""How a value stands in a CSV file: numbers with every digit, nothing where nothing can be said, words disarmed."""

import math
import re
from datetime import date, datetime
from typing import Any

from twohats.store.inert import harmless

MISSING = ("", "NA")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)


def cell(value: Any) -> Any:
    """The value as it is written; a number that is none is left empty."""
    if isinstance(value, str):
        return harmless(str(value))
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if hasattr(value, "item"):
        return cell(value.item())
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def moment_in(text: str) -> date | datetime | int | None:
    """The day, the instant or the number of a period that is written there; None where it is none."""
    if text.isascii() and text.isdigit() and len(text) < len("20260301"):
        return int(text)
    try:
        return datetime.fromisoformat(text) if len(text) > len("2026-03-01") else date.fromisoformat(text)
    except ValueError:
        return None


def number_in(text: str) -> float | None:
    """The number that is written there, with a point for decimals; None where it is anything else."""
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None
