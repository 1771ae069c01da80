"""What being served in the wrong hat went together with: points of satisfaction, and leaving.

A visit or call has up to two sides, the customer's and the patient's. Each is told to be served as wished or in the
wrong hat; what has a side that is left open is not compared. People who looked at a sample say what each side truly
was, and without them no effect is shown. Satisfaction is compared within persons. Who has left does not come back to be
compared with, so leaving is compared between visits and calls of the same kind and month. The placebo, for
satisfaction, is what was told of the person's *next* visit or call; who has left has none.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from twohats.store.drawn import arrow_schema
from twohats.store.engine import arrow, connect, keep
from twohats.store.engine import files as parquet
from twohats.store.tables.release import PRICES
from twohats.words.leaving import leaving
from twohats.words.problems import Problem

from .correcting import Classes, Labelled, effects, effects_by_sample
from .estimates import Estimate
from .panel import FEWEST, Method, Panel, Question, panel
from .together import robustness

SERVED = Classes(
    columns=("over_engaged", "patients_as_wished", "hurried"),
    treatments=("over_engaged", "hurried"),
    values=np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]),
    contacts="sides",
    controls=("time_wanted",),
)
"""A side was a customer's, served as wished or over-engaged, or a patient's, served as wished or hurried. The hat is
one of what is told, since a side whose hat is mistaken is also judged by the other hat's criteria."""
TOLD = ("customers_as_wished", *SERVED.columns)
TRULY = (("customer", False), ("customer", True), ("patient", False), ("patient", True))
"""The true classes, in order: whose hat, and whether the wrong one was served."""
WRONGS = SERVED.treatments
LEAST_LABELLED = 100
"""Sides that people must have looked at before an effect is shown; 300 are asked for."""
EFFECTS = ("kind", "month")
DIGITS = 6

JUDGED = "coalesce(customer, '') <> 'open' AND coalesce(patient, '') <> 'open'"
SIDES = f"""
    SELECT thing, side, served FROM (
        SELECT thing, unnest(['customer', 'patient']) AS side, unnest([customer, patient]) AS served
        FROM {{served}} WHERE {JUDGED}
    ) WHERE served IS NOT NULL"""

_ROWS = f"""
    WITH counted AS (
        SELECT person, kind, strftime(happened_at, '%Y-%m') AS month, happened_at, thing, instrument, points,
            CASE WHEN over_at <= '{{known_by}}'::TIMESTAMPTZ AND NOT died_soon
                THEN coalesce(left_at <= over_at + to_days({{days}}), false) END AS has_left,
            ((customer IS NOT NULL)::INT + (patient IS NOT NULL)::INT)::DOUBLE AS sides,
            coalesce(customer = 'over_engaged', false)::DOUBLE AS over_engaged,
            coalesce(patient = 'as_wished', false)::DOUBLE AS patients_as_wished,
            coalesce(patient = 'hurried', false)::DOUBLE AS hurried,
            time_wanted::DOUBLE AS time_wanted
        FROM {{served}} WHERE {JUDGED}
    )
    SELECT *, lead(over_engaged) OVER later AS next_over_engaged, lead(hurried) OVER later AS next_hurried
    FROM counted WINDOW later AS (PARTITION BY person ORDER BY happened_at, thing)
    ORDER BY person, happened_at, thing"""


@dataclass(frozen=True)
class Outcome:
    """What may go together with the wrong hat: the column it is made of, and how it is compared."""

    key: str
    sql: str
    """The outcome, in hundredths: points of 100, or people of 100."""
    method: Method


OUTCOMES = (
    Outcome("satisfaction", "if(instrument = '{instrument}', points / 1000, NULL)", Method.WITHIN),
    Outcome("leaving", "has_left::DOUBLE * 100", Method.POOLED),
)


def prices_of(folder: Path, looked_at: Iterable[Mapping[str, Any]], as_of: datetime) -> pa.Table:
    """The table `prices` of a release, from its visits and calls (`served`) in Parquet, bucket by bucket.

    `looked_at` are lines of people who looked at a side: thing, side, hat (customer, patient, none), wrong. Whether
    somebody left is known of what was over long enough before `as_of` (words/leaving.toml).
    """
    held = sorted(folder.glob("*.parquet"))
    connection = connect()
    try:
        sample = labelled(connection, held, looked_at)
        rows = [_ROWS.format(served=parquet([path]), days=leaving().days, known_by=_known_by(as_of)) for path in held]
        instrument = _most_rated(connection, held)
        found = [row for outcome in OUTCOMES for row in _of_outcome(connection, rows, outcome, instrument, sample)]
    finally:
        connection.close()
    return pa.Table.from_pylist(found, arrow_schema(PRICES.columns))


def labelled(connection: duckdb.DuckDBPyConnection, held: list[Path], looked_at: Iterable[Mapping[str, Any]]
             ) -> Labelled:
    """What people said of the sides they looked at, by what the release tells of each; nobody's side is the base."""
    said = [{"thing": int(line["thing"]), "side": line["side"], "truly": truly(line)} for line in looked_at]
    keep(connection, "looked_at", pa.Table.from_pylist(said, pa.schema(
        [("thing", pa.int64()), ("side", pa.string()), ("truly", pa.int64())])))
    counts, told = np.zeros((len(TOLD), len(TRULY))), np.zeros(len(TOLD))
    rows = connection.execute(f"""
        SELECT side, served, truly, count(*) FROM ({SIDES.format(served=parquet(held))})
        LEFT JOIN looked_at USING (thing, side) GROUP BY ALL""").fetchall() if held else []
    for side, served, truth, many in rows:
        at = TOLD.index(told_as(side, served))
        told[at] += many
        if truth is not None:
            counts[at, truth] += many
    return Labelled(counts, told)


