"""The pages of the sample in words: how far it is, and the course of one visit or call without its hats."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twohats.service.actions import served
from twohats.service.actions.served import Side
from twohats.service.pages import wording
from twohats.service.pages.person.moments import given, wanted
from twohats.service.records.models import User
from twohats.service.records.served import ServedReading
from twohats.store.agreement import FEWEST, Kappa, kappa_of

Held = Mapping[tuple[int, str], Sequence[ServedReading]]
KINDS: dict[str, Promise] = {
    "AMB": gettext_lazy("Visit"), "EMER": gettext_lazy("Emergency visit"), "IMP": gettext_lazy("Hospital stay"),
    "VR": gettext_lazy("Video visit"), "call": gettext_lazy("Call"),
}
ANSWERS: tuple[tuple[str, str, bool, Promise], ...] = (
    ("customer", "customer", False, gettext_lazy("A customer, served as they wished")),
    ("customer_wrong", "customer", True, gettext_lazy("A customer, asked or kept too much")),
    ("patient", "patient", False, gettext_lazy("A patient, given the time they needed")),
    ("patient_wrong", "patient", True, gettext_lazy("A patient, hurried or left alone")),
    ("none", "none", False, gettext_lazy("Nobody: there was no such contact")),
)
"""What can be said: key, hat, whether the wrong one was served, words."""


def trail(*after: str) -> list[tuple[str, str | None]]:
    """The way back."""
    return [(_("Visits and calls looked at"), "/served/" if after else None), *((one, None) for one in after)]


def next_for(sides: Sequence[Side], held: Held, user: User) -> Side | None:
    """What this reader looks at next: where two differ, then what one person said, then what nobody looked at."""
    waiting = [(-len(words), side) for side in sides
               if served.waits_for_another(words := held.get((side.thing, side.side), ()))
               and all(one.by_id != user.pk for one in words)]
    return min(waiting, key=lambda one: (one[0], _turn(one[1], held)), default=(0, None))[1]


def _turn(side: Side, held: Held) -> tuple[int, int]:
    """Every class in its turn, so that a sample that is cut short holds some of each."""
    told = sum(1 for words in held.values() if words and (words[0].side, words[0].told) == (side.side, side.told))
    return told, side.thing


def progress(sides: Sequence[Side], held: Held) -> dict[str, Any]:
    """How many were looked at, by how they are told, and how well two people agree."""
    own = {(side.thing, side.side): held.get((side.thing, side.side), ()) for side in sides}
    return {
        "wanted": len(sides), "done": sum(1 for words in own.values() if served.in_force(words)),
        "once": sum(1 for words in own.values() if len(words) == 1),
        "differing": sum(1 for words in own.values() if len(words) == served.READERS and served.differ(words)),
        "kappa": agreed(held),
        "table": {
            "caption": _("Sides of visits and calls, by the hat that is looked at"),
            "columns": [{"name": _("Looked at")}, {"name": _("Drawn"), "is_number": True},
                        {"name": _("Two people agree"), "is_number": True}],
            "rows": [[{"text": word}, *({"text": wording.whole(n), "is_number": True} for n in (
                sum(1 for side in sides if side.side == key),
                sum(1 for side in sides if side.side == key and served.in_force(own[side.thing, side.side]))))]
                for key, word in (("patient", _("Care in the moment")), ("customer", _("Any other dealing")))],
        },
    }


def agreed(held: Held) -> Kappa:
    """How well two people who looked agree on the hat and how it was served, before a third was asked."""
    return kappa_of([(served.label_of(words[0]), served.label_of(words[1]))
                     for words in held.values() if len(words) >= served.READERS])


def kappa_sentence(kappa: Kappa) -> str:
    """The agreement in one sentence; under 11 pairs none is told."""
    if kappa.pairs < FEWEST:
        return _("Fewer than 11 were looked at by two people: how well they agree is not told yet.")
    if kappa.value is None or kappa.low is None or kappa.high is None:
        return _("Two people looked at %(n)s and said the same of %(same)s.") % {
            "n": wording.whole(kappa.pairs), "same": wording.whole(kappa.agreed)}
    return _("Two people looked at %(n)s and said the same of %(same)s: a kappa of %(kappa)s (range %(low)s to "
             "%(high)s).") % {
        "n": wording.whole(kappa.pairs), "same": wording.whole(kappa.agreed), "kappa": f"{kappa.value:.2f}",
        "low": f"{kappa.low:.2f}", "high": f"{kappa.high:.2f}"}


def course_table(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The course, minute by minute from its beginning, without its hats and without any date."""
    first = rows[0]["started_at"] if rows else 0
    return {
        "caption": _("What happened, counted from its beginning"),
        "columns": [{"name": _("What")}, {"name": _("After"), "is_number": True},
                    {"name": _("How long"), "is_number": True}, {"name": _("With")}, {"name": _("Wanted")},
                    {"name": _("Given"), "is_wide": True}],
        "rows": [[
            {"text": wording.act(row["act"])},
            {"text": wording.short_length((row["started_at"] - first) / 60_000_000), "is_number": True},
            {"text": wording.short_length(row["minutes"]) if row["minutes"] else "", "is_number": True},
            {"text": str(WITH.get(row["role"], ""))},
            {"text": wanted(row)}, {"text": given(row)},
        ] for row in rows],
    }


WITH: dict[str | None, Promise] = {
    "clinical": gettext_lazy("clinician"), "clerical": gettext_lazy("front desk or office"),
    "navigator": gettext_lazy("navigator"), "transport": gettext_lazy("transport"),
    "interpreter": gettext_lazy("interpreter"), "support": gettext_lazy("support staff"),
    "automated": gettext_lazy("nobody: sent by a machine"), "absent": gettext_lazy("nobody"),
}


def answers(side: str, mine: ServedReading | None) -> list[dict[str, Any]]:
    """What can be said of a side, the likely hat first; what the reader said before is chosen."""
    order = sorted(ANSWERS, key=lambda one: (one[1] != side, one[1] == "none"))
    return [{"key": key, "hat": hat, "words": words,
             "chosen": mine is not None and (mine.hat, mine.wrong) == (hat, wrong)}
            for key, hat, wrong, words in order]


def label(typed: str) -> served.Label | None:
    """What was chosen; None where nothing was."""
    return next((served.Label(hat, wrong) for key, hat, wrong, _words in ANSWERS if key == typed), None)


