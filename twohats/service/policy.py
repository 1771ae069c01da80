"""Who may see and do what: one declared table of role x thing, denied by default, bound to units of the tree."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

WHOLE = "*"
"""In place of a unit: the whole organisation, also what belongs to no unit."""


class Permission(StrEnum):
    """What one may see or do; each has a sentence for the person who grants it."""

    sentence: str

    def __new__(cls, value: str, sentence: str) -> "Permission":
        """A permission with its sentence."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member

    SEE_OVERVIEW = "see_overview", "See counts and sums of both hats; small counts are hidden."
    MARK_MEASURES = "mark_measures", ("Write on the chart of a measure: from when the process is another one and why, "
                                      "notes, goals.")
    REMOVE_NOTES = "remove_notes", "Remove a note from the chart of a measure without reading it."
    SEE_OWN_DESK = "see_own_desk", "See how many people are expected at the own desk today."
    SEE_CARD = "see_card", "See the front-desk card of people expected today: no clinical word on it."
    WORK_AT_DESK = "work_at_desk", "Ask for a nurse and log what happened, at the own front desks."
    ANSWER_NURSE_CALL = "answer_nurse_call", "See and answer calls for a nurse from front desks of the own units."
    SEE_JOURNEY = "see_journey", "See journeys of people served in the own units, with names."
    SEE_JOURNEY_MASKED = "see_journey_masked", "See journeys without names, dates shifted."
    SEE_SENSITIVE = "see_sensitive", "See of what kind a segment is that carries a security label."
    OVERRULE_HAT = "overrule_hat", "Overrule the hat of an interaction, with a reason."
    SEE_COMMENTS = "see_comments", "Read comments of people in the own panel."
    READ_COMMENTS = "read_comments", "Read every comment about the own units, with names masked."
    SEE_COMMENTS_MASKED = "see_comments_masked", "Read comments with names masked, where 11 or more people spoke."
    PASS_ON_PRAISE = "pass_on_praise", "Pass praise on to the person or the unit it is about."
    SEE_ALERTS = "see_alerts", "See which urgent comments wait, for how long and who has them; no word of them."
    ANSWER_ALERT = "answer_alert", "Read urgent comments of the own units whole, take them on, say how they ended."
    CHOOSE_RECIPIENTS = "choose_recipients", "Say who gets a mail when an urgent comment comes."
    READ_CLAUSES = "read_clauses", ("Read clauses of comments with names masked, and say which hat, touchpoint, tone "
                                    "and speaker each has.")
    LOOK_AT_SERVED = "look_at_served", ("Look at drawn visits and calls of the own units, and say whose hat was worn "
                                        "and whether the wrong one was served.")
    EXPORT_CORRECTIONS = "export_corrections", ("Download where readers and the model differ on clauses of the own "
                                                "units; words as far as they may be seen.")
    SEE_READINGS = "see_readings", ("See how well readers and the model agree, and how that drifts; nobody's words.")
    SEE_MESSAGES = "see_messages", ("See which messages went to people of the own units, which wait, and why; no word "
                                    "of them.")
    WRITE_TO_PEOPLE = "write_to_people", ("Write to people served in the own units through the gate, post letters, "
                                          "make calls, and end every message to somebody.")
    ASK_PEOPLE = "ask_people", ("Ask people of the own units how it was, through the gate, and write down what they "
                                "answer on paper or by phone.")
    SEE_CASES = "see_cases", ("See which cases of service recovery wait, for how long and who has them; no word of "
                              "them.")
    OWN_CASES = "own_cases", ("Own cases of the own units: read what was said, speak with the person, end the case, "
                              "say whether it is a grievance and answer it in writing.")
    FIND_AGAIN = "find_again", ("See by name people of the own units whom we lost track of, take them on, say how it "
                                "ended.")
    CHANGE_RULES = "change_rules", "Change the rules that every message to people must pass."
    SEE_QUALITY = "see_quality", "See how complete and how fresh the data are; no line of a source file."
    SEE_PLACES = "see_places", "See which zone each place counts as."
    CORRECT_PLACE = "correct_place", "Say which zone a place counts as."
    EXPORT_TOTALS = "export_totals", "Download totals; small counts are hidden."
    EXPORT_MASKED = "export_masked", "Download every table without names, ids made anew, dates shifted."
    EXPORT_PANEL = "export_panel", "Download the rows of people served in the own units, with names."
    BREAK_GLASS = "break_glass", "Open what is hidden for an hour, with a reason; somebody else reviews it."
    REVIEW_BREAK_GLASS = "review_break_glass", "Review who opened what was hidden, and why."
    SEE_AUDIT = "see_audit", "See who looked at, changed and exported what."
    HIDE_KINDS = "hide_kinds", "Say which touchpoints and units are hidden as if they carried a security label."
    MANAGE_USERS = "manage_users", "Let people in, give them roles, shut them out."


