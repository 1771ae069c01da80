"""Small deliveries, drawn as the lines they are, and the state they leave."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import orjson

from twohats.sources.commands.intake import take_in
from twohats.store.home import Home
from twohats.store.landings import landings, versions_sql

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PARTS = ("accepted", "superseded", "unchanged", "quarantined", "blank")


def patient(identity: str, version: str | None = None, updated: str | None = None, **more: Any) -> bytes:
    meta = {key: value for key, value in (("versionId", version), ("lastUpdated", updated)) if value is not None}
    return orjson.dumps({"resourceType": "Patient", "id": identity, **({"meta": meta} if meta else {}), **more})


def deletion(identity: str, at: str | None = None) -> bytes:
    entry = {"request": {"method": "DELETE", "url": f"Patient/{identity}"}}
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
    return orjson.dumps(bundle | ({"meta": {"lastUpdated": at}} if at else {}))


def deliver(home: Home, folder: Path, name: str, *lines: bytes, now: datetime = NOW, **said: Any) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(b"".join(line + b"\n" for line in lines))
    return take_in(home, [file], now=now, **said)


def counts(report: dict[str, Any]) -> tuple[int, ...]:
    """accepted, superseded, unchanged, quarantined, blank"""
    return tuple(report[part] for part in PARTS)


def rows(home: Home, table: str = "patients", columns: str = "id, version_id, deleted, is_current") -> list[Any]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        found = connection.sql(f"SELECT {columns} FROM ({versions_sql(home, table)}) ORDER BY ALL").to_arrow_table()
        return list(zip(*(column.to_pylist() for column in found.columns), strict=True))


def current(home: Home, table: str = "patients") -> list[Any]:
    """What readers see: the current versions that are not deleted, by content."""
    with duckdb.connect() as connection:
        return connection.execute(
            f"SELECT id, version_id, content_hash FROM ({versions_sql(home, table)}) "
            "WHERE is_current AND NOT deleted ORDER BY ALL"
        ).fetchall()


def quarantine(home: Home) -> list[tuple[Any, ...]]:
    """(line, offset, code, field, raw) of every quarantined line, in order."""
    found = []
    for landing in landings(home):
        for path in landing.files("quarantine"):
            found += duckdb.execute(
                f"SELECT line, offset_bytes, reason_code, field, raw FROM read_parquet('{path}') ORDER BY ALL"
            ).fetchall()
    return found
