"""What a file holds, told from its first bytes; its name only helps where the content cannot tell."""

from enum import StrEnum
from typing import Any

import orjson

from .csv.headings import feed_of_heading
from .fhir.judge import is_about_an_export

HEAD = 1 << 16


class Holds(StrEnum):
    """Kinds of file that can be taken in."""

    FHIR = "fhir"
    """NDJSON: a resource or a bundle a line."""
    FHIR_DOCUMENT = "fhir_document"
    """One JSON document over several lines: a resource, a bundle, or an export's manifest."""
    EXPORT_LOG = "export_log"
    """The log or the manifest of a bulk export: recognised, no rows."""
    FEED = "feed"
    """A CSV file of one of the declared feeds."""
    EMPTY = "empty"
    UNKNOWN = "unknown"


def recognise(head: bytes, name: str, whole: bool) -> Holds:
    """What a file with that beginning holds; `whole` says that `head` is all of it."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not text:
        return Holds.EMPTY if whole else Holds.FHIR
    if text[:1] in b"{[":
        return _json_kind(text, whole)
    if _looks_like_json_name(name):
        return Holds.FHIR
    if feed_of_heading(head):
        return Holds.FEED
    return Holds.FHIR if any(line.lstrip()[:1] == b"{" for line in head.splitlines()[:20]) else Holds.UNKNOWN


def _json_kind(text: bytes, whole: bool) -> Holds:
    """NDJSON where a line is a resource of its own, else one document over several lines."""
    first, *others = text.split(b"\n")
    value = _value(first)
    if isinstance(value, dict):
        return Holds.EXPORT_LOG if is_about_an_export(value) else Holds.FHIR
    if whole and _value(text) is not None:
        return Holds.FHIR_DOCUMENT
    if not b"".join(others).strip() or any(_is_resource(line) for line in others):
        return Holds.FHIR  # one broken line, or a broken first line before others
    return Holds.FHIR_DOCUMENT if first.rstrip()[-1:] in (b"{", b"[", b",") else Holds.FHIR


def _is_resource(line: bytes) -> bool:
    if line[:1] != b"{":
        return False
    value = _value(line)
    return isinstance(value, dict) and isinstance(value.get("resourceType"), str)


def _value(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _looks_like_json_name(name: str) -> bool:
    return name.lower().removesuffix(".gz").endswith((".ndjson", ".json", ".jsonl"))