def told_rightly(sample: Labelled) -> float | None:
    """The share of sides that are told as people found them, each class weighed by how many are told so."""
    looked_at = sample.counts.sum(axis=1)
    if not sample.told.sum() or ((looked_at == 0) & (sample.told > 0)).any():
        return None
    right = np.divide(np.diag(sample.counts), looked_at, where=looked_at > 0, out=np.zeros(len(looked_at)))
    return _kept(float((right * sample.told).sum() / sample.told.sum()))


def told_as(side: str, served: str) -> str:
    """The class that a side is told to be of."""
    return served if served in WRONGS else f"{side}s_{served}"


def truly(line: Mapping[str, Any]) -> int:
    """The true class by somebody who looked; where nobody was served nothing was missed."""
    return 0 if line["hat"] == "none" else TRULY.index((line["hat"], bool(line["wrong"])))


def _known_by(as_of: datetime) -> str:
    """Whether somebody left after it is known of what was over by then."""
    return (as_of - timedelta(days=leaving().days + leaving().quiet_days)).astimezone(UTC).isoformat()


def _of_outcome(
    connection: duckdb.DuckDBPyConnection, rows: list[str], outcome: Outcome, instrument: str | None, sample: Labelled
) -> list[dict[str, Any]]:
    made = outcome.sql.format(instrument=instrument or "")
    buckets = [arrow(connection, f"SELECT *, {made} AS outcome FROM ({one}) WHERE outcome IS NOT NULL") for one in rows]
    priced = _Priced(outcome, buckets, sample)
    rated = instrument if outcome.key == "satisfaction" else None
    return [{"outcome": outcome.key, "instrument": rated, "wrong": wrong, **priced.told(at)}
            for at, wrong in enumerate(WRONGS)]


def _most_rated(connection: duckdb.DuckDBPyConnection, held: list[Path]) -> str | None:
    rows = connection.execute(f"""
        SELECT instrument FROM {parquet(held)} WHERE points IS NOT NULL
        GROUP BY instrument ORDER BY count(*) DESC, instrument LIMIT 1""").fetchall() if held else []
    return rows[0][0] if rows else None


class _Priced:
    """One outcome: as told, corrected by the sample, beside the placebo."""

    def __init__(self, outcome: Outcome, buckets: list[pa.Table], sample: Labelled) -> None:
        self.outcome, self.buckets, self.sample = outcome, buckets, sample
        classes = replace(SERVED, controls=_varying(buckets, SERVED.controls))
        question = classes.question("outcome", EFFECTS, outcome.method)
        asked = Question("outcome", (*WRONGS, *classes.controls), EFFECTS, method=outcome.method)
        self.plain = self._asked(asked)
        self.placebo = self._asked(replace(
            asked, treatments=(*(f"next_{wrong}" for wrong in WRONGS), *asked.treatments))
        ) if outcome.method is Method.WITHIN else None
        self.naive = self._tried(lambda: effects(lambda: buckets, question, classes))
        self.corrected = self._tried(lambda: effects_by_sample(lambda: buckets, question, classes, sample))

    def _asked(self, question: Question) -> Panel | None:
        try:
            return panel(lambda: self.buckets, question)
        except Problem:
            return None

    @staticmethod
    def _tried(estimated: Callable[[], tuple[Estimate, ...]]) -> tuple[Estimate, ...] | None:
        try:
            return estimated()
        except Problem:
            return None

    def told(self, at: int) -> dict[str, Any]:
        """One direction: what is shown, or the reason why nothing is."""
        row: dict[str, Any] = {"labelled": int(self.sample.counts.sum()), "told_rightly": told_rightly(self.sample),
                               "way": "not_told_apart"}
        if self.plain is None:
            return row
        row |= {"rows": self.plain.n, "people": self.plain.people, "telling": self.plain.varying[at]}
        if row["labelled"] < LEAST_LABELLED:
            return row | {"way": "not_looked_at"}
        if self.plain.people < FEWEST or self.plain.varying[at] < FEWEST:
            return row | {"way": "few_people"}
        if self.naive is None or self.corrected is None:
            return row
        row |= {"way": "within" if self.outcome.method is Method.WITHIN else "between",
                "robustness": _kept(robustness(self.corrected[at], self.plain.free_left))}
        row |= _interval("", self.corrected[at]) | _interval("as_told", self.naive[at])
        return row if self.placebo is None else row | _interval("placebo", self.placebo.terms[at])


def _varying(buckets: list[pa.Table], names: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that are not the same everywhere: the others say nothing."""
    return tuple(name for name in names
                 if len({value for one in buckets for value in one[name].unique().to_pylist()}) > 1)


def _interval(name: str, one: Estimate) -> dict[str, float]:
    before = f"{name}_" if name else ""
    return {name or "points": _kept(one.estimate), f"{before}low": _kept(one.lower), f"{before}high": _kept(one.upper)}


def _kept(value: float) -> float:
    return float(np.round(value, DIGITS))
