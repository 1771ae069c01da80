"""How a number of a measure is said: with its interval, its people, its direction and how far it may be trusted.

Behind a few measures stand clinicians, not people we serve; they are counted and hidden by the same rules.
"""

import math
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service.pages import wording
from twohats.service.pages.measures import cells as exactly
from twohats.service.pages.measures.numbers import COMPARABLE, SURE, Told
from twohats.words.measures import Measure, MeasureKind

FORMATS = {MeasureKind.SHARE: exactly.SHARE, MeasureKind.MEAN: exactly.TWO, MeasureKind.POINTS: exactly.ONE,
           MeasureKind.TIME: "#,##0.0", MeasureKind.AMOUNT: "#,##0.0"}
"""How a spreadsheet shows the exact number; as many decimals as the page gives small ones."""


def number(declared: Measure, value: float) -> str:
    """The value alone: 12.3 %, 0.67, 14."""
    if declared.kind is MeasureKind.SHARE:
        return wording.percent(value, 1)
    if declared.kind is MeasureKind.MEAN and not declared.shown_in:
        return f"{value:.2f}"
    if declared.kind in (MeasureKind.MEAN, MeasureKind.POINTS):
        return f"{value:.1f}"
    return f"{value:.1f}" if value < 10 else wording.whole(value)


def within(declared: Measure, value: float) -> float:
    """The value, kept where the measure can lie."""
    most = {MeasureKind.SHARE: 1.0, MeasureKind.POINTS: 100.0}.get(declared.kind, math.inf)
    return min(max(value, declared.lowest), most)


def unit(declared: Measure) -> str:
    """What the number counts: minutes, hours, days, contacts, points; nothing for shares and indices."""
    return {"minutes": _("minutes"), "hours": _("hours"), "days": _("days"), "contacts": _("contacts"),
            "points": _("points")}.get(
        declared.shown_in, ""
    )


def between(declared: Measure, told: Told) -> str:
    """The 95 % interval."""
    if told.low is None:
        return ""
    low = number(declared, max(told.low, declared.lowest))
    if told.high is None:
        return _("%(low)s or more") % {"low": low}
    return _("%(low)s to %(high)s") % {"low": low, "high": number(declared, told.high)}


def better(declared: Measure) -> str:
    """The direction of better, in words."""
    return _("Lower is better.") if declared.better == "lower" else _("Higher is better.")


def is_of_clinicians(declared: Measure) -> bool:
    """Whether clinicians stand behind its numbers."""
    return declared.behind == "clinicians"


def behind(declared: Measure) -> str:
    """Who stands behind its numbers, as the head of a column."""
    return _("Clinicians") if is_of_clinicians(declared) else _("People")


def why_not(declared: Measure, told: Told) -> str:
    """What stands in place of a number: five different reasons, never an empty cell."""
    few = _("fewer than 11 clinicians") if is_of_clinicians(declared) else _("fewer than 11 people")
    return {
        "none": _("none in this period"),
        "period": _("not told of a place or time this small"),
        "few": few,
        "part": _("fewer than 11 people on one side of the share"),
        "never": _("half never came to an end"),
    }[told.why_not]


def trust(declared: Measure, told: Told) -> str:
    """How far a number of so many people may be trusted: the rungs of publication."""
    if told.people < COMPARABLE and is_of_clinicians(declared):
        return _("Fewer than 30 clinicians: too few to compare.")
    if told.people < COMPARABLE:
        return _("Fewer than 30 people: too few to compare.")
    if told.people < SURE and is_of_clinicians(declared):
        return _("Fewer than 100 clinicians: read with caution.")
    if told.people < SURE:
        return _("Fewer than 100 people: read with caution.")
    return ""


def ninth(declared: Measure, told: Told) -> str:
    """By when nine in ten had it; who never does is among the tenth."""
    if told.ninth is None:
        return ""
    return _("Nine in ten within %(n)s.") % {"n": number(declared, told.ninth)}


def sentence(declared: Measure, told: Told, when: str) -> str:
    """Number, interval, count, period, direction and trust in one or two sentences."""
    if told.value is None:
        return ""
    said = {
        "low": number(declared, max(told.low or 0.0, declared.lowest)),
        "people": wording.whole(told.people),
        "times": wording.whole(told.times),
        "when": when,
        "high": "" if told.high is None else number(declared, told.high),
    }
    counted = _counted(declared, told) % said
    return " ".join(part for part in (counted, better(declared), trust(declared, told)) if part)


