"""Both sides of one person on one page: the same number of facts for each hat, in the same order of importance."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service.pages import wording
from twohats.service.pages.facts import Fact
from twohats.service.pages.person.moments import WAITS

Rows = Sequence[Mapping[str, Any]]


def patient_side(rows: Rows) -> list[Fact]:
    """What this person got as a patient."""
    own = [row for row in rows if row["hat"] == "patient"]
    return [_count(own, _("Moments as a patient")), _clinician_time(rows), _same_face(rows), _wish(own, "time")]


def customer_side(rows: Rows) -> list[Fact]:
    """What this person met as a customer."""
    own = [row for row in rows if row["hat"] == "customer"]
    return [_count(own, _("Moments as a customer")), _waiting(rows), _contacts(rows), _wish(own, "speed")]


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
    return Fact(name, value, _("moments"), ngettext(
        "In their own words in %(n)s of them.", "In their own words in %(n)s of them.", asked) % {"n": asked})


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
