"""The hat a person wore last, as whoever writes to them goes by it: live events and our people's word first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from twohats.care.contact.strategies import hat_followed
from twohats.service import releases
from twohats.service.actions import live_events
from twohats.service.actions.hats import hats_in_force
from twohats.service.records.live import LiveEvent
from twohats.words.hats import Hat

RELATIVES = ("family", "other")
"""Whose view is a customer's though their words may be about care."""
NO_MACHINE = "coalesce(role, '') <> 'automated'"
"""What a machine sent is no moment that the person lived."""
HARD_DAYS_MICROS = 3 * 86_400_000_000


@dataclass(frozen=True)
class Worn:
    """The hat worn last, what that was about, whether these are hard days, and whether a relative wore it."""

    hat: Hat
    about_hat: Hat | None
    hard_day: bool
    relative: bool = False

    @property
    def followed(self) -> Hat:
        """The hat that engagement follows."""
        return hat_followed(self.hat, self.about_hat, relative=self.relative)


def worn_last(person: int, now: datetime) -> Worn:
    """The hat of the newest moment that the release or a live event tells; what our people said of it is obeyed.

    Hard days: marked worried, or at an emergency department or in a bed, within three days of now; of what is known
    where that is older.
    """
    reader, live = releases.current(), live_events.newest_of(person, now)
    row = reader.row(
        "SELECT interaction, hat, about_hat, vulnerable, view, started_at FROM interactions"
        f" WHERE person = ? AND {NO_MACHINE} ORDER BY started_at DESC, source_order DESC LIMIT 1",
        (person,)) if reader else None
    if live is not None and (row is None or micros(live.started_at) >= row["started_at"]):
        return _said(_of_event(live), live.interaction)
    if reader is None or row is None:
        return Worn(Hat.UNKNOWN, None, False)
    about = Hat(row["about_hat"]) if row["about_hat"] in set(Hat) else None
    since = micros(min(now, datetime.fromisoformat(reader.release["as_of"]))) - HARD_DAYS_MICROS
    hard = row["vulnerable"] and row["started_at"] >= since
    return _said(Worn(Hat(row["hat"]), about, bool(hard) or _hard(reader, person, since), row["view"] in RELATIVES),
                 row["interaction"])


def micros(moment: datetime) -> int:
    """An instant as a release tells it."""
    return (moment - live_events.EPOCH) // live_events.MICROSECOND


def _of_event(live: LiveEvent) -> Worn:
    emergency = live.body.get("class_code") in ("EMER", "IMP", "ACUTE")
    return Worn(Hat(live.hat), Hat(live.about_hat), live.vulnerable or emergency,
                live.body.get("speaker") in RELATIVES)


def _hard(reader: Any, person: int, since: int) -> bool:
    return reader.row("SELECT 1 FROM visits WHERE person = ? AND class_code IN ('EMER', 'IMP', 'ACUTE')"
                      " AND coalesce(ended_at, started_at) >= ? LIMIT 1", (person, since)) is not None


def _said(worn: Worn, interaction: int) -> Worn:
    made = hats_in_force([interaction]).get(interaction)
    return worn if made is None else Worn(Hat(made.hat), Hat(made.hat), worn.hard_day, worn.relative)
