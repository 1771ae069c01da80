"""What the codebook is told about an interaction: the only fields it may look at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Situation:
    """One interaction as the codebook sees it. None: not known. Satisfaction is never among the fields."""

    act: str | None = None
    """What is being done (acts.toml)."""
    event: str | None = None
    """A clinical event in progress in these very minutes: clinical, teaching or logistics."""
    role: str | None = None
    """Kind of work of the other person (cues.Role): clinical, clerical, transport, ..., automated."""
    zone: str | None = None
    """Kind of place (cues.Zone): front_desk, waiting, triage, treatment, ward, ..., pickup."""
    status: str | None = None
    """Status of the visit: planned, arrived, triaged, in-progress, onleave, finished, ..."""
    channel: str | None = None
    """in_person, video, phone, sms, email, mail, portal, none."""
    class_code: str | None = None
    """Class of the visit: EMER, AMB, IMP, VR, OBSENC, HH."""
    speaker: str | None = None
    """Who takes part: self, family, representative (of a minor; legal decision-maker), proxy, other."""
    clinical_talk: bool | None = None
    """A clinical conversation with the speaker is going on (matters for representatives)."""
    acuity: int | None = None
    """ESI 1 (most urgent) to 5."""
    severe: bool | None = None
    """Severe pain or labour."""
    distress: bool | None = None
    """The person is in visible distress, or says so."""
    red_flag: bool | None = None
    """Red-flag words (danger to life or health)."""
    abnormal: bool | None = None
    """The result looked at is abnormal."""
    money: bool | None = None
    """Money is being talked about during care."""
    unserved: bool | None = None
    """A booked care visit in which no clinician appears."""
    evidence: str | None = None
    """full, no_zones, no_history, period_only, message, contact, bill, portal."""
    stakes: int = 0
    """How much is at stake, in thousandths: 0 to 1000."""
