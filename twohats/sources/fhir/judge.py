"""Judges lines of FHIR: which table each belongs to, what is refused and why, what is new in them. Touches no file."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from twohats.store import strict
from twohats.store.tables import Table
from twohats.store.tables.landed import FHIR_TABLES, OTHER_RESOURCES

from ..lines import Line
from ..reasons import Refused
from .arrays import Arrays
from .bundles import records_of
from .columns import Take, take_of
from .elements import elements, fits

TABLE_OF: dict[str, Table] = {table.resource: table for table in FHIR_TABLES if table.resource}
_TYPE_NAME = re.compile(r"[A-Z][A-Za-z]{1,63}")
IDENTITY = r"[A-Za-z0-9\-.]{1,64}"
_ID = re.compile(IDENTITY)
NOT_ROWS = frozenset({"OperationOutcome"})
"""Resource types that tell how an export went; recognised, counted as blank, no rows."""
MOST_HELD = 50_000
"""Lines held in memory before they are written."""
BEGINNING = 64 * 1024
"""Bytes of an overlong line that stand in the quarantine's table."""
_NO_ROW = NOT_ROWS | {"Bundle"}


@dataclass(frozen=True)
class Refusal:
    """A line that goes to quarantine: where it stood, why, and its bytes."""

    table: str
    line: int
    offset_bytes: int
    code: str
    field: str
    raw: bytes


@dataclass
class Rows:
    """Accepted lines of one table, column by column, in the order they came."""

    raw: list[bytes] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    offset_bytes: list[int] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    """Order within the file: the byte offset, plus the entry's number inside a bundle."""
    content_hash: list[str] = field(default_factory=list)
    deleted: list[bool] = field(default_factory=list)
    values: list[tuple[Any, ...]] = field(default_factory=list)
    """Of each line the values of its table's `taken` columns."""
    moments: set[str] = field(default_factory=set)
    """The instants inside arrays, of all lines; each of them is judged once."""
    alike: list[Arrays] = field(default_factory=list)
    """Further lines, taken many at a time."""

    def __len__(self) -> int:
        return len(self.raw) + sum(len(one.raw) for one in self.alike)

    def add(
        self, take: Take, value: dict[str, Any], raw: bytes, canonical: bytes, place: tuple[Any, ...], entry: int,
        *, deleted: bool = False,
    ) -> None:
        """Adds a line. Raises Refused for a declared field of another type; then nothing was added."""
        self.values.append(take(value, self.moments.add))
        self.raw.append(raw)
        self.line.append(place[0])
        self.offset_bytes.append(place[1])
        self.order.append(place[1] + entry)
        self.content_hash.append(hashlib.sha256(canonical).hexdigest())
        self.deleted.append(deleted)


@dataclass
class Judged:
    """What a run of lines held."""

    read: int = 0
    blank: int = 0
    rows: dict[str, Rows] = field(default_factory=lambda: defaultdict(Rows))
    refused: list[Refusal] = field(default_factory=list)
    drift: dict[tuple[str, str], int] = field(default_factory=dict)
    """(new field, kind of news) → first line it was seen in."""

    @property
    def is_long(self) -> bool:
        """True when so many lines are held that they should be written."""
        return len(self.refused) + sum(map(len, self.rows.values())) >= MOST_HELD

    def refuse(self, where: tuple[Any, ...], raw: bytes, refused: Refused, table: str = "") -> None:
        """Notes a refusal; of a line that is too long its beginning, the whole is kept beside."""
        raw = raw[:BEGINNING] if refused.code == "too_long" else raw
        self.refused.append(Refusal(table, where[0], where[1], refused.code, refused.field, raw))

    def add_alike(self, table: str, lines: Arrays) -> None:
        """Adds lines of one table that need no judging one by one."""
        self.read += len(lines.raw)
        self.rows[table].alike.append(lines)

    def note(self, name: str, news: str, line: int) -> None:
        """Notes something new, with the first line that had it."""
        key = (name, news)
        self.drift[key] = min(line, self.drift.get(key, line))


def judge(lines: list[Line], judged: Judged) -> None:
    """Judges numbered lines of NDJSON, adding to `judged`."""
    texts = [line[2].strip(b" \t\r\n") for line in lines]
    if not all(texts):
        lines = [line for line, text in zip(lines, texts, strict=True) if text]
        judged.read += len(texts) - len(lines)
        judged.blank += len(texts) - len(lines)
        texts = [text for text in texts if text]
    sort_values(judged, lines, texts, strict.values_of(texts))


@dataclass(frozen=True)
class _Kind:
    """What is known of a resource type: its table, its elements, and its usual shapes (elements → types)."""

    table: str
    take: Take
    expected: dict[str, type]
    usual: dict[tuple[str, ...], tuple[type, ...]] = field(default_factory=dict)


MOST_SHAPES = 4096
"""Shapes (names of the elements and their types) remembered of a resource type; a hostile file cannot fill memory."""


