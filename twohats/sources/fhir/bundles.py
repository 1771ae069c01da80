"""What a FHIR Bundle holds: resources, and deletions (a bulk export's `deleted` bundles are transactions of DELETE).

References to other entries by their `urn:uuid:` are replaced by Type/id, as a server does when it takes the bundle.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from twohats.store import strict

from ..reasons import Refused

_URL = re.compile(r"(?:.*/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})(?:/_history/[^/?]+)?")


@dataclass(frozen=True)
class Record:
    """One entry: a resource, a deletion (as type, id, meta and request), something refused, or (raw empty) nothing."""

    raw: bytes
    value: Any = None
    deleted: bool = False
    refused: Refused | None = None


def records_of(bundle: dict[str, Any]) -> Iterator[Record]:
    """The records of a bundle, in its order; bundles inside bundles are opened too."""
    entries = bundle.get("entry")
    if entries is None:
        return
    if not isinstance(entries, list):
        yield Record(orjson.dumps(bundle), refused=Refused("wrong_type", "Bundle.entry"))
        return
    names = _names(entries)
    for entry in entries:
        yield from _records(bundle, entry, names)


def _records(bundle: dict[str, Any], entry: Any, names: dict[str, str]) -> Iterator[Record]:
    if not isinstance(entry, dict):
        yield Record(orjson.dumps(entry), refused=Refused("wrong_type", "Bundle.entry"))
        return
    request = entry.get("request")
    request = request if isinstance(request, dict) else {}
    method = request.get("method")
    resource = entry.get("resource")
    if method == "DELETE":
        yield _deletion(bundle, entry, request)
    elif isinstance(resource, dict) and resource.get("resourceType") == "Bundle":
        yield from records_of(resource)
    elif resource is not None:
        value = _resolved(resource, names) if names else resource
        raw = orjson.dumps(value)
        refused = Refused("too_long") if len(raw) > strict.LONGEST else None
        yield Record(raw, value, refused=refused)
    elif method in ("GET", "HEAD") or (method is None and "response" in entry):
        yield Record(b"")  # asks or answers for something, brings nothing
    else:
        yield Record(orjson.dumps(entry), refused=Refused("not_an_object", "Bundle.entry.resource"))


def _deletion(bundle: dict[str, Any], entry: dict[str, Any], request: dict[str, Any]) -> Record:
    url = request.get("url")
    named = _URL.fullmatch(url) if isinstance(url, str) else None
    if named is None:
        return Record(orjson.dumps(entry), refused=Refused("delete_unclear", "Bundle.entry.request.url"))
    meta = {"lastUpdated": _deleted_at(bundle, entry)} if _deleted_at(bundle, entry) is not None else {}
    value = {"resourceType": named["type"], "id": named["id"], "meta": meta, "request": request}
    return Record(orjson.dumps(value), value, deleted=True)


def _deleted_at(bundle: dict[str, Any], entry: dict[str, Any]) -> Any:
    """When the source deleted it, as well as the bundle says."""
    response, meta = entry.get("response"), bundle.get("meta")
    if isinstance(response, dict) and response.get("lastModified") is not None:
        return response["lastModified"]
    if bundle.get("timestamp") is not None:
        return bundle["timestamp"]
    return meta.get("lastUpdated") if isinstance(meta, dict) else None


def _names(entries: list[Any]) -> dict[str, str]:
    """urn:uuid:... → Type/id of the entries that have such a name."""
    names = {}
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
            url, resource = entry.get("fullUrl"), entry["resource"]
            if isinstance(url, str) and url.startswith("urn:") and isinstance(resource.get("id"), str):
                names[url] = f"{resource.get('resourceType')}/{resource['id']}"
    return names


def _resolved(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: names.get(part, part) if key == "reference" and isinstance(part, str) else _resolved(part, names)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [_resolved(part, names) for part in value]
    return value
