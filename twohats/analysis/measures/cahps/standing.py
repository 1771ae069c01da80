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

from .public_file import FEW_COMPLETES, PublicFile

MEASURES = tuple(column.name for column in HOSPITAL_SCORES.columns if column.name.startswith("h_"))
_SCHEMA = pa.schema([(column.name, ARROW_TYPES[column.kind]) for column in STANDING.columns])


def standing(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """One row per measure, hospital of ours and period (see STANDING), from the landed `hospital_scores` and `units`.

    Hospitals with fewer than 100 completed surveys are not in the distribution, and stand nowhere in it.
    """
    told = arrow(connection, "SELECT * FROM hospital_scores WHERE is_current AND NOT deleted ORDER BY id").to_pylist()
    ours = dict(connection.execute(
        "SELECT facility_id, min(unit_id) FROM units WHERE is_current AND NOT deleted AND facility_id <> ''"
        " GROUP BY facility_id ORDER BY facility_id"
    ).fetchall())
    by_period: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in told:
        if (row["num_completed_surveys"] or 0) >= FEW_COMPLETES:
            by_period[row["start_date"] or "", row["end_date"] or ""].append(row)
    rows = [
        one
        for (first_day, last_day), hospitals in sorted(by_period.items())
        for one in _of_period(first_day, last_day, hospitals, ours)
    ]
    return pa.Table.from_pylist(sorted(rows, key=lambda row: [row[name] for name in STANDING.key]), _SCHEMA)


def _of_period(
    first_day: str, last_day: str, hospitals: list[Mapping[str, Any]], ours: Mapping[str, str]
) -> list[dict[str, Any]]:
    values = {name: tuple(sorted(row[name] for row in hospitals if row[name] is not None)) for name in MEASURES}
    file = PublicFile("hospital_scores", first_day, last_day, values)
    rows = []
    for row in hospitals:
        for name in MEASURES:
            if row["facility_id"] in ours and row[name] is not None:
                found = file.position(name, row[name])
                rows.append({
                    "measure": name, "unit": ours[row["facility_id"]], "first_day": first_day, "last_day": last_day,
                    "value": found.value, "completes": row["num_completed_surveys"],
                    "response_rate": row["survey_response_rate_percent"], "hospitals": found.hospitals,
                    "below": found.below, "alike": found.alike,
                    **dict(zip(("lower_quarter", "middle", "upper_quarter"), found.quartiles, strict=True)),
                    "lowest": values[name][0], "highest": values[name][-1],
                })
    return rows
