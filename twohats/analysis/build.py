"""Builds one bucket: its people's dealt rows and the context in, the tables of a release and partial sums out."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from twohats.analysis.clock import latest_told
from twohats.analysis.context import Context, Corrections, context_of, corrections, place_row
from twohats.analysis.evidence import HIDDEN_COLUMNS, HIDDEN_TABLES, Evidence
from twohats.analysis.openings import opening_sums, openings, with_openings
from twohats.analysis.parts import PARTS, finished
from twohats.analysis.stages import run_stage, stages
from twohats.store.dealing import DEALT, FEEDS, dealt, prepare
from twohats.store.drawn import drawn_tables
from twohats.store.engine import arrow, connect, keep
from twohats.store.tables import DUCKDB_TYPES, Table
from twohats.store.tables.landed import APPOINTMENTS, LANDED, PATIENTS
from twohats.store.tables.release import BY_PERSON
from twohats.words.seeds import act_of

TOPICS = {
    "contacts": ("topic",),
    "communications": ("topic", "category_text"),
    "procedures": ("code_text", "code_display"),
    "service_requests": ("code_text", "category"),
    "communication_requests": ("category_text",),
    "document_references": ("type_text", "type_display"),
    "observations": ("code_text",),
    "appointments": ("service_type",),
    "encounters": ("type_text", "type_display", "service_type"),
}
"""Where topics and names of acts are written, table by table."""
IN_ORDER = {"interactions": "person, started_at, source_order, interaction", "visits": "person, started_at, visit"}
"""How rows lie in a release, where not by (person and) their key."""


def build_lines(
    lines: Iterable[Mapping[str, Any] | str | bytes],
    feeds: Mapping[str, list[dict[str, Any]]] | None = None,
    evidence: Evidence | str = Evidence.FULL,
    said: list[Mapping[str, Any]] | None = None,
    as_of: datetime | None = None,
) -> dict[str, pa.Table]:
    """The released tables of a few drawn resources and feed rows, all in one bucket, and what was open in each calendar
    (of which a release keeps sums alone); for specs and small trials.

    `said` are lines as our people's corrections are exported; `as_of` defaults to the latest lastUpdated.
    """
    connection = connect()
    try:
        for name, rows in drawn_tables(lines, feeds).items():
            keep(connection, f"landed_{name}", rows)
        landed = {table.name: f"landed_{table.name}" for table in LANDED if table.resource}
        prepare(connection, landed["patients"])
        told = {table.name: _relation(landed[table.name]) for table in DEALT}
        context = read_context(connection, landed, corrections(said or []), as_of or latest_told(connection, told))
        for table in DEALT:
            connection.execute(f"CREATE TEMP TABLE dealt_{table.name} AS {dealt(table, landed[table.name])}")
        made = build_in(connection, context, evidence)
        opened = openings(connection, context, landed["slots"], landed["schedules"], "FROM dealt_appointments")
        sums = with_openings({name: made[name] for name in PARTS}, opening_sums(connection, context))
    finally:
        connection.close()
    return made | finished(sums) | {"openings": opened}


def build_bucket(
    rows: Mapping[str, pa.Table], context: Context, evidence: Evidence | str = Evidence.FULL
) -> dict[str, pa.Table]:
    """Builds a bucket from its dealt rows (by landed table's name): the by-person tables and the partial sums."""
    connection = connect()
    try:
        for table in DEALT:
            keep(connection, f"dealt_{table.name}", rows[table.name])
        return build_in(connection, context, evidence)
    finally:
        connection.close()


def build_in(
    connection: duckdb.DuckDBPyConnection, context: Context, evidence: Evidence | str = Evidence.FULL
) -> dict[str, pa.Table]:
    """`build_bucket` where the rows already lie in `connection` as tables or views dealt_<table>."""
    level = Evidence(evidence)
    for name, rows in context.tables.items():
        keep(connection, name, rows)
    keep(connection, "clock", pa.table({"as_of": pa.array([context.as_of], pa.timestamp("us", "UTC"))}))
    for table in DEALT:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table.name} AS {in_force(table, level)}")
    name_subjects(connection)
    _name_topics(connection)
    _name_places(connection)
    for stage in stages():
        run_stage(connection, stage)
    made = {table.name: arrow(connection, _released(table)) for table in BY_PERSON}
    return made | {name: arrow(connection, f"SELECT * FROM {name}") for name in PARTS}


CONTEXT_TABLES = (
    "locations", "practitioner_roles", "practitioners", "staff", "units", "organizations", "hospital_scores"
)
"""Landed tables that the context is read from; of surveys too how often each item is answered, of appointments whether
any names the request it was made for."""


