"""Looking at how visits and calls were served: two people say it, a third where they differ; the next release obeys.

In force is what two people say alike, or what the third says. A single word is never in force.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from twohats.service.actions import audit, outbox
from twohats.service.records.models import User
from twohats.service.records.served import ServedReading
from twohats.words.hats import Hat
from twohats.words.problems import Problem

READERS, THIRD = 2, 3
HATS = (Hat.CUSTOMER, Hat.PATIENT, Hat.NONE)


@dataclass(frozen=True, order=True)
class Side:
    """One side of a visit or call as a release tells of it."""

    thing: int
    side: str
    unit: str
    told: str
    """The class it is told to be of; readers do not see it."""
    release: str


@dataclass(frozen=True)
class Label:
    """What somebody who looked says: whose hat was worn, and whether the wrong one was served."""

    hat: str
    wrong: bool


def look(*, side: Side, label: Label, by: User, request_id: str = "") -> ServedReading:
    """Says how a side was served: as one of two readers, or as the third where they differ.

    Who read it already corrects what they said. Whether `by` may look at it was asked before, by the page.
    """
    if label.hat not in HATS or (label.hat == Hat.NONE and label.wrong):
        raise Problem(gettext_noop("Nobody served cannot be served wrongly; or there is no such hat."), "hat",
                      "Choose one of the list.")
    try:
        return _look(side, label, by, request_id)
    except IntegrityError:  # somebody else said it at the same moment: then this is the next word on it
        return _look(side, label, by, request_id)


@transaction.atomic
def _look(side: Side, label: Label, by: User, request_id: str) -> ServedReading:
    held = held_of(side.thing, side.side)
    mine = next((one for one in held if one.by_id == by.pk), None)
    if mine is None and not waits_for_another(held):
        raise Problem(gettext_noop("Two people have looked at this one already; what they say holds."), "served",
                      "Go on with the next one.")
    before = in_force(held)
    if mine:
        ServedReading.objects.filter(pk=mine.pk).update(holds=False)
    made = ServedReading.objects.create(
        thing=side.thing, side=side.side, unit=side.unit, told=held[0].told if held else side.told, by=by,
        order=mine.order if mine else len(held) + 1, hat=label.hat, wrong=label.wrong, release=side.release,
        made_at=timezone.now())
    now = in_force([*(one for one in held if one is not mine), made])
    if now != before:
        outbox.put(file="served", line=_line(side, now, made))
    audit.record(by=by, verb="read again" if mine else "read", kind="served", thing=side.thing, request_id=request_id)
    return made


def _line(side: Side, label: Label | None, made: ServedReading) -> dict:
    """What the next release reads; an empty hat takes back what was said before."""
    return {"kind": "served", "served": f"{side.thing}/{side.side}", "thing": str(side.thing), "side": side.side,
            "hat": label.hat if label else "", "wrong": bool(label and label.wrong), "release": side.release,
            "at": _instant(made.made_at), "by": f"user/{made.by_id}"}


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def held_of(thing: int, side: str) -> list[ServedReading]:
    """The words that hold on a side, in their order."""
    return list(ServedReading.objects.filter(thing=thing, side=side, holds=True).order_by("order"))


def every_held() -> dict[tuple[int, str], list[ServedReading]]:
    """All words that hold, by side."""
    found: dict[tuple[int, str], list[ServedReading]] = defaultdict(list)
    for made in ServedReading.objects.filter(holds=True).order_by("thing", "side", "order"):
        found[made.thing, made.side].append(made)
    return dict(found)


def label_of(made: ServedReading) -> Label:
    """What a word says."""
    return Label(made.hat, made.wrong)


def differ(held: Iterable[ServedReading]) -> bool:
    """Whether the two readers say different things."""
    return len({label_of(one) for one in held if one.order <= READERS}) > 1


def waits_for_another(held: Sequence[ServedReading]) -> bool:
    """Whether one more person is wanted: a second reader, or a third where two differ."""
    return len(held) < READERS or (len(held) == READERS and differ(held))


def in_force(held: Iterable[ServedReading]) -> Label | None:
    """The third's word, else what two say alike; None until then."""
    by_order = {one.order: label_of(one) for one in held}
    if THIRD in by_order and by_order.get(1) != by_order.get(2):
        return by_order[THIRD]
    return by_order[1] if 1 in by_order and by_order[1] == by_order.get(2) else None
