"""DuckDB as we use it: bounded memory, UTC, our macros, and nothing fetched from anywhere."""

import json
import tempfile
from pathlib import Path

import duckdb
import pyarrow as pa

from .keys import KEY_MACRO

MEMORY = "1GB"
THREADS = 2

REFERENCE_MACRO = """
CREATE OR REPLACE TEMP MACRO reference(written, type_for_uuid) AS (
    CASE
        WHEN written IS NULL OR written = '' THEN NULL
        WHEN regexp_full_match(written, '[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}') THEN written
        WHEN starts_with(written, 'urn:uuid:') THEN type_for_uuid || '/' || substr(written, 10)
        ELSE nullif(regexp_extract(written, '([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})(/_history/.*)?$', 1), '')
    END
)
"""
"""`reference(text, type)`: 'Type/id' out of a relative, absolute, versioned or urn:uuid reference, else NULL."""


def connect(
    threads: int = THREADS, memory: str = MEMORY, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection of its own to an empty database in memory; what does not fit goes to `spill`."""
    folder = spill or Path(tempfile.gettempdir())
    connection = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": memory,
            "temp_directory": str(folder / "duckdb-spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    # DuckDB 2.0.0 fails on buckets where a joined table is empty ("BindBuiltinScalarFunction did not return a
    # BoundFunctionExpression"); without this step of its optimizer the same statements run.
    connection.execute("SET disabled_optimizers = 'statistics_propagation'")
    connection.execute(KEY_MACRO)
    connection.execute(REFERENCE_MACRO)
    return connection


def keep(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Makes a table of these Arrow rows."""
    connection.register("handed_over", rows)
    connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT * FROM handed_over')
    connection.unregister("handed_over")


def arrow(connection: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    """The rows of a SELECT as an Arrow table."""
    return connection.sql(sql).to_arrow_table()


def text(value: str | Path) -> str:
    """A text literal."""
    return "'" + str(value).replace("'", "''") + "'"


def files(paths: list[Path]) -> str:
    """A relation over Parquet files."""
    return f"read_parquet([{', '.join(text(path) for path in paths)}])"


def as_json(value: object) -> str:
    """JSON that is the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
