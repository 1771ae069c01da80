"""Builds changed people only: their rows are made anew, all others carried over, their old sums taken away.

The result is the release that a full build would make. Where that cannot be promised (other code, other places,
roles or units, another year, too many people) the answer is to build everything.
"""

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from twohats.analysis.bucket_task import Built, counted, load, write_rows
from twohats.analysis.build import IN_ORDER, build_in, in_force, name_subjects
from twohats.analysis.context import Context
from twohats.analysis.evidence import Evidence
from twohats.analysis.parts import PARTS, merged_parts
from twohats.analysis.stages import run_stage, stages_of_sums
from twohats.store import faults
from twohats.store.buckets import PATCH_LIMIT, PEOPLE_A_BUCKET, Changed, Dealt, instants_of, range_sql, rows_sql
from twohats.store.dealing import DEALT, FEEDS
from twohats.store.engine import arrow, connect, files, keep
from twohats.store.home import Home
from twohats.store.pages_file import PagesFile
from twohats.store.releases import content_of
from twohats.store.tables import Table
from twohats.store.tables.release import BY_PERSON
from twohats.words.hand_offs import hand_offs

LAGS = tuple(timedelta(days=days) for days in sorted({0, 14, *(kind.days for kind in hand_offs().told)}))
"""How long after an instant the clock makes something of it (missed, not picked up, not followed up, lost)."""
DESK_BEFORE, DESK_AFTER = timedelta(days=3), timedelta(days=2)
"""Around the release's day: whoever may be on the front desk's list."""


def owners_to_build(
    connection: duckdb.DuckDBPyConnection, home: Home, former: Mapping[str, Any] | None, inputs: Mapping[str, Any],
    changed: Changed, context: Context,
) -> pa.Table | None:
    """The people to build again after `former`; None when everything must be built."""
    if former is None or changed.before is None or changed.owners is None:
        return None
    if tuple(former["landings"]) != changed.before.landings or former["buckets"] != changed.now.buckets:
        return None
    if former["code"] != inputs["code"] or former["context"] != inputs["context"]:
        return None
    was = datetime.fromisoformat(former["as_of"])
    if was > context.as_of or was.year != context.as_of.year:
        return None
    keep(connection, "to_build", changed.owners)
    _add_corrected(connection, home, former, inputs)
    if was != context.as_of:
        _add_by_clock(connection, home, former, changed.now, was, context.as_of)
    owners = arrow(connection, "SELECT DISTINCT owner FROM to_build ORDER BY owner")
    return owners if owners.num_rows <= PATCH_LIMIT * changed.now.owners else None


def patched(
    home: Home, folder: Path, former: Mapping[str, Any], changed: Changed, context: Context, owners: pa.Table
) -> Built:
    """The by-person tables, sums and pages file of the former release with these owners built anew."""
    former_folder = home.releases / str(former["id"])
    state, before = changed.now, changed.before or changed.now
    connection = connect(spill=home.path)
    try:
        new, parts = _built_anew(connection, home, state, context, owners)
        keep(connection, "building", owners)
        taken = _former_parts(connection, home, former_folder, before, context)
        contents = {}
        for table in BY_PERSON:
            keep(connection, "made_anew", new[table.name])
            contents[table.name] = _content_after(connection, former, table, new[table.name])
            _write_table(connection, table, former_folder, folder, state.buckets)
        pages = _patched_pages(former_folder, folder, owners, new)
        sums = {name: pq.read_table(former_folder / "parts" / f"{name}.parquet") for name in PARTS}
        return Built(contents, merged_parts([sums, *parts], [taken]), pages)
    finally:
        connection.close()


def _add_corrected(
    connection: duckdb.DuckDBPyConnection, home: Home, former: Mapping[str, Any], inputs: Mapping[str, Any]
) -> None:
    """Owners of whom an override or a clause's label was given, changed or taken back since."""
    for said, table, key, owner in (
        ("overrides", "interactions", "interaction", "person"),
        ("clause_labels", "clauses", "clause", "coalesce(person, voice)"),
    ):
        then, now = former[said], inputs[said]
        differing = sorted(int(one) for one in {*then, *now} if then.get(one) != now.get(one))
        if differing:
            held = files(sorted((home.releases / former["id"] / "tables" / table).glob("*.parquet")))
            listed = ", ".join(str(one) for one in differing)
            connection.execute(f"INSERT INTO to_build SELECT {owner} FROM {held} WHERE {key} IN ({listed})")


def _add_by_clock(
    connection: duckdb.DuckDBPyConnection, home: Home, former: Mapping[str, Any], state: Dealt, was: datetime,
    now: datetime,
) -> None:
    """People for whom time alone changed something: what was to come has passed, a birthday, the desk's day."""
    for table in DEALT:
        passed = [
            f"{column} > {_at(was - lag)} AND {column} <= {_at(now - lag)}"
            for column in instants_of(table) for lag in LAGS
        ]
        if table.name in ("appointments", "encounters"):
            passed.append(f"started_at BETWEEN {_at(was - DESK_BEFORE)} AND {_at(now + DESK_AFTER)}")
        if table.name == "patients":
            passed.append(
                "substr(birth_date, 6, 5) BETWEEN "
                f"'{was - timedelta(days=1):%m-%d}' AND '{now + timedelta(days=1):%m-%d}'"
            )
        if passed:
            connection.execute(
                f"INSERT INTO to_build SELECT DISTINCT owner FROM ({rows_sql(home, state, table)})"
                f" WHERE {' OR '.join(f'({one})' for one in passed)}"
            )
    desk = files(sorted((home.releases / former["id"] / "tables" / "desk").glob("*.parquet")))
    connection.execute(f"INSERT INTO to_build SELECT person FROM {desk}")


