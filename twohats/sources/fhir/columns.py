"""From the lines of one resource type to the columns its table declares, by one DuckDB call for all columns.

DuckDB only picks values out of lines that the strict parser has already accepted; it judges nothing but whether a
declared field still has its declared JSON type.
"""

from functools import cache

import duckdb
import pyarrow as pa

from twohats.store.tables import Column, Kind, Table
from twohats.store.tables.landed import LINE_COLUMNS

META: tuple[Column, ...] = tuple(column for column in LINE_COLUMNS if column.path)

# what the first characters of a value in JSON must look like
_LOOKS = {
    Kind.TEXT: "starts_with({0}, '\"')",
    Kind.INSTANT: "starts_with({0}, '\"')",
    Kind.DATE: "starts_with({0}, '\"')",
    Kind.JSON: "(starts_with({0}, '[') OR starts_with({0}, '{{'))",
    Kind.BOOL: "{0} IN ('true', 'false')",
    Kind.INT: "TRY_CAST({0} AS BIGINT) IS NOT NULL AND regexp_full_match({0}, '-?[0-9]+')",
    Kind.FLOAT: "regexp_full_match({0}, '-?[0-9].*')",
}
_TEXT = (
    "CASE WHEN NOT starts_with({0}, '\"') THEN NULL WHEN contains({0}, '\\') THEN json_extract_string({0}, '$') "
    "ELSE substring({0}, 2, strlen({0}) - 2) END"
)
_VALUES = {
    Kind.TEXT: _TEXT,
    Kind.INSTANT: _TEXT,
    Kind.DATE: _TEXT,
    Kind.JSON: "CASE WHEN {0} <> 'null' THEN {0} END",
    Kind.BOOL: "TRY_CAST({0} AS BOOLEAN)",
    Kind.INT: "TRY_CAST({0} AS BIGINT)",
    Kind.FLOAT: "TRY_CAST({0} AS DOUBLE)",
}
# Whose it is, where no single path says so.
_SEARCHED = {
    "participant:Patient": ("$.participant[*].actor.reference",),
    "auditevent:Patient": ("$.entity[*].what.reference", "$.agent[*].who.reference"),
}


def field_of(column: Column) -> str:
    """How a column's field is called in a message: period.start."""
    return (column.path or column.name).removeprefix("$.")


def take_out(connection: duckdb.DuckDBPyConnection, table: Table, lines: pa.Array) -> pa.Table:
    """The declared columns of `lines` (instants still as text), those of META, and `wrong`: the first field of
    another type than declared, else null. Same order as the lines."""
    batch = pa.table({"raw": lines})  # noqa: F841 - DuckDB reads it by name
    found = connection.sql(select_of(table)).to_arrow_table()
    return found.combine_chunks()


@cache
def select_of(table: Table) -> str:
    """The statement that takes a table's columns out of the lines of `batch`."""
    plain = [column for column in (*table.columns, *META) if (column.path or "").startswith("$")]
    inner = ", ".join(f"found[{n}]::VARCHAR AS j{n}" for n in range(1, len(plain) + 1))
    paths = ", ".join(f"'{column.path}'" for column in plain)
    searched = [column for column in table.columns if column.path in _SEARCHED]
    values = [f'{_VALUES[c.kind].format(f"j{n}")} AS "{c.name}"' for n, c in enumerate(plain, 1)]
    values += [f'{_search(column)} AS "{column.name}"' for column in searched]
    return (
        f"SELECT {', '.join(values)}, {_wrong(plain)} AS wrong "
        f"FROM (SELECT raw, {inner} FROM (SELECT raw, json_extract(raw, [{paths}]) AS found FROM batch))"
    )


def _wrong(columns: list[Column]) -> str:
    cases = " ".join(
        f"WHEN NOT ({_LOOKS[c.kind].format(f'j{n}')}) AND j{n} <> 'null' THEN '{field_of(c)}'"
        for n, c in enumerate(columns, 1)
    )
    return f"CASE {cases} END"


def _search(column: Column) -> str:
    found = ", ".join(
        f"list_filter(json_extract_string(raw, '{path}'), lambda one: regexp_matches(one, '(^|/)Patient/'))[1]"
        for path in _SEARCHED[column.path or ""]
    )
    return f"coalesce({found})"
