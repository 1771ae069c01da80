"""Where our hospitals stand in the public HCAHPS files that were taken in: per official measure, never as stars."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa

from twohats.store.engine import arrow
from twohats.store.landings_aside import ARROW_TYPES
from twohats.store.tables.landed import HOSPITAL_SCORES
from twohats.store.tables.release import STANDING
from twohats.words.facilities import ccn

from .public_file import FEW_COMPLETES, PublicFile

MEASURES = tuple(column.name for column in HOSPITAL_SCORES.columns if column.name.startswith("h_"))
_SCHEMA = pa.schema([(column.name, ARROW_TYPES[column.kind]) for column in STANDING.columns])


def standing(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """One row per measure, hospital of ours and period (see STANDING), from the landed `hospital_scores` and `units`.

    Hospitals with fewer than 100 completed surveys are not in the distribution, and stand nowhere in it.
    """
    told = arrow(connection, "SELECT * FROM hospital_scores WHERE is_current AND NOT deleted ORDER BY arrival, id")
    ours: dict[str, str] = {}
    for facility, unit in connection.execute(
        "SELECT facility_id, unit_id FROM units WHERE is_current AND NOT deleted AND facility_id <> '' ORDER BY unit_id"
    ).fetchall():
        ours.setdefault(ccn(facility), unit)
    by_period: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for row in told.to_pylist():  # of two rows of one hospital, its zeros dropped in one of them, the later counts
        by_period[row["start_date"] or "", row["end_date"] or ""][ccn(row["facility_id"])] = row
    rows = [
        one
        for (first_day, last_day), hospitals in sorted(by_period.items())
        for one in _of_period(first_day, last_day, _enough(hospitals), ours)
    ]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: [row[name] for name in STANDING.key]), _SCHEMA)


def _enough(hospitals: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {facility: row for facility, row in hospitals.items()
            if (row["num_completed_surveys"] or 0) >= FEW_COMPLETES}


def _of_period(
    first_day: str, last_day: str, hospitals: Mapping[str, Mapping[str, Any]], ours: Mapping[str, str]
) -> list[dict[str, Any]]:
    values = {name: tuple(sorted(row[name] for row in hospitals.values() if row[name] is not None))
              for name in MEASURES}
    file = PublicFile("hospital_scores", first_day, last_day, values)
    rows = []
    for facility, row in hospitals.items():
        for name in MEASURES:
            if facility in ours and row[name] is not None:
                found = file.position(name, row[name])
                rows.append({
                    "measure": name, "unit": ours[facility], "first_day": first_day, "last_day": last_day,
                    "value": found.value, "completes": row["num_completed_surveys"],
                    "response_rate": row["survey_response_rate_percent"], "hospitals": found.hospitals,
                    "below": found.below, "alike": found.alike,
                    **dict(zip(("lower_quarter", "middle", "upper_quarter"), found.quartiles, strict=True)),
                    "lowest": values[name][0], "highest": values[name][-1],
                })
    return rows
