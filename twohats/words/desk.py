"""What a front desk asks and could say (desk.toml); which questions are never asked often enough."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from .hats import Hat
from .languages import Text


class QuestionKind(StrEnum):
    """Why a question is asked."""

    PLAIN = "plain"
    IDENTITY = "identity"
    SAFETY = "safety"
    MONEY = "money"


@dataclass(frozen=True)
class Question:
    """One thing a front desk may ask."""

    key: str
    kind: QuestionKind
    text: Text


@cache
def questions() -> dict[str, Question]:
    """Every question by its key, in the order declared."""
    return {row["key"]: Question(row["key"], QuestionKind(row["kind"]), Text(row["en"], row["es"]))
            for row in _declared()["question"]}


def not_again(answered: frozenset[str], *, money: bool) -> tuple[Question, ...]:
    """What need not be asked again: never an identifier or a safety question; money only where one may speak of it."""
    return tuple(one for one in _of(answered, money) if one.kind in (QuestionKind.PLAIN, QuestionKind.MONEY))


def to_ask(missing: frozenset[str], *, money: bool) -> tuple[Question, ...]:
    """What a desk still has to ask: safety questions are a clinician's; money only where one may speak of it."""
    return tuple(one for one in _of(missing, money) if one.kind is not QuestionKind.SAFETY)


def _of(keys: frozenset[str], money: bool) -> tuple[Question, ...]:
    return tuple(one for key, one in questions().items()
                 if key in keys and (money or one.kind is not QuestionKind.MONEY))


def could_say(about: Hat, *, vulnerable: bool, urgent: bool) -> Text:
    """What one could say, as an example."""
    told = _declared()["saying"]["urgent" if urgent else "vulnerable" if vulnerable else about.value]
    return Text(told["en"], told["es"])


@cache
def _declared() -> dict[str, Any]:
    return tomllib.loads(files("twohats.words").joinpath("desk.toml").read_text("utf-8"))
