"""The register: which releases there are, in order, and the one row that says which is current."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .home import Home

_SCHEMA = """
CREATE TABLE IF NOT EXISTS releases (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    made_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS current (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL REFERENCES releases (id)
);
"""


@dataclass(frozen=True)
class Registered:
    """A release in the register: its place in time, its id, when it was made."""

    number: int
    id: str
    made_at: str


def current_id(home: Home) -> str | None:
    """Id of the current release; None when nothing was published."""
    if not home.register.exists():
        return None
    with _reading(home) as register:
        row = register.execute("SELECT id FROM current").fetchone()
    return row[0] if row else None


def registered(home: Home) -> list[Registered]:
    """Every release that is kept, the oldest first."""
    if not home.register.exists():
        return []
    with _reading(home) as register:
        rows = register.execute("SELECT number, id, made_at FROM releases ORDER BY number").fetchall()
    return [Registered(*row) for row in rows]


def make_current(home: Home, release: str, made_at: str) -> None:
    """Registers the release (a release made again moves to the end) and points to it, in one transaction."""
    with _writing(home) as register:
        former = register.execute("SELECT id FROM current").fetchone()
        if not former or former[0] != release:
            register.execute("DELETE FROM current")
            register.execute("DELETE FROM releases WHERE id = ?", (release,))
            register.execute("INSERT INTO releases (id, made_at) VALUES (?, ?)", (release, made_at))
            register.execute("INSERT INTO current VALUES (1, ?)", (release,))


def point_to(home: Home, release: str) -> None:
    """Makes a registered release current, later or earlier ones stay."""
    with _writing(home) as register:
        register.execute("INSERT OR REPLACE INTO current VALUES (1, ?)", (release,))


def forget(home: Home, release: str) -> None:
    """Takes a release that is not current out of the register."""
    with _writing(home) as register:
        register.execute("DELETE FROM releases WHERE id = ? AND id NOT IN (SELECT id FROM current)", (release,))


@contextmanager
def _reading(home: Home) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"{home.register.resolve().as_uri()}?mode=ro", uri=True, timeout=30)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def _writing(home: Home) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(home.register, timeout=30, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(_SCHEMA)
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.close()
