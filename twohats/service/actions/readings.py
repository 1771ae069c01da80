"""Reading clauses of comments: labels said by readers, obeyed in every next release.

A clause is read once by a reader, who may correct themselves, and once more by somebody else. Where the two differ, a
third reading settles it, or an agreement. In force is what settles it, else what the first reader says.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from twohats.service.actions import audit, outbox
from twohats.service.records.models import ClauseReading, User
from twohats.words.codebook import voice_of
from twohats.words.cues import Speaker
from twohats.words.hats import Hat
from twohats.words.problems import Problem
from twohats.words.touchpoints import comment_touchpoints

FIRST, SECOND, SETTLED = 1, 2, 3
THIRD, AGREEMENT = "third", "agreement"
LONGEST_NOTE = 300
HATS = (Hat.PATIENT, Hat.CUSTOMER, Hat.NONE)
SENTIMENTS = (1, 0, -1)
SPEAKERS = {"patient": Speaker.SELF, "family": Speaker.FAMILY, "other": Speaker.OTHER}
"""Who tells a clause, in the labels' words and in ours."""


class Queue(StrEnum):
    """By which queue a reading came."""

    UNSURE = "unsure"
    DISAGREED = "disagreed"
    RANDOM = "random"
    SECOND = "second"
    """The random sample gave a clause that another reader had drawn, for a second reading."""


@dataclass(frozen=True)
class Label:
    """What a reader says of a clause. `about_hat` is what they chose; the hat follows whose view it is."""

    about_hat: str
    touchpoint: str
    sentiment: int
    speaker: str

    @property
    def hat(self) -> str:
        """By whose view it is: of family and other third persons it is the customer's."""
        return voice_of(Hat(self.about_hat), SPEAKERS[self.speaker])[0].value


@dataclass(frozen=True)
class Told:
    """A clause as a release tells of it: which one, where it stands, and what the model says of it."""

    clause: int
    voice: int
    comment: str
    start: int
    unit: str
    release: str
    model_hat: str = ""
    model_touchpoint: str = ""
    model_sentiment: int | None = None
    model_p: float | None = None


def read_clause(*, told: Told, label: Label, queue: Queue, by: User, sampled: bool = False, note: str = "",
                request_id: str = "") -> ClauseReading:
    """Says which labels a clause has: as its first reader, its second, or a third who settles what two differ in.

    Who read it already corrects what they said. Whether `by` may read it was asked before, by the page.
    """
    _check(label, note)
    try:
        return _read(told, label, queue, by, sampled, note.strip(), request_id)
    except IntegrityError:  # somebody else read it at the same moment: then this is the next reading of it
        return _read(told, label, queue, by, sampled, note.strip(), request_id)


@transaction.atomic
def _read(told: Told, label: Label, queue: Queue, by: User, sampled: bool, note: str,
          request_id: str) -> ClauseReading:
    held = _held(told.clause)
    mine = own(held, by)
    _may_be_read(held, mine)
    if mine and label_of(mine) == label and mine.note == note:
        return mine
    before = in_force(held)
    if mine:
        ClauseReading.objects.filter(pk=mine.pk).update(holds=False)
        queue, sampled = Queue(mine.queue), mine.sampled
    order = mine.order if mine else len(held) + 1
    settled_by = (mine.settled_by if mine else THIRD) if order == SETTLED else ""
    made = _made(told, label, by, order, queue, held, sampled=sampled, note=note, settled_by=settled_by)
    _put_where_it_changed(before, in_force([*(one for one in held if one is not mine), made]))
    audit.record(by=by, verb="read again" if mine else "read", kind="clause", thing=told.clause, request_id=request_id)
    return made


@transaction.atomic
def settle(*, told: Told, label: Label, by: User, note: str = "", request_id: str = "") -> ClauseReading:
    """Says which labels hold where two readers differ: by agreement if `by` is one of the two, else as a third."""
    _check(label, note)
    held = _held(told.clause)
    if not differ(held) or len(held) != SECOND:
        raise Problem(gettext_noop("There is nothing to settle: two readers do not differ on it, or it was settled."),
                      "clause", "Go on with the next one.")
    readers = {made.by_id for made in held}
    before = in_force(held)
    made = _made(told, label, by, SETTLED, Queue.DISAGREED, held, note=note.strip(),
                 settled_by=AGREEMENT if by.pk in readers else THIRD)
    _put_where_it_changed(before, made)
    audit.record(by=by, verb="settled", kind="clause", thing=told.clause, request_id=request_id)
    return made


