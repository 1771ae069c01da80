"""From judged lines of one table to the rows that land, with what the values themselves forbid."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from twohats.store.landings_aside import schema_of
from twohats.store.tables import Kind, Table

from ..instants import INSTANT, instants, is_whole, last_moment
from ..reasons import Refused
from .arrays import Arrays, stored_as
from .columns import META, field_of, moments_inside, take_of, taken
from .judge import Refusal, Rows

AHEAD = timedelta(hours=24)
"""How far a source's clock may run before ours."""
ORDINAL = 1 << 44
"""Arrival = ordinal of the landing times this, plus the order inside the file."""


@dataclass(frozen=True)
class Taking:
    """What a file brings to each of its rows: when and as what it lands."""

    landing: str
    ordinal: int
    now: datetime


def rows_of(table: Table, rows: Rows, taking: Taking) -> tuple[pa.Table, list[Refusal]]:
    """The rows to land, in the order they came, and the lines their values forbid."""
    lines = Arrays.together([*([_arrays(table, rows)] if rows.raw else ()), *rows.alike])
    columns = {column.name: values for column, values in zip(taken(table), lines.values, strict=True)}
    blame: dict[int, tuple[str, str]] = {}
    _blame_moments(table, lines, blame)
    texts = {}
    for column in (*table.columns, *META):
        if column.kind is Kind.INSTANT:
            texts[column.name] = columns[column.name]
            columns[column.name], bad = instants(columns[column.name])
            for position, code in bad.items():
                blame.setdefault(position, (code, field_of(column)))
    if "birth_date" in columns:
        for position in instants(columns["birth_date"])[1]:
            blame.setdefault(position, ("bad_date", "birthDate"))
    _blame_updates(columns["updated_at"], texts["updated_at"], taking.now, blame)
    _blame_periods(table, columns, texts, blame)
    columns |= {
        "deleted": lines.deleted,
        "content_hash": lines.content_hash,
        "landing": pa.repeat(pa.scalar(taking.landing), len(lines.raw)),
        "line": lines.line,
        "offset_bytes": lines.offset_bytes,
        "arrival": pc.add(lines.order, pa.scalar(taking.ordinal * ORDINAL)),
        "raw": lines.raw,
    }
    schema = schema_of(table)
    landed = pa.table([columns[name] for name in schema.names], schema=schema)
    refused = [
        Refusal(table.name, lines.line[p].as_py(), lines.offset_bytes[p].as_py(), code, field,
                lines.raw[p].as_py().encode())
        for p, (code, field) in sorted(blame.items())
    ]
    if blame:
        landed = landed.filter(pa.array([position not in blame for position in range(len(lines.raw))]))
    return landed, refused


def _arrays(table: Table, rows: Rows) -> Arrays:
    """The lines that were judged one by one."""
    values = zip(taken(table), zip(*rows.values, strict=True), strict=True)
    return Arrays(
        raw=pa.chunked_array([pa.array(rows.raw, pa.binary()).cast(pa.string())]),
        line=pa.array(rows.line, pa.int64()),
        offset_bytes=pa.array(rows.offset_bytes, pa.int64()),
        order=pa.array(rows.order, pa.int64()),
        content_hash=pa.array(rows.content_hash, pa.string()),
        deleted=pa.array(rows.deleted, pa.bool_()),
        values=tuple(pa.array(one, stored_as(column.kind)) for column, one in values),
        moments=pa.array(rows.moments, pa.string()),
    )


def _blame_moments(table: Table, lines: Arrays, blame: dict[int, tuple[str, str]]) -> None:
    """The instants inside arrays are read when journeys are made, so they are held to the same rule here."""
    moments = pc.unique(lines.moments)
    bad = {moments[place].as_py(): code for place, code in instants(moments)[1].items()}
    for position, raw in enumerate(lines.raw if bad else ()):
        told: list[str] = []
        value = orjson.loads(raw.as_py())
        take_of(table)(value, told.append)
        for moment in told:
            if moment in bad:
                field = next(name for name in moments_inside(table) if moment in _strings(value.get(name)))
                blame.setdefault(position, (bad[moment], f"{field}.period"))


def _strings(value: Any) -> Iterator[str]:
    """All strings in a value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def _blame_updates(
    updated: pa.Array, texts: pa.Array, now: datetime, blame: dict[int, tuple[str, str]]
) -> None:
    """meta.lastUpdated decides what is current, so it must be a whole instant and not lie ahead of us."""
    late = pc.greater(updated, pa.scalar(now + AHEAD, INSTANT))
    partial = pc.less(pc.binary_length(texts), 20)
    if pc.any(late).as_py() or pc.any(partial).as_py():
        for position, (is_late, text) in enumerate(zip(late.to_pylist(), texts.to_pylist(), strict=True)):
            if is_late:
                blame.setdefault(position, ("from_the_future", "meta.lastUpdated"))
            elif text is not None and not is_whole(text):
                blame.setdefault(position, ("bad_instant", "meta.lastUpdated"))


def _blame_periods(
    table: Table, columns: dict[str, pa.Array], texts: dict[str, pa.Array], blame: dict[int, tuple[str, str]]
) -> None:
    for column in table.columns:
        if column.kind is Kind.INSTANT and column.name.endswith("ended_at"):
            start = column.name.removesuffix("ended_at") + "started_at"
            if start in columns:
                backwards = pc.less(columns[column.name], columns[start])
                if pc.any(backwards).as_py():
                    _blame_backwards(backwards, columns[start], texts[column.name], field_of(column), blame)


def _blame_backwards(
    backwards: pa.Array, starts: pa.Array, ends: pa.Array, field: str, blame: dict[int, tuple[str, str]]
) -> None:
    """An end given as a day lasts until that day is over, so only its last moment can be before the start."""
    for position, is_backwards in enumerate(backwards.to_pylist()):
        if is_backwards and position not in blame:
            try:
                truly = last_moment(ends[position].as_py()) < starts[position].as_py()
            except Refused:
                truly = False
            if truly:
                blame[position] = ("period_backwards", field)