class Role(StrEnum):
    """What somebody is here for."""

    LEADER = "leader"
    NAVIGATOR = "navigator"
    FRONT_DESK = "front_desk"
    CLINICIAN = "clinician"
    ANALYST = "analyst"
    REVIEWER = "reviewer"
    PARTNER = "partner"
    ADMINISTRATOR = "administrator"


class Thing(StrEnum):
    """What there is to see; the columns of the table."""

    OVERVIEW = "overview, measures"
    JOURNEY = "journey, visit"
    COMMENTS = "comments"
    MESSAGES = "messages"
    CASES = "questions, cases"
    DIRECTORY = "directory, today's people"
    TABLES = "tables, exports"
    QUALITY = "data quality, places"
    UPKEEP = "users, audit"


@dataclass(frozen=True)
class Cell:
    """One cell of the table: what a role may do with a thing, in words and as permissions."""

    role: Role
    thing: Thing
    words: str
    permissions: tuple[Permission, ...]


_P = Permission
TABLE: tuple[Cell, ...] = (
    Cell(Role.LEADER, Thing.OVERVIEW, "aggregate; charts written on", (_P.SEE_OVERVIEW, _P.MARK_MEASURES)),
    Cell(Role.LEADER, Thing.COMMENTS, "masked, disclosed; how well they are read; that an urgent one waits",
         (_P.SEE_COMMENTS_MASKED, _P.SEE_READINGS, _P.SEE_ALERTS)),
    Cell(Role.LEADER, Thing.CASES, "which cases wait and how they end", (_P.SEE_CASES,)),
    Cell(Role.LEADER, Thing.TABLES, "aggregate", (_P.EXPORT_TOTALS,)),
    Cell(Role.LEADER, Thing.QUALITY, "seen", (_P.SEE_QUALITY, _P.SEE_PLACES)),
    Cell(Role.NAVIGATOR, Thing.OVERVIEW, "aggregate", (_P.SEE_OVERVIEW,)),
    Cell(Role.NAVIGATOR, Thing.JOURNEY, "named, own panel; break-glass for what is labelled",
         (_P.SEE_JOURNEY, _P.OVERRULE_HAT, _P.LOOK_AT_SERVED, _P.BREAK_GLASS)),
    Cell(Role.NAVIGATOR, Thing.COMMENTS, "own panel; urgent ones whole, answered; praise passed on",
         (_P.SEE_COMMENTS, _P.SEE_ALERTS, _P.ANSWER_ALERT, _P.PASS_ON_PRAISE)),
    Cell(Role.NAVIGATOR, Thing.MESSAGES, "own panel: written, posted, called, ended",
         (_P.SEE_MESSAGES, _P.WRITE_TO_PEOPLE)),
    Cell(Role.NAVIGATOR, Thing.DIRECTORY, "calls for a nurse answered", (_P.ANSWER_NURSE_CALL,)),
    Cell(Role.NAVIGATOR, Thing.CASES, "own panel: asked, written down; own cases, grievances; lost ones found again",
         (_P.ASK_PEOPLE, _P.SEE_CASES, _P.OWN_CASES, _P.FIND_AGAIN)),
    Cell(Role.NAVIGATOR, Thing.TABLES, "own panel", (_P.EXPORT_PANEL,)),
    Cell(Role.FRONT_DESK, Thing.OVERVIEW, "own desk's counts", (_P.SEE_OWN_DESK,)),
    Cell(Role.FRONT_DESK, Thing.DIRECTORY, "today's people, card only; hat overruled, nurse asked for, logged",
         (_P.SEE_CARD, _P.OVERRULE_HAT, _P.WORK_AT_DESK)),
    Cell(Role.CLINICIAN, Thing.OVERVIEW, "aggregate", (_P.SEE_OVERVIEW,)),
    Cell(Role.CLINICIAN, Thing.JOURNEY, "named, own panel, with what is labelled",
         (_P.SEE_JOURNEY, _P.SEE_SENSITIVE, _P.OVERRULE_HAT, _P.LOOK_AT_SERVED)),
    Cell(Role.CLINICIAN, Thing.COMMENTS, "masked, disclosed, about own care", (_P.SEE_COMMENTS_MASKED,)),
    Cell(Role.CLINICIAN, Thing.DIRECTORY, "calls for a nurse answered", (_P.ANSWER_NURSE_CALL,)),
    Cell(Role.CLINICIAN, Thing.CASES, "own panel: lost ones found again", (_P.FIND_AGAIN,)),
    Cell(Role.CLINICIAN, Thing.TABLES, "own panel", (_P.EXPORT_PANEL,)),
    Cell(Role.ANALYST, Thing.OVERVIEW, "aggregate; charts written on", (_P.SEE_OVERVIEW, _P.MARK_MEASURES)),
    Cell(Role.ANALYST, Thing.JOURNEY, "de-identified", (_P.SEE_JOURNEY_MASKED,)),
    Cell(Role.ANALYST, Thing.COMMENTS, "masked, disclosed; how well they are read",
         (_P.SEE_COMMENTS_MASKED, _P.SEE_READINGS)),
    Cell(Role.ANALYST, Thing.TABLES, "de-identified", (_P.EXPORT_MASKED,)),
    Cell(Role.ANALYST, Thing.QUALITY, "seen; places corrected", (_P.SEE_QUALITY, _P.SEE_PLACES, _P.CORRECT_PLACE)),
    Cell(Role.REVIEWER, Thing.OVERVIEW, "aggregate", (_P.SEE_OVERVIEW,)),
    # Whole, since a human must act on them. Not so for clinicians: an urgent comment may be about the reader.
    Cell(Role.REVIEWER, Thing.COMMENTS,
         "masked, queue, corrections as a file; urgent ones whole, answered; praise passed on",
         (_P.READ_COMMENTS, _P.READ_CLAUSES, _P.EXPORT_CORRECTIONS, _P.SEE_READINGS, _P.SEE_ALERTS, _P.ANSWER_ALERT,
          _P.PASS_ON_PRAISE)),
    Cell(Role.REVIEWER, Thing.CASES, "own cases, grievances", (_P.SEE_CASES, _P.OWN_CASES)),
    Cell(Role.ADMINISTRATOR, Thing.OVERVIEW, "notes on charts removed, unread", (_P.REMOVE_NOTES,)),
    Cell(Role.ADMINISTRATOR, Thing.JOURNEY, "break-glass", (_P.BREAK_GLASS,)),
    Cell(Role.ADMINISTRATOR, Thing.COMMENTS, "that an urgent one waits, who is told",
         (_P.SEE_ALERTS, _P.CHOOSE_RECIPIENTS)),
    Cell(Role.ADMINISTRATOR, Thing.MESSAGES, "that they went or wait, and why; the rules",
         (_P.SEE_MESSAGES, _P.CHANGE_RULES)),
    Cell(Role.ADMINISTRATOR, Thing.QUALITY, "seen; places corrected",
         (_P.SEE_QUALITY, _P.SEE_PLACES, _P.CORRECT_PLACE)),
    Cell(Role.ADMINISTRATOR, Thing.UPKEEP, "all", 
         (_P.MANAGE_USERS, _P.SEE_AUDIT, _P.REVIEW_BREAK_GLASS, _P.HIDE_KINDS)),
)
"""What is not here is refused. The partner has no cell until referrals are addressed to one."""


