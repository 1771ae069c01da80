"""Rows of a CSV feed: cut into records, judged, typed. Nothing is guessed: a cell that does not fit is quarantined."""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from twohats.store.landings_aside import ARROW_TYPES, schema_of
from twohats.store.tables import Column, Kind

from ..fhir.judge import Judged, Refusal
from ..fhir.rows import ORDINAL, Taking
from ..instants import instants
from ..reasons import Refused
from ..strict import LONGEST
from .headings import DELIMITERS, IDENTITY, Heading

LONGEST_RECORD = 1024 * 1024
"""Bytes that a record of several lines may have before its end is no longer waited for."""
_FLAGS = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}
_BAD = {Kind.INT: "bad_number", Kind.FLOAT: "bad_number", Kind.BOOL: "bad_flag", Kind.DATE: "bad_date"}

Record = tuple[int, int, bytes]
"""Line number it starts on, byte offset, bytes without the line end."""


def records(lines: Iterable[Record], delimiters: str = DELIMITERS) -> Iterator[Record | Refusal]:
    """Joins lines that belong to one quoted cell. A quote never closed costs its own line only.

    A line that leaves a quote open waits for the line that closes it. Where the two do not make one well-formed
    record, or the wait grows past LONGEST_RECORD, the first alone is refused and the lines between stand for
    themselves; none of them is looked at a third time.
    """
    whole = _whole(delimiters)
    waiting: list[Record] = []
    size = 0
    for line in lines:
        text = line[2]
        closes = text.count(b'"') % 2
        if not waiting and not closes:
            yield line
            continue
        if len(text) > LONGEST:
            yield from _apart(waiting)
            yield line
            waiting, size = [], 0
            continue
        waiting.append(line)
        size += len(text) + 1
        if closes and len(waiting) > 1:
            joined = b"\n".join(one[2] for one in waiting)
            if whole.fullmatch(joined):
                yield waiting[0][0], waiting[0][1], joined
                waiting, size = [], 0
            else:
                yield from _apart(waiting[:-1])
                waiting, size = [line], len(text) + 1
        elif size > LONGEST_RECORD:
            yield from _apart(waiting)
            waiting, size = [], 0
    yield from _apart(waiting)


def _apart(waiting: list[Record]) -> Iterator[Record | Refusal]:
    for number, offset, text in waiting[:1]:
        yield Refusal("", number, offset, "broken_quotes", "", text)
    yield from waiting[1:]


@cache
def _whole(delimiters: str) -> re.Pattern[bytes]:
    """A well-formed record: line breaks stand inside quoted cells only. Possessive, so that it reads but once."""
    delimiter = re.escape(delimiters).encode()
    cell = rb'(?:"(?:[^"]++|"")*+"|[^"\n%b][^\n%b]*+)?+' % (delimiter, delimiter)
    return re.compile(rb"%b(?:[%b]%b)*+\r*+" % (cell, delimiter, cell))


@dataclass
class Cells:
    """Records of one feed, judged one by one: the cells and where they came from."""

    cells: list[list[str | None]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)


def judge_records(found: Iterable[Record | Refusal], heading: Heading, judged: Judged) -> Cells:
    """The records that have the shape of the heading; the others are refused or blank in `judged`."""
    taken = Cells()
    for record in found:
        judged.read += 1
        if isinstance(record, Refusal):
            judged.refused.append(record)
        elif not record[2].strip():
            judged.blank += 1
        else:
            try:
                cells = _cells(record[2], heading)
            except Refused as refused:
                judged.refuse(record[:2], record[2], refused, heading.feed.name)
                continue
            taken.cells.append(cells)
            taken.records.append(record)
            taken.raw.append(orjson.dumps(dict(zip(heading.theirs, cells, strict=True))))
    return taken


