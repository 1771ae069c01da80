"""To what answers and comments could be tied, and by which rule, in plain words."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from twohats.service.pages import wording
from twohats.store.disclosure import FEWEST

VOICES = ("comments", "surveys")
RULES: dict[str, Promise] = {
    "encounter": gettext_lazy("the number of the visit, which was the same person's"),
    "mrn": gettext_lazy("the medical record number"), "portal": gettext_lazy("the portal account"),
    "phone": gettext_lazy("the phone number"), "email": gettext_lazy("the mail address"),
    "unit": gettext_lazy("the unit it came in with; nobody was found"),
    "identifiers_differ": gettext_lazy("its identifiers name different people"),
    "unknown_identifier": gettext_lazy("nobody has its identifier"),
    "no_identifier": gettext_lazy("it came without an identifier"),
}
SHARED: dict[str, Promise] = {
    "mrn": gettext_lazy("two people have the medical record number"),
    "portal": gettext_lazy("two people have the portal account"),
    "phone": gettext_lazy("two people have the phone number"),
    "email": gettext_lazy("two people have the mail address"),
}
"""Rules as they read where they found two people, so nobody."""


def rule(tied_to: str, tied_by: str | None) -> Promise | str:
    """The rule that tied a row, in words; its name where we have no words for it."""
    known = SHARED if tied_to == "two_people" and tied_by in SHARED else RULES
    return known.get(tied_by or "", tied_by or "")


def said(reader: Any) -> list[str]:
    """One sentence for comments and one for answers: of 100, how many could be tied to what; none for fewer than 11."""
    counts: dict[str, dict[str, int]] = {feed: {} for feed in VOICES}
    rows = reader.rows('SELECT feed, tied_to, sum("rows") AS n FROM ties WHERE feed IN (?, ?) GROUP BY 1, 2', VOICES)
    for row in rows:
        counts[row["feed"]][row["tied_to"]] = row["n"]
    return [_sentence(feed, tied) for feed, tied in counts.items() if sum(tied.values()) >= FEWEST]


def _sentence(feed: str, tied: Mapping[str, int]) -> str:
    whole = sum(tied.values())
    share = {to: wording.hundredths(tied.get(to, 0), whole) for to in ("visit", "person", "unit")}
    nobody = wording.hundredths(whole - sum(tied.get(to, 0) for to in share), whole)
    told = {
        "comments": ngettext(
            "Of 100 comments, %(visit)s could be tied to a visit, %(person)s to a person without a visit, %(unit)s to "
            "a unit alone and %(nobody)s to nobody (%(n)s comment in all).",
            "Of 100 comments, %(visit)s could be tied to a visit, %(person)s to a person without a visit, %(unit)s to "
            "a unit alone and %(nobody)s to nobody (%(n)s comments in all).", whole),
        "surveys": ngettext(
            "Of 100 answers, %(visit)s could be tied to a visit, %(person)s to a person without a visit, %(unit)s to "
            "a unit alone and %(nobody)s to nobody (%(n)s answer in all).",
            "Of 100 answers, %(visit)s could be tied to a visit, %(person)s to a person without a visit, %(unit)s to "
            "a unit alone and %(nobody)s to nobody (%(n)s answers in all).", whole),
    }[feed]
    return told % {**share, "nobody": nobody, "n": wording.whole(whole)}
