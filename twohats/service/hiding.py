"""What a security label hides: of what kind a segment is. That something happened, and when, stays."""

from collections.abc import Iterable, Mapping
from typing import Any

from twohats.service.actions.hidden_kinds import Hidden, hidden_kinds

KIND_COLUMNS = ("act", "touchpoint", "channel", "zone", "role", "unit", "rule", "second_rule", "staff", "acuity",
                "stakes", "resource", "encounter", "hat", "p_patient", "confidence", "second_hat", "about_hat",
                "urgent", "vulnerable")
"""Columns of an interaction from which its kind could be read. The hat is one: a rule names the kind of dealing."""

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


def without_kind(interaction: Mapping[str, Any]) -> dict[str, Any]:
    """The interaction with all that tells its kind left out, if it carries a label; else as it is.

    `sensitive` then says 'hidden', so that a page can say so; the label itself would tell too much.
    """
    row = dict(interaction)
    if not row.get("sensitive"):
        return row
    return {**row, **{name: None for name in KIND_COLUMNS if name in row}, "sensitive": HIDDEN}
