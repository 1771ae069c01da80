"""Adjusted means of units of one kind in a year, from merged sums; where none can be had, why."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Any

import pyarrow as pa
from scipy.special import stdtrit

from twohats.analysis.measures.cahps.results import NothingToScore, Scored
from twohats.analysis.measures.cahps.scoring import scored
from twohats.store.margins import FEWEST
from twohats.words.instruments import Composite, Instrument
from twohats.words.measures import official

from .columns import DESCRIBED, Described
from .sums import Rows, design_of, moments_from
from .sums_sql import adjusted_instruments

KNOWN = 0.5
"""A number that describes forms is in the model where it is known of so many of them at least."""
TOLD = pa.schema([
    *((name, pa.string()) for name in ("composite", "kind", "unit", "year")),
    *((name, pa.int64()) for name in ("units", "forms", "people")),
    *((name, pa.float64()) for name in ("unadjusted", "adjusted", "low", "high")),
    *((name, pa.string()) for name in ("adjusters", "not_known", "why_not")),
])


def told_case_mix(sums: pa.Table) -> pa.Table:
    """Each composite of each unit with a form, adjusted or with the reason why it is not."""
    by_model: dict[tuple[str, str, str], dict[tuple[str, str, str, str], Mapping[str, Any]]] = defaultdict(dict)
    for row in sums.to_pylist():
        key = (row["unit"], row["composite"], row["first"], row["second"])
        by_model[row["instrument"], row["kind"], row["year"]][key] = row
    rows = [
        {"kind": kind, "year": year, "composite": official(asked, one), **told}
        for asked in adjusted_instruments() for (instrument, kind, year), held in sorted(by_model.items())
        if instrument == asked.key
        for one in asked.composites if one.reading == "points" for told in _told(held, asked, one)
    ]
    return pa.Table.from_pylist(rows, TOLD)


def _told(rows: Rows, asked: Instrument, one: Composite) -> Iterator[dict[str, Any]]:
    """The rows of one composite: units with fewer than 11 people take no part and are told of as few."""
    of_units = {unit: row for (unit, composite, first, _second), row in sorted(rows.items())
                if composite == official(asked, one) and not first}
    many = [unit for unit, row in of_units.items() if row["people"] >= FEWEST]
    described = _known(rows, asked, many)
    adjusted = _adjusted(rows, asked, one, many, described) if len(many) > 1 and described else {}
    used = _used(described, adjusted)
    kept = set(adjusted) if used and len(adjusted) > 1 else set()
    for unit, row in of_units.items():
        numbers = _numbers(adjusted[unit], unit, row) if unit in kept else {}
        yield {
            "unit": unit, "units": len(kept), "forms": row["forms"], "people": row["people"],
            "adjusters": " ".join(key for key in asked.adjusters if kept and key in used),
            "not_known": " ".join(key for key in asked.adjusters if kept and key not in used),
            "why_not": "" if unit in kept else _why_not(unit, many, used), **numbers,
        }


def _why_not(unit: str, many: Sequence[str], used: set[str]) -> str:
    """Why a unit's mean is not adjusted."""
    if unit not in many:
        return "few"
    if len(many) < 2:
        return "one_unit"
    return "not_known" if used else "no_adjusters"


def _known(rows: Rows, asked: Instrument, units: Sequence[str]) -> list[Described]:
    """The numbers that the instrument's adjusters come to and that are known of half of the forms at least."""
    everybody = [rows[unit, "", "", ""] for unit in units]
    forms = sum(row["forms"] for row in everybody)
    unknown = {column.name: sum(row[f"one_x_{column.unknown}"] for row in everybody) if column.unknown else 0
               for column in DESCRIBED}
    return [column for column in DESCRIBED
            if column.adjuster in asked.adjusters and forms - unknown[column.name] >= KNOWN * forms]


def _adjusted(
    rows: Rows, asked: Instrument, one: Composite, units: Sequence[str], described: Sequence[Described]
) -> dict[str, Scored]:
    """The engine's answer, by unit that it kept: one model for all of them."""
    design = design_of(asked, one, described)
    try:
        answer = scored(moments_from(rows, design, units, described), design, design.measures[0])
    except NothingToScore:
        return {}
    return dict.fromkeys(answer.groups[0].units, answer)


def _used(described: Sequence[Described], adjusted: Mapping[str, Scored]) -> set[str]:
    """The adjusters that vary within units for any item; what does not vary there adjusts nothing."""
    answers = list(adjusted.values())[:1]
    return {described[at].adjuster for answer in answers for *_which, fit in answer.fits
            for at in range(len(described)) if at not in fit.left_out}


def _numbers(answer: Scored, unit: str, row: Mapping[str, Any]) -> dict[str, float | None]:
    """The mean as answered and adjusted, its range counting people, not forms; no range where all answered alike."""
    group = answer.groups[0]
    at = group.units.index(unit)
    mean = float(group.comparison.adjusted[at])
    variance = float(group.variance[at]) * row["forms"] / row["people"]
    reach = float(stdtrit(max(row["people"] - 1, 1), 0.975)) * sqrt(variance)
    return {
        "unadjusted": float(group.unadjusted[at]), "adjusted": mean,
        "low": mean - reach if variance else None, "high": mean + reach if variance else None,
    }