def read_context(
    connection: duckdb.DuckDBPyConnection, landed: Mapping[str, str], said: Corrections, as_of: datetime | None
) -> Context:
    """The context from landed relations, given by table name, as of the latest instant told."""
    for name in CONTEXT_TABLES:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM ({_relation(landed[name])})")
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE asked_items AS
        SELECT survey, item, answered_at::DATE::VARCHAR AS day, count(*) AS answers
        FROM ({_relation(landed["surveys"])}) WHERE value <> '' GROUP BY ALL""")
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE bookings_told AS
        SELECT coalesce(bool_or(based_on <> ''), false) AS name_requests
        FROM ({_relation(landed[APPOINTMENTS.name])}) WHERE is_current AND NOT deleted""")
    return context_of(connection, said, as_of)


def _relation(landed: str) -> str:
    return landed if landed.lstrip().lower().startswith(("select", "with", "from")) else f"FROM {landed}"


def in_force(table: Table, level: Evidence) -> str:
    """The rows of a dealt table that the stages see."""
    hidden = HIDDEN_COLUMNS[level] if table.name == "encounters" else ()
    replaced = ", ".join(f"NULL::VARCHAR AS {column}" for column in hidden)
    masked = f" REPLACE ({replaced})" if hidden else ""
    without_visits = " AND encounter IS NULL" if table.name in HIDDEN_TABLES[level] else ""
    if table.keeps_history:
        return (
            f"SELECT * EXCLUDE (owner, deleted, version_id){masked} FROM dealt_{table.name} WHERE person IS NOT NULL"
            f" AND id NOT IN (SELECT id FROM dealt_{table.name} WHERE is_current AND deleted)"
        )
    everybody = " AND person IS NOT NULL" if table.resource != table.name else ""
    return (
        f"SELECT * EXCLUDE (owner, deleted, version_id, is_current){masked} FROM dealt_{table.name}"
        f" WHERE is_current AND NOT deleted{everybody}{without_visits}"
    )


def _released(table: Table) -> str:
    """The declared columns in their declared types and order, the rows in the order of a release."""
    columns = ", ".join(
        f'"{column.name}"::{DUCKDB_TYPES[column.kind]} AS "{column.name}"' for column in table.columns
    )
    by = IN_ORDER.get(table.name) or ", ".join(dict.fromkeys(("person", *table.key)))
    return f"SELECT {columns} FROM {table.name} ORDER BY {by}"


def name_subjects(connection: duckdb.DuckDBPyConnection) -> None:
    """subjects: of every record in force that is about a person, whether that person was found."""
    each = " UNION ALL ".join(
        f"SELECT '{table.name}' AS feed, person, patient FROM dealt_{table.name} WHERE is_current AND NOT deleted"
        for table in DEALT if table not in (PATIENTS, *FEEDS)
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE subjects AS
        SELECT feed,
            CASE WHEN person IS NULL THEN 'nobody' WHEN patient IS NOT NULL AND known.whose IS NULL THEN 'no_record'
                ELSE 'person' END AS tied_to,
            CASE WHEN patient IS NOT NULL THEN 'reference' WHEN person IS NOT NULL THEN 'session'
                ELSE 'no_patient_named' END AS tied_by
        FROM ({each}) LEFT JOIN (
            SELECT DISTINCT person AS whose FROM dealt_patients WHERE is_current AND NOT deleted
        ) AS known ON known.whose = person""")


def _name_topics(connection: duckdb.DuckDBPyConnection) -> None:
    """topic_acts: what each topic or name seen speaks about; the hospital's own table wins over the seeds."""
    seen = " UNION ".join(
        f"SELECT {column} AS topic FROM {table}" for table, columns in TOPICS.items() for column in columns
    )
    own = dict(connection.execute("SELECT topic, act FROM named_topics").fetchall())
    topics = [row[0] for row in connection.execute(f"SELECT topic FROM ({seen}) WHERE topic IS NOT NULL").fetchall()]
    acts = [own.get(topic.lower()) or act_of(topic) for topic in topics]
    named = {"topic": pa.array(topics, pa.string()), "act": pa.array(acts, pa.string())}
    keep(connection, "topic_acts", pa.table(named))


def _name_places(connection: duckdb.DuckDBPyConnection) -> None:
    """Adds to `places` the names by which encounters call places that have no Location of their own."""
    names = connection.execute("""
        SELECT DISTINCT entry.location.display AS name FROM (
            SELECT unnest(from_json(locations, '[{"location":{"display":"VARCHAR"}}]')) AS entry FROM encounters
        ) WHERE name <> '' AND name NOT IN (SELECT place FROM places)
    """).fetchall()
    own = dict(connection.execute("SELECT place, zone FROM named_places").fetchall())
    rows = [place_row(name, name, None, own) for (name,) in names]
    if rows:
        connection.register("more_places", pa.Table.from_pylist(rows, arrow(connection, "FROM places").schema))
        connection.execute("INSERT INTO places SELECT * FROM more_places")
        connection.unregister("more_places")


