"""The release's clock: the latest instant at which a source told us something. Nothing reads the machine's clock."""

from collections.abc import Mapping
from datetime import datetime

import duckdb

from twohats.store.dealing import DEALT
from twohats.store.engine import arrow

TOLD_AT: Mapping[str, str] = {
    "patients": "updated_at, deceased_at",
    "encounters": "updated_at, ended_at, started_at",
    "appointments": "updated_at, created_at",
    "service_requests": "updated_at, authored_at",
    "conditions": "updated_at, recorded_at",
    "observations": "updated_at, issued_at, effective_at, effective_ended_at, effective_started_at",
    "procedures": "updated_at, ended_at, started_at, performed_at",
    "medication_requests": "updated_at, authored_at",
    "medication_dispenses": "updated_at, handed_over_at, prepared_at",
    "diagnostic_reports": "updated_at, issued_at, effective_at",
    "audit_events": "updated_at, recorded_at",
    "communications": "updated_at, sent_at, received_at",
    "claims": "updated_at, created_at",
    "explanations_of_benefit": "updated_at, created_at",
    "contacts": "started_at",
    "surveys": "answered_at, asked_at",
    "comments": "created_at",
}
"""When a row was told: its lastUpdated; where the source gives none, what it speaks of. Never what is only planned."""


def latest_told(connection: duckdb.DuckDBPyConnection, relations: Mapping[str, str]) -> datetime | None:
    """The latest instant told in these person-bound relations, given by table; None where none is told at all.

    From the year 2100 on an instant stands for 'no end'.
    """
    told = " UNION ALL ".join(
        f"SELECT coalesce({TOLD_AT.get(table.name, 'updated_at')}) AS told_at FROM ({relations[table.name]})"
        for table in DEALT
    )
    latest: datetime | None = arrow(
        connection, f"SELECT max(told_at) AS latest FROM ({told}) WHERE told_at < TIMESTAMPTZ '2100-01-01 00:00:00+00'"
    )["latest"][0].as_py()
    return latest
