"""One task of a build: a bucket in, its by-person tables written and its sums handed back."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from twohats.analysis.build import build_in
from twohats.analysis.context import Context
from twohats.analysis.parts import PARTS
from twohats.store import faults
from twohats.store.buckets import Dealt, range_sql, rows_sql
from twohats.store.dealing import DEALT
from twohats.store.engine import connect, keep
from twohats.store.home import Home
from twohats.store.pages_file import PagesFile
from twohats.store.releases import content_of
from twohats.store.tables import Table
from twohats.store.tables.release import BY_PERSON


@dataclass(frozen=True)
class Job:
    """A bucket to build: what is dealt, its number, what is the same for everybody, where it is written."""

    home: Path
    state: Dealt
    bucket: int
    context: Context
    folder: Path


@dataclass(frozen=True)
class Done:
    """What a bucket came to: rows and hash of each by-person table, and its partial sums."""

    contents: Mapping[str, dict[str, Any]]
    parts: Mapping[str, pa.Table]


@dataclass(frozen=True)
class Built:
    """What all buckets came to, and the pages file that holds their rows."""

    contents: Mapping[str, dict[str, Any]]
    parts: Mapping[str, pa.Table]
    pages: PagesFile


def build_job(job: Job) -> Done:
    """Builds the bucket; safe to do again, the same comes out."""
    connection = connect(spill=job.home)
    try:
        load(connection, Home(job.home), job.state, range_sql(job.bucket, job.state.buckets))
        made = build_in(connection, job.context)
        contents = {}
        for table in BY_PERSON:
            contents[table.name] = counted(connection, table, made[table.name])
            write_rows(made[table.name], job.folder / "tables" / table.name / f"{job.bucket:04d}.parquet")
    finally:
        connection.close()
    return Done(contents, {name: made[name] for name in PARTS})


def load(connection: duckdb.DuckDBPyConnection, home: Home, state: Dealt, owners: str) -> None:
    """Reads the dealt rows of these owners into dealt_<table>."""
    for table in DEALT:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE dealt_{table.name} AS {rows_sql(home, state, table, owners)}")


def counted(connection: duckdb.DuckDBPyConnection, table: Table, rows: pa.Table) -> dict[str, Any]:
    """Rows and hash of a by-person table; its key must be unique."""
    keep(connection, "to_count", rows)
    keys = ", ".join(f'"{name}"' for name in table.key)
    twice = connection.execute(f"SELECT count(*) - count(DISTINCT ({keys})) FROM to_count").fetchall()[0]
    if twice and twice[0]:
        raise AssertionError(f"{table.name}: {twice[0]} rows have a key that another row has")
    return content_of(connection, table, "FROM to_count")


def write_rows(rows: pa.Table, path: Path) -> None:
    """One bucket of a table; zstd, moderate row groups so that one person is found quickly."""
    faults.let_write(path, lambda: pq.write_table(rows, path, compression="zstd", row_group_size=20_480))
