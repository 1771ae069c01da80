"""Words on hand-offs: somebody takes one on, tries, says how it ended, opens it again. Obeyed at once on the pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_noop

from twohats.service.actions import audit
from twohats.service.records.hand_offs import LONGEST, HandOffWord
from twohats.service.records.models import User
from twohats.words.hand_offs import hand_offs
from twohats.words.problems import Problem

TAKEN, OPEN_AGAIN, NOT_YET = "taken", "open_again", "not_yet"


@dataclass(frozen=True)
class Told:
    """The hand-off that is spoken of, as the release tells it."""

    hand_off: int
    kind: str
    unit: str
    release: str


@transaction.atomic
def say(*, of: Told, says: str, note: str, by: User, now: datetime, request_id: str = "") -> HandOffWord:
    """Writes down what came of a hand-off. Whether `by` may see it was asked before, by the page."""
    words, said = hand_offs().words, note.strip()
    if says not in words:
        raise Problem(gettext_noop("Say what came of it."), "says", "Choose one of those shown.")
    if len(said) > LONGEST:
        raise Problem(gettext_noop("At most 300 characters fit."), "note", "Say it in fewer words, without names.")
    audit.one_writer()
    held = words_in_force([of.hand_off]).get(of.hand_off)
    ended = held is not None and words[held.says].ends
    if ended and says != OPEN_AGAIN:
        raise Problem(gettext_noop("It was ended already."), "says", "Open it again first.")
    if says == OPEN_AGAIN and not ended:
        raise Problem(gettext_noop("It has not ended."), "says", "Nothing is left to open.")
    made = HandOffWord.objects.create(hand_off=of.hand_off, kind=of.kind, unit=of.unit, says=says, note=said,
                                      release=of.release, by=by, made_at=now)
    audit.record(by=by, verb=f"said: {says}", kind="hand_off", thing=of.hand_off, request_id=request_id)
    return made


def words_in_force(some: Iterable[int]) -> dict[int, HandOffWord]:
    """The latest word on each of these hand-offs; what nobody spoke of is not in it. One query."""
    latest: dict[int, HandOffWord] = {}
    found = HandOffWord.objects.filter(hand_off__in=list(some)).select_related("by")
    for made in found.order_by("made_at", "pk"):
        latest[made.hand_off] = made
    return latest


def words_on(hand_off: int) -> list[HandOffWord]:
    """All that was said of one hand-off, the oldest first."""
    return list(HandOffWord.objects.filter(hand_off=hand_off).select_related("by").order_by("made_at", "pk"))


def ended_ones() -> list[int]:
    """Every hand-off whose latest word ended it. One query."""
    newest = HandOffWord.objects.filter(hand_off=OuterRef("hand_off")).order_by("-made_at", "-pk").values("pk")[:1]
    ends = [word.key for word in hand_offs().words.values() if word.ends]
    return sorted(HandOffWord.objects.filter(pk=Subquery(newest), says__in=ends).values_list("hand_off", flat=True))
