"""What is hidden from the stages to learn how much each kind of evidence tells."""

from enum import StrEnum


class Evidence(StrEnum):
    """How much of what a source told of its visits the stages may see."""

    FULL = "full"
    NO_ZONES = "no_zones"
    NO_HISTORY = "no_history"
    PERIOD_ONLY = "period_only"


HIDDEN_COLUMNS: dict[Evidence, tuple[str, ...]] = {
    Evidence.FULL: (),
    Evidence.NO_ZONES: ("locations",),
    Evidence.NO_HISTORY: ("status_history", "class_history"),
    Evidence.PERIOD_ONLY: ("locations", "status_history", "class_history", "participants"),
}
"""Columns of `encounters` that are NULL at that level."""

HIDDEN_TABLES: dict[Evidence, tuple[str, ...]] = {
    Evidence.FULL: (),
    Evidence.NO_ZONES: (),
    Evidence.NO_HISTORY: (),
    Evidence.PERIOD_ONLY: ("observations", "procedures", "service_requests", "medication_requests", "conditions"),
}
"""Tables of which rows that belong to an encounter are left out at that level."""
