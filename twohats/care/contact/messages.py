"""What the gate looks at: a message, where a person stands, and what went to them before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Silence(StrEnum):
    """Why every message to a person ends."""

    DEATH = "death"
    HOSPICE = "hospice"
    FAMILY = "family"
    """The family said so."""


DELIVERED, BOUNCED, NOT_DELIVERED, OPTED_OUT, ANSWERED = "delivered", "bounced", "failed", "opted_out", "answered"
TOLD = (DELIVERED, BOUNCED, NOT_DELIVERED, OPTED_OUT, ANSWERED)
"""What a provider or a call centre tells of a message."""


@dataclass(frozen=True)
class Address:
    """Where a channel reaches a person. `shared_by`: how many people have it, the person among them."""

    verified: bool
    shared_by: int = 1
    works: bool = True


@dataclass(frozen=True)
class Message:
    """Something that wants to reach a person. Instants are aware; `key` is the same however often it is asked."""

    key: str
    kind: str
    """Its class, of the rules."""
    channel: str
    made_at: datetime
    sensitive: bool = False
    expires_at: datetime | None = None
    """None: as long as its class keeps."""
    about: str = ""
    """The same for all that speaks of one thing, by whichever way."""


@dataclass(frozen=True)
class Sent:
    """A message that went to the person before."""

    channel: str
    sent_at: datetime
    about: str = ""


@dataclass(frozen=True)
class Standing:
    """Where a person stands: what they said, where they can be reached, what ended all messages."""

    addresses: Mapping[str, Address] = field(default_factory=dict)
    time_zone: str | None = None
    silence: Silence | None = None
    stopped: frozenset[str] = frozenset()
    """Classes the person said STOP to, on whichever channel."""
    yes: frozenset[str] = frozenset()
    """Classes the person said yes to."""
    not_this_way: frozenset[str] = frozenset()
    """Channels the person asked not to be reached by."""
    preferred: str | None = None
    """The channel the person said yes to last."""

    @property
    def reachable(self) -> frozenset[str]:
        """Channels that reach the person: their address works and they did not refuse them."""
        return frozenset(channel for channel, address in self.addresses.items() if address.works) - self.not_this_way
