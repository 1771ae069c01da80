"""The hospital's own word on which zone a place counts as."""

from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from twohats.service.actions import audit, outbox
from twohats.service.records.models import User, ZoneCorrection
from twohats.words.problems import Problem


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Every zone a place may count as, in the order of the seeds."""
    import tomllib
    from importlib.resources import files

    seeds = tomllib.loads(files("twohats.words").joinpath("seeds.toml").read_text())
    return tuple(dict.fromkeys(seed["means"] for seed in seeds["zone"]))


@transaction.atomic
def correct_zone(*, place: str, zone: str, by: User, request_id: str = "") -> ZoneCorrection:
    """Says which zone a place counts as, from now on and in every next release."""
    if zone not in zones():
        raise Problem("There is no such zone.", "zone", "Choose one of the list.")
    now = timezone.now()
    said_at = now.isoformat(timespec="microseconds").replace("+00:00", "Z")
    made = ZoneCorrection.objects.create(place=place, zone=zone, by=by, made_at=now)
    outbox.put(file="zones", line={
        "kind": "zone", "place": place, "zone": zone, "at": said_at,
        "by": f"user/{by.pk}"})
    audit.record(by=by, verb="corrected the zone", kind="place", thing=place, request_id=request_id)
    return made


def zones_in_force() -> dict[str, ZoneCorrection]:
    """The latest correction of each place that has one. One query."""
    return {made.place: made for made in ZoneCorrection.objects.order_by("made_at", "id")}
