"""What would have been sent last month under some rules: what the hospital sent, played through the gate again."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from twohats.care.contact.messages import Message
from twohats.care.contact.rules import Rules
from twohats.care.contact.simulating import Played, Wanted, play
from twohats.service import releases
from twohats.service.actions import standing

KINDS = {"remind": "reminder", "ask_opinion": "survey", "reach_out": "outreach"}
"""What the hospital sent of itself, by act, as classes of message."""
CHANNELS = {"sms": "sms", "phone": "call", "mail": "letter", "email": "email", "portal": "portal"}
DAYS = 31


@dataclass(frozen=True)
class Month:
    """How many messages of the last month of a release would have gone, waited first, or never gone, by class."""

    since: datetime
    until: datetime
    messages: int
    people: int
    ended: Counter[tuple[str, str]]
    """(class, went | waited | carried | reason)"""


def last_month(rules: Rules) -> Month | None:
    """The last 31 days that the release knows of, under these rules; None while nothing is published.

    Where people stand is as of now: who has said STOP since is refused for the whole month.
    """
    reader = releases.current()
    newest = reader.row("SELECT max(started_at) AS newest FROM interactions WHERE kind = 'contact'") if reader else None
    if reader is None or newest is None or newest["newest"] is None:
        return None
    since = newest["newest"] - DAYS * 86_400_000_000
    wanted = list(_sent(reader, since))
    found = standing.reached_of((one.person for one in wanted), rules)
    known = [one for one in wanted if one.person in found]
    played = play(known, lambda person: found[person].standing, rules=rules,
                  site_zone=str(releases.clock_on_the_wall("")))
    return Month(_instant(since), _instant(newest["newest"]), len(played), len({one.person for one in known}),
                 Counter((one.message.kind, _end(one)) for one in played))


def _sent(reader: Any, since: int) -> Iterable[Wanted]:
    acts = ", ".join(f"'{act}'" for act in KINDS)
    rows = reader.rows(
        "SELECT interaction, person, act, channel, role, started_at FROM interactions"
        f" WHERE kind = 'contact' AND act IN ({acts}) AND started_at >= ? ORDER BY started_at, interaction", (since,))
    for row in rows:
        if row["channel"] in CHANNELS:
            channel = "automated_call" if row["channel"] == "phone" and row["role"] == "automated" \
                else CHANNELS[row["channel"]]
            yield Wanted(row["person"], Message(str(row["interaction"]), KINDS[row["act"]], channel,
                                                _instant(row["started_at"])))


def _end(one: Played) -> str:
    if one.verdict.value == "refuse":
        return one.reason
    if one.with_key:
        return "carried"
    return "waited" if one.held_for else "went"


def _instant(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)
