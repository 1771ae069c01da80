"""The peer of intake: a plain orjson loop that writes 20 Encounter columns to Parquet, judging nothing.

Keeps no raw line, no report, no history; a bad line ends it with a traceback.
"""

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

COLUMNS = (
    "id", "version_id", "updated_at", "person", "status", "class_code", "type_code", "type_text", "type_display",
    "service_type", "priority", "started_at", "ended_at", "part_of", "provider", "appointment", "reason_code",
    "reason_text", "disposition", "admit_source",
)


def first(values: list[Any] | None) -> Any:
    return values[0] if values else {}


def code(concept: dict[str, Any]) -> dict[str, Any]:
    return first(concept.get("coding"))


def row(resource: dict[str, Any]) -> tuple[Any, ...]:
    get = resource.get
    meta, period = get("meta") or {}, get("period") or {}
    stay, kind, reason = get("hospitalization") or {}, first(get("type")), first(get("reasonCode"))
    return (
        get("id"), meta.get("versionId"), meta.get("lastUpdated"), (get("subject") or {}).get("reference"),
        get("status"), (get("class") or {}).get("code"), code(kind).get("code"), kind.get("text"),
        code(kind).get("display"), (get("serviceType") or {}).get("text"), code(get("priority") or {}).get("code"),
        period.get("start"), period.get("end"), (get("partOf") or {}).get("reference"),
        (get("serviceProvider") or {}).get("reference"), first(get("appointment")).get("reference"),
        code(reason).get("code"), reason.get("text"), code(stay.get("dischargeDisposition") or {}).get("code"),
        code(stay.get("admitSource") or {}).get("code"),
    )


def to_parquet(rows: Iterator[tuple[Any, ...]], out: Path) -> int:
    schema = pa.schema([(name, pa.string()) for name in COLUMNS])
    count = 0
    with pq.ParquetWriter(out, schema, compression="snappy") as writer:
        while batch := list(itertools.islice(rows, 50_000)):
            writer.write_table(pa.table([pa.array(column, pa.string()) for column in zip(*batch, strict=True)], schema))
            count += len(batch)
    return count


def main(path: Path, out: Path) -> int:
    with path.open("rb") as lines:
        return to_parquet((row(orjson.loads(line)) for line in lines), out)


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), Path(sys.argv[2])))
