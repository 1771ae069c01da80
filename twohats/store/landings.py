"""Reading what landed: the landings in order of arrival, their rows, and what they left in quarantine."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .home import Home
from .landings_aside import BY_NAME, columns_of, is_read_from_raw
from .tables import DUCKDB_TYPES

STOPS_AT = 0.05
"""More than this share of an intake's lines in quarantine stops publication."""


@dataclass(frozen=True)
class Landing:
    """One file as it landed: its folder and its report."""

    path: Path
    report: dict[str, Any]

    @property
    def name(self) -> str:
        """The first 16 hex digits of the file's content hash: the folder's name."""
        return self.path.name

    def files(self, table: str) -> list[Path]:
        """The Parquet files of one table in this landing; none when the file held no such rows."""
        return sorted(self.path.glob(f"{table}.*parquet"))


def landings(home: Home) -> list[Landing]:
    """Every landing that is visible, in order of arrival."""
    if not home.landings.is_dir():
        return []
    found = [
        Landing(path.parent, json.loads(path.read_bytes()))
        for path in home.landings.glob("*/report.json")
        if not path.parent.name.startswith(".")
    ]
    return sorted(found, key=lambda landing: landing.report["ordinal"])


def landed_names(home: Home) -> set[str]:
    """The names of the visible landings, without opening them."""
    if not home.landings.is_dir():
        return set()
    return {path.parent.name for path in home.landings.glob("*/report.json") if not path.parent.name.startswith(".")}


def landed_files(home: Home, table: str) -> list[Path]:
    """The Parquet files of one table over all landings."""
    return sorted(home.landings.glob(f"[0-9a-f]*/{table}.*parquet")) if home.landings.is_dir() else []


def kept_sql(files: list[Path], table: str) -> str:
    """A select over the rows in `files` as stored; of no files: no rows, same columns."""
    stored = [column for column in columns_of(BY_NAME[table]) if not is_read_from_raw(column)]
    empty = ", ".join(f'CAST(NULL AS {DUCKDB_TYPES[column.kind]}) AS "{column.name}"' for column in stored)
    nothing = f"SELECT {empty} WHERE false"
    if not files:
        return nothing
    listed = ", ".join(quoted(path) for path in files)
    return f"{nothing} UNION ALL BY NAME SELECT * FROM read_parquet([{listed}], union_by_name=true)"


def with_json_columns(table: str, kept: str) -> str:
    """The rows with all declared columns: arrays and objects are read out of the raw line, in one call."""
    columns = columns_of(BY_NAME[table])
    read = [column for column in columns if is_read_from_raw(column)]
    if BY_NAME[table].resource == table:  # a plain file: its raw line has their names, not FHIR's
        nothing = ", ".join(f'CAST(NULL AS VARCHAR) AS "{column.name}"' for column in read)
        return f"SELECT *, {nothing} FROM ({kept})"
    paths = ", ".join(f"'{column.path}'" for column in read)
    place = {column.name: n for n, column in enumerate(read, 1)}
    listed = ", ".join(
        f"nullif(found[{place[column.name]}]::VARCHAR, 'null') AS \"{column.name}\""
        if column.name in place else f'"{column.name}"'
        for column in columns
    )
    return f"SELECT {listed} FROM (SELECT *, json_extract(raw, [{paths}]) AS found FROM ({kept}))"


def quoted(path: Path) -> str:
    """A path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


NEWEST_FIRST = (
    "updated_at DESC NULLS LAST, (deleted AND version_id IS NULL) DESC, "
    "TRY_CAST(CASE WHEN NOT contains(version_id, '.') THEN version_id END AS HUGEINT) DESC NULLS LAST, "
    "version_id DESC NULLS LAST, arrival DESC"
)
"""Which of two versions is current: greatest instant, then version (as a number where it is one), then arrival.
A deletion that names no version hides the versions of its own instant."""


def identity_of(table: str) -> str:
    """The columns that say which rows are versions of one thing."""
    return "type, id" if table == "other_resources" else "id"


def versions_sql(home: Home, table: str) -> str:
    """A select over all kept versions of a landed table: its columns, those of every line, and `is_current`.

    Deleted versions are included, with `deleted` true: what is current and deleted is hidden.
    """
    kept = with_json_columns(table, kept_sql(landed_files(home, table), table))
    return (
        f"SELECT *, row_number() OVER (PARTITION BY {identity_of(table)} ORDER BY {NEWEST_FIRST}) = 1 AS is_current "
        f"FROM ({kept})"
    )


def quarantined_share(home: Home) -> float:
    """The share of all lines ever read that still lie in quarantine; 0 for an empty home."""
    all_landings = landings(home)
    read = sum(landing.report["read"] for landing in all_landings if landing.report["kind"] != "redrive")
    waiting = sum(_waiting(landing, all_landings) for landing in all_landings)
    return waiting / read if read else 0.0


def stops_publication(home: Home) -> bool:
    """True while some intake has more than 5 % of its lines in quarantine.

    A later delivery of the same file answers for the former one; `twohats redrive` settles single lines.
    """
    everything = landings(home)
    deliveries = [one for one in everything if one.report["kind"] != "redrive"]
    of_name: dict[str, list[dict[str, Any]]] = {}
    for one in deliveries:
        of_name.setdefault(one.report["file"], []).append(one.report)
    intakes: dict[str, list[int]] = {}
    for one in deliveries:
        sums = intakes.setdefault(one.report["intake"], [0, 0])
        sums[0] += one.report["read"]
        if one.report["quarantined"] and not any(_answers(other, one.report) for other in of_name[one.report["file"]]):
            sums[1] += _waiting(one, everything)
    return any(waiting > STOPS_AT * read for read, waiting in intakes.values())


def _answers(later: dict[str, Any], former: dict[str, Any]) -> bool:
    """Whether a delivery of the same name is the former file, corrected: a later run, and what was good in the former
    stands in it again. Tomorrow's file of the same name, with other people, is none."""
    if later["ordinal"] <= former["ordinal"] or later["intake"] == former["intake"]:
        return False
    good = former["accepted"] + former["superseded"]
    return bool(later["unchanged"] >= good if good else later["accepted"] >= former["read"] - former["blank"])


def settled_rows(landing: Landing, all_landings: list[Landing]) -> set[int]:
    """Which rows of a landing's quarantine a redrive has settled, by their place in it."""
    return {row for other in all_landings for row in other.report.get("settles", {}).get(landing.name, ())}


def _waiting(landing: Landing, all_landings: list[Landing]) -> int:
    """Lines of a landing in quarantine that no redrive has settled."""
    if landing.report["kind"] == "redrive":
        return 0
    return int(landing.report["quarantined"]) - len(settled_rows(landing, all_landings))
