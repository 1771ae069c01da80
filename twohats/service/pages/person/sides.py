"""Both sides of one person on one page: the same number of facts for each hat, in the same order of importance."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service.pages import wording
from twohats.service.pages.facts import Fact
from twohats.service.pages.person.moments import WAITS
from twohats.service.pages.person.voices import Saying

Rows = Sequence[Mapping[str, Any]]


def patient_side(rows: Rows, sayings: Sequence[Saying]) -> list[Fact]:
    """What this person got as a patient."""
    own = [row for row in rows if row["hat"] == "patient"]
    told = [_count(own, _("Moments as a patient")), _clinician_time(rows), _same_face(rows), _wish(own, "time"),
            _said("patient", sayings)]
    return _with_meanings(told, (_counting(), _(
        "Minutes of every moment in which a clinician was recorded with this person, added up. Table: interactions, "
        "column clinician_minutes."), _(
        "Of the moments whose clinician is known, those with a clinician this person had met before. Table: "
        "interactions, column same_clinician."), _wishing(), _hearing()))


def customer_side(rows: Rows, sayings: Sequence[Saying]) -> list[Fact]:
    """What this person met as a customer."""
    own = [row for row in rows if row["hat"] == "customer"]
    told = [_count(own, _("Moments as a customer")), _waiting(rows), _contacts(rows), _wish(own, "speed"),
            _said("customer", sayings)]
    return _with_meanings(told, (_counting(), _(
        "Waits for care, for a bed and to leave, from beginning to end, added up; also those in which the person was "
        "looked after as a patient. Table: interactions, columns act and minutes."), _(
        "Calls, letters, texts and messages from us about one matter within 7 days of it; steps are desks, transfers "
        "and hand-offs; asking again leaves out questions of safety. Table: interactions, columns contacts_given, "
        "steps and repeats."), _wishing(), _hearing()))


def _with_meanings(facts: list[Fact], meanings: Sequence[str]) -> list[Fact]:
    return [replace(fact, meaning=meaning) for fact, meaning in zip(facts, meanings, strict=True)]


def _counting() -> str:
    return _("Each part of a visit, each call, letter, message, look into the portal, bill and change of an "
             "appointment is one moment; it counts under the hat worn in it. Table: interactions, column hat.")


def _wishing() -> str:
    return _("Of the moments under this hat of which it is known what was wanted: from the person's own word, asked "
             "before, else from reason, urgency and booking. What happened afterwards has no part in it. Table: "
             "interactions, columns wanted and wanted_from.")


def _hearing() -> str:
    return _("Clauses of this person's comments under this hat, by the tone of their words; what relatives tell counts "
             "on the side of customers. Table: clauses, columns hat and sentiment.")


def _count(own: Rows, name: str) -> Fact:
    units = len({row["visit"] for row in own if row["visit"]})
    says = ngettext("In %(n)s visit, and outside of visits.", "In %(n)s visits, and outside of visits.", units) % {
        "n": units}
    return Fact(name, wording.whole(len(own)), "", says if units else _("All outside of visits."))


def _clinician_time(rows: Rows) -> Fact:
    known = [row["clinician_minutes"] for row in rows if row["clinician_minutes"]]
    name = _("Time with clinicians")
    if not known:
        return Fact(name, None, "", "", _("Not known: no time with a clinician was recorded."))
    says = ngettext("Summed over %(n)s moment. More is usually better.",
                    "Summed over %(n)s moments. More is usually better.", len(known)) % {"n": len(known)}
    return Fact(name, wording.length(sum(known)), "", says)


def _same_face(rows: Rows) -> Fact:
    known = [row["same_clinician"] for row in rows if row["same_clinician"] is not None]
    name = _("A clinician they knew")
    if not known:
        return Fact(name, None, "", "", _("Not known: the clinicians' names were not recorded."))
    return Fact(name, _("%(n)s of %(of)s") % {"n": sum(map(bool, known)), "of": len(known)}, _("moments"),
                _("Seen before by this person. Higher is better."))


def _wish(own: Rows, wish: str) -> Fact:
    name = _("Wanted time") if wish == "time" else _("Wanted it quick")
    known = [row for row in own if row["wanted"]]
    if not known:
        return Fact(name, None, "", "", _("Not known: nobody asked, and nothing tells."))
    asked = sum(row["wanted_from"] == "own_word" for row in known)
    value = _("%(n)s of %(of)s") % {"n": sum(row["wanted"] == wish for row in known), "of": len(known)}
    says = ngettext("In their own words, asked before, in %(n)s of them.",
                    "In their own words, asked before, in %(n)s of them.", asked) % {"n": asked} if asked else _(
        "Taken from the reason, the urgency and how it was booked.")
    return Fact(name, value, _("moments"), says)


def _waiting(rows: Rows) -> Fact:
    waits = [row["minutes"] for row in rows if row["act"] in WAITS and row["minutes"] is not None]
    name = _("Waiting")
    if not waits:
        return Fact(name, None, "", "", _("Not known: no wait was recorded."))
    says = ngettext("In %(n)s wait; the longest %(longest)s. Less is better.",
                    "In %(n)s waits; the longest %(longest)s. Less is better.", len(waits))
    return Fact(name, wording.length(sum(waits)), "", says % {"n": len(waits), "longest": wording.length(max(waits))})


def _contacts(rows: Rows) -> Fact:
    most = max((row["contacts_given"] or 0 for row in rows), default=0)
    steps = sum(row["steps"] or 0 for row in rows)
    again = sum(row["repeats"] or 0 for row in rows)
    says = _("The most about one matter within 7 days. Steps and hand-offs: %(steps)s. "
             "Asked the same thing again: %(again)s. Fewer is better.")
    return Fact(_("Contacts from us"), wording.whole(most), "", says % {"steps": steps, "again": again})


def _said(hat: str, sayings: Sequence[Saying]) -> Fact:
    clauses = [saying for saying in sayings if saying.hat == hat and saying.tone is not None]
    name = _("Praise in comments")
    if not clauses:
        return Fact(name, None, "", "", _("Nothing was written that belongs here."))
    complaints, unsure = sum(saying.tone == -1 for saying in clauses), sum(saying.not_sure for saying in clauses)
    value = _("%(n)s of %(of)s") % {"n": sum(saying.tone == 1 for saying in clauses), "of": len(clauses)}
    says = _("Complaints and suggestions: %(complaints)s. Not sure of the hat: %(unsure)s. More praise is better.") % {
        "complaints": complaints, "unsure": unsure}
    return Fact(name, value, _("clauses"), says)