def permissions_of(role: str) -> frozenset[Permission]:
    """All that a role may do; nothing for a role that is not in the table."""
    return frozenset(permission for cell in TABLE if cell.role == role for permission in cell.permissions)


@dataclass(frozen=True)
class Scope:
    """The units whose rows may be read. Empty: no row. Every read of a release takes one."""

    units: frozenset[str] = frozenset()
    everything: bool = False

    def __bool__(self) -> bool:
        return self.everything or bool(self.units)

    def __contains__(self, unit: object) -> bool:
        return self.everything or unit in self.units

    def clause(self, column: str) -> tuple[str, list[str]]:
        """An SQL condition on a unit column and its parameters. `column` is never what a reader typed."""
        if self.everything:
            return "1", []
        if not self.units:
            return "0", []
        return f"{column} IN (SELECT value FROM json_each(?))", [json.dumps(sorted(self.units))]


NOTHING = Scope()


def below(units: Iterable[str], parents: Mapping[str, str | None]) -> frozenset[str]:
    """These units and all below them, by the tree child -> parent; a unit that is not in the tree counts alone."""
    wanted = set(units)
    found = set(wanted)
    for unit in parents:
        path = [unit]
        while path[-1] not in wanted and (up := parents.get(path[-1])) and up not in path:
            path.append(up)
        if path[-1] in wanted:
            found.update(path)
    return frozenset(found)


def scope(held: Iterable[tuple[str, str]], parents: Mapping[str, str | None], *asked: Permission) -> Scope:
    """The units in which roles held, as (role, unit), give any of the permissions asked for."""
    units = {unit for role, unit in held if unit and permissions_of(role).intersection(asked)}
    if WHOLE in units:
        return Scope(everything=True)
    return Scope(below(units, parents)) if units else NOTHING


def may(held: Iterable[tuple[str, str]], *asked: Permission) -> bool:
    """True when a role held in any unit gives any of the permissions asked for."""
    return any(unit and permissions_of(role).intersection(asked) for role, unit in held)
