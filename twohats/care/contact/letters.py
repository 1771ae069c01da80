"""What a message to a person says: words without a word about anybody (letters.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from twohats.words.languages import Text


@dataclass(frozen=True)
class PersonLetter:
    """The words of one kind of message. `kind` is its class; {phone} is put in when it leaves."""

    key: str
    kind: str
    subject: Text
    short: Text
    long: Text


MOST_IN_A_TEXT = 160
"""Signs of a text message's words before the number is put in."""
CHOICES = Text("\n\nHow we may reach you, and what you would rather not get: {choices}\n",
               "\n\nCómo podemos contactarle y qué prefiere no recibir: {choices}\n")


@cache
def letters() -> Mapping[str, PersonLetter]:
    """Every kind of message, by key."""
    book = tomllib.loads(files("twohats.care.contact").joinpath("letters.toml").read_text("utf-8"))
    return {row["key"]: PersonLetter(row["key"], row["class"], *(Text(row[f"{part}_en"], row[f"{part}_es"])
                                                                for part in ("subject", "short", "long")))
            for row in book["letter"]}
