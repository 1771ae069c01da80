"""The short forms that people get by link, as data: which questions, which answers, and which of these are bad."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from twohats.words.hats import Hat
from twohats.words.languages import Text
from twohats.words.touchpoints import survey_item

CALL_BACK = "call_back"
"""The question whether somebody of ours should answer: in every form that has it, under this key."""
MOST_TAPS = 3
"""Of a customer's form; its words come after the taps and cost none."""


@dataclass(frozen=True)
class Choice:
    """One answer that can be pressed; a bad one opens a case."""

    value: str
    bad: bool
    text: Text


@dataclass(frozen=True)
class Question:
    """One question. `survey` and `item` are empty where the answer is never scored; `words` has no choices."""

    key: str
    kind: str
    survey: str
    item: str
    like_hcahps: bool
    only_after_bad: bool
    after_the_taps: bool
    text: Text
    choices: tuple[Choice, ...]

    def choice(self, value: str) -> Choice | None:
        """The choice of that value; None for one that nobody offered."""
        return next((one for one in self.choices if one.value == value), None)


@dataclass(frozen=True)
class Form:
    """One form: whose experience it asks about, and its questions in order."""

    key: str
    hat: Hat
    asks_who_first: bool
    name: Text
    lead: Text
    questions: tuple[Question, ...]

    @property
    def like_hcahps(self) -> bool:
        """Whether a question of it is close to what HCAHPS asks."""
        return any(question.like_hcahps for question in self.questions)

    @property
    def taps(self) -> int:
        """The most taps it takes."""
        return sum(question.kind == "choice" for question in self.questions) + self.asks_who_first

    def question(self, key: str) -> Question | None:
        """The question of that key; None for one it does not have."""
        return next((one for one in self.questions if one.key == key), None)

    def to_ask(self, bad: bool) -> tuple[Question, ...]:
        """The questions somebody gets, in order; some only where an answer was bad."""
        return tuple(one for one in self.questions if bad or not one.only_after_bad)

    def is_bad(self, answers: Mapping[str, str]) -> bool:
        """Whether one of these answers, by the question's key, is bad. A wish for an answer alone is none."""
        return any(choice.bad for key, value in answers.items() if key != CALL_BACK
                   for question in [self.question(key)] if question
                   for choice in [question.choice(value)] if choice)


@cache
def forms() -> Mapping[str, Form]:
    """Every form, by key; ValueError where the data promise what no page could keep."""
    read = {row["key"]: _form(row) for row in _book()["form"]}
    problem = next(_problems(read.values()), None)
    if problem:
        raise ValueError(problem)
    return read


@cache
def respondents() -> Mapping[str, Text]:
    """Who may answer, by the word that files use."""
    return {row["key"]: _text(row) for row in _book()["respondent"]}


@cache
def audiences() -> Mapping[str, Text]:
    """To whom words may be shown without the name."""
    return {row["key"]: _text(row) for row in _book()["audience"]}


@cache
def _book() -> dict[str, Any]:
    return tomllib.loads(files("twohats.care.asking").joinpath("forms.toml").read_text("utf-8"))


def _form(row: Mapping[str, Any]) -> Form:
    return Form(row["key"], Hat(row["hat"]), row["who"] == "first", _text(row), Text(row["lead_en"], row["lead_es"]),
                tuple(_question(one) for one in row["question"]))


def _question(row: Mapping[str, Any]) -> Question:
    return Question(
        row["key"], row["kind"], row.get("survey", ""), row.get("item", ""), row.get("like_hcahps", False),
        row.get("only_after_bad", False), row.get("after_the_taps", False), _text(row),
        tuple(Choice(one["value"], one.get("bad", False), _text(one)) for one in row.get("choice", ())))


def _text(row: Mapping[str, Any]) -> Text:
    return Text(row["en"], row["es"])


def _problems(read: Collection[Form]) -> Iterator[str]:
    for form in read:
        if form.hat is Hat.CUSTOMER and form.taps > MOST_TAPS:
            yield f"The form {form.key} takes {form.taps} taps: a customer's takes {MOST_TAPS} at most."
        if form.hat is Hat.PATIENT and not any(one.kind == "words" for one in form.questions):
            yield f"The form {form.key} leaves no room: a patient's has a question for words."
        for question in form.questions:
            if question.item and survey_item(question.survey, question.item) is None:
                yield f"{form.key}.{question.key} asks {question.survey} {question.item}, which is no item we know."
            if (question.kind == "choice") != bool(question.choices):
                yield f"{form.key}.{question.key} is a {question.kind} with {len(question.choices)} choices."
