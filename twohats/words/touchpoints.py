"""The catalogue of touchpoints: one for events, survey items and comments (catalogue.toml, items.toml)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .hats import Hat
from .languages import Text


@dataclass(frozen=True)
class Touchpoint:
    """One kind of thing that happens between a person and the system, and what speaks for it."""

    key: str
    usual_hat: Hat
    """What it mostly is. The codebook decides each single case."""
    stakes: int
    """How much is at stake in it, before anything more is known: thousandths."""
    name: Text
    definition: Text
    fhir: tuple[str, ...]
    contact_topics: tuple[str, ...]
    comment_themes: tuple[str, ...]
    not_read: tuple[str, ...] = ()
    """Those of `fhir` of which the journey makes no interaction of this touchpoint yet."""
    in_comments: bool = True
    """Clauses of comments are put under it; False for what only events are."""

    @property
    def survey_items(self) -> tuple["SurveyItem", ...]:
        """The survey items that ask about it."""
        return tuple(item for item in survey_items() if item.touchpoint == self.key)


@dataclass(frozen=True)
class SurveyItem:
    """One item of a survey: what it asks about, whose hat it speaks for, and why."""

    survey: str
    key: str
    touchpoint: str
    hat: Hat
    label: Text
    """A short label of ours; the official wording is not reproduced."""
    reason: Text


@cache
def touchpoints() -> tuple[Touchpoint, ...]:
    """Every touchpoint, in the order declared."""
    return tuple(
        Touchpoint(
            key=row["key"],
            usual_hat=Hat(row["usual_hat"]),
            stakes=row["stakes"],
            name=Text(row["name_en"], row["name_es"]),
            definition=Text(row["definition_en"], row["definition_es"]),
            fhir=tuple(row["fhir"]),
            contact_topics=tuple(row["contact_topics"]),
            comment_themes=tuple(row["comment_themes"]),
            not_read=tuple(row.get("not_read", ())),
            in_comments=row.get("in_comments", True),
        )
        for row in _declared("catalogue.toml")["touchpoint"]
    )


@cache
def touchpoint(key: str) -> Touchpoint:
    """The touchpoint of that key; KeyError when there is none."""
    return {declared.key: declared for declared in touchpoints()}[key]


@cache
def comment_touchpoints() -> tuple[Touchpoint, ...]:
    """The touchpoints a clause of a comment may have, in the order declared: patient side, customer side, either."""
    return tuple(point for point in touchpoints() if point.in_comments)


def touchpoint_of_theme(label: str) -> Touchpoint | None:
    """The touchpoint a comment theme speaks for; None for a theme we do not know."""
    return next((point for point in touchpoints() if label in point.comment_themes), None)


@cache
def survey_items() -> tuple[SurveyItem, ...]:
    """Every survey item whose touchpoint and hat we know, in the order declared."""
    declared = _declared("items.toml")
    reasons = {row["key"]: Text(row["en"], row["es"]) for row in declared["reason"]}
    return tuple(
        SurveyItem(
            survey=row["survey"],
            key=row["key"],
            touchpoint=row["touchpoint"],
            hat=Hat(row["hat"]),
            label=Text(row["en"], row["es"]),
            reason=reasons[row["reason"]],
        )
        for row in declared["item"]
    )


@cache
def survey_item(survey: str, key: str) -> SurveyItem | None:
    """The item of that key in that survey; None when we do not know it."""
    return next((item for item in survey_items() if (item.survey, item.key) == (survey, key)), None)


def _declared(name: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(files("twohats.words").joinpath(name).read_text("utf-8"))
