"""What a security label hides: of what kind a segment is, and what was said of it. That it was, and when, stays."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from twohats.service.actions.hidden_kinds import Hidden, hidden_kinds
from twohats.words.touchpoints import survey_items

KIND_COLUMNS = ("act", "touchpoint", "channel", "zone", "role", "unit", "rule", "second_rule", "staff", "acuity",
                "stakes", "resource", "encounter", "hat", "p_patient", "confidence", "second_hat", "about_hat",
                "urgent", "vulnerable")
"""Columns of an interaction from which its kind could be read. The hat is one: a rule names the kind of dealing."""

TIME_OF_A_VOICE = frozenset(("voice", "clause", "person", "said_at"))
"""What stays of a voice or a clause that tells of something hidden."""

HIDDEN = "hidden"
LISTED = "listed"
"""In place of a label: the hospital's own list hides it."""


def with_the_hospitals_list(interactions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The interactions, labelled where the hospital's list hides their touchpoint or unit. One query."""
    known = hidden_kinds()
    return [labelled(row, known) for row in interactions]


def labelled(interaction: Mapping[str, Any], known: Hidden) -> dict[str, Any]:
    """The interaction; labelled if the list hides its touchpoint or its unit and the source did not label it."""
    row = dict(interaction)
    listed = row["touchpoint"] in known["touchpoint"] or row["unit"] in known["unit"]
    return {**row, "sensitive": LISTED} if listed and not row["sensitive"] else row


def hidden_voices(reader: Any, known: Hidden, person: int | None = None) -> frozenset[int]:
    """The voices that tell of something hidden, of one person or of all: hidden whole, as one clause gives away others.

    A voice tells of its moment, of its visit with all moments in it, of its unit, and of the touchpoints of its item
    and its clauses.
    """
    whose = "1" if person is None else "person = :person"
    units, touchpoints = (f"(SELECT value FROM json_each(:{name}))" for name in ("units", "touchpoints"))
    about = ("interaction IN (SELECT interaction FROM told)"
             f" OR visit IN (SELECT visit FROM told WHERE visit IS NOT NULL) OR unit IN {units}")
    rows = reader.rows(
        f"WITH told AS MATERIALIZED (SELECT interaction, visit FROM interactions WHERE {whose} AND (sensitive <> ''"
        f" OR touchpoint IN {touchpoints} OR unit IN {units}))"
        f" SELECT voice FROM voices WHERE {whose} AND ({about}"
        " OR survey || '|' || item IN (SELECT value FROM json_each(:items)))"
        f" UNION SELECT voice FROM clauses WHERE {whose} AND ({about} OR touchpoint IN {touchpoints})",
        {"person": person, "touchpoints": json.dumps(sorted(known["touchpoint"])),
         "units": json.dumps(sorted(known["unit"])),
         "items": json.dumps([f"{item.survey}|{item.key}" for item in survey_items()
                              if item.touchpoint in known["touchpoint"]])})
    return frozenset(row["voice"] for row in rows)


def without_kind(interaction: Mapping[str, Any]) -> dict[str, Any]:
    """The interaction with all that tells its kind left out, if it carries a label; else as it is.

    `sensitive` then says 'hidden', so that a page can say so; the label itself would tell too much.
    """
    row = dict(interaction)
    if not row.get("sensitive"):
        return row
    return {**row, **{name: None for name in KIND_COLUMNS if name in row}, "sensitive": HIDDEN}


def only_its_time(voice: Mapping[str, Any]) -> dict[str, Any]:
    """A voice or a clause of which nothing may be told but that it was said, and when."""
    return {name: value if name in TIME_OF_A_VOICE else None for name, value in dict(voice).items()}
