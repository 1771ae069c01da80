"""What a person's journey is made of: interactions, some of them segments of a visit, each with a hat and a reason.

A journey lists a person's interactions in the order lived. People are never called patients here: the hat belongs
to the interaction.
"""

from dataclasses import dataclass
from datetime import datetime

from .codebook import Decision, rule_of
from .cues import View
from .hats import Hat
from .languages import Text
from .rules import codebook


@dataclass(frozen=True)
class Reason:
    """Why a hat was given: the rule, its words, and what made us doubt. No label goes without one."""

    rule: str
    text: Text
    but: tuple[Text, ...] = ()

    def read_in(self, language: str | None) -> str:
        """One sentence: the reason, and what speaks against it."""
        doubts = "".join(f"; {doubt.read_in(language)}" for doubt in self.but)
        return self.text.read_in(language).rstrip(".") + doubts + "."


@dataclass(frozen=True)
class Interaction:
    """One dealing of one person with the organisation, in any channel, as a source recorded it."""

    interaction: int
    """Stable key: source id, touchpoint, instant."""
    person: int
    resource: str
    """Source id of what it was read from, such as "Communication/7"."""
    started_at: datetime
    """Aware, UTC."""
    ended_at: datetime | None
    """None while it is open, and for what has no duration."""
    touchpoint: str
    act: str
    hat: Hat
    p_patient: float
    confidence: float
    reason: Reason
    view: View = View.SELF
    about_hat: Hat | None = None
    second_hat: Hat | None = None
    overruled: bool = False

    @property
    def minutes(self) -> float | None:
        """From start to end; None while it is open."""
        return None if self.ended_at is None else (self.ended_at - self.started_at).total_seconds() / 60


@dataclass(frozen=True)
class VisitSegment(Interaction):
    """A stretch of a visit with one place and one purpose: registration, wait, triage, treatment, papers, ride."""

    visit: int = 0
    encounter: str = ""
    zone: str | None = None
    status: str | None = None


def reason_of(decision: Decision) -> Reason:
    """The reason for a decision of the codebook, with the doubts that lowered its confidence."""
    doubts = {doubt.key: doubt.reason for doubt in codebook().doubts}
    return Reason(decision.rule, rule_of(decision.rule).reason, tuple(doubts[key] for key in decision.doubts))
