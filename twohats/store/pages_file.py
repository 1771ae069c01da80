"""The SQLite file inside a release that pages read: every released table, indexed for one page at a time.

Instants are microseconds since 1970 (UTC), booleans 0 and 1, dates and JSON text. The table `release` holds
what the manifest says, as key and JSON value. Comments are made searchable in it (comment_search.py); `known_by` finds
a person by an exact identifier.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from . import faults
from .comment_search import make_searchable
from .tables import Column, Kind, Table
from .tables.release import RELEASED

SQLITE_TYPES = {
    Kind.TEXT: "TEXT",
    Kind.INT: "INTEGER",
    Kind.FLOAT: "REAL",
    Kind.BOOL: "INTEGER",
    Kind.INSTANT: "INTEGER",
    Kind.DATE: "TEXT",
    Kind.JSON: "TEXT",
}
INDEXES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("interactions", ("person", "started_at")),
    ("interactions", ("visit",)),
    ("interactions", ("interaction",)),
    ("visits", ("person",)),
    ("voices", ("person",)),
    ("voices", ("unit",)),
    ("voices", ("voice",)),
    ("clauses", ("clause",)),
    ("clauses", ("voice",)),
    ("clauses", ("person",)),
    ("clauses", ("unit", "said_at")),
    ("clauses", ("urgent",)),
    ("people", ("person",)),
    ("addresses", ("person",)),
    ("addresses", ("channel", "address")),
    ("stops", ("person",)),
    ("people", ("patient_id",)),
    ("people", ("family",)),
    ("measured", ("person",)),
    ("served", ("thing",)),
    ("hand_offs", ("state", "due_at")),
    ("hand_offs", ("hand_off",)),
)
KNOWN_BY = ("patient", "mrn", "portal")
"""By what a system may name a person: the id of their record, a record number, a portal account."""
_KNOWN_BY = (
    "DROP TABLE IF EXISTS known_by",
    """CREATE TABLE known_by AS
    SELECT 'patient' AS system, 'Patient/' || replace(patient_id, 'Patient/', '') AS value, person FROM people
        WHERE patient_id <> ''
    UNION SELECT 'patient', 'Patient/' || replace(one.value, 'Patient/', ''), person
        FROM people, json_each(people.merged_from) AS one
    UNION SELECT 'portal', address, person FROM addresses WHERE channel = 'portal'
    UNION SELECT 'mrn', one.value, people.person FROM people, json_each(people.identifiers) AS one
        WHERE NOT EXISTS (SELECT 1 FROM addresses
            WHERE addresses.person = people.person AND channel = 'portal' AND address = one.value)""",
    "CREATE INDEX known_by_value ON known_by (system, value)",
)
_ROWS_AT_ONCE = 20_000


class PagesFile:
    """A pages file being written: `add` as often as needed, then `finish`. Readers open it after that."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("BEGIN")
        for table in RELEASED:
            columns = ", ".join(f'"{column.name}" {SQLITE_TYPES[column.kind]}' for column in table.columns)
            self._connection.execute(f'CREATE TABLE IF NOT EXISTS "{table.name}" ({columns})')
        self._connection.execute("CREATE TABLE IF NOT EXISTS release (key TEXT PRIMARY KEY, value TEXT)")

    def add(self, table: Table, rows: pa.Table) -> None:
        """Appends rows; columns are taken by name, one that is missing is NULL."""
        insert = f'INSERT INTO "{table.name}" VALUES ({", ".join("?" * len(table.columns))})'
        for batch in rows.to_batches(max_chunksize=_ROWS_AT_ONCE):
            columns = [_values(batch, column) for column in table.columns]
            self._connection.executemany(insert, zip(*columns, strict=True))

    def remove(self, table: Table, column: str, keys: Iterable[int]) -> None:
        """Takes out the rows with these keys, before those built anew are added."""
        delete = f'DELETE FROM "{table.name}" WHERE "{column}" = ?'
        self._connection.executemany(delete, ((key,) for key in keys))

    def empty(self, table: Table) -> None:
        """Takes out all rows of a table."""
        self._connection.execute(f'DELETE FROM "{table.name}"')

    def counts(self) -> dict[str, int]:
        """Rows of each released table."""
        return {
            table.name: self._connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]
            for table in RELEASED
        }

    def finish(self, release: Mapping[str, object]) -> None:
        """Writes what the manifest says, indexes, who is known by which identifier, what searches comments; closes."""
        self._connection.execute("DELETE FROM release")
        self._connection.executemany(
            "INSERT INTO release VALUES (?, ?)",
            ((key, json.dumps(value, ensure_ascii=False, sort_keys=True)) for key, value in release.items()),
        )
        for table, columns in INDEXES:
            name = f"{table}_by_{'_'.join(columns)}"
            self._connection.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({', '.join(columns)})")
        for statement in _KNOWN_BY:
            self._connection.execute(statement)
        make_searchable(self._connection)
        faults.commit(lambda: self._connection.execute("COMMIT"), f"commit {self.path.name}")
        self._connection.execute("PRAGMA optimize")
        self._connection.close()

    def close(self) -> None:
        """Closes an unfinished file; it holds nothing of use then."""
        self._connection.close()


def _values(batch: pa.RecordBatch, column: Column) -> list[object]:
    """One column as SQLite takes it."""
    if column.name not in batch.schema.names:
        return [None] * batch.num_rows
    values = batch.column(column.name)
    if column.kind is Kind.INSTANT:
        values = pc.cast(pc.cast(values, pa.timestamp("us", "UTC")), pa.int64())
    elif column.kind is Kind.DATE:
        values = pc.cast(values, pa.string())
    elif column.kind is Kind.BOOL:
        values = pc.cast(values, pa.int8())
    elif column.kind is Kind.FLOAT:
        values = pc.cast(values, pa.float64())
    return values.to_pylist()
