"""Reading the current release: the only door through which pages see what was analysed."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from twohats.words.problems import Problem

from .home import Home
from .register import current_id

_open_here = threading.local()


class Reader:
    """One release, opened for reading by one thread. It stays what it is while another is published."""

    def __init__(self, release: str, folder: Path) -> None:
        self.id = release
        self.folder = folder
        address = (folder / "pages.sqlite").resolve().as_uri()
        self._connection = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA mmap_size = 1073741824")
        self._release: dict[str, Any] | None = None

    @property
    def release(self) -> dict[str, Any]:
        """What the manifest says of this release."""
        if self._release is None:
            said = self.rows("SELECT key, value FROM release")
            self._release = {row["key"]: json.loads(row["value"]) for row in said}
        return self._release

    def rows(self, sql: str, params: Sequence[object] | Mapping[str, object] = ()) -> list[sqlite3.Row]:
        """The rows that a SELECT gives."""
        return self._connection.execute(sql, params).fetchall()

    def holds(self, table: str) -> bool:
        """False for a table that releases of an older version did not have."""
        return self.row("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)) is not None

    def stream(self, sql: str, params: Sequence[object] = ()) -> Iterator[sqlite3.Row]:
        """The rows that a SELECT gives, one by one: for exports of everything."""
        yield from self._connection.execute(sql, params)

    def row(self, sql: str, params: Sequence[object] | Mapping[str, object] = ()) -> sqlite3.Row | None:
        """The first row that a SELECT gives; None when there is none."""
        return self._connection.execute(sql, params).fetchone()  # type: ignore[no-any-return]

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()


def current(home: Home) -> Reader | None:
    """The current release, opened once per thread; None when nothing was published."""
    release = current_id(home)
    if release is None:
        return None
    folder = home.releases / release
    kept: dict[Path, Reader] = _open_here.__dict__.setdefault("readers", {})
    reader = kept.get(home.path)
    if reader is not None and reader.folder == folder:
        return reader
    if reader is not None:
        reader.close()
    kept[home.path] = Reader(release, folder)
    return kept[home.path]


def published(home: Home) -> Reader:
    """The current release; a Problem that says what to do where there is none."""
    reader = current(home)
    if reader is None:
        raise Problem("there is no release here yet", str(home.path), "Run: twohats intake PATH, then twohats build.")
    return reader
