"""Buckets of people: landed rows dealt to owners, sorted by owner, so that a bucket is a range of keys.

    buckets/base-<n>/<table>.parquet    everything, as of the last full deal
    buckets/patch-<n>/<table>.parquet   all rows of the owners that changed since; `owners.parquet` names them
    buckets/current.json                which base and patch hold, and which landings are in them

A new folder is written aside; `current.json` is replaced by one rename. More than a quarter of the owners in the
patch, or anything that cannot be followed, and everything is dealt again.
"""

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from . import faults
from .dealing import DEALT, FEEDS, dealt, prepare
from .engine import arrow, as_json, files, text
from .home import Home
from .keys import KEY_BITS, bits_of
from .landings import NEWEST_FIRST, kept_sql, landings, versions_sql, with_json_columns
from .tables import Kind, Table

PATCH_LIMIT = 0.25
PEOPLE_A_BUCKET = 4000
MOST_BUCKETS = 4096
ROWS_A_GROUP = 20_480
_STATE = "current.json"


@dataclass(frozen=True)
class Dealt:
    """What lies in the buckets: the landings that are in them, the folders, how many owners there are."""

    number: int
    base: str
    patch: str | None
    landings: tuple[str, ...]
    owners: int
    buckets: int


@dataclass(frozen=True)
class Changed:
    """The owners whose rows changed since an earlier deal; `owners` is None when it cannot be told: all may have."""

    before: Dealt | None
    now: Dealt
    owners: pa.Table | None


def read_state(home: Home) -> Dealt | None:
    """What is dealt now; None before the first deal."""
    path = home.buckets / _STATE
    if not path.exists():
        return None
    said = json.loads(path.read_text())
    return Dealt(**{**said, "landings": tuple(said["landings"])})


def bring_up_to_date(connection: duckdb.DuckDBPyConnection, home: Home) -> Changed:
    """Deals what landed since the last deal; says whose rows changed."""
    before = read_state(home)
    landed = tuple(sorted(landing.name for landing in landings(home)))
    if before and before.landings == landed:
        return Changed(before, before, pa.table({"owner": pa.array([], pa.int64())}))
    if before and set(before.landings) < set(landed):
        changed = _deal_more(connection, home, before, landed)
        if changed is not None:
            return changed
    return Changed(before, _deal_all(connection, home, before, landed), None)


def rows_sql(home: Home, state: Dealt, table: Table, owners: str | None = None) -> str:
    """A SELECT over the dealt rows of a table; `owners` is a condition over `owner`."""
    chosen = f" WHERE {owners}" if owners else ""
    base = f"FROM {files([home.buckets / state.base / f'{table.name}.parquet'])}{chosen}"
    if state.patch is None:
        return f"SELECT * {base}"
    folder = home.buckets / state.patch
    replaced = f"owner NOT IN (SELECT owner FROM {files([folder / 'owners.parquet'])})"
    return (
        f"SELECT * {base}{' AND' if owners else ' WHERE'} {replaced}"
        f" UNION ALL BY NAME SELECT * FROM {files([folder / f'{table.name}.parquet'])}{chosen}"
    )


def range_sql(bucket: int, buckets: int) -> str:
    """The condition that `owner` lies in that bucket."""
    width = 1 << (KEY_BITS - bits_of(buckets))
    return f"owner BETWEEN {bucket * width} AND {(bucket + 1) * width - 1}"


def fitting_number(owners: int) -> int:
    """How many buckets for so many people: a power of two, some thousand people in each."""
    buckets = 1
    while buckets < MOST_BUCKETS and owners > buckets * PEOPLE_A_BUCKET * (0.25 if buckets == 1 else 1):
        buckets *= 2
    return buckets


def forget_unused(home: Home, kept: Iterable[Dealt | None]) -> None:
    """Removes folders that none of these states needs."""
    used = {name for state in kept if state for name in (state.base, state.patch)}
    for folder in sorted(home.buckets.iterdir()):
        if folder.is_dir() and folder.name not in used:
            faults.remove_folder(folder)