def _check(label: Label, note: str) -> None:
    known = {"about_hat": HATS, "touchpoint": [point.key for point in comment_touchpoints()],
             "sentiment": SENTIMENTS, "speaker": SPEAKERS}
    for field, allowed in known.items():
        if getattr(label, field) not in allowed:
            raise Problem(gettext_noop("A label is missing, or there is no such label."), field,
                          "Choose one of the list.")
    if len(note.strip()) > LONGEST_NOTE:
        raise Problem(gettext_noop("A note has 300 characters at most."), "note", "Shorten it.")


def _held(clause: int) -> list[ClauseReading]:
    """The readings that hold, in their order; nobody else changes them before this transaction ends."""
    return list(ClauseReading.objects.select_for_update().filter(clause=clause, holds=True).order_by("order"))


def _may_be_read(held: Sequence[ClauseReading], mine: ClauseReading | None) -> None:
    if any(made.order == SETTLED for made in held) and not (mine and mine.order == SETTLED):
        raise Problem(gettext_noop("This clause was settled; its labels hold."), "clause", "Go on with the next one.")
    if not mine and len(held) == SECOND and not differ(held):
        raise Problem(gettext_noop("Two readers agree on this clause already."), "clause", "Go on with the next one.")


def _made(told: Told, label: Label, by: User, order: int, queue: Queue, held: Sequence[ClauseReading], *,
          note: str, settled_by: str, sampled: bool = False) -> ClauseReading:
    # After a release has taken in the first reading, only that reading still knows what the model said then.
    knows: Told | ClauseReading = held[0] if held else told
    return ClauseReading.objects.create(
        clause=told.clause, voice=told.voice, comment=told.comment, start=told.start, unit=told.unit, by=by,
        order=order, settled_by=settled_by, hat=label.hat, about_hat=label.about_hat, touchpoint=label.touchpoint,
        sentiment=label.sentiment, speaker=label.speaker, note=note, queue=queue.value, sampled=sampled,
        release=told.release, model_hat=knows.model_hat, model_touchpoint=knows.model_touchpoint,
        model_sentiment=knows.model_sentiment, model_p=knows.model_p, made_at=timezone.now())


def _put_where_it_changed(before: ClauseReading | None, now: ClauseReading | None) -> None:
    if now and (before is None or label_of(before) != label_of(now)):
        outbox.put(file="clauses", line=reading_line(now))


def reading_line(made: ClauseReading) -> dict:
    """The labels in force as the next release reads them; a note stays in the records."""
    return {"kind": "clause", "clause": made.clause, "comment": made.comment, "start": made.start, "hat": made.hat,
            "about_hat": made.about_hat, "touchpoint": made.touchpoint, "sentiment": made.sentiment,
            "speaker": made.speaker, "release": made.release, "at": _instant(made.made_at), "by": f"user/{made.by_id}"}


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def own(held: Sequence[ClauseReading], by: User) -> ClauseReading | None:
    """The reading of one person among those of a clause that hold: their last word, so that they can correct it."""
    return next((made for made in reversed(held) if made.by_id == by.pk), None)


def label_of(made: ClauseReading) -> Label:
    """What a reading says."""
    return Label(made.about_hat, made.touchpoint, made.sentiment, made.speaker)


def differ(held: Iterable[ClauseReading]) -> bool:
    """Whether the two readers of a clause say different things."""
    return len({label_of(made) for made in held if made.order != SETTLED}) > 1


def in_force(held: Iterable[ClauseReading]) -> ClauseReading | None:
    """Of the readings of a clause that hold, the one whose labels count: what settles it, else the first reader's."""
    by_order = {made.order: made for made in held}
    return by_order.get(SETTLED) or by_order.get(FIRST)


