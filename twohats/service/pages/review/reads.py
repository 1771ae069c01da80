"""What the review pages read of a release: clauses with their words masked, in the reader's units, nothing hidden."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from twohats.service.actions.hidden_kinds import Hidden
from twohats.service.actions.readings import Told
from twohats.service.pages.person.reads import clocks
from twohats.service.policy import NOTHING, Scope

COLUMNS = (
    "clauses.clause, clauses.voice, clauses.clause_no, clauses.start, clauses.masked, clauses.hat, clauses.p_patient, "
    "clauses.p_customer, clauses.p_none, clauses.certain, clauses.touchpoint, clauses.touchpoint_2, "
    "clauses.touchpoint_3, clauses.p_touchpoint, clauses.sentiment, clauses.speaker, clauses.about_hat, "
    "clauses.evidence, clauses.corrected, clauses.model_hat, clauses.service, clauses.unit, clauses.said_at, "
    "voices.source_id, voices.item AS question, voices.language"
)
HATS = ("patient", "customer", "none")
_SERVICES: dict[tuple[str, Scope], list[str]] = {}
"""Services by release and scope: a release does not change."""
MOST_SCOPES = 100


@dataclass(frozen=True)
class Sight:
    """Which clauses a reader may read: those of their units that are not about something hidden from them."""

    scope: Scope = NOTHING
    hidden: Hidden = field(default_factory=dict)
    sensitive: bool = False

    def clause(self) -> tuple[str, list[str]]:
        """The condition in SQL. What is about a labelled or a listed thing would tell its kind in its words."""
        condition, parameters = self.scope.clause("clauses.unit")
        if self.sensitive:
            return condition, parameters
        listed = [json.dumps(sorted(self.hidden.get(of, ()))) for of in ("unit", "touchpoint")]
        return (
            f"{condition} AND coalesce(clauses.unit, '') NOT IN (SELECT value FROM json_each(?))"
            " AND clauses.touchpoint NOT IN (SELECT value FROM json_each(?))"
            " AND (clauses.visit IS NULL OR NOT EXISTS (SELECT 1 FROM interactions"
            " WHERE interactions.visit = clauses.visit AND interactions.sensitive IS NOT NULL))"
            " AND (clauses.interaction IS NULL OR NOT EXISTS (SELECT 1 FROM interactions"
            " WHERE interactions.interaction = clauses.interaction AND interactions.sensitive IS NOT NULL))",
            [*parameters, *listed])


@dataclass(frozen=True)
class Filters:
    """What the reader asked for: clauses of one service, one month, one hat."""

    service: str = ""
    month: str = ""
    hat: str = ""

    def __bool__(self) -> bool:
        return bool(self.service or self.month or self.hat)

    def clause(self, home: ZoneInfo) -> tuple[str, list[Any]]:
        """The condition in SQL; months are those of the hospital's own clock."""
        parts: list[str] = ["1"]
        parameters: list[Any] = []
        if self.service:
            parts.append("clauses.service = ?")
            parameters.append(self.service)
        if self.month:
            parts.append("clauses.said_at >= ? AND clauses.said_at < ?")
            parameters += _micros_of(self.month, home)
        if self.hat:
            parts.append("clauses.hat = ?")
            parameters.append(self.hat)
        return " AND ".join(parts), parameters


def _micros_of(month: str, home: ZoneInfo) -> list[int]:
    """The first instant of a month ('2026-10') and of the next one, in microseconds."""
    year, number = int(month[:4]), int(month[5:7])
    first = datetime(year, number, 1, tzinfo=home)
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=home)
    return [int(day.timestamp()) * 1_000_000 for day in (first, after)]


def home_clock(reader: Any) -> ZoneInfo:
    """The clock that most of the hospital goes by."""
    return clocks(reader).home


def clause(reader: Any, key: int, sight: Sight) -> Mapping[str, Any] | None:
    """One clause with what is asked around it; None where there is none the reader may read."""
    if key >= 2**63:
        return None
    condition, parameters = sight.clause()
    return reader.row(f"SELECT {COLUMNS} FROM clauses JOIN voices ON voices.voice = clauses.voice "
                      f"WHERE clauses.clause = ? AND {condition}", (key, *parameters))


def comment(reader: Any, voice: int) -> list[Mapping[str, Any]]:
    """The clauses of a comment in the order written, masked."""
    return reader.rows("SELECT clause, masked FROM clauses WHERE voice = ? ORDER BY clause_no", (voice,))


def services(reader: Any, scope: Scope) -> list[str]:
    """The services of the reader's units, by name."""
    asked = (reader.id, scope)
    if asked not in _SERVICES:
        if len(_SERVICES) >= MOST_SCOPES:
            _SERVICES.clear()
        condition, parameters = scope.clause("unit")
        _SERVICES[asked] = [row["service"] for row in reader.rows(
            f"SELECT DISTINCT service FROM clauses WHERE {condition} AND service <> '' ORDER BY service", parameters)]
    return _SERVICES[asked]


def months(reader: Any, scope: Scope, home: ZoneInfo) -> list[str]:
    """Every month from the first comment to the last, the newest first."""
    condition, parameters = scope.clause("unit")
    row = reader.row(f"SELECT min(said_at) AS first, max(said_at) AS last FROM clauses WHERE {condition}", parameters)
    if row["first"] is None:
        return []
    first, last = (datetime.fromtimestamp(row[name] / 1_000_000, UTC).astimezone(home) for name in ("first", "last"))
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [f"{first.year + (first.month - 1 + n) // 12}-{(first.month - 1 + n) % 12 + 1:02d}"
            for n in reversed(range(count))]


def told_of(row: Mapping[str, Any], release: str) -> Told:
    """A clause as the actions take it. What a correction has replaced is not the model's word any more."""
    by_model = {} if row["corrected"] else {
        "model_touchpoint": row["touchpoint"], "model_sentiment": row["sentiment"],
        "model_p": max(row[f"p_{hat}"] for hat in HATS)}
    return Told(clause=row["clause"], voice=row["voice"], comment=row["source_id"], start=row["start"],
                unit=row["unit"] or "", release=release, model_hat=row["model_hat"] or "", **by_model)


def evidence_of(row: Mapping[str, Any]) -> list[str]:
    """The words that decided most, as far as they stand in the clause as it is shown: a masked name is no evidence."""
    said = row["masked"].lower()
    try:
        words = json.loads(row["evidence"] or "[]")
    except ValueError:
        return []
    return [word for word in words if isinstance(word, str) and word.lower() in said]


def any_clause(reader: Any, sight: Sight) -> bool:
    """Whether there is any clause that the reader may read."""
    condition, parameters = sight.clause()
    return reader.row(f"SELECT 1 FROM clauses WHERE {condition} LIMIT 1", parameters) is not None


def clauses(reader: Any, keys: list[int]) -> list[Mapping[str, Any]]:
    """What tells these clauses apart in a list, without their words: service, unit, day."""
    return reader.rows("SELECT clause, service, unit, said_at FROM clauses "
                       "WHERE clause IN (SELECT value FROM json_each(?))", (json.dumps(keys),))
