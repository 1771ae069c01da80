"""Whose is it? Merged records are followed to one person; feeds find their person by exact identifiers only.

What finds nobody, or two people, stays without a person and is counted: nothing is guessed.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from .engine import arrow
from .keys import key

MERGED_SCHEMA = pa.schema([("patient", pa.string()), ("canonical", pa.string()), ("person", pa.int64())])

KNOWN_IDENTIFIERS = """
-- one row per identifier and person that has it
written AS (
    SELECT person, unnest(from_json(coalesce(identifiers, '[]'),
        '[{"system":"VARCHAR","value":"VARCHAR","type":{"coding":[{"code":"VARCHAR"}]}}]')) AS one
    FROM patients_in_force
),
reached AS (
    SELECT person, unnest(from_json(coalesce(telecom, '[]'), '[{"system":"VARCHAR","value":"VARCHAR"}]')) AS one
    FROM patients_in_force
)
SELECT DISTINCT kind, value, person FROM (
    SELECT 'mrn' AS kind, one.value AS value, person FROM written
    WHERE one.system = 'urn:mrn' OR list_contains(list_transform(one.type.coding, lambda coded: coded.code), 'MR')
    UNION ALL
    SELECT 'portal', one.value, person FROM written WHERE one.system = 'urn:portal'
    UNION ALL
    SELECT one.system, one.value, person FROM reached WHERE one.system IN ('phone', 'email')
) WHERE value <> ''
"""

GIVEN = (("mrn", "person_mrn"), ("portal", "portal_account"), ("phone", "person_phone"), ("email", "person_email"))
"""The identifiers a feed may give, the most telling first."""


@dataclass(frozen=True)
class Record:
    """What a patient record says of merges: its current version only, so that a link taken back is undone."""

    patient: str
    """'Patient/<id>'."""
    active: bool | None
    updated_at: datetime | None
    links: str | None


def merged(records: Iterable[Record]) -> pa.Table:
    """One row per patient record that counts as another one: the record, the canonical one, its person key.

    A record that says it is replaced follows that link. A survivor's "replaces" counts too, unless the other
    record was changed later, is in use, and says nothing of being replaced (a merge taken back).
    """
    known = {record.patient: record for record in records}
    towards: dict[str, set[str]] = {}
    for record in known.values():
        for kind, other in _links(record):
            if kind == "replaced-by":
                towards.setdefault(record.patient, set()).add(other)
            elif kind == "replaces" and not _taken_back(known.get(other), record):
                towards.setdefault(other, set()).add(record.patient)
    rows = [(patient, _end_of(patient, towards)) for patient in sorted(towards)]
    return pa.Table.from_pylist(
        [
            {"patient": patient, "canonical": canonical, "person": key(canonical)}
            for patient, canonical in rows
            if canonical != patient
        ],
        MERGED_SCHEMA,
    )


def merged_in(connection: duckdb.DuckDBPyConnection, patients: str) -> pa.Table:
    """`merged` for a relation of current patients (id, active, updated_at, links)."""
    rows = arrow(
        connection,
        f"SELECT 'Patient/' || id AS patient, active, updated_at, links FROM {patients} WHERE links IS NOT NULL"
        f" OR id IN (SELECT substr(unnest(regexp_extract_all(links, 'Patient/[A-Za-z0-9.-]+')), 9) FROM {patients})",
    )
    return merged(Record(**row) for row in rows.to_pylist())


def tied(feed: str) -> str:
    """A SELECT: one row per row of `feed`, by its id: person or NULL, tied_to and tied_by. Needs known_identifiers."""
    kinds = " UNION ALL ".join(
        f"SELECT id, '{kind}' AS kind, {place} AS place, trim({column}) AS value FROM {feed} WHERE trim({column}) <> ''"
        for place, (kind, column) in enumerate(GIVEN)
    )
    return f"""
    SELECT each_row.id,
        CASE WHEN told.alone = 1 THEN told.person END AS person,
        CASE WHEN told.alone = 1 THEN 'person'
             WHEN told.alone > 1 OR told.shared > 0 THEN 'two_people' ELSE 'nobody' END AS tied_to,
        CASE WHEN told.alone = 1 THEN told.first_alone
             WHEN told.alone > 1 THEN 'identifiers_differ'
             WHEN told.shared > 0 THEN told.first_shared
             WHEN told.id IS NOT NULL THEN 'unknown_identifier' ELSE 'no_identifier' END AS tied_by
    FROM (SELECT DISTINCT id FROM {feed}) AS each_row LEFT JOIN (
        SELECT id,
            count(DISTINCT person) FILTER (people = 1) AS alone,
            count(*) FILTER (people > 1) AS shared,
            min(person) FILTER (people = 1) AS person,
            arg_min(kind, place) FILTER (people = 1) AS first_alone,
            arg_min(kind, place) FILTER (people > 1) AS first_shared
        FROM (
            SELECT given.id, given.kind, given.place, count(known.person) AS people, min(known.person) AS person
            FROM ({kinds}) AS given
            LEFT JOIN known_identifiers AS known ON known.kind = given.kind AND known.value = given.value
            GROUP BY ALL
        ) GROUP BY id
    ) AS told ON told.id = each_row.id"""


def _links(record: Record) -> list[tuple[str, str]]:
    """(type, 'Patient/<id>') of every link that names a patient; whatever else stands there says nothing."""
    told = json.loads(record.links) if record.links else []
    links = [link for link in told if isinstance(link, dict)] if isinstance(told, list) else []
    others = [(link.get("type"), link["other"]) for link in links if isinstance(link.get("other"), dict)]
    named = [(kind, other.get("reference")) for kind, other in others if isinstance(kind, str)]
    return [(kind, _patient(other)) for kind, other in named if isinstance(other, str) and "Patient/" in other]


def _patient(written: str) -> str:
    """'Patient/<id>' out of a relative, absolute or versioned reference."""
    return "Patient/" + written.split("Patient/")[-1].split("/")[0]


def _taken_back(other: Record | None, survivor: Record) -> bool:
    if other is None or other.active is False or other.updated_at is None or survivor.updated_at is None:
        return False
    says_so = any(kind == "replaced-by" for kind, _ in _links(other))
    return not says_so and other.updated_at > survivor.updated_at


def _end_of(patient: str, towards: Mapping[str, set[str]]) -> str:
    """The record at the end of the chain; of a ring, or of several ends, the least."""
    seen: set[str] = set()
    ends: set[str] = set()
    waiting = [patient]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if towards.get(here):
            waiting.extend(towards[here])
        else:
            ends.add(here)
    return min(ends or seen)
