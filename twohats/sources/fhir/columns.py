"""From the lines of one resource type to the columns its table declares, by one DuckDB call for all columns.

DuckDB only picks values out of lines that the strict parser has already accepted; it judges nothing but whether a
declared field still has its declared JSON type.
"""

from functools import cache

import duckdb
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from twohats.store.tables import Column, Kind, Table
from twohats.store.tables.landed import LINE_COLUMNS

META: tuple[Column, ...] = tuple(column for column in LINE_COLUMNS if column.path)

# Whose it is, where no single path says so.
_SEARCHED = {
    "participant:Patient": ("$.participant[*].actor.reference",),
    "auditevent:Patient": ("$.entity[*].what.reference", "$.agent[*].who.reference"),
}


def field_of(column: Column) -> str:
    """How a column's field is called in a message: period.start."""
    return (column.path or column.name).removeprefix("$.")


@cache
def stored(table: Table) -> tuple[Column, ...]:
    """The columns with a path whose values are stored; JSON ones are not, they are read out of `raw` when asked."""
    return tuple(
        c for c in (*table.columns, *META) if (c.path or "").startswith("$") and c.kind is not Kind.JSON
    )


def take_out(
    connection: duckdb.DuckDBPyConnection, table: Table, lines: pa.Array
) -> tuple[dict[str, pa.Array], dict[int, str]]:
    """The stored columns of `lines`, instants still as text; and for each line that has a field of another type than
    declared, that field."""
    batch = pa.table({"raw": lines})  # noqa: F841 - DuckDB reads it by name
    found = connection.sql(select_of(table)).to_arrow_table().combine_chunks()
    values = found.column("found").combine_chunks()
    wrong: dict[int, str] = {}
    columns = {}
    for place, column in enumerate(stored(table)):
        columns[column.name] = _value_of(column, pc.list_element(values, place), wrong)
    for column in table.columns:
        if column.path in _SEARCHED:
            columns[column.name] = found.column(column.name).combine_chunks()
    return columns, wrong


@cache
def select_of(table: Table) -> str:
    """The statement that takes a table's values, as JSON, out of the lines of `batch`."""
    paths = ", ".join(f"'{column.path}'" for column in stored(table))
    searched = "".join(
        f', {_search(column)} AS "{column.name}"' for column in table.columns if column.path in _SEARCHED
    )
    return f"SELECT json_extract(raw, [{paths}])::VARCHAR[] AS found{searched} FROM batch"


def _search(column: Column) -> str:
    found = ", ".join(
        f"list_filter(json_extract_string(raw, '{path}'), lambda one: regexp_matches(one, '(^|/)Patient/'))[1]"
        for path in _SEARCHED[column.path or ""]
    )
    return f"coalesce({found})"


_NUMBER = {Kind.INT: r"^-?[0-9]{1,19}$", Kind.FLOAT: r"^-?[0-9]"}


def _value_of(column: Column, given: pa.Array, wrong: dict[int, str]) -> pa.Array:
    """A column's values out of their JSON texts; what has another JSON type is named in `wrong` and null here."""
    if given.null_count == len(given):
        return pa.nulls(len(given), _ARROW.get(column.kind, pa.string()))
    if column.kind is Kind.BOOL:
        fits = pc.is_in(given, pa.array(["true", "false"]))
    elif column.kind in _NUMBER:
        fits = pc.match_substring_regex(given, _NUMBER[column.kind])
    else:
        fits = pc.starts_with(given, '"')
    fits = pc.or_(pc.fill_null(fits, True), pc.is_null(given))
    if not pc.all(fits).as_py():
        for place in pc.indices_nonzero(pc.invert(fits)).to_pylist():
            if given[place].as_py() != "null":
                wrong.setdefault(place, field_of(column))
        given = pc.if_else(fits, given, None)
    if column.kind in _ARROW:
        return given.cast(_ARROW[column.kind])
    return _unquoted(given)


_ARROW = {Kind.BOOL: pa.bool_(), Kind.INT: pa.int64(), Kind.FLOAT: pa.float64()}


def _unquoted(given: pa.Array) -> pa.Array:
    escaped = pc.match_substring(given, "\\")
    plain = pc.ascii_trim(given, '"')
    if not pc.any(escaped).as_py():
        return plain
    own = [
        orjson.loads(text) if is_escaped else None
        for text, is_escaped in zip(given.to_pylist(), escaped.to_pylist(), strict=True)
    ]
    return pc.if_else(escaped, pa.array(own, pa.string()), plain)
