"""Landed rows from a few drawn resources, by the paths the tables declare.

For specs and small trials: no checks, no quarantine, versions by (updated_at, versionId, order). What hospitals
send goes through `sources`, which is strict and gives the same values.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from .landings_aside import ARROW_TYPES
from .tables import Column, Kind, Table
from .tables.landed import FEED_TABLES, FHIR_TABLES, LINE_COLUMNS

_STEP = re.compile(r"([A-Za-z_]+)|\[(\d+)\]")


def arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    """The declared columns as an Arrow schema."""
    return pa.schema([(column.name, ARROW_TYPES[column.kind]) for column in columns])


def drawn_tables(
    resources: Iterable[Mapping[str, Any] | str | bytes], feeds: Mapping[str, list[dict[str, Any]]] | None = None
) -> dict[str, pa.Table]:
    """Every landed table by name, each row with LINE_COLUMNS and `is_current`; tables without rows are empty."""
    parsed = [json.loads(line) if isinstance(line, str | bytes) else dict(line) for line in resources]
    rows: dict[str, list[dict[str, Any]]] = {table.name: [] for table in (*FHIR_TABLES, *FEED_TABLES)}
    arrival = 0
    for table in FHIR_TABLES:
        for resource in parsed:
            if resource["resourceType"] == table.resource:
                arrival += 1
                rows[table.name].append(_row(table, resource, arrival))
    for table in FEED_TABLES:
        for line in (feeds or {}).get(table.name, []):
            arrival += 1
            rows[table.name].append(_feed_row(table, line, arrival))
    return {table.name: _table(table, rows[table.name]) for table in (*FHIR_TABLES, *FEED_TABLES)}


def _table(table: Table, rows: list[dict[str, Any]]) -> pa.Table:
    by_id: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_id.setdefault(row["id"], []).append(row)
    for versions in by_id.values():
        newest = max(versions, key=_newness)
        for row in versions:
            row["is_current"] = row is newest
    schema = arrow_schema((*table.columns, *LINE_COLUMNS)).append(pa.field("is_current", pa.bool_()))
    return pa.Table.from_pylist(rows, schema)


def _newness(row: Mapping[str, Any]) -> tuple[datetime, int, int]:
    version = row["version_id"] or ""
    updated_at = row["updated_at"] or datetime.min.replace(tzinfo=UTC)
    return (updated_at, int(version) if version.isdigit() else -1, row["arrival"])


def _row(table: Table, resource: Mapping[str, Any], arrival: int) -> dict[str, Any]:
    row = {column.name: _value(column, resource) for column in table.columns}
    return row | _line(resource, str(resource["id"]), arrival)


def _feed_row(table: Table, line: Mapping[str, Any], arrival: int) -> dict[str, Any]:
    row = {column.name: _typed(column.kind, line.get(column.path or "")) for column in table.columns}
    return row | _line(line, str(line[table.columns[0].name]), arrival)


def _line(content: Mapping[str, Any], identity: str, arrival: int) -> dict[str, Any]:
    meta = content.get("meta") or {}
    raw = json.dumps(content, default=str)
    return {
        "id": identity,
        "version_id": meta.get("versionId"),
        "updated_at": _typed(Kind.INSTANT, meta.get("lastUpdated")),
        "deleted": False,
        "security": _typed(Kind.JSON, meta.get("security")),
        "content_hash": hashlib.sha256(raw.encode()).hexdigest(),
        "landing": "drawn",
        "line": arrival,
        "offset_bytes": 0,
        "arrival": arrival,
        "raw": raw,
    }


def _value(column: Column, resource: Mapping[str, Any]) -> Any:
    if column.path == "participant:Patient":
        actors = [part.get("actor", {}).get("reference") for part in resource.get("participant", [])]
        return _first_patient(actors)
    if column.path == "auditevent:Patient":
        entities = [part.get("what", {}).get("reference") for part in resource.get("entity", [])]
        agents = [part.get("who", {}).get("reference") for part in resource.get("agent", [])]
        return _first_patient(entities) or _first_patient(agents)
    found: Any = resource
    for name, index in _STEP.findall(column.path or ""):
        if name:
            found = found.get(name) if isinstance(found, Mapping) else None
        else:
            found = found[int(index)] if isinstance(found, list) and len(found) > int(index) else None
    return _typed(column.kind, found)


def _first_patient(references: Iterable[str | None]) -> str | None:
    return next((found for found in references if found and found.startswith("Patient/")), None)


def _typed(kind: Kind, value: Any) -> Any:
    if value is None or value == "":
        return None
    if kind is Kind.JSON:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if kind is Kind.INSTANT:
        return _instant(value)
    if kind is Kind.DATE:
        return date.fromisoformat(value) if isinstance(value, str) else value
    if kind is Kind.BOOL:
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if kind is Kind.INT:
        return int(value)
    return float(value) if kind is Kind.FLOAT else str(value)


def _instant(value: str | datetime) -> datetime:
    if isinstance(value, datetime):
        return value
    padded = value + "-01" * (2 - value.count("-")) if len(value) < 10 else value
    parsed = datetime.fromisoformat(padded)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