def _deal_all(
    connection: duckdb.DuckDBPyConnection, home: Home, before: Dealt | None, landed: tuple[str, ...]
) -> Dealt:
    number = before.number + 1 if before else 1
    folder = _fresh(home.buckets / f"base-{number}")
    narrow = "id, active, updated_at, links, identifiers, telecom, is_current, deleted"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE landed_patients AS SELECT {narrow}"
                       f" FROM ({versions_sql(home, 'patients')})")
    prepare(connection, "landed_patients")
    connection.execute("CREATE OR REPLACE TEMP TABLE every_owner (owner BIGINT)")
    for table in DEALT:
        kept = "" if table.keeps_history else " WHERE is_current"
        landed_rows = f"(SELECT * FROM ({versions_sql(home, table.name)}){kept})"
        path = folder / f"{table.name}.parquet"
        _write(connection, dealt(table, landed_rows), path)
        connection.execute(f"INSERT INTO every_owner SELECT DISTINCT owner FROM {files([path])}")
    _keep_maps(connection, folder)
    row = connection.execute("SELECT count(DISTINCT owner) FROM every_owner").fetchall()[0]
    owners = int(row[0]) if row else 0
    buckets = before.buckets if before else fitting_number(owners)
    if before and not before.buckets / 4 <= fitting_number(owners) <= before.buckets * 4:
        buckets = fitting_number(owners)
    return _keep_state(home, Dealt(number, folder.name, None, landed, owners, buckets))


def _deal_more(
    connection: duckdb.DuckDBPyConnection, home: Home, before: Dealt, landed: tuple[str, ...]
) -> Changed | None:
    """Deals the owners that new landings touch; None when everything must be dealt again."""
    new = [landing for landing in landings(home) if landing.name not in set(before.landings)]
    for table in DEALT:
        found = [path for landing in new for path in landing.files(table.name)]
        brought = with_json_columns(table.name, kept_sql(found, table.name))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE new_{table.name} AS {brought}")
    _maps_after(connection, home, before)
    _changed_owners(connection, home, before)
    row = connection.execute("SELECT count(*) FROM changed_owners").fetchall()[0]
    in_patch = pq.read_metadata(home.buckets / before.patch / "owners.parquet").num_rows if before.patch else 0
    if row is None or row[0] + in_patch > PATCH_LIMIT * before.owners:
        return None
    number = before.number + 1
    folder = _fresh(home.buckets / f"patch-{number}")
    for table in DEALT:
        _write(connection, _patched(home, before, table), folder / f"{table.name}.parquet")
        stray = connection.execute(
            f"SELECT count(*) FROM {files([folder / f'{table.name}.parquet'])} WHERE owner NOT IN (FROM in_patch)"
        ).fetchall()[0]
        if stray and stray[0]:
            return None
    _copy(connection, "FROM in_patch ORDER BY owner", folder / "owners.parquet")
    _keep_maps(connection, folder)
    owners = arrow(connection, "SELECT owner FROM changed_owners ORDER BY owner")
    state = _keep_state(home, replace(before, number=number, patch=folder.name, landings=landed))
    return Changed(before, state, owners)


def _maps_after(connection: duckdb.DuckDBPyConnection, home: Home, before: Dealt) -> None:
    """`merged` and `known_identifiers` after the new landings; former_* hold those before."""
    maps = home.buckets / (before.patch or before.base)
    for name in ("merged", "known_identifiers"):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE former_{name} AS FROM {files([maps / f'{name}.parquet'])}")
    brought = connection.execute("SELECT count(*) FROM new_patients").fetchall()[0]
    if brought and brought[0]:
        narrow = "id, active, updated_at, links, identifiers, telecom, is_current, deleted"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE landed_patients AS SELECT {narrow}"
                           f" FROM ({versions_sql(home, 'patients')})")
        prepare(connection, "landed_patients")
    else:
        for name in ("merged", "known_identifiers"):
            connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM former_{name}")


