"""The hats a person can wear in one dealing with a health system."""

from enum import StrEnum


class Hat(StrEnum):
    """Which experience an interaction is. The hat belongs to the interaction, never to the person."""

    PATIENT = "patient"
    """Medical care in the moment, by or with a clinician."""
    CUSTOMER = "customer"
    """Every other dealing with the system."""
    MIXED = "mixed"
    """Both at once, honestly. Counted and shown, never flagged as a wrong hat."""
    UNKNOWN = "unknown"
    """The evidence does not tell. Counted and shown, never guessed."""
    NONE = "none"
    """Nobody is being served: time away, or words without an object."""
