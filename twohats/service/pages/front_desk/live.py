"""What live events add to a card: the newest moment, what is missing, what not to ask again, whether to name money."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from twohats.care.emergency import may_speak_of_money
from twohats.service import releases
from twohats.service.actions import live_events
from twohats.service.actions.worn import micros
from twohats.service.policy import Scope
from twohats.service.records.live import LiveEvent
from twohats.words import desk

OF_PEOPLE = "person, given, language, interpreter, hearing, wheelchair"
"""Of somebody who came without an appointment: what the desk's own table would tell, nothing more."""


@dataclass(frozen=True)
class Now:
    """What happens with one person now, as far as systems and our people told."""

    events: tuple[LiveEvent, ...] = ()

    @property
    def newest(self) -> LiveEvent | None:
        """The newest by its own instant, whenever it came."""
        return self.events[-1] if self.events else None

    def to_ask(self, *, money: bool) -> tuple[desk.Question, ...]:
        """What was told to be missing and was not answered since."""
        return desk.to_ask(self._asked()[1], money=money)

    def not_again(self, *, money: bool) -> tuple[desk.Question, ...]:
        """What was answered and need not be asked again."""
        return desk.not_again(self._asked()[0], money=money)

    def _asked(self) -> tuple[frozenset[str], frozenset[str]]:
        answered: frozenset[str] = frozenset()
        missing: frozenset[str] = frozenset()
        for event in self.events:
            told, lacking = frozenset(event.answered), frozenset(event.missing)
            answered, missing = (answered | told) - lacking, (missing - told) | lacking
        return answered, missing

    @property
    def screened(self) -> bool | None:
        """Whether the screening exam of this visit is recorded: the latest word on it, unless a visit began since."""
        said: tuple[bool | None, str] = (None, "")
        for event in self.events:
            if event.screened is not None:
                said = (event.screened, event.resource)
            elif event.resource != said[1] and (event.resource.startswith("Encounter/") or event.act == "register"):
                said = (None, "")
        return said[0]

    def may_speak_of_money(self, unit: str) -> bool:
        """False in an emergency department, and wherever that is not known, before the screening exam is recorded."""
        classed = any(event.body.get("class_code") == "EMER" for event in self.events)
        known = unit in releases.parents()
        emergency = True if classed or unit in releases.emergency_units() else False if known else None
        return may_speak_of_money(emergency=emergency, screened=self.screened)


def now_of(person: int, scope: Scope, now: datetime) -> Now:
    """What happens with a person in these units."""
    return Now(tuple(live_events.events_of(person, scope, now)))


def seen_now(row: Mapping[str, Any], now: Now, reader: Any) -> dict[str, Any]:
    """A row of the desk as of now: the newest live moment in place of the release's, unless that is newer."""
    seen, event = {**row, "urgent": False}, now.newest
    if event is None or _began(reader, row["interaction"]) > micros(event.started_at):
        return seen
    return seen | {
        "interaction": event.interaction, "hat": event.hat, "about_hat": event.about_hat, "rule": event.about_rule,
        "vulnerable": event.vulnerable, "urgent": event.urgent, "unit": event.unit or row["unit"], "left_at": None,
        "arrived_at": row["arrived_at"] or micros(now.events[0].started_at)}


def _began(reader: Any, interaction: int | None) -> int:
    row = reader.row("SELECT started_at FROM interactions WHERE interaction = ?", (interaction,))
    return row["started_at"] if row else 0


def rows_of_those_who_came(reader: Any, people: Mapping[int, LiveEvent]) -> list[dict[str, Any]]:
    """Rows as the desk's table has them, of people who are on no list of the day but here now."""
    rows = reader.rows(f"SELECT {OF_PEOPLE} FROM people WHERE deceased_at IS NULL"
                       " AND person IN (SELECT value FROM json_each(?))", (json.dumps(list(people)),))
    return [{**row, "companion": None, "unit": people[row["person"]].unit, "expected_at": None, "left_at": None,
             "arrived_at": micros(people[row["person"]].started_at), "interaction": None, "hat": None,
             "about_hat": None, "rule": None, "vulnerable": False} for row in rows]
