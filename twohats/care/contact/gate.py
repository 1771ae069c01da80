"""The gate: whether a message may go to a person at this moment, must wait, or never goes. Facts in, decision out.

Asked three times for each message: when it is put down, when somebody takes it up to send it, and just before it is
sent; what ended in between (a death, STOP, another message of the day) is obeyed. What the hospital's rules say is
data (rules.py); the order in which they are asked is here, hardest first, so that the reason told is the gravest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from twohats.care.contact.messages import Message, Sent, Standing
from twohats.care.contact.rules import Rules
from twohats.care.contact.strategies import Way

END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
HARD_DAY_ENDS = timedelta(days=1)
"""After so long it is asked again whether the hard days are over."""


class Verdict(StrEnum):
    """What the gate says."""

    SEND = "send"
    HOLD = "hold"
    """Not now; ask again at `until`."""
    REFUSE = "refuse"
    """Never."""


@dataclass(frozen=True)
class Decision:
    """The verdict with its reason; for a held message when to ask again; for a sent one what our people are told."""

    verdict: Verdict
    reason: str = ""
    until: datetime | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bundle:
    """One message of a day on one channel, and those that go with it."""

    first: Message
    carried: tuple[Message, ...] = ()


def decide(message: Message, standing: Standing, sent: Iterable[Sent], now: datetime, *, rules: Rules,
           site_zone: str, way: Way | None = None) -> Decision:
    """What becomes of one message now. `sent` is what went to this person before, in any order; `way` what the
    strategies say of it, None for a message that is about nothing of a known hat.

    KeyError for a class or channel that the rules do not know; ValueError for an instant without a time zone.
    """
    if now.tzinfo is None or message.made_at.tzinfo is None:
        raise ValueError("The gate needs instants with their time zone.")
    before = [one for one in sent if one.sent_at <= now]
    never = _never(message, standing, now, rules) or ("touched" if _touched(message, before, way) else "")
    if never:
        return Decision(Verdict.REFUSE, never)
    waits = _waits(message, standing, before, now, rules, site_zone)
    if way is not None and way.waits:
        waits.append((now + HARD_DAY_ENDS, "hard_day"))
    if not waits:
        return Decision(Verdict.SEND, warnings=tuple(_warnings(message, standing, before, now, rules)))
    until, reason = max(waits)
    return Decision(Verdict.HOLD, reason, min(until, expires(message, rules)))


def bundles(messages: Iterable[Message], rules: Rules) -> list[Bundle]:
    """What goes as one: of the messages that may go to one person now, those of one channel that merges.

    The class with the lowest priority number speaks first; ties go to who waited longest.
    """
    alone: list[Bundle] = []
    together: dict[str, list[Message]] = {}
    for message in sorted(messages, key=lambda one: _turn(one, rules)):
        if rules.channels[message.channel].merges:
            together.setdefault(message.channel, []).append(message)
        else:
            alone.append(Bundle(message))
    merged = [Bundle(first, tuple(carried)) for first, *carried in together.values()]
    return sorted([*merged, *alone], key=lambda bundle: _turn(bundle.first, rules))


def expires(message: Message, rules: Rules) -> datetime:
    """From when on it is no longer worth sending."""
    return message.expires_at or message.made_at + timedelta(hours=rules.classes[message.kind].keeps_hours)


def _turn(message: Message, rules: Rules) -> tuple[int, datetime, str]:
    return rules.classes[message.kind].priority, message.made_at, message.key


def _never(message: Message, standing: Standing, now: datetime, rules: Rules) -> str:
    """The gravest reason why it never goes; empty when there is none."""
    kind, channel = rules.classes[message.kind], rules.channels[message.channel]
    address = standing.addresses.get(message.channel)
    private = channel.private or (address is not None and address.verified and address.shared_by == 1)
    asked = (
        ("silence", standing.silence is not None),
        ("stopped", message.kind in standing.stopped),
        ("no_consent", kind.needs_yes and message.kind not in standing.yes),
        ("other_way", message.channel in standing.not_this_way),
        ("no_address", address is None or not address.works),
        ("not_private", message.sensitive and not private),
        ("expired", now >= expires(message, rules)),
    )
    return next((reason for reason, holds in asked if holds), "")


def _touched(message: Message, before: Sequence[Sent], way: Way | None) -> bool:
    """True when as much was said about the same thing already as the strategy allows."""
    return bool(message.about) and way is not None and \
        sum(one.about == message.about for one in before) >= way.strategy.touches


def _waits(message: Message, standing: Standing, before: Sequence[Sent], now: datetime, rules: Rules,
           site_zone: str) -> list[tuple[datetime, str]]:
    """Until when it waits and why, for each reason there is."""
    zone = _zone(standing.time_zone) or ZoneInfo(site_zone)
    disturbs = rules.channels[message.channel].disturbs
    asked = [(_tomorrow(now, zone), "one_a_day")] if _second_of_the_day(message, before, now, zone, rules) else []
    if rules.on_spent_budget == "hold" and _spent(message, before, now, rules):
        asked.append((_affordable(message, before, rules), "budget"))
    if disturbs:
        asked = [(_awake(until, zone, rules), reason) for until, reason in asked]
        asked.append((_awake(now, zone, rules), "quiet_hours"))
    return [(until, reason) for until, reason in asked if until > now]


def _warnings(message: Message, standing: Standing, before: Sequence[Sent], now: datetime,
              rules: Rules) -> Iterable[str]:
    if _spent(message, before, now, rules):
        yield "budget"
    if standing.addresses[message.channel].shared_by > 1:
        yield "shared"
    if rules.channels[message.channel].disturbs and _zone(standing.time_zone) is None:
        yield "no_time_zone"


def _zone(name: str | None) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):  # what a source wrote is no zone: as good as none
        return None


def _awake(instant: datetime, zone: tzinfo, rules: Rules) -> datetime:
    """The instant itself when it lies in the person's waking hours, else when these begin again."""
    local = instant.astimezone(zone)
    if rules.quiet_to <= local.hour < rules.quiet_from:
        return instant
    day = local.date() + timedelta(days=1 if local.hour >= rules.quiet_from else 0)
    return datetime.combine(day, time(rules.quiet_to), zone).astimezone(UTC)


def _tomorrow(now: datetime, zone: tzinfo) -> datetime:
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(0), zone).astimezone(UTC)


def _second_of_the_day(message: Message, before: Sequence[Sent], now: datetime, zone: tzinfo, rules: Rules) -> bool:
    """True when something went the same way on this day of the person's already."""
    if rules.classes[message.kind].may_be_second or not rules.channels[message.channel].merges:
        return False
    today = now.astimezone(zone).date()
    return any(one.channel == message.channel and one.sent_at.astimezone(zone).date() == today for one in before)


def _spent(message: Message, before: Sequence[Sent], now: datetime, rules: Rules) -> bool:
    most = rules.budget.get(message.channel)
    since = now - timedelta(days=rules.budget_days)
    return most is not None and sum(one.channel == message.channel and one.sent_at > since for one in before) >= most


def _affordable(message: Message, before: Sequence[Sent], rules: Rules) -> datetime:
    """When the oldest of what filled the budget falls out of it; the end of time where the budget is nothing."""
    most = rules.budget[message.channel]
    if most == 0:
        return END_OF_TIME
    went = sorted((one.sent_at for one in before if one.channel == message.channel), reverse=True)
    return went[most - 1] + timedelta(days=rules.budget_days)
