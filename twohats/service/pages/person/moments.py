"""One person's interactions as the moments of a journey: told in words, hidden where the reader has no right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twohats.service.pages import codebook_words, wording

WAITS = frozenset({"wait", "board", "wait_to_leave"})
HIDDEN = "hidden"


@dataclass(frozen=True)
class Told:
    """One line of a moment's reason: what it is about, and the words."""

    about: str
    words: str


@dataclass(frozen=True)
class Moment:
    """One interaction as the page shows it. A hidden one keeps its time and nothing else."""

    number: int
    interaction: int
    started: datetime
    ended: datetime | None
    is_instant: bool
    what: str
    hat: str
    short: str = ""
    second_hat: str | None = None
    is_wait: bool = False
    is_open: bool = False
    overruled: bool = False
    vulnerable: bool = False
    summary: str = ""
    reasons: tuple[Told, ...] = field(default=())

    @property
    def is_hidden(self) -> bool:
        """Its kind may not be seen by this reader."""
        return self.hat == HIDDEN


def moments_of(
    rows: Sequence[Mapping[str, Any]],
    overruled: Mapping[int, str],
    zones: Mapping[str, ZoneInfo],
    home_zone: ZoneInfo,
    may_see_sensitive: bool,
    first_number: int = 1,
) -> list[Moment]:
    """The moments in the order lived. `overruled` holds what staff said since the release: interaction -> hat."""
    return [
        _moment(row, number, overruled.get(row["interaction"]), zones.get(row["unit"] or "", home_zone),
                may_see_sensitive)
        for number, row in enumerate(rows, first_number)
    ]


def _moment(
    row: Mapping[str, Any], number: int, said: str | None, zone: ZoneInfo, may_see_sensitive: bool
) -> Moment:
    started = wording.local(row["started_at"], zone)
    ended = wording.local(row["ended_at"], zone) if row["ended_at"] else None
    is_instant = row["kind"] != "segment" and (ended is None or ended == started)
    is_open = row["kind"] == "segment" and ended is None
    if row["sensitive"] and not may_see_sensitive:
        return Moment(number, row["interaction"], started, ended, is_instant,
                      _("Something is here that you may not see"), HIDDEN, is_open=is_open)
    return Moment(
        number, row["interaction"], started, ended, is_instant,
        what=wording.act(row["act"]),
        short=wording.act(row["act"]),
        hat=said or row["hat"],
        second_hat=row["second_hat"],
        is_wait=row["act"] in WAITS,
        is_open=is_open,
        overruled=bool(said or row["overruled"]),
        vulnerable=bool(row["vulnerable"]),
        summary=_summary(row, said),
        reasons=tuple(_reasons(row, said)),
    )


def _summary(row: Mapping[str, Any], said: str | None) -> str:
    if said or row["overruled"]:
        return _("Why: a colleague said so")
    return _("Why: %(reason)s") % {"reason": codebook_words.reason(row["rule"])}


def _reasons(row: Mapping[str, Any], said: str | None) -> list[Told]:
    told = []
    if said or row["overruled"]:
        told.append(Told(_("Overruled"), _("A colleague who was there said that this hat was worn.")))
        told.append(Told(_("Before that"), codebook_words.sentence(row["rule"])))
    chance = wording.hundredths(row["p_patient"] or 0, 1)
    told.append(Told(_("How sure"), wording.sure(row["confidence"]) + " " + _(
        "Of 100 moments like this one, about %(n)s would be care in the moment.") % {"n": chance}))
    told.append(Told(_("What it rests on"), wording.evidence(row["evidence"])))
    if row["second_hat"]:
        told.append(Told(_("A second view"), codebook_words.sentence(row["second_rule"])))
    told.append(Told(_("Whose view"), _view(row)))
    if row["vulnerable"]:
        told.append(Told(_("Take time"), _("May be worried: there is more at stake in this moment than usual.")))
    told.append(Told(_("Wanted"), wanted(row)))
    told.append(Told(_("Given"), given(row)))
    return told


def _view(row: Mapping[str, Any]) -> str:
    whose = {
        "self": _("The person's own."),
        "family": _("The family's."),
        "representative": _("Somebody who stands in the person's place, such as a parent."),
        "other": _("Somebody else's."),
    }.get(row["view"] or "self", _("Not known."))
    if row["about_hat"] and row["about_hat"] != row["hat"]:
        whose += " " + {
            "patient": _("What it is about is care."),
            "customer": _("What it is about is not care itself."),
        }.get(row["about_hat"], "")
    return whose.strip()


def wanted(row: Mapping[str, Any]) -> str:
    """What the person wanted, and how we know."""
    wish = {"time": _("Time."), "speed": _("To be done quickly.")}.get(row["wanted"] or "")
    if wish is None:
        return _("Not known: nobody asked, and nothing tells.")
    how = _("In their own words, asked before.") if row["wanted_from"] == "own_word" else _(
        "Taken from the reason, the urgency and how it was booked.")
    return f"{wish} {how}"


def given(row: Mapping[str, Any]) -> str:
    """What was given: time with clinicians, a known face, contacts, steps, repeats. Only what was recorded."""
    parts = []
    if row["clinician_minutes"]:
        parts.append(_("%(length)s with clinicians") % {"length": wording.length(row["clinician_minutes"])})
    if row["same_clinician"]:
        parts.append(_("a clinician they had seen before"))
    if row["contacts_given"]:
        n = row["contacts_given"]
        parts.append(ngettext("%(n)s contact from us about it within 7 days",
                              "%(n)s contacts from us about it within 7 days", n) % {"n": n})
    if row["steps"]:
        n = row["steps"]
        parts.append(ngettext("%(n)s step or hand-off", "%(n)s steps or hand-offs", n) % {"n": n})
    if row["repeats"]:
        n = row["repeats"]
        parts.append(ngettext("asked the same thing again %(n)s time", "asked the same thing again %(n)s times", n)
                     % {"n": n})
    if not parts:
        return _("Nothing recorded.")
    text = "; ".join(parts)
    return text[0].upper() + text[1:] + "."
