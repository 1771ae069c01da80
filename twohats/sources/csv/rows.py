"""Rows of a CSV feed: cut into records, judged, typed. Nothing is guessed: a cell that does not fit is quarantined."""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from twohats.store.landings_aside import ARROW_TYPES, schema_of
from twohats.store.strict import LONGEST
from twohats.store.tables import Column, Kind
from twohats.store.tables.landed import HOSPITAL_SCORES

from ..fhir.judge import Judged, Refusal
from ..fhir.rows import ORDINAL, Taking
from ..instants import instants, last_moment
from ..reasons import Refused
from .headings import DELIMITERS, IDENTITY, Heading

LONGEST_RECORD = 1024 * 1024
"""Bytes that a record of several lines may have before its end is no longer waited for."""
_FLAGS = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}
_FLAG_TEXTS, _FLAG_VALUES = pa.array(_FLAGS.keys(), pa.string()), pa.array(_FLAGS.values(), pa.bool_())
_FORMS = {
    Kind.INT: "-?[0-9]{1,18}", Kind.FLOAT: r"-?[0-9]{1,15}(\.[0-9]{1,15})?", Kind.DATE: "[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
NOT_GIVEN = {"hospital_scores": frozenset({"not available", "not applicable"})}
"""What a feed writes, in lower case, where it gives no number."""
RANGES = {"hospital_scores": {
    column.name: (0, 100 if column.kind is Kind.FLOAT and column.name != "number_of_beds" else 10**9)
    for column in HOSPITAL_SCORES.columns if column.kind in (Kind.INT, Kind.FLOAT)
}}
_BAD = {Kind.INT: "bad_number", Kind.FLOAT: "bad_number", Kind.BOOL: "bad_flag", Kind.DATE: "bad_date"}

RUN_ROWS, RUN_BYTES = 5000, 4 * 1024 * 1024
"""What is judged at a time: a row of many cells takes some forty times its bytes while it is judged."""
_PERIODS = (("started_at", "ended_at"), ("valid_from", "valid_to"))
_BATCH = 500
# the reader's own limit is 131,072 characters a cell; ours is that of a line
csv.field_size_limit(LONGEST)

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


def runs_of_records(found: Iterable[Record | Refusal]) -> Iterator[list[Record | Refusal]]:
    """The records in runs that are judged together: RUN_ROWS of them, fewer where they are long."""
    run: list[Record | Refusal] = []
    size = 0
    for record in found:
        run.append(record)
        size += len(record.raw if isinstance(record, Refusal) else record[2])
        if len(run) == RUN_ROWS or size >= RUN_BYTES:
            yield run
            run, size = [], 0
    if run:
        yield run


@dataclass
class Cells:
    """Records of one feed, judged one by one: the cells and where they came from."""

    cells: list[list[str | None]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)


def judge_records(found: Iterable[Record | Refusal], heading: Heading, judged: Judged) -> Cells:
    """The records that have the shape of the heading; the others are refused or blank in `judged`."""
    taken = Cells()
    whole: list[Record] = []
    for record in found:
        judged.read += 1
        if isinstance(record, Refusal):
            judged.refused.append(record)
        elif not record[2].strip():
            judged.blank += 1
        elif heading.twice:
            judged.refuse(record[:2], record[2], Refused("heading_twice", heading.twice[0]), heading.feed.name)
        else:
            whole.append(record)
    for record, cells in _all_cells(whole, heading):
        if isinstance(cells, Refused):
            judged.refuse(record[:2], record[2], cells, heading.feed.name)
            continue
        taken.cells.append(cells)
        taken.records.append(record)
        taken.raw.append(orjson.dumps(dict(zip(heading.theirs, cells, strict=True))))
    return taken


def _all_cells(found: list[Record], heading: Heading) -> Iterator[tuple[Record, list[str | None] | Refused]]:
    """Each record's cells or why it is refused: many at once, and one by one only where one of them is unusual."""
    for start in range(0, len(found), _BATCH):
        batch = found[start : start + _BATCH]
        quick = _quick_cells([text for _, _, text in batch], heading)
        yield from zip(batch, quick or (_cells_or_refused(text, heading) for _, _, text in batch), strict=True)


def _quick_cells(texts: list[bytes], heading: Heading) -> list[list[str | None]] | None:
    """The cells of records that are all as they should be, or None where one is not."""
    if max(map(len, texts)) > LONGEST or b"\0" in b"".join(texts):
        return None
    if any(text.count(b'"') % 2 for text in texts):
        return None
    try:
        lines = [text.rstrip(b"\r").decode() for text in texts]
        rows = list(csv.reader(lines, delimiter=heading.delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    # an open quote in one record would have swallowed the next: then there are fewer rows than records
    if len(rows) != len(texts) or set(map(len, rows)) != {len(heading.theirs)}:
        return None
    return [[cell or None for cell in row] for row in rows]


def _cells_or_refused(record: bytes, heading: Heading) -> list[str | None] | Refused:
    try:
        return _cells(record, heading)
    except Refused as refused:
        return refused


def _cells(record: bytes, heading: Heading) -> list[str | None]:
    if len(record) > LONGEST:
        raise Refused("too_long")
    try:
        text = record.rstrip(b"\r").decode()
    except UnicodeDecodeError:
        raise Refused("not_utf8") from None
    if "\0" in text:
        raise Refused("null_character")
    if text.count('"') % 2:
        raise Refused("broken_quotes")
    try:
        cells = next(csv.reader([text], delimiter=heading.delimiter, strict=True))
    except csv.Error as error:
        raise Refused("line_break" if str(error).startswith("new-line") else "broken_quotes") from None
    if len(cells) != len(heading.theirs):
        raise Refused("cells")
    return [cell or None for cell in cells]


def rows_of(taken: Cells, heading: Heading, taking: Taking) -> tuple[pa.Table, list[Refusal]]:
    """The rows to land, in the order they came, and the records whose cells do not fit."""
    count = len(taken.cells)
    blame: dict[int, tuple[str, str]] = {}
    columns: dict[str, Any] = {}
    texts: dict[str, pa.Array] = {}
    not_given = NOT_GIVEN.get(heading.feed.name, frozenset())
    for column in heading.feed.columns:
        position = heading.positions.get(column.name)
        cells = [None] * count if position is None else [row[position] for row in taken.cells]
        if not_given and column.kind in (Kind.INT, Kind.FLOAT):
            cells = [None if cell is None or cell.strip().lower() in not_given else cell for cell in cells]
        texts[column.name] = pa.array(cells, pa.string())
        columns[column.name] = _typed(column, texts[column.name], blame)
        _blame_range(heading.feed.name, column.name, columns[column.name], blame)
    _blame_periods(columns, texts, blame)
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
    without = pc.equal(pc.fill_null(pc.utf8_trim_whitespace(columns[key]), ""), "")
    for position in pc.indices_nonzero(without).to_pylist():
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


def _blame_range(feed: str, name: str, values: pa.Array, blame: dict[int, tuple[str, str]]) -> None:
    """Numbers that a column of this feed cannot hold."""
    if feed in RANGES and name in RANGES[feed]:
        low, high = RANGES[feed][name]
        outside = pc.fill_null(pc.or_(pc.less(values, low), pc.greater(values, high)), False)
        for position in pc.indices_nonzero(outside).to_pylist():
            blame.setdefault(position, ("out_of_range", name))


def _blame_periods(
    columns: dict[str, pa.Array], texts: dict[str, pa.Array], blame: dict[int, tuple[str, str]]
) -> None:
    """Nothing ends before it starts. An end given as a day or a month lasts until that is over."""
    for start, end in _PERIODS:
        if start in columns and end in columns:
            backwards = pc.fill_null(pc.less(columns[end], columns[start]), False)
            for position in pc.indices_nonzero(backwards).to_pylist():
                since, until = columns[start][position].as_py(), texts[end][position].as_py()
                if not isinstance(since, datetime) or last_moment(until) < since:
                    blame.setdefault(position, ("period_backwards", end))


def _typed(column: Column, texts: pa.Array, blame: dict[int, tuple[str, str]]) -> pa.Array:
    """The column's values; a text that stands for none is blamed."""
    if column.kind is Kind.TEXT:
        return texts
    if column.kind is Kind.INSTANT:
        found, bad = instants(texts)
        for position, code in bad.items():
            blame.setdefault(position, (code, column.name))
        return found
    quick = _all_values(column.kind, texts)
    if quick is not None:
        return quick
    values: list[Any] = []
    for position, text in enumerate(texts.to_pylist()):
        value = None if text is None else _value(column.kind, text.strip())
        if text is not None and value is None:
            blame.setdefault(position, (_BAD[column.kind], column.name))
        values.append(value)
    return pa.array(values, ARROW_TYPES[column.kind])


def _all_values(kind: Kind, texts: pa.Array) -> pa.Array | None:
    """The values of a column whose every text stands for one as it is; None where one must be looked at."""
    if kind is Kind.BOOL:
        places = pc.index_in(texts, _FLAG_TEXTS)
        return _FLAG_VALUES.take(places) if places.null_count == texts.null_count else None
    if not pc.all(pc.match_substring_regex(texts, f"^{_FORMS[kind]}$"), min_count=0).as_py():
        return None
    try:
        return texts.cast(ARROW_TYPES[kind])
    except pa.ArrowInvalid:  # 30 February
        return None


def _value(kind: Kind, text: str) -> Any:
    """What a cell stands for; None when it stands for nothing of that kind."""
    if kind is Kind.BOOL:
        return _FLAGS.get(text.lower())
    if not re.fullmatch(_FORMS[kind], text):
        return None
    if kind is Kind.DATE:
        return _date(text)
    return int(text) if kind is Kind.INT else float(text)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