@dataclass(frozen=True)
class Standing:
    """How far a clause has been read."""

    clause: int
    held: tuple[ClauseReading, ...]

    @property
    def first(self) -> ClauseReading:
        """The first reader's reading."""
        return self.held[0]

    @property
    def second(self) -> ClauseReading | None:
        """The second reader's; None where there was none."""
        return next((made for made in self.held if made.order == SECOND), None)

    @property
    def in_force(self) -> ClauseReading:
        """The reading whose labels count."""
        return in_force(self.held) or self.first

    @property
    def waits_to_be_settled(self) -> bool:
        """Two readers differ, and nothing has settled it."""
        return len(self.held) == SECOND and differ(self.held)

    @property
    def is_finished(self) -> bool:
        """Settled, or two readers agree."""
        return len(self.held) >= SECOND and not self.waits_to_be_settled

    def was_read_by(self, user: User) -> bool:
        """Whether this person is one of its readers."""
        return any(made.by_id == user.pk for made in self.held)


def read_more_than_once() -> dict[int, Standing]:
    """Every clause that two people read, with the readings of it that hold. One query."""
    twice = ClauseReading.objects.filter(holds=True, order=SECOND).values("clause")
    held: dict[int, list[ClauseReading]] = defaultdict(list)
    for made in ClauseReading.objects.filter(holds=True, clause__in=twice).order_by("clause", "order"):
        held[made.clause].append(made)
    return {clause: Standing(clause, tuple(readings)) for clause, readings in held.items()}


def every_standing() -> list[Standing]:
    """Every clause that anybody read, with the readings of it that hold, in the order of their first one. One query."""
    held: dict[int, list[ClauseReading]] = defaultdict(list)
    for made in ClauseReading.objects.filter(holds=True).order_by("clause", "order"):
        held[made.clause].append(made)
    return sorted((Standing(clause, tuple(readings)) for clause, readings in held.items()),
                  key=lambda one: (one.first.made_at, one.clause))


def sampled_readings() -> list[ClauseReading]:
    """The labels in force of every clause that lies in a random sample, one each. One query."""
    drawn = ClauseReading.objects.filter(holds=True, sampled=True).values("clause")
    held: dict[int, list[ClauseReading]] = defaultdict(list)
    for made in ClauseReading.objects.filter(holds=True, clause__in=drawn).order_by("clause", "order"):
        held[made.clause].append(made)
    return [Standing(clause, tuple(readings)).in_force for clause, readings in held.items()]


def read_clauses(*, by: User | None = None) -> set[int]:
    """The clauses that anybody read, or that one person did. One query."""
    found = ClauseReading.objects.filter(holds=True)
    return set((found.filter(by=by) if by else found).values_list("clause", flat=True))


def read_once_against_the_model(*, but_by: User) -> list[int]:
    """Clauses with one reader, somebody else, who says another hat, touchpoint or tone than the model did; those of
    which the model was surest come first. One query."""
    once = ClauseReading.objects.filter(holds=True, order=FIRST).exclude(by=but_by).exclude(model_touchpoint="")
    twice = ClauseReading.objects.filter(holds=True, order=SECOND).values("clause")
    agreed = {"hat": F("model_hat"), "touchpoint": F("model_touchpoint"), "sentiment": F("model_sentiment")}
    return list(once.exclude(**agreed).exclude(clause__in=twice).order_by("-model_p", "clause")
                .values_list("clause", flat=True))


def drawn_once(*, but_by: User) -> list[int]:
    """Clauses with one reader, somebody else, to whom the random sample gave them. One query."""
    twice = ClauseReading.objects.filter(holds=True, order=SECOND).values("clause")
    return list(ClauseReading.objects.filter(holds=True, order=FIRST, queue=Queue.RANDOM, sampled=True)
                .exclude(by=but_by).exclude(clause__in=twice).order_by("clause").values_list("clause", flat=True))


def standing(clause: int) -> Standing | None:
    """How far this clause has been read; None where nobody read it. One query."""
    held = tuple(ClauseReading.objects.filter(clause=clause, holds=True).order_by("order"))
    return Standing(clause, held) if held else None


def count_as_sampled(clauses: Iterable[int]) -> int:
    """Counts clauses that were read before as drawn too: the random sample came to them, and needed no new reading.

    Without this the sample would miss just those clauses that the model is least sure of.
    """
    return ClauseReading.objects.filter(clause__in=list(clauses), holds=True, sampled=False).update(sampled=True)


def read_before(by: User, made: ClauseReading | None) -> ClauseReading | None:
    """What this reader read last, or last before that reading of theirs. One query."""
    found = ClauseReading.objects.filter(by=by, holds=True).exclude(settled_by=AGREEMENT)
    if made:
        found = found.filter(made_at__lt=made.made_at)
    return found.order_by("-made_at", "-pk").first()