def _changed_owners(connection: duckdb.DuckDBPyConnection, home: Home, before: Dealt) -> None:
    """Makes `changed_owners`: of new rows, of the rows they replace, and of merges and identifiers that changed."""
    connection.execute("CREATE OR REPLACE TEMP TABLE changed_owners (owner BIGINT)")
    add = "INSERT INTO changed_owners SELECT DISTINCT owner FROM "
    for table in DEALT:
        connection.execute(add + f"({dealt(table, _landed_form(table, f'FROM new_{table.name}', True))})")
        connection.execute(
            add + f"({rows_sql(home, before, table)}) WHERE id IN (SELECT id FROM new_{table.name})")
    connection.execute("""
        INSERT INTO changed_owners
        WITH moved AS (
            SELECT patient FROM (SELECT patient, person FROM merged EXCEPT SELECT patient, person FROM former_merged)
            UNION
            SELECT patient FROM (SELECT patient, person FROM former_merged EXCEPT SELECT patient, person FROM merged)
        )
        SELECT key(patient) FROM moved
        UNION SELECT person FROM merged WHERE patient IN (FROM moved)
        UNION SELECT person FROM former_merged WHERE patient IN (FROM moved)
    """)
    same = connection.execute("""
        SELECT count(*) FROM (
            (FROM known_identifiers EXCEPT FROM former_known_identifiers)
            UNION ALL (FROM former_known_identifiers EXCEPT FROM known_identifiers))
    """).fetchall()[0]
    if same and same[0]:
        for table in (*FEEDS, next(table for table in DEALT if table.name == "audit_events")):
            held = rows_sql(home, before, table)
            connection.execute(f"""
                INSERT INTO changed_owners
                SELECT unnest([former.owner, after.owner])
                FROM ({held}) AS former
                JOIN ({dealt(table, _landed_form(table, held, False))}) AS after USING (id)
                WHERE former.is_current AND (former.owner <> after.owner
                    {"OR former.tied_to <> after.tied_to OR former.tied_by <> after.tied_by" if table in FEEDS else ""})
            """)
    connection.execute("CREATE OR REPLACE TEMP TABLE changed_owners AS SELECT DISTINCT owner FROM changed_owners")
    earlier = f"SELECT owner FROM {files([home.buckets / before.patch / 'owners.parquet'])}" if before.patch else None
    union = f" UNION {earlier}" if earlier else ""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE in_patch AS SELECT owner FROM changed_owners{union}")


def _patched(home: Home, before: Dealt, table: Table) -> str:
    """All rows of the owners in the patch: those carried over, and those that changed dealt anew."""
    held = rows_sql(home, before, table)
    touched = f"(owner IN (FROM changed_owners) OR id IN (SELECT id FROM new_{table.name}))"
    old = _landed_form(table, f"SELECT * FROM ({held}) WHERE {touched}", False)
    new = _landed_form(table, f"FROM new_{table.name}", True)
    kept = "" if table.keeps_history else " WHERE is_current"
    both = (
        f"(SELECT * FROM (SELECT * EXCLUDE (is_current),"
        f" row_number() OVER (PARTITION BY id ORDER BY {NEWEST_FIRST}) = 1 AS is_current"
        f" FROM ({old[1:-1]} UNION ALL BY NAME {new[1:-1]})){kept})"
    )
    carried = f"SELECT * FROM ({held}) WHERE owner IN (FROM in_patch) AND NOT {touched}"
    return f"{dealt(table, both)} UNION ALL BY NAME {carried}"


def _landed_form(table: Table, rows: str, landed: bool) -> str:
    """Rows as `dealt` takes them, out of landed rows or of rows that were dealt before."""
    columns = ", ".join(f'"{column.name}"' for column in table.columns if column.name not in ("person", "id"))
    bound = "person" in table.names
    person = ("person, " if landed else "patient AS person, ") if bound else ""
    arrival = "arrival" if landed else "source_order AS arrival"
    current = "true AS is_current" if landed else "is_current"
    return (f"(SELECT {person}{columns}, id, version_id, updated_at, {arrival}, security, deleted, {current}"
            f" FROM ({rows}))")


def _write(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    _copy(connection, f"SELECT * FROM ({sql}) ORDER BY owner, id, source_order", path,
          f", COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_A_GROUP}")


def _keep_maps(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    for name in ("merged", "known_identifiers"):
        _copy(connection, f"FROM {name} ORDER BY ALL", folder / f"{name}.parquet")


def _copy(connection: duckdb.DuckDBPyConnection, sql: str, path: Path, more: str = "") -> None:
    """The rows of a SELECT as a Parquet file, safe on the disk."""
    faults.let_write(path, lambda: connection.execute(f"COPY ({sql}) TO {text(path)} (FORMAT parquet{more})"))
    faults.keep_file(path)


def _keep_state(home: Home, state: Dealt) -> Dealt:
    """Makes a finished folder the one that holds."""
    faults.keep_folder(home.buckets / (state.patch or state.base))
    aside = home.buckets / f"{_STATE}.aside"
    faults.write_file(aside, as_json(asdict(state)).encode())
    faults.rename(aside, home.buckets / _STATE)
    return state


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def instants_of(table: Table) -> tuple[str, ...]:
    """The columns of a landed table that hold instants."""
    return tuple(column.name for column in table.columns if column.kind is Kind.INSTANT)
