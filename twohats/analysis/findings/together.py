"""How what people met as customers goes together with the care they received: within the same person where possible.

Both customer measures of a visit stand in one question, for each thing received. The visit's class has effects of its
own. The placebo adds what was met at the person's *next* visit, which cannot have changed this one: where its interval
leaves nought, the association is not to be trusted.
"""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from twohats.store.drawn import arrow_schema
from twohats.store.engine import arrow, connect
from twohats.store.engine import files as parquet
from twohats.store.tables.release import TOGETHER
from twohats.words.problems import Problem

from .estimates import Estimate
from .panel import FEWEST, Method, Panel, Question, panel

MET = ("asked_too_much", "half_hours_waited")
"""What was met: a sign of too much asked (0 or 1); waiting, in half hours."""
RECEIVED_AS = ("understood", "no_question_after", "medicines_fetched", "next_visit_kept")
FEW_TELL = 11
"""Fewer people than that in whom it varies tell nothing, and are not told of."""
DIGITS = 6
"""Decimals kept: sums over buckets differ in their last digits by the order of adding."""

_ROWS = """
    SELECT person, class_code, {outcome}::DOUBLE * 100 AS outcome,
        asked_too_much::DOUBLE AS asked_too_much, coalesce(waited_minutes, 0) / 30 AS half_hours_waited,
        lead(asked_too_much::DOUBLE) OVER later AS next_asked_too_much,
        lead(coalesce(waited_minutes, 0) / 30) OVER later AS next_half_hours_waited
    FROM {visits} WINDOW later AS (PARTITION BY person ORDER BY ended_at, visit)
    QUALIFY outcome IS NOT NULL AND asked_too_much IS NOT NULL
    ORDER BY person, ended_at, visit"""


def together_of(folder: Path) -> pa.Table:
    """The table `together` of a release, from its visits (`received`) in Parquet, bucket by bucket."""
    held = sorted(folder.glob("*.parquet"))
    connection = connect()
    try:
        found = [row for outcome in RECEIVED_AS for row in _of_outcome(connection, held, outcome)]
    finally:
        connection.close()
    in_order = sorted(found, key=lambda row: (row["received"], row["met"]))
    return pa.Table.from_pylist(in_order, arrow_schema(TOGETHER.columns))


def _of_outcome(connection: duckdb.DuckDBPyConnection, held: list[Path], outcome: str) -> list[dict[str, Any]]:
    buckets = [_rows(connection, path, outcome) for path in held]
    asked = Question("outcome", MET, ("class_code",))
    answer = _asked(buckets, asked)
    placebo = _asked(buckets, replace(asked, treatments=(*(f"next_{name}" for name in MET), *MET)))
    return [_told(outcome, at, answer, placebo) for at in range(len(MET))]


def _rows(connection: duckdb.DuckDBPyConnection, path: Path, outcome: str) -> pa.Table:
    return arrow(connection, _ROWS.format(outcome=outcome, visits=parquet([path])))


def _asked(buckets: list[pa.Table], question: Question) -> Panel | None:
    """Within persons; by their means where fewer than 50 people tell it; None where even that cannot be told."""
    for method in (Method.WITHIN, Method.MEANS):
        try:
            answer = panel(lambda: buckets, replace(question, method=method))
        except Problem:
            continue
        if min(answer.varying[: len(MET)]) >= FEWEST or method is Method.MEANS:
            return answer
    return None


def _told(outcome: str, at: int, answer: Panel | None, placebo: Panel | None) -> dict[str, Any]:
    row: dict[str, Any] = {"met": MET[at], "received": outcome, "way": "untold"}
    if answer is None or answer.people < FEWEST or answer.varying[at] < FEW_TELL:
        return row
    term = answer.terms[at]
    row |= {
        "way": "within" if answer.method is Method.WITHIN else "means", "visits": answer.n, "people": answer.people,
        "telling": answer.varying[at], "points": _kept(term.estimate), "low": _kept(term.lower),
        "high": _kept(term.upper), "robustness": _kept(robustness(term, answer.free_left)),
    }
    if placebo is not None:
        control = placebo.terms[at]
        row |= {"placebo": _kept(control.estimate), "placebo_low": _kept(control.lower),
                "placebo_high": _kept(control.upper)}
    return row


def _kept(value: float) -> float:
    return float(np.round(value, DIGITS))


def robustness(term: Estimate, free: int) -> float:
    """How much of what is left of both sides something unseen would have to explain to bring the estimate to nought:
    the robustness value of Cinelli and Hazlett (2020), with q = 1.
    """
    size = abs(term.t) / math.sqrt(free) if math.isfinite(term.t) else math.inf
    if math.isinf(size):
        return 1.0
    return 0.5 * (math.sqrt(size**4 + 4 * size**2) - size**2)

