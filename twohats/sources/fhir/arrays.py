"""Judged lines of one table as Arrow arrays, whichever way they were judged."""

from dataclasses import dataclass, fields

import pyarrow as pa

from twohats.store.tables import Kind

NUMBERS = {Kind.BOOL: pa.bool_(), Kind.INT: pa.int64(), Kind.FLOAT: pa.float64()}
"""What columns that hold no strings are stored as."""


@dataclass(frozen=True)
class Arrays:
    """Lines of one table, column by column, all of one length but `moments`."""

    raw: pa.ChunkedArray
    """The lines as strings."""
    line: pa.Array
    """Line number from 1 (int64)."""
    offset_bytes: pa.Array
    """Where the line begins in the unpacked file (int64)."""
    order: pa.Array
    """Order within the file: the byte offset, plus the entry's number inside a bundle (int64)."""
    content_hash: pa.Array
    deleted: pa.Array
    values: tuple[pa.Array, ...]
    """The table's `taken` columns as the source wrote them: instants are still strings."""
    moments: pa.Array
    """The instants inside arrays, of all lines together, as strings; some more than once."""

    @staticmethod
    def together(parts: "list[Arrays]") -> "Arrays":
        """The lines of all parts, one part after the other."""
        if len(parts) == 1:
            return parts[0]
        columns = {
            one.name: pa.concat_arrays([getattr(part, one.name) for part in parts])
            for one in fields(Arrays) if one.name not in ("raw", "values")
        }
        values = zip(*(part.values for part in parts), strict=True)
        raw = pa.chunked_array([chunk for part in parts for chunk in part.raw.chunks])
        return Arrays(raw=raw, **columns, values=tuple(pa.concat_arrays(column) for column in values))


def stored_as(kind: Kind) -> pa.DataType:
    """The type of a `taken` column of this kind: as the source writes it, so instants and dates are strings."""
    return NUMBERS.get(kind, pa.string())
