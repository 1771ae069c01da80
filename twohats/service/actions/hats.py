"""Overruling a hat: a record, obeyed at once where it was made and in every next release."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from twohats.service.actions import audit, outbox
from twohats.service.records.models import HatOverride, User
from twohats.words.hats import Hat
from twohats.words.problems import Problem

SHORTEST, LONGEST = 5, 500


@transaction.atomic
def overrule_hat(*, interaction: int, hat: Hat, reason: str, release: str, by: User,
                 request_id: str = "") -> HatOverride:
    """Says that another hat was worn in this interaction. Whether `by` may see it was asked before, by the page."""
    said = reason.strip()
    if not SHORTEST <= len(said) <= LONGEST:
        raise Problem("A reason of 5 to 500 characters is needed.", "reason",
                      "Say in a few words what you saw, without names.")
    if hat is Hat.UNKNOWN:
        raise Problem("Overruling says which hat it was.", "hat", "Choose patient, customer, both at once, or none.")
    now = timezone.now()
    made = HatOverride.objects.create(interaction=interaction, hat=hat.value, reason=said, release=release, by=by,
                                      made_at=now)
    outbox.put(file="overrides", line=override_line(made))
    audit.record(by=by, verb="overruled the hat", kind="interaction", thing=interaction, request_id=request_id)
    return made


def override_line(made: HatOverride) -> dict:
    """The record as the next release reads it; the reason stays in the records."""
    return {"kind": "override", "interaction": made.interaction, "hat": made.hat, "release": made.release,
            "at": _instant(made.made_at), "by": f"user/{made.by_id}"}


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def hats_in_force(interactions: list[int]) -> dict[int, HatOverride]:
    """The latest override of each of these interactions; what has none is not in it. One query."""
    latest: dict[int, HatOverride] = {}
    for made in HatOverride.objects.filter(interaction__in=interactions).order_by("made_at", "id"):
        latest[made.interaction] = made
    return latest


def overruled_interactions() -> list[int]:
    """Every interaction that somebody overruled, once each. One query."""
    return list(HatOverride.objects.order_by("interaction").values_list("interaction", flat=True).distinct())
