"""Writing a landing: aside first, made safe on the disk, then visible by one rename."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from twohats.words.problems import Problem

from . import faults
from .home import Home
from .tables import Column, Kind, Table
from .tables.landed import LANDED, LINE_COLUMNS

ARROW_TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.INT: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.BOOL: pa.bool_(),
    Kind.INSTANT: pa.timestamp("us", "UTC"),
    Kind.DATE: pa.date32(),
    Kind.JSON: pa.string(),
}
QUARANTINE = pa.schema([
    ("table", pa.string()), ("line", pa.int64()), ("offset_bytes", pa.int64()),
    ("reason_code", pa.string()), ("field", pa.string()), ("reason", pa.string()), ("raw", pa.binary()),
])
ASIDE = ".aside-"
_PLAIN = ("raw", "content_hash", "id", "arrival", "offset_bytes", "line", "updated_at")
BY_NAME: dict[str, Table] = {table.name: table for table in LANDED}


def columns_of(table: Table) -> tuple[Column, ...]:
    """All columns of a landed table: its own, then those of every line."""
    return (*table.columns, *LINE_COLUMNS)


def is_read_from_raw(column: Column) -> bool:
    """True for arrays and objects: they are not stored a second time beside the raw line but read out of it."""
    return column.kind is Kind.JSON and (column.path or "").startswith("$")


@cache
def schema_of(table: Table) -> pa.Schema:
    """The Arrow schema of a landed table as stored."""
    return pa.schema([(c.name, ARROW_TYPES[c.kind]) for c in columns_of(table) if not is_read_from_raw(c)])


def whole_line(line: int) -> str:
    """The name of the file in which an overlong line is kept whole."""
    return f"line-{line}.bytes"


@contextmanager
def only_intake(home: Home) -> Iterator[None]:
    """Holds the home's intake for this process; a second intake is told so. Also clears what a kill left behind."""
    home.ensure()
    with (home.landings / ".lock").open("a+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().decode(errors="replace").strip() or "unknown"
            raise Problem(
                f"another intake is running here (process {holder})",
                str(home.path),
                "Wait until it is done, then run the same command again; nothing was changed.",
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()).encode())
        lock.flush()
        for left_behind in home.landings.glob(f"{ASIDE}*"):
            shutil.rmtree(left_behind)
        yield


class Aside:
    """A landing in the making. Nothing of it can be seen by readers until `publish`."""

    def __init__(self, home: Home, name: str, writer: str = "0") -> None:
        self.home = home
        self.name = name
        self.path = home.landings / f"{ASIDE}{name}"
        self.path.mkdir(exist_ok=True)
        self._writer = writer
        self._open: dict[str, tuple[faults.Writing, pq.ParquetWriter]] = {}

    def add(self, table: str, rows: pa.Table) -> None:
        """Appends rows to a table of this landing."""
        if rows.num_rows:
            self._writing(table, schema_of(BY_NAME[table])).write_table(rows, row_group_size=rows.num_rows)

    def add_refused(self, rows: list[dict[str, Any]]) -> None:
        """Appends quarantined lines."""
        if rows:
            self._writing("quarantine", QUARANTINE).write_table(pa.Table.from_pylist(rows, schema=QUARANTINE))

    @contextmanager
    def keep_whole(self, line: int) -> Iterator[faults.Writing]:
        """Somewhere to write a line that is too long for the quarantine's table; it is kept beside it."""
        with faults.Writing(self.path / whole_line(line)) as file:
            yield file

    def close_all(self) -> None:
        """Closes this writer's files; another publishes the landing."""
        self._close(list(self._open))

    def close_rows(self) -> None:
        """Closes the tables' files, so that they can be read; the quarantine stays open."""
        self._close([table for table in self._open if table != "quarantine"])

    def _close(self, tables: list[str]) -> None:
        for table in tables:
            file, writer = self._open[table]
            writer.close()
            file.close()
            del self._open[table]

    def replace(self, old: list[Path], new: Path) -> None:
        """One table's files are replaced by another, still aside."""
        for path in old:
            path.unlink()
        new.rename(new.with_name(new.name.removeprefix("new-")))

    def files(self, table: str) -> list[Path]:
        """The files of one table."""
        return sorted(self.path.glob(f"{table}.*parquet"))

    def publish(self, report: bytes) -> None:
        """Makes the landing safe, then visible by one rename."""
        self._close(list(self._open))
        faults.write_file(self.path / "report.json", report)
        for path in sorted(self.path.iterdir()):
            if path.name != "report.json":
                faults.keep_file(path)
        faults.keep_folder(self.path)
        faults.rename(self.path, self.home.landings / self.name)

    def discard(self) -> None:
        """Forgets the landing."""
        for file, writer in self._open.values():
            file.drop_the_rest()
            with suppress(OSError, pa.ArrowException):
                writer.close()
            file.close()
        self._open.clear()
        shutil.rmtree(self.path, ignore_errors=True)

    def _writing(self, table: str, schema: pa.Schema) -> pq.ParquetWriter:
        if table not in self._open:
            file = faults.Writing(self.path / f"{table}.{self._writer}.parquet")
            writer = pq.ParquetWriter(
                pa.PythonFile(file, mode="w"),
                schema,
                compression="zstd",
                compression_level=1,
                use_dictionary=[name for name in schema.names if name not in _PLAIN and not name.endswith("_at")],
                write_statistics=[name for name in ("id", "arrival", "updated_at") if name in schema.names],
            )
            self._open[table] = (file, writer)
        return self._open[table][1]
