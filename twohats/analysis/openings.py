"""Open slots: they belong to calendars of clinicians, not to people, so they are counted once a release, over all."""

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from twohats.analysis.context import Context
from twohats.analysis.stages import run_stage, sql_stage
from twohats.store.engine import arrow, keep

SEEN = ("places", "roles", "site_zones")
"""Tables of the context that say whose calendar it is, and where."""
_LINE = "id, version_id, updated_at, deleted, is_current"
TOLD = {
    "slots": f"{_LINE}, arrival, reference(schedule, 'Schedule') AS schedule, status, started_at, ended_at, "
             "service_type, service_code",
    "schedules": f"{_LINE}, active, service_type, service_code, actors",
    "bookings": "id, updated_at, deleted, source_order, status, created_at, slot",
}
"""What is read of all versions of each."""


def openings(
    connection: duckdb.DuckDBPyConnection, context: Context, slots: str, schedules: str, bookings: str
) -> pa.Table:
    """Days to the third open slot by schedule, visit type and week, from relations of all versions landed.

    Needs `practitioner_roles`, as `read_context` leaves it.
    """
    for name in SEEN:
        keep(connection, name, context.tables[name])
    keep(connection, "clock", pa.table({"as_of": pa.array([context.as_of], pa.timestamp("us", "UTC"))}))
    for (name, columns), told in zip(TOLD.items(), (slots, schedules, bookings), strict=True):
        rows = f"({told})" if " " in told else told
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name}_told AS SELECT {columns} FROM {rows}")
    run_stage(connection, sql_stage("measures/76_openings.sql"))
    return arrow(connection, "FROM openings ORDER BY schedule, visit_type, week")


def opening_sums(connection: duckdb.DuckDBPyConnection, context: Context) -> pa.Table:
    """The sums of `openings` by unit and period, counted as everything that is measured."""
    keep(connection, "above", context.tables["above"])
    run_stage(connection, sql_stage("measures/76_openings_measured.sql"))
    connection.execute("CREATE OR REPLACE TEMP TABLE measured AS FROM openings_measured")
    run_stage(connection, sql_stage("measures/78_measures_parts.sql"))
    return arrow(connection, "FROM measures_parts")


def with_openings(parts: Mapping[str, pa.Table], opened: pa.Table) -> dict[str, pa.Table]:
    """The sums over people, and those over calendars among them."""
    both = pa.concat_tables([parts["measures_parts"], opened.cast(parts["measures_parts"].schema)])
    return dict(parts) | {"measures_parts": both}
