"""One number with its name and its sentence: what the pages show of either hat, in one shape."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One number; where there is none, `instead` says why. `meaning`: how it is counted, opened where one asks."""

    name: str
    value: str | None
    unit: str
    says: str
    instead: str = ""
    meaning: str = ""