def _counted(declared: Measure, told: Told) -> str:
    if is_of_clinicians(declared):
        return _(
            "%(low)s to %(high)s, 95 times in 100; "
            "%(times)s weeks in the calendars of %(people)s clinicians, %(when)s.")
    if told.high is None:
        return _("%(low)s or more, 95 times in 100; %(times)s counted, %(people)s people, %(when)s.")
    return _("%(low)s to %(high)s, 95 times in 100; %(times)s counted, %(people)s people, %(when)s.")


def _people(declared: Measure, told: Told) -> str:
    if not told.people:
        return ""
    said = _("%(n)s clinicians.") if is_of_clinicians(declared) else _("%(n)s people.")
    return said % {"n": wording.whole(told.people)}


def row(declared: Measure, told: Told) -> dict[str, Any]:
    """A row of the list: what the template shows."""
    return {
        "key": declared.key,
        "name": declared.name.read_in(wording.language()),
        "better": better(declared),
        "value": None if told.value is None else number(declared, told.value),
        "unit": unit(declared),
        "between": between(declared, told),
        "ninth": ninth(declared, told),
        "people": _people(declared, told),
        "trust": trust(declared, told) if told.people else "",
        "instead": why_not(declared, told) if told.why_not else "",
        "is_hidden": told.why_not in ("few", "part"),
    }


def how_counted(declared: Measure) -> list[tuple[str, str]]:
    """The definition, line by line, from the declaration."""
    language = wording.language()
    lines = [
        (_("What is counted"), declared.numerator.read_in(language)),
        (_("Out of what"), declared.denominator.read_in(language)),
        (_("Left out"), declared.exclusions.read_in(language)),
        (_("Better"), better(declared)),
        (_("How it is told"), _kind(declared)),
        (_("Where the definition is from"), declared.source.read_in(language)),
    ]
    if declared.follow_up_days:
        lines.insert(
            3,
            (
                _("When it is known"),
                ngettext(
                    "%(n)s day after the period's end.", "%(n)s days after the period's end.", declared.follow_up_days
                )
                % {"n": declared.follow_up_days},
            ),
        )
    return lines


def _kind(declared: Measure) -> str:
    if is_of_clinicians(declared):
        return _("On average. The range counts clinicians, not weeks: one clinician's are alike.")
    return {
        MeasureKind.SHARE: _("As a share. The range counts people, not things: one person's are alike."),
        MeasureKind.MEAN: _("On average. The range counts people, not things: one person's are alike."),
        MeasureKind.POINTS: _("In points, on average over forms. The range counts people, not forms."),
        MeasureKind.TIME: _(
            "The time within which half had it, read from counts within 4 in 100 of the exact one; "
            "what is still open counts with the time it has lasted, what ended another way as never."
        ),
        MeasureKind.AMOUNT: _("The number that half stay under, read from counts within 4 in 100 of the exact one."),
    }[declared.kind]


def head(declared: Measure) -> str:
    """What stands above a column of its numbers."""
    return unit(declared).capitalize() or _("Number")


def cells(declared: Measure, told: Told) -> list[dict[str, Any]]:
    """Number, range and people as cells of a table."""
    if told.value is None:
        return [exactly.instead(why_not(declared, told), told.people or None), exactly.nothing(_("none")), people(told)]
    return [
        exactly.exact(number(declared, told.value), told.value, FORMATS[declared.kind], told.low, told.high,
                      told.people),
        exactly.of_the_number(between(declared, told)),
        people(told),
    ]


def people(told: Told) -> dict[str, Any]:
    """The people behind a number as a cell of a table."""
    return exactly.of_the_number(wording.whole(told.people)) if told.people else exactly.nothing(_("not shown"))


def table(caption: str, key: str, rows: Iterable[tuple[Measure, Told]]) -> dict[str, Any]:
    """Several measures as a table: what a list of them says."""
    return {
        "caption": caption,
        "key": key,
        "columns": [{"name": _("Measure")}, {"name": _("Number"), "is_number": True, "key": "number"},
                    {"name": _("Range"), "is_number": True}, {"name": _("People"), "is_number": True}],
        "rows": [[{"text": declared.name.read_in(wording.language()), "key": declared.key, "note": better(declared)},
                  *_cells_with_unit(declared, told)] for declared, told in rows],
    }


def _cells_with_unit(declared: Measure, told: Told) -> list[dict[str, Any]]:
    first, *others = cells(declared, told)
    if "text" in first:
        first |= {"text": f"{first['text']} {unit(declared)}".strip(), "means": in_what(declared)}
    return [first, *others]


def in_what(declared: Measure) -> str:
    """What the number counts, for shares and indices too."""
    return unit(declared) or (_("share") if declared.kind is MeasureKind.SHARE else _("mean"))
