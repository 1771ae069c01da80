"""Kinds of payers, and the codes by which a hospital's Coverage says which it is (payers.toml)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .languages import Text


@dataclass(frozen=True)
class Payer:
    """One kind of payer: its name, and the codes that stand for it."""

    kind: str
    name: Text
    codes: tuple[str, ...]


@cache
def payers() -> tuple[Payer, ...]:
    """All kinds, in the order declared."""
    book = tomllib.loads(files("twohats.words").joinpath("payers.toml").read_text("utf-8"))
    return tuple(Payer(row["kind"], Text(row["en"], row["es"]), tuple(row["codes"])) for row in book["payer"])
