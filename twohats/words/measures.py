"""The measures of both hats: what each counts, where better lies, and its source.

Those of processes are declared in measures.toml; those of answers follow from the instruments (instruments.toml).
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from .hats import Hat
from .instruments import Composite, Instrument, instruments
from .languages import Text


class MeasureKind(StrEnum):
    """What a measure comes to."""

    SHARE = "share"
    """Things that came about, of all."""
    MEAN = "mean"
    """An index or a number per thing, on average."""
    POINTS = "points"
    """Points of 0 (worst) to 100 (best) per form, on average; the Net Promoter Score runs from -100."""
    TIME = "time"
    """Seconds: half of all had it within the median, nine in ten within the ninth decile."""
    AMOUNT = "amount"
    """A number per thing of which the median and the ninth decile are told."""


TEXTS = ("source", "numerator", "denominator", "exclusions")
SPREAD = (MeasureKind.TIME, MeasureKind.AMOUNT)
SECONDS = {"minutes": 60, "hours": 3600, "days": 86400}
"""Seconds in each unit in which a time can be shown."""

ASSOCIATION = Text(
    "Association: what goes together with the overall score here. It does not say that changing a driver changes the "
    "score.",
    "Asociación: lo que aquí va junto con la puntuación global. No dice que cambiar un factor cambie la puntuación.",
)


@dataclass(frozen=True)
class Measure:
    """One measure, as page, docs and checks read it."""

    key: str
    hat: Hat
    kind: MeasureKind
    shown_in: str
    """minutes, hours, days, contacts; '' for shares and means."""
    better: str
    """lower or higher."""
    least: int
    """With fewer things (or people) than that behind it nothing is said."""
    follow_up_days: int
    """So long after the end of a period all that it counts is known."""
    source: Text
    name: Text
    numerator: Text
    denominator: Text
    exclusions: Text
    survey: str = ""
    """Key of the instrument whose answers it counts; '' for what was measured, not asked."""
    lowest: float = 0.0
    """No value lies below it."""
    smallest: str = "unit"
    """The smallest kind of unit it is told of: unit; site or system where those below are too small."""
    behind: str = "people"
    """Who stands behind its numbers and is counted once: people, or clinicians, whose calendars are not people's."""

    @property
    def in_one(self) -> int:
        """Base units (seconds, thousandths) in one of `shown_in`."""
        return SECONDS.get(self.shown_in, 1000)


BEFORE, FAMILY = "_before", "_family"
"""Ends of keys: by the hats of items before the organisation moved some; what relatives say."""


def sub_score(instrument: str, hat: Hat) -> str:
    """The key of an instrument's sub-score of a hat."""
    return f"{instrument}_{hat}"


@cache
def measures() -> tuple[Measure, ...]:
    """All measures in their one order: of processes as declared, then of each instrument's answers."""
    book = tomllib.loads(files("twohats.words").joinpath("measures.toml").read_text("utf-8"))
    return (*map(_measure, book["measure"]), *(one for asked in instruments() for one in _of_answers(asked)))


def measure(key: str) -> Measure:
    """The measure of that key; KeyError where there is none."""
    return _by_key()[key]


@cache
def _by_key() -> dict[str, Measure]:
    return {one.key: one for one in measures()}


def _measure(row: dict[str, Any]) -> Measure:
    source, numerator, denominator, exclusions = (Text(row[f"{name}_en"], row[f"{name}_es"]) for name in TEXTS)
    return Measure(
        row["key"], Hat(row["hat"]), MeasureKind(row["kind"]), row.get("shown_in", ""), row["better"], row["least"],
        row["follow_up_days"], source, Text(row["en"], row["es"]), numerator, denominator, exclusions,
        row.get("survey", ""), smallest=row.get("smallest", "unit"), behind=row.get("behind", "people"),
    )


LEAST = 11
_OURS = Text("Sub-score of a hat from items of {asked}: ours, none of its official measures; unadjusted.",
             "Subpuntuación de un sombrero con preguntas de {asked}: nuestra, no es medida oficial; sin ajustar.")
_OFFICIAL = Text("{asked}: {name}, as answered, unadjusted.", "{asked}: {name}, según las respuestas, sin ajustar.")
_FORMS = Text("Forms answered by the person, or for them by somebody who represents them.",
              "Cuestionarios respondidos por la persona o, en su nombre, por quien la representa.")
