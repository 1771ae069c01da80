"""What a security label hides: of what kind a segment is. That something happened, and when, stays."""

from collections.abc import Mapping
from typing import Any

KIND_COLUMNS = ("act", "touchpoint", "channel", "zone", "role", "unit", "rule", "second_rule", "staff", "acuity",
                "stakes", "resource", "encounter", "hat", "p_patient", "confidence", "second_hat", "about_hat",
                "urgent", "vulnerable")
"""Columns of an interaction from which its kind could be read. The hat is one: a rule names the kind of dealing."""

HIDDEN = "hidden"


def without_kind(interaction: Mapping[str, Any]) -> dict[str, Any]:
    """The interaction with all that tells its kind left out, if it carries a label; else as it is.

    `sensitive` then says 'hidden', so that a page can say so; the label itself would tell too much.
    """
    row = dict(interaction)
    if not row.get("sensitive"):
        return row
    return {**row, **{name: None for name in KIND_COLUMNS if name in row}, "sensitive": HIDDEN}
