"""How names used by a hospital are first understood. The hospital's own table, where it has one, wins."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .cues import Role, Zone


@dataclass(frozen=True)
class Seed:
    """What a name means where the pattern is found in it (RE2 and Python read it alike)."""

    means: str
    pattern: str


@cache
def seeds(kind: str) -> tuple[Seed, ...]:
    """The seeds of that kind (zone, role, act) in the order they are tried."""
    declared = tomllib.loads(files("twohats.words").joinpath("seeds.toml").read_text("utf-8"))
    return tuple(Seed(row["means"], row["pattern"]) for row in declared[kind])


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


def _meaning(kind: str, name: str | None) -> str | None:
    lowered = (name or "").lower()
    return next((means for means, pattern in _compiled(kind) if pattern.search(lowered)), None)


@cache
def _compiled(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((seed.means, re.compile(seed.pattern)) for seed in seeds(kind))
