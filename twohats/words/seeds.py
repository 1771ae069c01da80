"""How names used by a hospital are first understood. The hospital's own table, where it has one, wins."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .cues import Role, Zone


@dataclass(frozen=True)
class Seed:
    """What a name means where the pattern is found in it and `unless` is not (RE2 and Python read them alike)."""

    means: str
    pattern: str
    unless: str | None = None
    """In such names the pattern means something else: a conference room is no exam room."""


@cache
def seeds(kind: str) -> tuple[Seed, ...]:
    """The seeds of that kind (zone, role, act, asked) in the order they are tried."""
    declared = tomllib.loads(files("twohats.words").joinpath("seeds.toml").read_text("utf-8"))
    return tuple(Seed(row["means"], row["pattern"], row.get("unless")) for row in declared[kind])


def zone_of(name: str | None) -> Zone | None:
    """The kind of place by its name; None when the name tells nothing."""
    found = _meaning("zone", name)
    return Zone(found) if found else None


def role_of(name: str | None) -> Role | None:
    """The kind of work by the name of a role; None when the name tells nothing."""
    found = _meaning("role", name)
    return Role(found) if found else None


def act_of(topic: str | None) -> str | None:
    """The act that a topic, a code's name or a document's name speaks about; None when it tells nothing."""
    return _meaning("act", topic)


def asked_of(words: str | None) -> str | None:
    """The act that somebody asks for in their own words; None when they do not tell."""
    return _meaning("asked", (words or "").replace("'", "").replace("’", ""))


def plain(name: str | None) -> str:
    """A name as the patterns read it: lower-case, without accents, with spaces for underscores."""
    apart = unicodedata.normalize("NFD", (name or "").lower().replace("_", " "))
    return " ".join("".join(sign for sign in apart if unicodedata.category(sign) != "Mn").split())


def _meaning(kind: str, name: str | None) -> str | None:
    written = plain(name)
    return next(
        (means for means, pattern, unless in _compiled(kind)
         if pattern.search(written) and not (unless and unless.search(written))),
        None,
    )


@cache
def _compiled(kind: str) -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    return tuple(
        (seed.means, re.compile(seed.pattern), re.compile(seed.unless) if seed.unless else None)
        for seed in seeds(kind)
    )
