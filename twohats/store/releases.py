"""Releases: immutable folders, checked before they are made current by one row; the last few are kept.

    releases/<id>/tables/<table>/<bucket>.parquet   by-person tables, sorted by person and time
    releases/<id>/parts/<table>.parquet             whole-number sums the totals are made from
    releases/<id>/totals/<table>.parquet            totals and the small whole tables
    releases/<id>/pages.sqlite                      the same for pages, indexed
    releases/<id>/manifest.json                     what went in, which rules, what came out
"""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from twohats.words.problems import Problem

from . import faults
from .engine import as_json
from .home import Home
from .register import current_id, forget, make_current, point_to, registered
from .tables import Table

KEPT = 3
MANIFEST = "manifest.json"
ASIDE = ".aside"


@contextmanager
def only_build(home: Home) -> Iterator[None]:
    """Holds the home for one build at a time; a second one is told so at once."""
    home.ensure()
    with (home.path / "build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem("another build is running here", str(home.path), "Wait for it, then try again.") from None
        yield


def manifest_of(home: Home, release: str) -> dict[str, Any]:
    """The manifest of a release that is kept."""
    found: dict[str, Any] = json.loads((home.releases / release / MANIFEST).read_text())
    return found


def aside(home: Home) -> Path:
    """An empty folder in which a release is written before anybody can see it; left-overs of killed builds go."""
    for left in home.releases.glob(f"{ASIDE}*"):
        shutil.rmtree(left)
    folder = home.releases / ASIDE
    folder.mkdir(parents=True)
    return folder


def release_id(manifest: dict[str, Any]) -> str:
    """The id that follows from inputs, rules and content: the same in, the same id."""
    named = {name: manifest[name] for name in ("landings", "code", "context", "overrides", "as_of", "hashes")}
    return hashlib.sha256(as_json(named).encode()).hexdigest()[:12]


def publish(home: Home, folder: Path, manifest: dict[str, Any], keep: int = KEPT) -> str:
    """Makes the finished folder visible and current; forgets releases beyond the last few. Returns its id."""
    release = str(manifest["id"])
    faults.write_file(folder / MANIFEST, as_json(manifest).encode())
    faults.keep_tree(folder)
    target = home.releases / release
    if target.exists():
        faults.remove_folder(folder)
    else:
        faults.rename(folder, target)
    make_current(home, release, str(manifest["made_at"]))
    forget_old(home, keep)
    return release


def rollback(home: Home) -> tuple[str, str]:
    """Points to the release before the current one. Returns (from, to)."""
    now = current_id(home)
    ids = [kept.id for kept in registered(home)]
    if now is None or ids.index(now) == 0:
        raise Problem("there is no earlier release to go back to", str(home.path), "twohats build makes a new one.")
    former = ids[ids.index(now) - 1]
    point_to(home, former)
    return now, former


def forget_old(home: Home, keep: int = KEPT) -> None:
    """Removes releases beyond the last `keep`, and what a killed build left; the current one always stays."""
    now = current_id(home)
    old = [kept.id for kept in registered(home) if kept.id != now]
    for release in old[: max(0, len(old) - keep + 1)]:
        forget(home, release)
    known = {kept.id for kept in registered(home)}
    for folder in sorted(home.releases.iterdir()):
        if folder.is_dir() and folder.name not in known:
            _remove(folder)


def hash_sql(table: Table, rows: str) -> str:
    """A SELECT giving (rows, hash): a number that is the same for the same rows in any order, and adds up."""
    cells = ", ".join(f"coalesce({_as_text(column.name)}, chr(1))" for column in table.columns)
    return (
        "SELECT count(*) AS rows,"
        f" (coalesce(sum(md5_number_lower(concat_ws(chr(2), {cells}))), 0) % 18446744073709551616)::VARCHAR AS hash"
        f" FROM ({rows})"
    )


def content_of(connection: duckdb.DuckDBPyConnection, table: Table, rows: str) -> dict[str, Any]:
    """Number of rows and content hash of a relation with the table's columns."""
    counted, hashed = connection.execute(hash_sql(table, rows)).fetchall()[0]
    return {"rows": int(counted), "hash": str(hashed)}


def added_up(contents: list[dict[str, Any]]) -> dict[str, Any]:
    """Rows and hash of the whole from those of its parts."""
    return {
        "rows": sum(content["rows"] for content in contents),
        "hash": str(sum(int(content["hash"]) for content in contents) % 2**64),
    }


def _as_text(name: str) -> str:
    return f'"{name}"::VARCHAR'


def _remove(folder: Path) -> None:
    """Its name goes first: half a release under its own name would be taken for one that was made before."""
    if not folder.name.startswith(ASIDE):
        gone = folder.with_name(f"{ASIDE}-gone-{folder.name}")
        faults.rename(folder, gone)
        folder = gone
    faults.remove_folder(folder)