@cache
def _kind(name: str) -> _Kind:
    table = table_of(name)
    return _Kind(table.name, take_of(table), elements().get(name, {}))


def sort_values(
    judged: Judged, places: Iterable[tuple[Any, ...]], texts: list[bytes],
    values: Iterable[tuple[strict.Parsed, bytes]], entry: int = 0,
) -> None:
    """Puts each parsed value where it belongs in `judged`; a place begins with line number and byte offset."""
    kind, rows = _kind("Basic"), Rows()
    current: object = None
    for place, text, (value, canonical) in zip(places, texts, values, strict=True):
        if type(value) is not dict:
            judged.read += 1
            judged.refuse(place, text, value if isinstance(value, Refused) else Refused("not_an_object"))
            continue
        name = value.get("resourceType")
        if name != current or name is None:
            if type(name) is not str or name in _NO_ROW or not _TYPE_NAME.fullmatch(name):
                _sort_other(judged, place, text, value, name)
                current = None
                continue
            current, kind = name, _kind(name)
            rows = judged.rows[kind.table]
        judged.read += 1
        identity = value.get("id")
        if type(identity) is not str or not _ID.fullmatch(identity):
            code = "bad_id" if type(identity) is str and identity.strip() else "no_id"
            judged.refuse(place, text, Refused(code, "id"), kind.table)
            continue
        types = tuple(map(type, value.values()))
        if kind.usual.get(tuple(value)) != types and (wrong := _unusual(judged, kind, value, types, place[0])):
            judged.refuse(place, text, Refused("wrong_type", wrong), kind.table)
            continue
        try:
            rows.add(kind.take, value, text, canonical, place, entry)
        except Refused as refused:
            judged.refuse(place, text, refused, kind.table)


def _sort_other(judged: Judged, place: tuple[Any, ...], text: bytes, value: dict[str, Any], name: object) -> None:
    """What is no row: a bundle is opened; what tells how an export went counts as blank; the rest is refused."""
    if name == "Bundle":
        _sort_bundle(judged, place, text, value)
        return
    judged.read += 1
    if (type(name) is str and name in NOT_ROWS) or is_about_an_export(value):
        judged.blank += 1
    else:
        judged.refuse(place, text, Refused("no_resource_type", "resourceType"))


def is_about_an_export(value: dict[str, Any]) -> bool:
    """True for a line of a bulk export's log and for its manifest."""
    return "resourceType" not in value and (
        {"exportId", "eventId"} <= value.keys() or {"transactionTime", "output"} <= value.keys()
    )


def _unusual(
    judged: Judged, kind: _Kind, value: dict[str, Any], types: tuple[type, ...], line: int
) -> str | None:
    """The field to blame, or None where all fits or is new (which is noted)."""
    name = value["resourceType"]
    if not kind.expected:
        judged.note(name, "type not in R4", line)
        return None
    new = False
    for key, part in value.items():
        match fits(key, kind.expected, part):
            case False:
                return key
            case None:
                judged.note(f"{name}.{key}", "field not in R4", line)
                new = True
    if not new and len(kind.usual) < MOST_SHAPES:
        kind.usual[tuple(value)] = types
    return None


def _sort_bundle(judged: Judged, place: tuple[Any, ...], text: bytes, bundle: dict[str, Any]) -> None:
    """Every entry of a bundle is a record of its own; an empty bundle counts as one blank."""
    found = False
    for number, record in enumerate(records_of(bundle), 1):
        found = True
        where = (place[0] or number, place[1])
        if not record.raw:
            judged.read += 1
            judged.blank += 1
        elif record.refused:
            judged.read += 1
            judged.refuse(where, record.raw, record.refused)
        elif record.deleted:
            judged.read += 1
            _delete(judged, record.value, record.raw, where, number)
        else:
            sort_values(judged, [where], [record.raw], [(record.value, record.raw)], number)
    if not found:
        judged.read += 1
        judged.blank += 1


def take_deletion(judged: Judged, place: int, raw: bytes) -> None:
    """Judges again a line that a bundle's deletion was kept as."""
    judged.read += 1
    try:
        value = strict.parse(raw)
        named = type(value.get("id")) is str and table_of(value["resourceType"])
    except (Refused, KeyError, TypeError, AttributeError):
        named = False
    if named:
        _delete(judged, value, raw, (place, place), 0)
    else:
        judged.refuse((place, place), raw, Refused("delete_unclear"))


def table_of(resource_type: str) -> Table:
    """The table a resource type lands in."""
    return TABLE_OF.get(resource_type, OTHER_RESOURCES)


def _delete(judged: Judged, value: dict[str, Any], raw: bytes, place: tuple[int, int], entry: int) -> None:
    kind = _kind(value["resourceType"])
    try:
        judged.rows[kind.table].add(kind.take, value, raw, raw, place, entry, deleted=True)
    except Refused as refused:
        judged.refuse(place, raw, refused, kind.table)
