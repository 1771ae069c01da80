"""What would have been sent last month under some rules: what the hospital sent, played through the gate again."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from twohats.care.contact.messages import Message
from twohats.care.contact.rules import Rules
from twohats.care.contact.simulating import Played, Wanted, play
from twohats.care.contact.strategies import Strategies, hat_followed, way_of
from twohats.service import releases
from twohats.service.actions import standing
from twohats.service.actions.worn import HARD_DAYS_MICROS, NO_MACHINE, RELATIVES
from twohats.words.hats import Hat

KINDS = {"remind": "reminder", "ask_opinion": "survey", "reach_out": "outreach"}
"""What the hospital sent of itself, by act, as classes of message."""
CHANNELS = {"sms": "sms", "phone": "call", "mail": "letter", "email": "email", "portal": "portal"}
DAYS = 31


@dataclass(frozen=True)
class Sent:
    """What the hospital sent somebody, the hat of what it was about, and where the person stood then."""

    person: int
    message: Message
    hat: Hat
    worn: Hat
    hard_until: datetime | None
    """The end of hard days that had begun when it was sent."""


@dataclass(frozen=True)
class Ended:
    """How one of them would have ended: by which way, and went, waited, carried or the reason why never."""

    sent: Sent
    channel: str
    end: str


@dataclass(frozen=True)
class Month:
    """Every message of the last month of a release, and how it would have ended."""

    since: datetime
    until: datetime
    release: str
    ended: tuple[Ended, ...]

    @property
    def people(self) -> int:
        """To how many people they were sent."""
        return len({one.sent.person for one in self.ended})

    @property
    def by_class(self) -> Counter[tuple[str, str]]:
        """How many ended how, by class of message."""
        return Counter((one.sent.message.kind, one.end) for one in self.ended)


def last_month(rules: Rules, strategies: Strategies | None = None) -> Month | None:
    """The last 31 days that the release knows of, under these rules; None while nothing is published.

    With strategies each message first takes the way that these give it. Where people stand is as of now: who has said
    STOP since is refused for the whole month.
    """
    reader = releases.current()
    newest = reader.row("SELECT max(started_at) AS newest FROM interactions WHERE kind = 'contact'") if reader else None
    if reader is None or newest is None or newest["newest"] is None:
        return None
    since = newest["newest"] - DAYS * 86_400_000_000
    sent = list(_sent(reader, since))
    found = standing.reached_of((one.person for one in sent), rules)
    known = {one.message.key: one for one in sent if one.person in found}
    played = play([_by_way(one, found[one.person], strategies) for one in known.values()],
                  lambda person: found[person].standing, rules=rules, site_zone=str(releases.clock_on_the_wall("")))
    return Month(_instant(since), _instant(newest["newest"]), reader.id, tuple(
        Ended(known[one.message.key], one.message.channel, _end(one)) for one in played))


def _by_way(one: Sent, found: standing.Reached, strategies: Strategies | None) -> Wanted:
    """The message as it is played: by the channel that the strategies give it."""
    if strategies is None:
        return Wanted(one.person, one.message)
    hard = one.hard_until is not None and one.message.made_at < one.hard_until
    stand = found.standing
    way = way_of(one.message.channel, one.message.kind, one.hat, worn=one.worn, worst_day=hard,
                 preferred=stand.preferred, reachable=stand.reachable, strategies=strategies)
    return Wanted(one.person, replace(one.message, channel=way.channel), way, one.hard_until)


def _sent(reader: Any, since: int) -> Iterator[Sent]:
    acts = ", ".join(f"'{act}'" for act in KINDS)
    rows = reader.rows(
        "SELECT interaction, person, act, channel, role, started_at, hat, about_hat, view,"
        " (SELECT json_array(lived.hat, lived.about_hat, lived.view, lived.vulnerable, lived.started_at)"
        "  FROM interactions AS lived WHERE lived.person = sent.person AND lived.started_at < sent.started_at"
        f"  AND {NO_MACHINE} ORDER BY lived.started_at DESC, lived.source_order DESC LIMIT 1) AS lived,"
        " (SELECT max(coalesce(ended_at, sent.started_at)) FROM visits WHERE visits.person = sent.person"
        "  AND class_code IN ('EMER', 'IMP', 'ACUTE') AND visits.started_at <= sent.started_at) AS hard_end"
        f" FROM interactions AS sent WHERE kind = 'contact' AND act IN ({acts}) AND started_at >= ?"
        " ORDER BY started_at, interaction", (since,))
    for row in rows:
        if row["channel"] in CHANNELS:
            by_machine = row["channel"] == "phone" and row["role"] == "automated"
            channel = "automated_call" if by_machine else CHANNELS[row["channel"]]
            message = Message(str(row["interaction"]), KINDS[row["act"]], channel, _instant(row["started_at"]))
            yield _as_they_stood(row, message)


def _as_they_stood(row: Any, message: Message) -> Sent:
    """The message with the hat worn before it was sent, and the hard days that had begun."""
    hat, about, view, vulnerable, at = json.loads(row["lived"]) if row["lived"] else (Hat.UNKNOWN, None, "", False, 0)
    ends = [row["hard_end"]] if row["hard_end"] is not None else []
    ends += [at] if vulnerable else []
    return Sent(row["person"], message, _followed(row["hat"], row["about_hat"], row["view"]),
                _followed(hat, about, view), _instant(max(ends) + HARD_DAYS_MICROS) if ends else None)


def _followed(hat: str, about_hat: str | None, view: str | None) -> Hat:
    return hat_followed(Hat(hat), Hat(about_hat) if about_hat in set(Hat) else None, relative=view in RELATIVES)


def _end(one: Played) -> str:
    if one.verdict.value == "refuse":
        return one.reason
    if one.with_key:
        return "carried"
    return "waited" if one.held_for else "went"


def _instant(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)
