"""Live events that could be tied to nobody: how many, and why. Kept, never guessed."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from twohats.service.records.live import NO_RELEASE, NOBODY, TWO_PEOPLE

WHY: dict[str, Promise] = {
    NOBODY: _("nobody has their identifier"), TWO_PEOPLE: _("two people have their identifier"),
    NO_RELEASE: _("no release knew identifiers when they came"),
}


def lines(counts: Mapping[str, int]) -> list[tuple[Promise, int]]:
    """Each reason with how many events it holds back."""
    return [(why, counts[found]) for found, why in WHY.items() if counts.get(found)]
