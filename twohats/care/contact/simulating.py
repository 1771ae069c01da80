"""What would have been sent under these rules: messages played through the gate, in the order of their time."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from twohats.care.contact.gate import Verdict, bundles, decide
from twohats.care.contact.messages import Message, Sent, Standing
from twohats.care.contact.rules import Rules
from twohats.care.contact.strategies import Way


@dataclass(frozen=True)
class Wanted:
    """A message and whom it is for; what the strategies say of it, and until when the person has hard days."""

    person: int
    message: Message
    way: Way | None = None
    hard_until: datetime | None = None

    def way_at(self, now: datetime) -> Way | None:
        """What the strategies say of it at that instant: what waited for hard days to end waits no longer then."""
        over = self.way is not None and self.hard_until is not None and now >= self.hard_until
        return replace(self.way, waits=False) if over and self.way else self.way


@dataclass(frozen=True)
class Played:
    """What became of it. `ended_at`: when it went or was refused. `with_key`: the message that carried it."""

    person: int
    message: Message
    verdict: Verdict
    reason: str
    ended_at: datetime
    held_for: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    with_key: str = ""


def play(wanted: Iterable[Wanted], standing_of: Callable[[int], Standing], *, rules: Rules,
         site_zone: str) -> list[Played]:
    """Each message's end, in the order in which they ended; nothing is sent.

    `standing_of` tells where a person stands throughout; what changed in between is not played again.
    """
    asked = {(one.person, one.message.key): one for one in wanted}
    waiting = [(one.message.made_at, one.person, one.message.key, one.message) for one in asked.values()]
    heapq.heapify(waiting)
    sent: dict[int, list[Sent]] = defaultdict(list)
    held: dict[tuple[int, str], tuple[str, ...]] = defaultdict(tuple)
    ended: list[Played] = []
    while waiting:
        now, person, *_ = waiting[0]
        may_go: dict[str, tuple[str, ...]] = {}
        ready: list[Message] = []
        while waiting and waiting[0][:2] == (now, person):
            *_, message = heapq.heappop(waiting)
            said = decide(message, standing_of(person), sent[person], now, rules=rules, site_zone=site_zone,
                          way=asked[person, message.key].way_at(now))
            if said.verdict is Verdict.SEND:
                ready.append(message)
                may_go[message.key] = said.warnings
            elif said.verdict is Verdict.REFUSE:
                ended.append(Played(person, message, said.verdict, said.reason, now, held[person, message.key]))
            elif said.until is not None:
                held[person, message.key] += (said.reason,)
                heapq.heappush(waiting, (said.until, person, message.key, message))
        for bundle in bundles(ready, rules):
            sent[person].append(Sent(bundle.first.channel, now))
            for message in (bundle.first, *bundle.carried):
                carried = message is not bundle.first
                ended.append(Played(
                    person, message, Verdict.SEND, "carried" if carried else "", now, held[person, message.key],
                    may_go[message.key], bundle.first.key if carried else ""))
    return ended