def _at(instant: datetime) -> str:
    return f"TIMESTAMPTZ '{instant.isoformat()}'"


def _built_anew(
    connection: duckdb.DuckDBPyConnection, home: Home, state: Dealt, context: Context, owners: pa.Table
) -> tuple[dict[str, pa.Table], list[Mapping[str, pa.Table]]]:
    """The by-person rows and the partial sums of these owners, built some thousand at a time."""
    made = []
    for start in range(0, max(1, owners.num_rows), PEOPLE_A_BUCKET):
        keep(connection, "building", owners.slice(start, PEOPLE_A_BUCKET))
        load(connection, home, state, "owner IN (SELECT owner FROM building)")
        made.append(build_in(connection, context))
    rows = {table.name: pa.concat_tables([one[table.name] for one in made]) for table in BY_PERSON}
    return rows, [{name: one[name] for name in PARTS} for one in made]


def _former_parts(
    connection: duckdb.DuckDBPyConnection, home: Home, former_folder: Path, before: Dealt, context: Context
) -> dict[str, pa.Table]:
    """What the owners in `building` came to in the former release."""
    for name in ("units", "above", "site_zones", "rules", "answer_codes", "driver_items", "said_so_answers"):
        keep(connection, name, context.tables[name])
    load(connection, home, before, "owner IN (SELECT owner FROM building)")
    name_subjects(connection)
    for table in FEEDS:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table.name} AS {in_force(table, Evidence.FULL)}")
    for table in BY_PERSON:
        held = files(sorted((former_folder / "tables" / table.name).glob("*.parquet")))
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table.name} AS SELECT * FROM {held}"
            f" WHERE {owner_of(table)} IN (SELECT owner FROM building)"
        )
        connection.execute(f"CREATE OR REPLACE TEMP TABLE former_{table.name} AS FROM {table.name}")
    for stage in stages_of_sums(PARTS):
        run_stage(connection, stage)
    return {name: arrow(connection, f"FROM {name}") for name in PARTS}


def owner_of(table: Table) -> str:
    """The owner of a row of a by-person table: its person, or the voice itself where nobody was found."""
    return "coalesce(person, voice)" if table.name in ("voices", "clauses") else "person"


def _content_after(
    connection: duckdb.DuckDBPyConnection, former: Mapping[str, Any], table: Table, new: pa.Table
) -> dict[str, Any]:
    """Rows and hash of the whole table: what was, less the former rows of these owners, and their new ones."""
    gone = content_of(connection, table, f"FROM former_{table.name}")
    come = counted(connection, table, new)
    hashed = int(former["hashes"][table.name]) - int(gone["hash"]) + int(come["hash"])
    return {"rows": former["rows"][table.name] - gone["rows"] + come["rows"], "hash": str(hashed % 2**64)}


def _write_table(
    connection: duckdb.DuckDBPyConnection, table: Table, former_folder: Path, folder: Path, buckets: int
) -> None:
    """Every bucket of a table: copied where nobody in it changed, else carried-over and new rows in order."""
    target = folder / "tables" / table.name
    target.mkdir(parents=True)
    order = IN_ORDER.get(table.name) or ", ".join(dict.fromkeys(("person", *table.key)))
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    for bucket in range(buckets):
        former_file = former_folder / "tables" / table.name / f"{bucket:04d}.parquet"
        inside = range_sql(bucket, buckets)
        touched = connection.execute(f"SELECT count(*) FROM building WHERE {inside}").fetchall()[0]
        if touched is None or not touched[0]:
            copy(former_file, target / former_file.name)
            continue
        owner = owner_of(table)
        rows = arrow(connection, f"""
            SELECT {columns} FROM (
                SELECT {columns} FROM {files([former_file])} WHERE {owner} NOT IN (SELECT owner FROM building)
                UNION ALL
                SELECT {columns} FROM made_anew WHERE {inside.replace('owner', owner, 1)}
            ) ORDER BY {order}""")
        write_rows(rows, target / former_file.name)


def copy(former: Path, path: Path) -> None:
    """A file of the former release, carried over."""
    faults.let_write(path, lambda: shutil.copyfile(former, path))


def _patched_pages(former_folder: Path, folder: Path, owners: pa.Table, new: Mapping[str, pa.Table]) -> PagesFile:
    """A copy of the former pages file with these owners' rows replaced."""
    path = folder / "pages.sqlite"
    copy(former_folder / "pages.sqlite", path)
    pages = PagesFile(path)
    keys = owners["owner"].to_pylist()
    for table in BY_PERSON:
        pages.remove(table, "person", keys)
        if table.name in ("voices", "clauses"):
            pages.remove(table, "voice", keys)
        pages.add(table, new[table.name])
    return pages
