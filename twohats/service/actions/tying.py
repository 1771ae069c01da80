"""Whose event is it? An exact identifier leads to one person of the current release, or to nobody: never a guess."""

from twohats.service import releases
from twohats.service.records.live import NO_RELEASE, NOBODY, PERSON, TWO_PEOPLE


def person_of(system: str, value: str) -> tuple[str, int | None]:
    """What an identifier leads to, and the person where it is exactly one."""
    reader = releases.current()
    if reader is None or not reader.holds("known_by"):
        return NO_RELEASE, None
    found = reader.rows("SELECT DISTINCT person FROM known_by WHERE system = ? AND value = ?", (system, value))
    if len(found) != 1:
        return (TWO_PEOPLE if found else NOBODY), None
    return PERSON, found[0]["person"]
