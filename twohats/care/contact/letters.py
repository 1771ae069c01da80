"""What a message to a person says: words without a word about anybody (letters.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from twohats.words.languages import Text


@dataclass(frozen=True)
class PersonLetter:
    """The words of one kind of message. `kind` is its class; {phone} and {link} are put in when it leaves."""

    key: str
    kind: str
    subject: Text
    short: Text
    long: Text
    link: str = ""
    """What {link} opens; such a letter is put down with what it is about, never written by hand."""
    call: Text | None = None
    """What somebody says who calls instead."""


MOST_IN_A_TEXT = 160
"""Signs of a text message's words before the number is put in."""
CHOICES = Text("\n\nHow we may reach you, and what you would rather not get: {choices}\n",
               "\n\nCómo podemos contactarle y qué prefiere no recibir: {choices}\n")


@cache
def letters() -> Mapping[str, PersonLetter]:
    """Every kind of message, by key."""
    book = tomllib.loads(files("twohats.care.contact").joinpath("letters.toml").read_text("utf-8"))
    return {row["key"]: PersonLetter(
        row["key"], row["class"], _text(row, "subject"), _text(row, "short"), _text(row, "long"),
        row.get("link", ""), _text(row, "call") if "call_en" in row else None) for row in book["letter"]}


def _text(row: Mapping[str, Any], part: str) -> Text:
    return Text(row[f"{part}_en"], row[f"{part}_es"])
