"""Writing a table while it is read: CSV that a spreadsheet cannot be made to run, and Parquet."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from twohats.store.inert import harmless
from twohats.store.tables import Column, Kind

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ARROW_TYPES = {
    Kind.TEXT: pa.string(), Kind.INT: pa.int64(), Kind.FLOAT: pa.float64(), Kind.BOOL: pa.bool_(),
    Kind.INSTANT: pa.timestamp("us", tz="UTC"), Kind.DATE: pa.date32(), Kind.JSON: pa.string(),
}
Batches = Iterable[list[dict[str, Any]]]


def as_csv(columns: tuple[Column, ...], batches: Batches) -> Iterator[str]:
    """RFC 4180, one piece a batch; instants in ISO 8601 with Z, true and false in words, nothing where not known."""
    piece = io.StringIO()
    writer = csv.writer(piece, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    for rows in batches:
        writer.writerows([[_csv_cell(column, row[column.name]) for column in columns] for row in rows])
        yield piece.getvalue()
        piece.seek(0)
        piece.truncate()
    yield piece.getvalue()


def _csv_cell(column: Column, value: Any) -> Any:
    if value is None:
        return ""
    if column.kind is Kind.INSTANT:
        return as_instant(value).isoformat().replace("+00:00", "Z")
    if column.kind is Kind.BOOL:
        return "true" if value else "false"
    if column.kind in (Kind.INT, Kind.FLOAT):
        return value
    return harmless(str(value))


def as_instant(microseconds: int) -> datetime:
    """The instant of so many microseconds since 1970, UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


def arrow_schema(columns: tuple[Column, ...]) -> pa.Schema:
    """The columns with their types and, as metadata, their meaning."""
    return pa.schema([pa.field(column.name, ARROW_TYPES[column.kind], metadata={"meaning": column.meaning})
                      for column in columns])


def as_parquet(columns: tuple[Column, ...], batches: Batches) -> Iterator[bytes]:
    """Parquet, one piece a batch, never the whole table in memory."""
    pieces = _Pieces()
    schema = arrow_schema(columns)
    with pq.ParquetWriter(pa.PythonFile(pieces, mode="w"), schema, compression="zstd") as writer:
        for rows in batches:
            arrays = [pa.array([_arrow_cell(column, row[column.name]) for row in rows], ARROW_TYPES[column.kind])
                      for column in columns]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield pieces.taken()
    yield pieces.taken()


def _arrow_cell(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.kind is Kind.BOOL:
        return bool(value)
    if column.kind is Kind.DATE:
        return date.fromisoformat(value)
    return str(value) if column.kind in (Kind.TEXT, Kind.JSON) else value


class _Pieces(io.RawIOBase):
    """A file one may only write to; what was written is taken out piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._length

    def write(self, piece: Any) -> int:
        held = bytes(piece)
        self._held.append(held)
        self._length += len(held)
        return len(held)

    def taken(self) -> bytes:
        held, self._held = b"".join(self._held), []
        return held

