"""One interaction as it is told while it happens: what a source or somebody of ours says of it, before any release.

The codebook decides its hat by the very table that the build uses; what no source told stays not known.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime

from .acts import act
from .codebook import Decision, decide
from .cues import Channel, Speaker
from .situation import Situation
from .touchpoints import touchpoint

IN_A_VISIT = (None, Channel.IN_PERSON, Channel.VIDEO)
TALKS = ("explain_result", "answer_clinical", "reach_out", "teach")
"""Contacts in which somebody of ours speaks of care: in them a representative stands in the person's place."""
EVIDENCE = frozenset(field.name for field in fields(Situation)) - {"act", "stakes"}
"""What may be told of an interaction, beside the act; the stakes come from the catalogue."""


@dataclass(frozen=True)
class Told:
    """What is known so far of one interaction that happens now."""

    started_at: datetime
    act: str | None
    seen: Situation
    """The evidence; its act and stakes are set by `situation_of`."""
    resource: str
    """Source id of what it is told of, such as "Encounter/7"."""
    unit: str = ""
    answered: frozenset[str] = frozenset()
    """Questions of a front desk that were answered (desk.toml)."""
    missing: frozenset[str] = frozenset()
    screened: bool | None = None
    """Whether a medical screening exam is recorded; not known counts as not recorded."""


def touchpoint_of(told: Told) -> str:
    """Its touchpoint: the act's; without an act as in the build, what a moment of a visit or a contact mostly is."""
    if told.act:
        return act(told.act).touchpoint
    if told.seen.channel in IN_A_VISIT:
        return "staffing_responsiveness"
    return "clinical_message" if told.seen.red_flag else "phone_digital_access"


def situation_of(told: Told) -> Situation:
    """What the codebook is told of it."""
    return replace(told.seen, act=told.act, stakes=touchpoint(touchpoint_of(told)).stakes,
                   clinical_talk=_clinical_talk(told))


def _clinical_talk(told: Told) -> bool | None:
    """Whether care is spoken of with who takes part: as told, else as the build understands it."""
    seen = told.seen
    if seen.clinical_talk is not None or seen.speaker != Speaker.REPRESENTATIVE:
        return seen.clinical_talk
    return seen.channel in IN_A_VISIT or told.act in TALKS


def decided(told: Told) -> Decision:
    """The hat worn in it, by the codebook."""
    return decide(situation_of(told))
