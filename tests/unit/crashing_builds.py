"""Breaks a build, or the way back to a former release, at its n-th call; does it again, and tells what is there."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.unit.release_files import built
from tests.unit.tiny_hospital import everybody, land, visit
from twohats.store import faults
from twohats.store.engine import files
from twohats.store.home import Home
from twohats.store.reading import Reader
from twohats.store.register import current_id, registered
from twohats.store.releases import content_of, manifest_of, only_build, rollback
from twohats.store.tables.release import BY_PERSON, RELEASED

State = dict[str, Any]
OVERRIDES = "overrides.ndjson"

KILLING = """
import sys
from pathlib import Path
from tests.unit.crashing_builds import DEEDS
from twohats.store import faults
from twohats.store.home import Home
faults.break_at(int(sys.argv[3]), kill=True)
DEEDS[sys.argv[1]](Home(Path(sys.argv[2])))
"""


def go_back(home: Home) -> None:
    """What the verb rollback does."""
    with only_build(home):
        rollback(home)


DEEDS: Mapping[str, Callable[[Home], object]] = {
    "first build": built,
    "build of changed people": built,
    "full build that forgets the others": lambda home: built(home, full=True, keep_releases=1),
    "way back": go_back,
}


@dataclass(frozen=True)
class Breaking:
    """A deed whose calls are broken in turn: the home it starts from, and what it comes to undisturbed."""

    deed: str
    home: Home
    calls: tuple[str, ...]
    before: State
    after: State


def breaking(deed: str, folder: Path) -> Breaking:
    """Makes the home in which the deed begins, and does it once without any fault in a copy of it."""
    home = Home(folder / "home")
    folder.mkdir(parents=True, exist_ok=True)
    _begin(deed, home, folder)
    undisturbed = copied(home, folder / "undisturbed")
    log: list[str] = []
    faults.break_at(0, log=log)
    DEEDS[deed](undisturbed)
    faults.break_at(0)
    return Breaking(deed, home, tuple(log), state(home), state(undisturbed))


def after_failing(breaks: Breaking, call: int, folder: Path) -> State:
    """What is there after the deed failed at that call and was done again."""
    home = copied(breaks.home, folder)
    faults.break_at(call)
    try:
        DEEDS[breaks.deed](home)
        raise AssertionError(f"call {call} did not fail")
    except OSError:
        pass
    finally:
        faults.break_at(0)
    return done_again(breaks, home)


def after_killing(breaks: Breaking, call: int, folder: Path) -> State:
    """What is there after the deed was killed at that call and was done again."""
    home = copied(breaks.home, folder)
    told = subprocess.run(
        [sys.executable, "-c", KILLING, breaks.deed, str(home.path), str(call)], capture_output=True, check=False
    )
    if told.returncode != faults.KILLED:
        raise AssertionError(f"call {call}: exit code {told.returncode}: {told.stderr.decode()[-500:]}")
    return done_again(breaks, home)


def done_again(breaks: Breaking, home: Home) -> State:
    """Readers find the former release, or already the new one, whole; then the same command once more."""
    found = readable(home)
    if found not in (breaks.before["current"], breaks.after["current"]):
        raise AssertionError(f"{breaks.deed}: half a release is current: {found}")
    DEEDS[breaks.deed](home)
    told = state(home)
    shutil.rmtree(home.path)
    return told


def copied(home: Home, folder: Path) -> Home:
    shutil.copytree(home.path, folder)
    return Home(folder)


def state(home: Home) -> State:
    """All there is: the current release in full, which are kept in which order, and every file that lies about."""
    return {
        "current": readable(home),
        "kept": [kept.id for kept in registered(home)],
        "files": sorted(str(path.relative_to(home.path)) for room in (home.releases, home.buckets)
                        for path in room.rglob("*")),
    }


def readable(home: Home) -> State | None:
    """The current release as pages and analysts read it; its tables must hold what its manifest says."""
    release = current_id(home)
    if release is None:
        return None
    folder = home.releases / release
    manifest = manifest_of(home, release)
    if in_tables(folder) != {name: {"rows": manifest["rows"][name], "hash": manifest["hashes"][name]}
                             for name in manifest["rows"]}:
        raise AssertionError(f"the tables of {release} are not what its manifest says")
    reader = Reader(release, folder)
    try:
        rows = {table.name: sorted(map(tuple, reader.rows(f'SELECT * FROM "{table.name}"')), key=repr)
                for table in RELEASED}
    finally:
        reader.close()
    return {"id": release, "rows": rows}


def in_tables(folder: Path) -> dict[str, dict[str, Any]]:
    """Rows and hash of every released table, counted in its files."""
    found = {}
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for table in RELEASED:
            parts = sorted((folder / "tables" / table.name).glob("*.parquet")) if table in BY_PERSON else [
                folder / "totals" / f"{table.name}.parquet"]
            found[table.name] = content_of(connection, table, f"FROM {files(parts)}")
    return found


def _begin(deed: str, home: Home, folder: Path) -> None:
    land(home, folder, "first", *everybody())
    if deed == "first build":
        return
    built(home)
    land(home, folder, "second", visit("p3", "2026-02-20"))
    if deed == "build of changed people":
        return
    built(home)
    if deed != "way back":
        (home.records_export / OVERRIDES).write_text(json.dumps(_overruled(home)) + "\n")


def _overruled(home: Home) -> dict[str, Any]:
    with sqlite3.connect(home.releases / str(current_id(home)) / "pages.sqlite") as pages:
        (interaction,) = pages.execute("SELECT min(interaction) FROM interactions").fetchone()
    return {"kind": "override", "interaction": interaction, "hat": "mixed", "at": "2026-03-01T09:00:00Z"}