_OF_FAMILY = Text("Forms on which relatives answer for themselves.",
                  "Cuestionarios en que los familiares responden por sí mismos.")
_NOBODY = Text("Forms that belong to nobody we know; items not answered, and codes the instrument does not have.",
               "Cuestionarios que no son de nadie conocido; preguntas sin respuesta y códigos ajenos al instrumento.")


def _of_answers(asked: Instrument) -> Iterator[Measure]:
    """An instrument's sub-scores of both hats, its ratings of the whole, and what relatives say."""
    reports = asked.reports()
    if len(reports) > 1:
        for hat in (Hat.PATIENT, Hat.CUSTOMER):
            items = [key for key in reports if asked.hats()[key] is hat]
            for key, title in ((sub_score(asked.key, hat), _TITLES[hat]),
                               (sub_score(asked.key, hat) + BEFORE, _TITLES_BEFORE[hat])):
                yield _answered(asked, key, hat, MeasureKind.POINTS, title, _points(asked, items), _OURS)
        yield _answered(asked, asked.key + FAMILY, Hat.CUSTOMER, MeasureKind.POINTS, _TITLE_FAMILY,
                        _points(asked, list(reports)), _OURS, _OF_FAMILY)
    for one in asked.composites:
        if one.whole or one.reading != "points":
            is_net = one.reading == "net"
            kind = MeasureKind.POINTS if is_net else MeasureKind.SHARE
            yield _answered(asked, official(asked, one), asked.item(one.items[0]).hat, kind, _TITLE_OFFICIAL,
                            _boxes(one), _OFFICIAL, name=one.name, lowest=-100.0 if is_net else 0.0)


def official(asked: Instrument, one: Composite) -> str:
    """The key of an official measure among those of all instruments."""
    return f"{asked.key}_{one.key.lower()}"


_TITLES = {
    Hat.PATIENT: Text("{asked}: items of the patient's hat", "{asked}: preguntas del sombrero de paciente"),
    Hat.CUSTOMER: Text("{asked}: items of the customer's hat", "{asked}: preguntas del sombrero de cliente"),
}
_TITLES_BEFORE = {
    Hat.PATIENT: Text("{asked}: items of the patient's hat, before we moved some",
                      "{asked}: preguntas del sombrero de paciente, antes de mover algunas"),
    Hat.CUSTOMER: Text("{asked}: items of the customer's hat, before we moved some",
                       "{asked}: preguntas del sombrero de cliente, antes de mover algunas"),
}
_TITLE_FAMILY = Text("{asked}: what relatives say", "{asked}: lo que dicen los familiares")
_TITLE_OFFICIAL = Text("{asked}: {name}", "{asked}: {name}")


def _answered(
    asked: Instrument, key: str, hat: Hat, kind: MeasureKind, title: Text, numerator: Text, source: Text,
    forms: Text = _FORMS, name: Text | None = None, lowest: float = 0.0,
) -> Measure:
    """A measure of answers with its words filled in."""
    filled = name or asked.name

    def words(text: Text) -> Text:
        return Text(text.en.format(asked=asked.name.en, name=filled.en),
                    text.es.format(asked=asked.name.es, name=filled.es))

    return Measure(key, hat, kind, "points" if kind is MeasureKind.POINTS else "", "higher", LEAST, 0, words(source),
                   words(title), numerator, forms, _NOBODY, asked.key, lowest,
                   "site" if key.endswith(FAMILY) or hat is Hat.MIXED else "unit")


def _points(asked: Instrument, items: list[str]) -> Text:
    """What a form comes to: each item from 0 to 100, the answered ones on average."""
    names = [asked.item(key).label for key in items]
    return Text("The items answered on a form, each from 0 (worst) to 100 (best), on average: "
                + "; ".join(name.en for name in names) + ".",
                "Las preguntas respondidas de un cuestionario, cada una de 0 (lo peor) a 100 (lo mejor), en promedio: "
                + "; ".join(name.es for name in names) + ".")


def _boxes(one: Composite) -> Text:
    if one.reading == "net":
        return Text("100 for each answer in the best box, -100 for each in the worst, on average.",
                    "100 por cada respuesta en la mejor casilla, -100 por cada una en la peor, en promedio.")
    return Text("Answers in the best box.", "Respuestas en la mejor casilla.")
