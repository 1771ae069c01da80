"""What a journey page reads of a release: one person's row, their moments, nothing of anybody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from twohats.service.pages import wording
from twohats.service.policy import Scope

PERSON = "person, given, family, age_band, language, interpreter, hearing, wheelchair, deceased_at, prospect"
MOMENT = (
    "interaction, visit, kind, started_at, ended_at, minutes, act, touchpoint, unit, hat, p_patient, confidence, rule, "
    "overruled, view, about_hat, second_hat, second_rule, vulnerable, wanted, wanted_from, clinician_minutes, "
    "same_clinician, contacts_given, steps, repeats, sensitive, evidence"
)
VOICE = ("voice, kind, visit, interaction, unit, said_at, survey, item, value, language, mode, respondent, hat, view, "
         "about_hat")
CLAUSE = ("voice, clause_no, words, masked, hat, certain, touchpoint, sentiment, speaker, about_hat, urgent, evidence, "
          "unit, visit, interaction")


@dataclass(frozen=True)
class Clocks:
    """The clock of each unit, and the one used where no unit is known."""

    units: Mapping[str, ZoneInfo]
    home: ZoneInfo
    names: Mapping[str, str]


def person(reader: Any, key: int, scope: Scope) -> Mapping[str, Any] | None:
    """The person, if anything of theirs happened in the reader's units; None otherwise, also where there is none."""
    condition, params = scope.clause("unit")
    found = reader.rows(
        f"SELECT {PERSON} FROM people WHERE person = ? AND EXISTS "
        f"(SELECT 1 FROM interactions WHERE interactions.person = people.person AND {condition})",
        (key, *params),
    )
    return found[0] if found else None


def moments(reader: Any, key: int) -> list[Mapping[str, Any]]:
    """All of a person's interactions in the order lived."""
    return reader.rows(
        f"SELECT {MOMENT} FROM interactions WHERE person = ? ORDER BY started_at, source_order, interaction", (key,)
    )


def voices(reader: Any, key: int) -> list[Mapping[str, Any]]:
    """All a person answered and wrote, in the order said, answers given together side by side; no date: last."""
    return reader.rows(f"SELECT {VOICE} FROM voices WHERE person = ? "
                       "ORDER BY said_at IS NULL, said_at, kind, survey, view, item, voice", (key,))


def clauses(reader: Any, key: int) -> list[Mapping[str, Any]]:
    """All clauses of what a person wrote, in the order written."""
    return reader.rows(f"SELECT {CLAUSE} FROM clauses WHERE person = ? ORDER BY voice, clause_no", (key,))


def keys_of(reader: Any, typed: str, scope: Scope) -> list[int]:
    """The people whose record has exactly this id or identifier (an MRN), merged records included, in scope."""
    bare = typed.removeprefix("Patient/")
    condition, params = scope.clause("unit")
    found = reader.rows(
        "SELECT person FROM people WHERE (patient_id IN (?, ?)"
        " OR EXISTS (SELECT 1 FROM json_each(people.merged_from) WHERE json_each.value IN (?, ?))"
        " OR EXISTS (SELECT 1 FROM json_each(people.identifiers) WHERE json_each.value = ?)) AND EXISTS "
        f"(SELECT 1 FROM interactions WHERE interactions.person = people.person AND {condition})",
        (f"Patient/{bare}", bare, f"Patient/{bare}", bare, typed, *params),
    )
    return [row["person"] for row in found]


def clocks(reader: Any) -> Clocks:
    """The clocks and names of all units."""
    rows = reader.rows("SELECT unit, name, parent, time_zone FROM units", ())
    units = {row["unit"]: wording.place_zone(row["time_zone"]) for row in rows}
    known = [row["time_zone"] for row in rows if row["time_zone"]]
    home = wording.place_zone(max(set(known), key=lambda zone: (known.count(zone), zone)) if known else None)
    return Clocks(units, home, {row["unit"]: row["name"] for row in rows})
