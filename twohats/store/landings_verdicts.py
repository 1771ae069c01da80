"""What becomes of lines that are right in themselves: accepted, superseded, unchanged, or a conflict.

Decided for a whole file at once, by a join of its lines with what landed before, on narrow columns and in bounded
memory.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import orjson

from . import faults
from .landings import NEWEST_FIRST, identity_of, kept_sql, quoted
from .landings_aside import Aside


@dataclass(frozen=True)
class Verdict:
    """Counts over one table of one file, and the lines that are not kept."""

    accepted: int
    superseded: int
    unchanged: int
    conflicts: list[dict[str, Any]]


def settle(connection: duckdb.DuckDBPyConnection, aside: Aside, table: str, before: list[Path]) -> Verdict:
    """Decides over the rows of `table` lying aside; rows that are not kept are taken out of it."""
    mine = aside.files(table)
    if all_new := _all_new(connection, table, mine, before):
        return Verdict(all_new, 0, 0, [])
    connection.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {_judged_sql(table, mine, before)}")
    conflicts, same = _compared(connection, mine, table, before)
    connection.execute("DELETE FROM judged WHERE verdict = 'conflict' AND list_contains(?, arrival)", [same])
    counts = dict(
        connection.execute("SELECT verdict, count(*) FROM judged GROUP BY verdict").fetchall()
    )
    unchanged = counts.get("unchanged", 0) + len(same)
    if unchanged or conflicts or counts.get("undated", 0):
        _rewrite(connection, aside, table, mine, before)
    accepted = connection.execute(_current_sql(table, aside.files(table), before)).fetchone()
    kept = sum(_rows_in(connection, path) for path in aside.files(table))
    current = int(accepted[0]) if accepted else 0
    return Verdict(current, kept - current, unchanged, conflicts)


def _all_new(connection: duckdb.DuckDBPyConnection, table: str, mine: list[Path], before: list[Path]) -> int:
    """The number of rows when each is the first and only version of its thing; else 0. Most files are like that."""
    known = kept_sql(before, table)
    found = connection.execute(f"""
        WITH mine AS (SELECT {identity_of(table)}, deleted FROM ({kept_sql(mine, table)}))
        SELECT count(*), count(DISTINCT ({identity_of(table)})), count(*) FILTER (deleted) FROM mine""").fetchone()
    if not found or found[0] != found[1] or found[2]:
        return 0
    older = connection.execute(
        f"SELECT count(*) FROM ({known}) WHERE id IN (SELECT id FROM ({kept_sql(mine, table)}))"
    ).fetchone() if before else (0,)
    return int(found[0]) if older == (0,) else 0


def _rows_in(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    row = connection.execute(f"SELECT count(*) FROM read_parquet({quoted(path)})").fetchone()
    return int(row[0]) if row else 0


def _judged_sql(table: str, mine: list[Path], before: list[Path]) -> str:
    """One row per line of the file: its verdict, and for a conflict the arrival of the line it conflicts with."""
    who = identity_of(table)
    narrow = f"{who}, version_id, content_hash, updated_at, deleted, arrival"
    return f"""
    WITH mine AS (SELECT {narrow}, true AS new FROM ({kept_sql(mine, table)})),
    others AS (SELECT {narrow}, false AS new FROM ({kept_sql(before, table)})
               WHERE id IN (SELECT id FROM mine)),
    known AS (SELECT * FROM mine UNION ALL SELECT * FROM others),
    compared AS (
        SELECT *,
            row_number() OVER (PARTITION BY {who}, content_hash ORDER BY arrival) AS delivery,
            first_value(arrival) OVER same_version AS first_of_version,
            first_value(content_hash) OVER same_version AS first_content
        FROM known WINDOW same_version AS (PARTITION BY {who}, version_id ORDER BY arrival))
    SELECT arrival, first_of_version,
        CASE WHEN version_id IS NOT NULL AND content_hash <> first_content THEN 'conflict'
             WHEN delivery > 1 THEN 'unchanged'
             WHEN deleted AND updated_at IS NULL THEN 'undated'
             ELSE 'kept' END AS verdict
    FROM compared WHERE new"""


def _compared(
    connection: duckdb.DuckDBPyConnection, mine: list[Path], table: str, before: list[Path]
) -> tuple[list[dict[str, Any]], list[int]]:
    """The true conflicts, and the arrivals of lines that only order their keys differently (the same content)."""
    pairs = connection.execute(f"""
        WITH raws AS (SELECT arrival, line, offset_bytes, raw FROM ({kept_sql([*mine, *before], table)})
                      WHERE arrival IN (SELECT arrival FROM judged WHERE verdict = 'conflict'
                                        UNION ALL SELECT first_of_version FROM judged WHERE verdict = 'conflict'))
        SELECT new.arrival, new.line, new.offset_bytes, new.raw, old.raw
        FROM judged JOIN raws AS new ON new.arrival = judged.arrival
        JOIN raws AS old ON old.arrival = judged.first_of_version
        WHERE verdict = 'conflict' ORDER BY new.arrival""")
    conflicts, same = [], []
    while some := pairs.fetchmany(1000):
        for arrival, line, offset, raw, kept in some:
            if _content(raw) == _content(kept):
                same.append(arrival)
            else:
                conflicts.append(
                    {"table": table, "line": line, "offset_bytes": offset, "raw": raw.encode(), "arrival": arrival}
                )
    return conflicts, same


def _content(raw: str) -> bytes:
    return orjson.dumps(orjson.loads(raw), option=orjson.OPT_SORT_KEYS)


def _rewrite(
    connection: duckdb.DuckDBPyConnection, aside: Aside, table: str, mine: list[Path], before: list[Path]
) -> None:
    """Leaves in the file only what is kept; a deletion without an instant follows the newest known version."""
    who = identity_of(table)
    narrow = f"{who}, updated_at, version_id, deleted, arrival"
    new = aside.path / f"new-{table}.kept.parquet"
    faults.step(f"write {new.name}")
    connection.execute(f"""
        COPY (
            WITH mine AS ({kept_sql(mine, table)}),
            dated AS (SELECT {narrow} FROM mine WHERE NOT (deleted AND updated_at IS NULL)
                      UNION ALL SELECT {narrow} FROM ({kept_sql(before, table)})
                      WHERE id IN (SELECT id FROM mine)),
            newest AS (SELECT {who}, first(updated_at ORDER BY {NEWEST_FIRST}) AS known_at,
                              first(version_id ORDER BY {NEWEST_FIRST}) AS known_version
                       FROM dated GROUP BY {who})
            SELECT mine.* REPLACE
                (CASE WHEN deleted AND updated_at IS NULL THEN known_at ELSE updated_at END AS updated_at,
                 CASE WHEN deleted AND updated_at IS NULL THEN known_version ELSE version_id END AS version_id)
            FROM mine LEFT JOIN newest USING ({who})
            WHERE arrival IN (SELECT arrival FROM judged WHERE verdict IN ('kept', 'undated'))
        ) TO {quoted(new)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)""")
    aside.replace(mine, new)
    if not _rows_in(connection, aside.path / f"{table}.kept.parquet"):
        (aside.path / f"{table}.kept.parquet").unlink()


def _current_sql(table: str, mine: list[Path], before: list[Path]) -> str:
    """How many of the file's kept rows are now current."""
    who = identity_of(table)
    narrow = f"{who}, version_id, updated_at, deleted, arrival"
    return f"""
    WITH mine AS (SELECT {narrow}, true AS new FROM ({kept_sql(mine, table)})),
    others AS (SELECT {narrow}, false AS new FROM ({kept_sql(before, table)}) WHERE id IN (SELECT id FROM mine)),
    ranked AS (SELECT new, row_number() OVER (PARTITION BY {who} ORDER BY {NEWEST_FIRST}) AS place
               FROM (SELECT * FROM mine UNION ALL SELECT * FROM others))
    SELECT count(*) FROM ranked WHERE new AND place = 1"""
