"""What the pages of the sample read of a release: sides of visits and calls, drawn evenly by how they are told."""

import json
from collections.abc import Mapping
from typing import Any

from twohats.service.actions.hidden_kinds import Hidden
from twohats.service.actions.served import Side
from twohats.service.policy import Scope

WANTED = 300
TOLD = (("customer", "as_wished"), ("customer", "over_engaged"), ("patient", "as_wished"), ("patient", "hurried"))
"""The sides, and how they may be told to be served. What is left open is not drawn: no effect rests on it."""
OPEN_TO_ALL = (
    "coalesce(customer, '') <> 'open' AND coalesce(patient, '') <> 'open' AND NOT EXISTS ("
    "SELECT 1 FROM interactions WHERE coalesce(interactions.visit, interactions.interaction) = served.thing"
    " AND interactions.person = served.person AND (interactions.sensitive IS NOT NULL"
    " OR coalesce(interactions.unit, '') IN (SELECT value FROM json_each(?))"
    " OR interactions.touchpoint IN (SELECT value FROM json_each(?))))"
)
"""Nothing about it is hidden from anybody: its kind could not be told from its course otherwise."""


def drawn(reader: Any, scope: Scope, hidden: Hidden) -> list[Side]:
    """The sample in a reader's units: as many of each class told, in the order of keys, which mean nothing."""
    return [side for column, served in TOLD for side in _of_class(reader, scope, hidden, column, served)]


def _of_class(reader: Any, scope: Scope, hidden: Hidden, column: str, served: str) -> list[Side]:
    condition, parameters = scope.clause("unit")
    rows = reader.rows(
        f"SELECT thing, unit FROM served WHERE {column} = ? AND {condition} AND {OPEN_TO_ALL} ORDER BY thing LIMIT ?",
        (served, *parameters, *_listed(hidden), WANTED // len(TOLD)))
    return [Side(row["thing"], column, row["unit"] or "", served, reader.id) for row in rows]


def _listed(hidden: Hidden) -> list[str]:
    return [json.dumps(sorted(hidden.get(of, ()))) for of in ("unit", "touchpoint")]


def side_of(reader: Any, thing: int, side: str, scope: Scope, hidden: Hidden) -> Side | None:
    """One side, if the reader may look at it and it was told; None otherwise."""
    if side not in ("customer", "patient") or thing >= 2**63:
        return None
    condition, parameters = scope.clause("unit")
    row = reader.row(
        f"SELECT thing, unit, {side} AS told FROM served WHERE thing = ? AND {condition} AND {OPEN_TO_ALL}",
        (thing, *parameters, *_listed(hidden)))
    return Side(thing, side, row["unit"] or "", row["told"], reader.id) if row and row["told"] else None


def whole(reader: Any, thing: int) -> Mapping[str, Any]:
    """The visit or call: its kind, unit, person and beginning."""
    return reader.row("SELECT thing, visit, person, unit, kind, happened_at FROM served WHERE thing = ?", (thing,))


def course(reader: Any, served: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What happened in it, in the order lived."""
    return reader.rows(
        "SELECT act, role, zone, channel, started_at, minutes, wanted, wanted_from, clinician_minutes, same_clinician, "
        "contacts_given, steps, repeats FROM interactions WHERE person = ? AND coalesce(visit, interaction) = ? "
        "ORDER BY started_at, source_order, interaction", (served["person"], served["thing"]))
