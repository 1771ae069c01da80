"""The register: which releases there are, in order, and the one row that says which is current."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from . import faults
from .home import Home

_SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS releases (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        made_at TEXT NOT NULL
    )""",
    """
    CREATE TABLE IF NOT EXISTS current (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        id TEXT NOT NULL REFERENCES releases (id)
    )""",
)


@dataclass(frozen=True)
class Registered:
    """A release in the register: its place in time, its id, when it was made."""

    number: int
    id: str
    made_at: str


def current_id(home: Home) -> str | None:
    """Id of the current release; None when nothing was published."""
    rows = _held(home, "SELECT id FROM current")
    return rows[0][0] if rows else None


def registered(home: Home) -> list[Registered]:
    """Every release that is kept, the oldest first."""
    return [Registered(*row) for row in _held(home, "SELECT number, id, made_at FROM releases ORDER BY number")]


def make_current(home: Home, release: str, made_at: str) -> None:
    """Registers the release (a release made again moves to the end) and points to it, in one transaction."""
    with _writing(home, "make current") as register:
        former = register.execute("SELECT id FROM current").fetchone()
        if not former or former[0] != release:
            register.execute("DELETE FROM current")
            register.execute("DELETE FROM releases WHERE id = ?", (release,))
            register.execute("INSERT INTO releases (id, made_at) VALUES (?, ?)", (release, made_at))
            register.execute("INSERT INTO current VALUES (1, ?)", (release,))


def point_to(home: Home, release: str) -> None:
    """Makes a registered release current, later or earlier ones stay."""
    with _writing(home, "point back") as register:
        register.execute("INSERT OR REPLACE INTO current VALUES (1, ?)", (release,))


def forget(home: Home, release: str) -> None:
    """Takes a release that is not current out of the register."""
    with _writing(home, "forget") as register:
        register.execute("DELETE FROM releases WHERE id = ? AND id NOT IN (SELECT id FROM current)", (release,))


def _held(home: Home, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a SELECT; none while there is no register, or one that was never finished."""
    if not home.register.exists():
        return []
    # Not mode=ro: whoever reads first after a power cut must be able to roll the broken write back.
    with closing(sqlite3.connect(f"{home.register.resolve().as_uri()}?mode=rw", uri=True, timeout=30)) as register:
        register.execute("PRAGMA query_only = ON")
        if not register.execute("SELECT 1 FROM sqlite_master WHERE name = 'current'").fetchone():
            return []
        return register.execute(sql).fetchall()


@contextmanager
def _writing(home: Home, what: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(home.register, timeout=30, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        for table in _SCHEMA:
            connection.execute(table)
        yield connection
        faults.commit(lambda: connection.execute("COMMIT"), what)
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.close()
