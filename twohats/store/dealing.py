"""Landed rows dealt to their owners: every row of a person-bound table gets its person's key, merges followed.

`owner` is the person, or for rows that found nobody a key of the row itself, so that every row lies somewhere.
The relations here are SQL over tables of the same names in one DuckDB connection; `sources` of the rows are
given as relations with the declared columns, LINE_COLUMNS and `is_current`.
"""

import duckdb

from .engine import keep
from .identity import KNOWN_IDENTIFIERS, merged_in, tied
from .tables import Column, Table
from .tables.landed import COMMENTS, CONTACTS, LANDED, PATIENTS, SURVEYS

DEALT: tuple[Table, ...] = (
    PATIENTS,
    *(table for table in LANDED if table.resource and "person" in table.names),
    CONTACTS,
    SURVEYS,
    COMMENTS,
)
"""The person-bound tables."""
FEEDS = (CONTACTS, SURVEYS, COMMENTS)


def prepare(connection: duckdb.DuckDBPyConnection, patients: str) -> None:
    """Makes `merged` and `known_identifiers` from a relation of landed patients."""
    current = f"(SELECT * FROM {patients} WHERE is_current AND NOT deleted)"
    keep(connection, "merged", merged_in(connection, current))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE known_identifiers AS WITH patients_in_force AS ("
        "SELECT coalesce(merged.person, key('Patient/' || id)) AS person, identifiers, telecom"
        f" FROM {current} AS record LEFT JOIN merged ON merged.patient = 'Patient/' || record.id), {KNOWN_IDENTIFIERS}"
    )


def dealt(table: Table, landed: str) -> str:
    """A SELECT: the declared columns of `landed` with owner, person and patient. Needs `prepare`."""
    if table in FEEDS:
        return _dealt_feed(table, landed)
    if table is PATIENTS:
        written = "'Patient/' || id"
    elif table.keeps_history:
        written = _a_patient("reference(max(person) FILTER (is_current) OVER (PARTITION BY id), 'Patient')")
    else:
        written = _a_patient("reference(person, 'Patient')")
    columns = _columns(table)
    prospect, join = _prospect(table)
    return f"""
    SELECT coalesce(row_person, key('{table.name}|' || id)) AS owner, row_person AS person, * EXCLUDE (row_person)
    FROM (
        SELECT coalesce(merged.person, key(line.patient){prospect}) AS row_person, line.*
        FROM (
            SELECT {written} AS patient, id, version_id, updated_at, arrival AS source_order, security, deleted,
                is_current{columns}
            FROM {landed}
        ) AS line LEFT JOIN merged ON merged.patient = line.patient{join}
    )"""


def _a_patient(reference: str) -> str:
    """The reference where it names a patient: a group, a device or a contained thing is nobody."""
    return f"CASE WHEN starts_with({reference}, 'Patient/') THEN {reference} END"


def _dealt_feed(table: Table, landed: str) -> str:
    columns = _columns(table)
    return f"""
    SELECT coalesce(tie.person, key('{table.name}|' || line.id)) AS owner, tie.person, NULL::VARCHAR AS patient, line.*,
        tie.tied_to, tie.tied_by
    FROM (
        SELECT id, version_id, updated_at, arrival AS source_order, security, deleted, is_current{columns}
        FROM {landed}
    ) AS line LEFT JOIN ({tied(f"(SELECT * FROM {landed} WHERE is_current)")}) AS tie ON tie.id = line.id"""


def _columns(table: Table) -> str:
    named = (column for column in table.columns if column.name not in ("person", "id"))
    return "".join(f", {_value(column)} AS {column.name}" for column in named)


def _value(column: Column) -> str:
    if (column.path or "").endswith(".reference"):
        return f"coalesce(reference({column.name}, ''), {column.name})"
    return column.name


def _prospect(table: Table) -> tuple[str, str]:
    """Somebody who searched without being a patient yet, unless the session is one patient's portal account."""
    if table.name != "audit_events":
        return "", ""
    return (
        ", known.person, CASE WHEN line.agent_name <> '' THEN key('prospect|' || line.agent_name) END",
        """
        LEFT JOIN (
            SELECT value, min(person) AS person FROM known_identifiers WHERE kind = 'portal'
            GROUP BY value HAVING count(DISTINCT person) = 1
        ) AS known ON known.value = line.agent_name AND line.patient IS NULL""",
    )
