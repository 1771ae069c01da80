"""Partial sums: whole numbers per bucket that are added up to totals, and can be taken away again.

Every sum is an integer (microseconds, seconds squared, thousandths), so that adding and taking away in any order
gives the same to the last digit; the released tables are made from the sums at the very end.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from twohats.analysis.measures.case_mix.columns import SUMS as CASE_MIX_SUMS
from twohats.analysis.measures.case_mix.told import told_case_mix
from twohats.analysis.measures.told_drivers import told_drivers
from twohats.store.engine import arrow, connect, keep
from twohats.store.tables import DUCKDB_TYPES, Table
from twohats.store.tables.release import (
    AGREEMENT,
    ANSWERED_HOW,
    ASKED,
    CASE_MIX,
    COMPOSITES,
    COVERAGE,
    CUT_SPREADS,
    CUTS,
    DRIFT,
    DRIVERS,
    FOLLOWS,
    HEARD,
    MEASURES,
    REACH,
    RULES_USED,
    SAID_SO,
    SPREADS,
    TIES,
    TOTALLED,
    TOTALS,
    TURNS,
    VARIANTS,
)


@dataclass(frozen=True)
class Part:
    """A table of partial sums: its keys, its sums (a row counts while the first is not 0), and what ends it: a SELECT
    over the sums, a function of them, or nothing."""

    released: Table
    keys: tuple[str, ...]
    sums: tuple[str, ...]
    ending: str | Callable[[pa.Table], pa.Table] | None = None

    @property
    def name(self) -> str:
        """The table's name in a bucket and in a release's `parts` folder."""
        return f"{self.released.name}_parts"


_TOTALS_END = """
    SELECT * EXCLUDE (microseconds, seconds_squared, wait_seconds, wait_seconds_squared),
        microseconds / 60000000 AS minutes, seconds_squared / 3600 AS minutes_squared,
        wait_seconds / 60 AS wait_minutes, wait_seconds_squared / 3600 AS wait_minutes_squared
    FROM totals_parts"""
_FOLLOWS_END = """
    SELECT before, after, sum(times)::BIGINT AS times, sum(gap_seconds) / 60 AS gap_minutes,
        '{' || string_agg('"' || bin || '":' || times, ',' ORDER BY bin) || '}' AS gap_histogram
    FROM follows_parts GROUP BY before, after"""


def _spreads_end(table: Table) -> str:
    """Histograms from counts by bin."""
    keys = ", ".join(table.key)
    return f"""
    SELECT {keys}, sum(times)::BIGINT AS times,
        '{{' || string_agg('"' || bin || '":' || times, ',' ORDER BY bin) || '}}' AS histogram
    FROM {table.name}_parts GROUP BY {keys}"""


_MEASURED = ("times", "people", "part", "people_with", "people_without", "amount", "amount_squared")

PARTS: Mapping[str, Part] = {
    part.name: part
    for part in (
        Part(
            TOTALS, TOTALS.key,
            ("interactions", "people", "microseconds", "timed", "seconds_squared", "waits", "wait_seconds",
             "wait_seconds_squared", "vulnerable", "overruled"),
            _TOTALS_END,
        ),
        Part(REACH, REACH.key, ("people",)),
        Part(FOLLOWS, ("before", "after", "bin"), ("times", "gap_seconds"), _FOLLOWS_END),
        Part(TURNS, TURNS.key, ("times", "people")),
        Part(VARIANTS, VARIANTS.key, ("visits",)),
        Part(TIES, TIES.key, ("rows",)),
        Part(COVERAGE, COVERAGE.key, ("interactions", "unknown")),
        Part(RULES_USED, RULES_USED.key, ("interactions", "overruled")),
        Part(
            AGREEMENT, AGREEMENT.key, ("interactions", "unknown", "confidence"),
            "SELECT * REPLACE (confidence / 1000 AS confidence) FROM agreement_parts",
        ),
        Part(HEARD, HEARD.key, ("clauses", "people", "praise", "complaints", "unsure")),
        Part(
            DRIFT, DRIFT.key,
            ("clauses", "people", "unsure", "patient", "customer", "praise", "complaints", "corrected", "overturned",
             "confidence"),
            "SELECT * REPLACE (confidence / 1000 AS confidence) FROM drift_parts",
        ),
        Part(MEASURES, MEASURES.key, _MEASURED),
        Part(SPREADS, (*SPREADS.key, "bin"), ("times",), _spreads_end(SPREADS)),
        Part(CUTS, CUTS.key, _MEASURED),
        Part(CUT_SPREADS, (*CUT_SPREADS.key, "bin"), ("times",), _spreads_end(CUT_SPREADS)),
        Part(
            ASKED, ASKED.key,
            ("asked", "people", "delivered", "people_reached", "answered", "people_answered", "people_silent"),
        ),
        Part(
            COMPOSITES, COMPOSITES.key,
            ("forms", "people", "answers", "top", "middle", "bottom", "people_top", "people_middle", "people_bottom",
             "people_not_top", "points", "points_squared"),
        ),
        Part(ANSWERED_HOW, ANSWERED_HOW.key, ("forms", "people")),
        Part(SAID_SO, SAID_SO.key, ("times", "people")),
        Part(
            DRIVERS, ("instrument", "year", "lot", "first", "second", "hat"), ("answers", "people", "product"),
            told_drivers,
        ),
        Part(
            CASE_MIX, ("instrument", "composite", "kind", "unit", "year", "first", "second"), CASE_MIX_SUMS,
            told_case_mix,
        ),
    )
}


def merged_parts(
    added: Iterable[Mapping[str, pa.Table]], taken_away: Iterable[Mapping[str, pa.Table]] = ()
) -> dict[str, pa.Table]:
    """The sums over all of `added` less those of `taken_away`, in the order of their keys."""
    plus, minus = list(added), list(taken_away)
    connection = connect()
    try:
        merged = {}
        for part in PARTS.values():
            for name, tables in (("plus", plus), ("minus", minus)):
                held = [tables_of[part.name] for tables_of in tables] or [plus[0][part.name].slice(0, 0)]
                keep(connection, name, pa.concat_tables(held))
            merged[part.name] = arrow(connection, sum_sql(part))
        return merged
    finally:
        connection.close()


def finished(sums: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The released tables of totals from merged sums."""
    connection = connect()
    try:
        for name, part in PARTS.items():
            keep(connection, name, part.ending(sums[name]) if callable(part.ending) else sums[name])
        return {table.name: arrow(connection, _ended_sql(PARTS[f"{table.name}_parts"])) for table in TOTALLED}
    finally:
        connection.close()


def sum_sql(part: Part) -> str:
    """A SELECT over the relations `plus` and `minus`: the sums of a part by its keys, in their order."""
    keys = ", ".join(f'"{name}"' for name in part.keys)
    signed = ", ".join(f'"{name}"' for name in part.sums)
    negative = ", ".join(f'-"{name}" AS "{name}"' for name in part.sums)
    sums = ", ".join(f'sum("{name}")::BIGINT AS "{name}"' for name in part.sums)
    return (
        f"SELECT {keys}, {sums} FROM (SELECT {keys}, {signed} FROM plus UNION ALL SELECT {keys}, {negative} FROM minus)"
        f' GROUP BY {keys} HAVING sum("{part.sums[0]}") <> 0 ORDER BY {keys}'
    )


def _ended_sql(part: Part) -> str:
    columns = ", ".join(
        f'"{column.name}"::{DUCKDB_TYPES[column.kind]} AS "{column.name}"' for column in part.released.columns
    )
    keys = ", ".join(f'"{name}"' for name in part.released.key)
    held = part.ending if isinstance(part.ending, str) else f"FROM {part.name}"
    return f"SELECT {columns} FROM ({held}) ORDER BY {keys}"
