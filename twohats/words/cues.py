"""The cues a hat is read from: kinds of place, of work, of events, who speaks, and how much was told."""

from enum import StrEnum


class Zone(StrEnum):
    """What kind of place a location is."""

    FRONT_DESK = "front_desk"
    WAITING = "waiting"
    TRIAGE = "triage"
    TREATMENT = "treatment"
    WARD = "ward"
    THEATRE = "theatre"
    IMAGING = "imaging"
    DISCHARGE_LOUNGE = "discharge_lounge"
    BILLING = "billing"
    PHARMACY = "pharmacy"
    PICKUP = "pickup"


class Role(StrEnum):
    """What kind of work the other person does; automated when there was none."""

    CLINICAL = "clinical"
    CLERICAL = "clerical"
    TRANSPORT = "transport"
    INTERPRETER = "interpreter"
    SUPPORT = "support"
    NAVIGATOR = "navigator"
    AUTOMATED = "automated"


class Event(StrEnum):
    """What an event in progress tells: care, teaching, or the way through the house."""

    CLINICAL = "clinical"
    TEACHING = "teaching"
    LOGISTICS = "logistics"


class Speaker(StrEnum):
    """Who takes part: family answer for themselves, a proxy answers for the patient."""

    SELF = "self"
    FAMILY = "family"
    REPRESENTATIVE = "representative"
    PROXY = "proxy"
    OTHER = "other"


class View(StrEnum):
    """Whose view an interaction is told from."""

    SELF = "self"
    FAMILY = "family"
    REPRESENTATIVE = "representative"
    OTHER = "other"


class Channel(StrEnum):
    """Through what the two sides met."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    MAIL = "mail"
    PORTAL = "portal"
    NONE = "none"


class Evidence(StrEnum):
    """How much the source told of an interaction."""

    FULL = "full"
    NO_ZONES = "no_zones"
    NO_HISTORY = "no_history"
    PERIOD_ONLY = "period_only"
    MESSAGE = "message"
    CONTACT = "contact"
    BILL = "bill"
    PORTAL = "portal"


VIEW_OF_SPEAKER = {
    Speaker.SELF: View.SELF,
    Speaker.FAMILY: View.FAMILY,
    Speaker.REPRESENTATIVE: View.REPRESENTATIVE,
    Speaker.PROXY: View.REPRESENTATIVE,
    Speaker.OTHER: View.OTHER,
}
"""Whose view a speaker's is, where no rule says otherwise. Not known: the person's own."""

THIRD_PERSONS = (Speaker.FAMILY, Speaker.OTHER)
"""Those who answer for themselves about somebody else's care."""
