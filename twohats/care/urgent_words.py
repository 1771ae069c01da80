"""Words of danger and of distress in what people write and say: a human looks at once, or takes time.

One small list (urgent_words.toml) in English and Spanish, with common misspellings, deaf to what is denied. It leans
to finding too much. `heard` reads one text; the build's SQL is made from the same patterns, in the same steps. What a
classifier, a survey or a hat says is never asked.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Clock(StrEnum):
    """How soon a human must look at what was written."""

    NO = "no"
    DAY = "day"
    """The same day: harm, abuse or neglect told of, where nothing says that it goes on this minute."""
    NOW = "now"
    """At once: somebody may come to harm while the words lie unread."""


@dataclass(frozen=True)
class Heard:
    """Whether a text holds words of danger to life or health, and words of distress; and how soon to look."""

    danger: bool = False
    distress: bool = False
    clock: Clock = Clock.NO


@dataclass(frozen=True)
class Patterns:
    """One regular expression for each step, over a text made plain (RE2 and Python read them alike)."""

    innocent: str
    """Erased first: it looks like danger and is none."""
    denied: str
    """Erased next: somebody said that there is none of it."""
    danger: str
    distress: str


PLAIN_STEPS: tuple[tuple[str, str], ...] = (("[’‘`´']", ""), ("[^a-z0-9.;!?,]+", " "))
"""What is replaced by what in a lower-case text without accents, in this order."""


def heard(words: str | None) -> Heard:
    """What is heard in a text; nothing in none."""
    danger, distress, innocent, denied = _compiled()
    text = plain(words)
    if not (danger.search(text) or distress.search(text)):
        return Heard()
    said = denied.sub(" ", innocent.sub(" ", text))
    told = bool(danger.search(said))
    return Heard(told, bool(distress.search(said)), Clock.NOW if told else Clock.NO)


@cache
def _compiled() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    made = patterns()
    return re.compile(made.danger), re.compile(made.distress), re.compile(made.innocent), re.compile(made.denied)


def plain(words: str | None) -> str:
    """A text as the patterns read it: lower-case, without accents and apostrophes, single spaces between words."""
    text = (words or "").lower()
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFD", text) if unicodedata.category(sign) != "Mn")
    for pattern, by in PLAIN_STEPS:
        text = re.sub(pattern, by, text)
    return text


@cache
def patterns() -> Patterns:
    """The patterns as shipped."""
    book = _book()
    words = book["word"]
    deniable = _any_of(row["pattern"] for row in words if row.get("deniable"))
    far, near = (
        f"(?:{_any_of(row['pattern'] for row in book['denial'] if row.get('over_a_list', False) is reaches)})"
        f"{deniable}(?:(?:{joined})(?: [a-z]+){{0,2}}? ?{deniable})*"
        for reaches, joined in ((True, ",| and| or| nor| y| o| ni"), (False, " or| nor| o| ni"))
    )
    return Patterns(
        innocent=_any_of(row["pattern"] for row in book["innocent"]),
        denied=f"{far}|{near}",
        danger=_any_of(row["pattern"] for row in words if row["means"] == "danger"),
        distress=_any_of(row["pattern"] for row in words if row["means"] == "distress"),
    )


def _any_of(alternatives: Iterable[str]) -> str:
    return r"\b(?:" + "|".join(alternatives) + ")"


@cache
def _book() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(files("twohats.care").joinpath("urgent_words.toml").read_text("utf-8"))