def _cells(record: bytes, heading: Heading) -> list[str | None]:
    try:
        text = record.rstrip(b"\r").decode()
    except UnicodeDecodeError:
        raise Refused("not_utf8") from None
    if "\0" in text:
        raise Refused("null_character")
    try:
        cells = next(csv.reader([text], delimiter=heading.delimiter, strict=True))
    except csv.Error:
        raise Refused("broken_quotes") from None
    if len(cells) != len(heading.theirs):
        raise Refused("cells")
    return [cell if cell != "" else None for cell in cells]


def rows_of(taken: Cells, heading: Heading, taking: Taking) -> tuple[pa.Table, list[Refusal]]:
    """The rows to land, in the order they came, and the records whose cells do not fit."""
    count = len(taken.cells)
    blame: dict[int, tuple[str, str]] = {}
    columns: dict[str, Any] = {}
    for column in heading.feed.columns:
        position = heading.positions.get(column.name)
        texts: list[str | None] = [None] * count if position is None else [cells[position] for cells in taken.cells]
        columns[column.name] = _typed(column, texts, blame)
    columns |= _line_columns(taken, heading, columns, blame, taking)
    schema = schema_of(heading.feed)
    landed = pa.table([columns[name] for name in schema.names], schema=schema)
    refused = [
        Refusal(heading.feed.name, *taken.records[p][:2], code, name, taken.records[p][2])
        for p, (code, name) in sorted(blame.items())
    ]
    if blame:
        landed = landed.filter(pa.array([position not in blame for position in range(count)]))
    return landed, refused


def _line_columns(
    taken: Cells, heading: Heading, columns: dict[str, Any], blame: dict[int, tuple[str, str]], taking: Taking
) -> dict[str, Any]:
    count = len(taken.cells)
    key, *rest = IDENTITY[heading.feed.name]
    for position in pc.indices_nonzero(pc.is_null(columns[key])).to_pylist():
        blame.setdefault(position, ("no_id", key))
    parts = [columns[name].cast(pa.string()).fill_null("") for name in (key, *rest)]
    identity = pc.binary_join_element_wise(*parts, "|") if rest else parts[0]
    return {
        "id": identity,
        "version_id": pa.nulls(count, pa.string()),
        "updated_at": pa.nulls(count, ARROW_TYPES[Kind.INSTANT]),
        "deleted": pa.array([False] * count, pa.bool_()),
        "content_hash": pa.array([hashlib.sha256(raw).hexdigest() for raw in taken.raw], pa.string()),
        "landing": pa.array([taking.landing] * count, pa.string()),
        "line": pa.array([record[0] for record in taken.records], pa.int64()),
        "offset_bytes": pa.array([record[1] for record in taken.records], pa.int64()),
        "arrival": pa.array([taking.ordinal * ORDINAL + record[1] for record in taken.records], pa.int64()),
        "raw": pa.array(taken.raw, pa.binary()).cast(pa.string()),
    }


def _typed(column: Column, texts: list[str | None], blame: dict[int, tuple[str, str]]) -> pa.Array:
    """The column's values; a text that stands for none is blamed."""
    if column.kind is Kind.INSTANT:
        found, bad = instants(pa.array(texts, pa.string()))
        for position, code in bad.items():
            blame.setdefault(position, (code, column.name))
        return found
    if column.kind is Kind.TEXT:
        return pa.array(texts, pa.string())
    values: list[Any] = []
    for position, text in enumerate(texts):
        value = None if text is None else _value(column.kind, text.strip())
        if text is not None and value is None:
            blame.setdefault(position, (_BAD[column.kind], column.name))
        values.append(value)
    return pa.array(values, ARROW_TYPES[column.kind])


def _value(kind: Kind, text: str) -> Any:
    """What a cell stands for; None when it stands for nothing of that kind."""
    if kind is Kind.BOOL:
        return _FLAGS.get(text.lower())
    if kind is Kind.DATE:
        return _date(text)
    if not re.fullmatch(r"-?[0-9]{1,18}" if kind is Kind.INT else r"-?[0-9]{1,15}(\.[0-9]{1,15})?", text):
        return None
    return int(text) if kind is Kind.INT else float(text)


def _date(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
