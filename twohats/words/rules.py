"""The codebook as typed, frozen rules: read once from codebook.toml, never changed."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .cues import View
from .hats import Hat
from .languages import Text
from .situation import Situation

ABSENT = "absent"
"""In a list of values: not known."""


@dataclass(frozen=True)
class Condition:
    """What one field of a situation must be."""

    field: str
    values: tuple[str, ...] = ()
    or_absent: bool = False
    none_of: tuple[str, ...] = ()
    truth: bool | None = None
    at_most: int | None = None
    at_least: int | None = None
    group: str = ""
    """The name of the group that the values were given by."""

    def holds(self, situation: Situation) -> bool:
        """True when the situation's field is as asked. What is not known is absent, and false."""
        value = getattr(situation, self.field)
        if self.truth is not None:
            return bool(value) == self.truth
        if self.none_of:
            return value not in self.none_of
        if value is None:
            return self.or_absent
        if self.at_most is not None:
            return bool(value <= self.at_most)
        if self.at_least is not None:
            return bool(value >= self.at_least)
        return value in self.values


Conditions = tuple[Condition, ...]
When = tuple[Conditions, ...]
"""Any of these sets of conditions, each held whole. The empty set always holds."""


def fits(when: When, situation: Situation) -> bool:
    """True when all conditions of at least one set hold."""
    return any(all(condition.holds(situation) for condition in conditions) for conditions in when)


@dataclass(frozen=True)
class Rule:
    """One row of the decision table. Numbers are thousandths; `order` is unique over all parts, from 1."""

    order: int
    part: str
    """rule, third_person, second_view or after."""
    key: str
    when: When
    hat: Hat
    reason: Text
    boundary: str = ""
    p: int = 0
    confidence: int = 0
    stakes_weight: int = 0
    vulnerable: bool = False
    urgent: bool = False
    never_wrong_hat: bool = False
    never_burden: bool = False
    view: View | None = None
    hats: tuple[Hat, ...] = ()
    """For second views: the first hats beside which they can stand."""
    reason_front_desk: Text | None = None


@dataclass(frozen=True)
class Doubt:
    """Evidence that contradicts itself: lowers confidence by `minus` thousandths, moves p towards even."""

    key: str
    hats: tuple[Hat, ...]
    when: When
    minus: int
    reason: Text


@dataclass(frozen=True)
class Raise:
    """What raises the stakes, before any rule is asked, to at least so many thousandths."""

    key: str
    when: When
    at_least: int


@dataclass(frozen=True)
class Boundary:
    """A boundary rule in our words; `kept_by` says where, when no rule here is the place for it."""

    key: str
    text: Text
    kept_by: str = ""


@dataclass(frozen=True)
class Codebook:
    """All of codebook.toml."""

    rules: tuple[Rule, ...]
    third_person: tuple[Rule, ...]
    second_views: tuple[Rule, ...]
    doubts: tuple[Doubt, ...]
    stakes: tuple[Raise, ...]
    boundaries: tuple[Boundary, ...]
    front_desk: dict[str, Text]
    groups: dict[str, tuple[str, ...]]
    """Named lists of values that conditions use."""
    after: tuple[Rule, ...] = ()
    """What the hats stage says once the wish is known too; no situation reaches these."""

    @property
    def every_rule(self) -> tuple[Rule, ...]:
        """Rules, third persons' and second views, in their order numbers."""
        return (*self.rules, *self.third_person, *self.second_views)

    @property
    def every_reason(self) -> tuple[Rule, ...]:
        """All that an interaction's reason can name: every rule, and what is said after."""
        return (*self.every_rule, *self.after)


@cache
def codebook() -> Codebook:
    """The codebook as shipped."""
    return codebook_of(tomllib.loads(files("twohats.words").joinpath("codebook.toml").read_text("utf-8")))


def codebook_of(book: dict[str, Any]) -> Codebook:
    """A codebook from the parsed TOML of one; KeyError or ValueError for what cannot be one."""
    groups = {name: tuple(values) for name, values in book["groups"].items()}
    parts: dict[str, list[Rule]] = {"rule": [], "third_person": [], "second_view": [], "after": []}
    order = 0
    for part, rules in parts.items():
        for row in book.get(part, []) if part == "after" else book[part]:
            order += 1
            rules.append(_rule(order, part, row, groups))
    return Codebook(
        rules=tuple(parts["rule"]),
        third_person=tuple(parts["third_person"]),
        second_views=tuple(parts["second_view"]),
        doubts=tuple(_doubt(row, groups) for row in book["doubt"]),
        stakes=tuple(
            Raise(row["key"], _when(row["when"], groups), row["at_least"]) for row in book["stakes"]
        ),
        boundaries=tuple(
            Boundary(row["key"], Text(row["en"], row["es"]), row.get("kept_by", ""))
            for row in book["boundary"]
        ),
        front_desk={key: Text(row["en"], row["es"]) for key, row in book["front_desk"].items()},
        groups=groups,
        after=tuple(parts["after"]),
    )


def _rule(order: int, part: str, row: dict[str, Any], groups: dict[str, tuple[str, ...]]) -> Rule:
    front_desk = row.get("reason_front_desk_en")
    return Rule(
        order=order,
        part=part,
        key=row["key"],
        when=() if part == "after" else _when(row["when"], groups),
        hat=Hat(row["hat"]),
        reason=Text(row["reason_en"], row["reason_es"]),
        boundary=row.get("boundary", ""),
        p=row.get("p", 0),
        confidence=row.get("confidence", 0),
        stakes_weight=row.get("stakes_weight", 0),
        vulnerable=row.get("vulnerable", False),
        urgent=row.get("urgent", False),
        never_wrong_hat=row.get("never_wrong_hat", False),
        never_burden=row.get("never_burden", False),
        view=View(row["view"]) if "view" in row else None,
        hats=tuple(Hat(hat) for hat in row.get("hats", ())),
        reason_front_desk=Text(front_desk, row["reason_front_desk_es"]) if front_desk else None,
    )


def _doubt(row: dict[str, Any], groups: dict[str, tuple[str, ...]]) -> Doubt:
    return Doubt(
        key=row["key"],
        hats=tuple(Hat(hat) for hat in row["hats"]),
        when=_when(row["when"], groups),
        minus=row["minus"],
        reason=Text(row["reason_en"], row["reason_es"]),
    )


def _when(when: dict[str, Any] | list[dict[str, Any]], groups: dict[str, tuple[str, ...]]) -> When:
    alternatives = when if isinstance(when, list) else [when]
    return tuple(
        tuple(_condition(field, asked, groups) for field, asked in table.items()) for table in alternatives
    )


def _condition(field: str, asked: Any, groups: dict[str, tuple[str, ...]]) -> Condition:
    if field not in Situation.__dataclass_fields__:
        raise ValueError(f"codebook.toml: no situation has a field {field!r}")
    if isinstance(asked, bool):
        return Condition(field, truth=asked)
    if isinstance(asked, dict) and "none_of" in asked:
        return Condition(field, none_of=_values(asked["none_of"], groups), group=_group(asked["none_of"]))
    if isinstance(asked, dict):
        return Condition(field, at_most=asked.get("at_most"), at_least=asked.get("at_least"))
    values = _values(asked, groups)
    known = tuple(value for value in values if value != ABSENT)
    return Condition(field, values=known, or_absent=ABSENT in values, group=_group(asked))


def _group(asked: str | list[str]) -> str:
    return asked if isinstance(asked, str) else ""


def _values(asked: str | list[str], groups: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return groups[asked] if isinstance(asked, str) else tuple(asked)
