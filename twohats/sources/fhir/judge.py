"""Judges lines of FHIR: which table each belongs to, what is refused and why, what is new in them. Touches no file."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from twohats.store.tables import Table
from twohats.store.tables.landed import FHIR_TABLES, OTHER_RESOURCES

from .. import strict
from ..lines import Line
from ..reasons import Refused
from .bundles import records_of
from .elements import elements, fits

TABLE_OF: dict[str, Table] = {table.resource: table for table in FHIR_TABLES if table.resource}
_TYPE_NAME = re.compile(r"[A-Z][A-Za-z]{1,63}")
NOT_ROWS = frozenset({"OperationOutcome"})
"""Resource types that tell how an export went; recognised, counted as blank, no rows."""


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


@dataclass
class Judged:
    """What a run of lines held."""

    read: int = 0
    blank: int = 0
    rows: dict[str, Rows] = field(default_factory=lambda: defaultdict(Rows))
    refused: list[Refusal] = field(default_factory=list)
    drift: dict[tuple[str, str], int] = field(default_factory=dict)
    """(new field, kind of news) → first line it was seen in."""

    def refuse(self, where: tuple[Any, ...], raw: bytes, refused: Refused, table: str = "") -> None:
        """Notes a refusal."""
        self.refused.append(Refusal(table, where[0], where[1], refused.code, refused.field, raw))

    def note(self, name: str, news: str, line: int) -> None:
        """Notes something new, with the first line that had it."""
        key = (name, news)
        self.drift[key] = min(line, self.drift.get(key, line))


def judge(lines: list[Line]) -> Judged:
    """Judges numbered lines of NDJSON."""
    judged = Judged()
    texts = [line[2].strip(b" \t\r\n") for line in lines]
    if not all(texts):
        lines = [line for line, text in zip(lines, texts, strict=True) if text]
        judged.read = judged.blank = len(texts) - len(lines)
        texts = [text for text in texts if text]
    for start, values, canonical in strict.parse_batches(texts):
        end = start + len(values)
        sort_values(judged, lines[start:end], texts[start:end], values, canonical)
    return judged


def sort_values(
    judged: Judged, places: Sequence[tuple[Any, ...]], texts: list[bytes], values: list[Any], canonical: list[bytes],
    entry: int = 0,
) -> None:
    """Puts each parsed value where it belongs in `judged`; a place begins with line number and byte offset."""
    known = elements()
    sha256 = hashlib.sha256
    table_name, expected, rows = "", dict[str, type](), Rows()
    current: object = None
    for place, text, value, bytes_ in zip(places, texts, values, canonical, strict=True):
        if type(value) is not dict:
            judged.read += 1
            judged.refuse(place, text, value if isinstance(value, Refused) else Refused("not_an_object"))
            continue
        kind = value.get("resourceType")
        if kind == "Bundle":
            _sort_bundle(judged, place, text, value)
            continue
        judged.read += 1
        if kind in NOT_ROWS:
            judged.blank += 1
            continue
        if kind != current or kind is None:
            if not (type(kind) is str and _TYPE_NAME.fullmatch(kind)):
                judged.refuse(place, text, Refused("no_resource_type", "resourceType"))
                continue
            current = kind
            table_name = table_of(kind).name
            expected = known.get(kind, {})
            rows = judged.rows[table_name]
        identity = value.get("id")
        if type(identity) is not str or not identity.strip():
            judged.refuse(place, text, Refused("no_id", "id"), table_name)
            continue
        wrong = None
        for key, part in value.items():
            if expected.get(key) is not type(part):
                wrong = wrong or _unusual(judged, str(kind), key, part, expected, place[0])
        if wrong:
            judged.refuse(place, text, Refused("wrong_type", wrong), table_name)
            continue
        rows.raw.append(text)
        rows.line.append(place[0])
        rows.offset_bytes.append(place[1])
        rows.order.append(place[1] + entry)
        rows.content_hash.append(sha256(bytes_).hexdigest())
        rows.deleted.append(False)


def _unusual(
    judged: Judged, kind: str, key: str, part: Any, expected: dict[str, type], line: int
) -> str | None:
    """The field to blame, or None for one that fits after all or is new (which is noted)."""
    if not expected:
        judged.note(kind, "type not in R4", line)
        return None
    match fits(key, expected, part):
        case False:
            return key
        case None:
            judged.note(f"{kind}.{key}", "field not in R4", line)
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
            _add(judged.rows[table_of(record.value["resourceType"]).name], where, record.raw, number, deleted=True)
        else:
            sort_values(judged, [where], [record.raw], [record.value], [record.raw], number)
    if not found:
        judged.read += 1
        judged.blank += 1


def take_deletion(judged: Judged, place: int, raw: bytes) -> None:
    """Judges again a line that a bundle's deletion was kept as."""
    judged.read += 1
    try:
        value = strict.parse(raw)
        named = value.get("id"), table_of(value["resourceType"])
    except (Refused, KeyError, TypeError, AttributeError):
        judged.refuse((place, place), raw, Refused("delete_unclear"))
        return
    if type(named[0]) is str:
        _add(judged.rows[named[1].name], (place, place), raw, 0, deleted=True)
    else:
        judged.refuse((place, place), raw, Refused("delete_unclear"))


def table_of(resource_type: str) -> Table:
    """The table a resource type lands in."""
    return TABLE_OF.get(resource_type, OTHER_RESOURCES)


def _add(rows: Rows, place: tuple[int, int], raw: bytes, entry: int, *, deleted: bool) -> None:
    rows.raw.append(raw)
    rows.line.append(place[0])
    rows.offset_bytes.append(place[1])
    rows.order.append(place[1] + entry)
    rows.content_hash.append(hashlib.sha256(raw).hexdigest())
    rows.deleted.append(deleted)
