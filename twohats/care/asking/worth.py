"""Whether somebody may be asked how it was: only when it is worth it, and never before the matter is solved.

Facts in, a reason out; the numbers are data (worth.toml). Consent, STOP, quiet hours and the budget are the gate's.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from twohats.care.asking.forms import Form
from twohats.words.languages import Text


@dataclass(frozen=True)
class Worth:
    """One version of the rules."""

    version: str
    not_before_hours: int
    not_after_days: int
    between_days: int
    most_in_a_year: int
    hcahps_first_contact_days: int
    hcahps_collection_days: int
    hcahps_adult_bands: tuple[str, ...]
    supplemental_most: int
    answers_days: int
    answers_in_10_minutes: int
    answers_in_all: int
    reasons: Mapping[str, Text]

    @property
    def hcahps_days(self) -> int:
        """How long after the discharge the official survey may still come or run."""
        return self.hcahps_first_contact_days + self.hcahps_collection_days


@dataclass(frozen=True)
class Matter:
    """What somebody would be asked about. Instants are aware; `solved` is None where nobody can tell."""

    ended_at: datetime | None
    solved: bool | None
    worth_it: bool = True
    told: bool = False
    """They were asked about it, or have answered about it, already."""


@dataclass(frozen=True)
class Stay:
    """A stay of a person that HCAHPS may ask about: when it ended, and whether that survey was answered."""

    ended_at: datetime | None
    answered: bool = False


@dataclass(frozen=True)
class Asked:
    """Where a person stands with questions: requests of every programme, open cases, stays."""

    requests: Collection[datetime] = ()
    open_case: bool = False
    stays: Collection[Stay] = ()


def why_not(form: Form, matter: Matter, person: Asked, now: datetime, rules: Worth) -> str:
    """The gravest reason not to ask; empty where they may be asked. Unsolved counts alike whoever failed to tell."""
    since = [now - when for when in person.requests if when <= now]
    ended = matter.ended_at
    asked = (
        ("unsolved", matter.solved is not True),
        ("open_case", person.open_case),
        ("hcahps", form.like_hcahps and any(in_hcahps_window(stay, now, rules) for stay in person.stays)),
        ("not_over", ended is None or ended > now),
        ("not_worth_it", not matter.worth_it),
        ("asked_before", matter.told),
        ("too_early", ended is not None and now - ended < timedelta(hours=rules.not_before_hours)),
        ("too_late", ended is not None and now - ended > timedelta(days=rules.not_after_days)),
        ("lately", any(one < timedelta(days=rules.between_days) for one in since)),
        ("enough_this_year", sum(one < timedelta(days=365) for one in since) >= rules.most_in_a_year),
    )
    return next((reason for reason, holds in asked if holds), "")


def in_hcahps_window(stay: Stay, now: datetime, rules: Worth) -> bool:
    """True from admission until the official survey of the stay is answered or can no longer be."""
    if stay.answered:
        return False
    return stay.ended_at is None or now < stay.ended_at + timedelta(days=rules.hcahps_days)


def may_be_supplemental(place: int, rules: Worth) -> bool:
    """Whether the official survey may carry an item of ours at this place: the 13th is one too many."""
    return 1 <= place <= rules.supplemental_most


@cache
def shipped() -> Worth:
    """The rules as shipped."""
    book = tomllib.loads(files("twohats.care.asking").joinpath("worth.toml").read_text("utf-8"))
    return read(book)


def read(book: Mapping[str, Any]) -> Worth:
    """Rules out of their data."""
    numbers = {name: value for name, value in book.items() if name not in ("reason", "hcahps_adult_bands")}
    return Worth(**numbers, hcahps_adult_bands=tuple(book["hcahps_adult_bands"]),
                 reasons={row["key"]: Text(row["en"], row["es"]) for row in book["reason"]})
